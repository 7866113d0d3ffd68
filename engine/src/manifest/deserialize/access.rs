//! The parts of a list or map, one by one; and which fields a map may have.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed};

use super::Reader;
use crate::manifest::complaint;
use crate::manifest::failure::Failure;
use crate::manifest::tree::{Entry, Node, Place};

/// How the names of types begin that read only a part of an object.
const PARTIAL: &str = "Partial";

/// Fields that are taken and passed over, by type: what servers write and nobody applies, also
/// where a server of another version wrote it.
const PASSED_OVER: [(&str, &[&str]); 4] = [
    ("NetworkPolicy", &["status"]),
    ("Namespace", &["apiVersion", "kind", "status"]),
    ("Service", &["apiVersion", "kind", "status"]),
    (
        "ObjectMeta",
        &[
            "clusterName",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "generation",
            "managedFields",
            "resourceVersion",
            "selfLink",
        ],
    ),
];

/// Whether a field of a type is one of those.
fn is_passed_over(name: &str, field: &str) -> bool {
    PASSED_OVER.iter().any(|(of, fields)| *of == name && fields.contains(&field))
}

/// The items of a list.
pub(super) struct Sequence<'n, 'p> {
    pub parent: &'p Reader<'n, 'p>,
    pub items: &'n [Node],
    pub next: usize,
}

impl<'n, 'p> Sequence<'n, 'p> {
    #[inline(never)]
    fn item(&mut self) -> Option<Reader<'n, 'p>> {
        let index = self.next;
        let node = self.items.get(index)?;
        self.next += 1;
        Some(Reader { node, path: self.parent.path.index(index), ..*self.parent })
    }
}

impl<'n> de::SeqAccess<'n> for Sequence<'n, '_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        let Some(reader) = self.item() else { return Ok(None) };
        match seed.deserialize(&reader) {
            Ok(value) => Ok(Some(value)),
            Err(failure) => Err(reader.place(failure)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// Which keys a map may have.
#[derive(Clone, Copy)]
pub(super) enum Fields {
    Any,
    /// The fields of the type of this name.
    Of {
        name: &'static str,
        known: &'static [&'static str],
    },
}

/// The entries of a map.
pub(super) struct Map<'n, 'p> {
    pub parent: &'p Reader<'n, 'p>,
    pub rest: &'n [Entry],
    /// The entry whose key was read last.
    pub value: Option<(&'n str, &'n Node)>,
    pub fields: Fields,
}

impl<'n, 'p> Map<'n, 'p> {
    /// The next key that the visitor is to see.
    #[inline(never)]
    fn key(&mut self) -> Option<&'n str> {
        while let Some((entry, rest)) = self.rest.split_first() {
            self.rest = rest;
            let key = entry.key.of(self.parent.text);
            if self.takes(key, entry.place) {
                self.value = Some((key, &entry.node));
                return Some(key);
            }
        }
        None
    }

    /// The value of that key.
    #[inline(never)]
    fn value(&mut self) -> Result<Reader<'n, 'p>, Failure>
    where
        'n: 'p,
    {
        match self.value.take() {
            Some((key, node)) => {
                Ok(Reader { node, path: self.parent.path.key(key), ..*self.parent })
            }
            None => Err(Failure::invalid("a value was asked for before its key")),
        }
    }

    /// Whether the visitor is to see a key; one that its type does not have is noted down.
    fn takes(&self, key: &str, place: Place) -> bool {
        let Fields::Of { name, known } = self.fields else { return true };
        if is_passed_over(name, key) {
            return false;
        }
        let is_known = known.contains(&key);
        if !is_known && !name.starts_with(PARTIAL) {
            let message = complaint::unknown_field(&self.parent.path, key, known);
            self.parent.unknown.borrow_mut().push((place, message));
        }
        is_known
    }
}

impl<'n> de::MapAccess<'n> for Map<'n, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        match self.key() {
            Some(key) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let reader = self.value()?;
        match seed.deserialize(&reader) {
            Ok(value) => Ok(value),
            Err(failure) => Err(reader.place(failure)),
        }
    }
}
