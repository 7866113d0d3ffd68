//! A tree to a typed value, as the API server decodes JSON: strictly, and with the place of
//! whatever does not fit.
//!
//! Null is the absence of a value. A field that a type does not have is an error, except in types
//! whose name begins with [`PARTIAL`]: those read a part of an object and leave the rest alone.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, Expected, Unexpected, Visitor};

use super::complaint;
use super::path::Path;
use super::scalar::Resolved;
use super::tree::{Entry, Node, Place, Value};

/// How the names of types begin that read only a part of an object.
const PARTIAL: &str = "Partial";

/// Fields that are taken and passed over, by type: what servers write and nobody applies, also
/// where a server of another version wrote it.
const PASSED_OVER: [(&str, &str); 5] = [
    ("NetworkPolicy", "status"),
    ("Namespace", "status"),
    ("Service", "status"),
    ("ObjectMeta", "managedFields"),
    ("ObjectMeta", "clusterName"),
];

/// A sentence about a place in the source.
pub(super) type Complaint = (Place, String);

/// Reads a value of a type.
///
/// # Errors
///
/// Everything that does not fit: all unknown fields up to the first value of a wrong type, and
/// that value.
pub(super) fn from_node<'n, T: Deserialize<'n>>(
    node: &'n Node,
    text: &'n str,
) -> Result<T, Vec<Complaint>> {
    let unknown = RefCell::new(Vec::new());
    let reader = Reader { node, text, path: Path::ROOT, unknown: &unknown };
    let read = T::deserialize(reader).map_err(|failure| failure.at(reader));
    let mut complaints = unknown.take();
    match read {
        Ok(value) if complaints.is_empty() => Ok(value),
        Ok(_) => Err(complaints),
        Err(Failure::Placed(place, message)) => {
            complaints.push((place, message));
            Err(complaints)
        }
        Err(Failure::Expected(reason) | Failure::Invalid(reason)) => {
            complaints.push((node.place, reason));
            Err(complaints)
        }
    }
}

/// Why a value was not taken.
#[derive(Debug)]
pub(super) enum Failure {
    /// The value is not of this type.
    Expected(String),
    /// The value does not fit for this reason.
    Invalid(String),
    /// The whole sentence, and the place that it is about.
    Placed(Place, String),
}

impl Failure {
    /// Says what is wrong with this very value, if that is not settled further inside.
    fn at(self, reader: Reader) -> Failure {
        let Reader { node, text, path, .. } = reader;
        let message = match self {
            Failure::Expected(expected) => complaint::wrong_type(&path, &expected, node, text),
            Failure::Invalid(reason) => complaint::invalid(&path, &reason),
            placed @ Failure::Placed(..) => return placed,
        };
        Failure::Placed(node.place, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Expected(text) | Failure::Invalid(text) | Failure::Placed(_, text)) = self;
        f.write_str(text)
    }
}

impl std::error::Error for Failure {}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Failure::Invalid(reason.to_string())
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Failure::Expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Failure::Expected(expected.to_string())
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Failure::Expected(expected.to_string())
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Failure::Expected(complaint::list(expected))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Failure::Invalid(format!("unknown field `{field}`"))
    }

    fn missing_field(field: &'static str) -> Self {
        Failure::Invalid(format!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Failure::Invalid(format!("`{field}` is given twice"))
    }
}

/// A value to be read, and what is needed to speak of it.
#[derive(Clone, Copy)]
struct Reader<'n, 'p> {
    node: &'n Node,
    text: &'n str,
    path: Path<'p>,
    unknown: &'p RefCell<Vec<Complaint>>,
}

impl<'n, 'p> Reader<'n, 'p> {
    fn resolve(&self) -> Option<Resolved<'n>> {
        self.node.resolve(self.text)
    }

    fn expected<T>(&self, expected: &str) -> Result<T, Failure> {
        Err(Failure::Expected(expected.to_owned()))
    }

    fn map(&self, fields: Fields) -> Result<Map<'n, '_>, Failure> {
        let entries = match &self.node.value {
            Value::Mapping(entries) => entries.as_slice(),
            _ if self.resolve() == Some(Resolved::Null) => &[],
            _ => return self.expected("a map"),
        };
        Ok(Map { parent: self, rest: entries, value: None, fields })
    }

    fn integer<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_i64(0),
            Some(Resolved::Int(value)) => visitor.visit_i64(value),
            Some(Resolved::Unsigned(value)) => visitor.visit_u64(value),
            Some(Resolved::Float(value)) => match whole(value) {
                Some(value) => visitor.visit_i64(value),
                None => self.expected("an integer"),
            },
            _ => self.expected("an integer"),
        }
    }
}

/// The integer that a number without a fraction is: `80.0` and `8e1` are 80.
fn whole(value: f64) -> Option<i64> {
    // Beyond 2^53 a double no longer tells integers apart.
    let exact = value.fract() == 0.0 && value.abs() <= (1_u64 << 53) as f64;
    exact.then_some(value as i64)
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
            self.integer(visitor)
        })*
    };
}

impl<'n> Deserializer<'n> for Reader<'n, '_> {
    type Error = Failure;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match (self.resolve(), &self.node.value) {
            (Some(Resolved::Null), _) => visitor.visit_unit(),
            (Some(Resolved::Bool(value)), _) => visitor.visit_bool(value),
            (Some(Resolved::Int(_) | Resolved::Unsigned(_)), _) => self.integer(visitor),
            (Some(Resolved::Float(value)), _) => match whole(value) {
                Some(value) => visitor.visit_i64(value),
                None => visitor.visit_f64(value),
            },
            (Some(Resolved::Str(value)), _) => visitor.visit_borrowed_str(value),
            (None, Value::Sequence(_)) => self.deserialize_seq(visitor),
            (None, _) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_bool(false),
            Some(Resolved::Bool(value)) => visitor.visit_bool(value),
            _ => self.expected("a boolean"),
        }
    }

    fn deserialize_f32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_f64(0.0),
            Some(Resolved::Float(value)) => visitor.visit_f64(value),
            Some(Resolved::Int(value)) => visitor.visit_i64(value),
            _ => self.expected("a number"),
        }
    }

    fn deserialize_char<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_borrowed_str(""),
            Some(Resolved::Str(value)) => visitor.visit_borrowed_str(value),
            _ => self.expected("a string"),
        }
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        let items = match &self.node.value {
            Value::Sequence(items) => items.as_slice(),
            _ if self.resolve() == Some(Resolved::Null) => &[],
            _ => return self.expected("a list"),
        };
        visitor.visit_seq(Sequence { parent: &self, items, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_map(self.map(Fields::Any)?)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_map(self.map(Fields::Of { name, known })?)
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match (self.resolve(), &self.node.value) {
            (Some(Resolved::Str(name)), _) => {
                visitor.visit_enum(BorrowedStrDeserializer::new(name))
            }
            (_, Value::Mapping(_)) => {
                visitor.visit_enum(MapAccessDeserializer::new(self.map(Fields::Any)?))
            }
            _ => self.expected(&complaint::list(variants)),
        }
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }
}

struct Sequence<'n, 'p> {
    parent: &'p Reader<'n, 'p>,
    items: &'n [Node],
    next: usize,
}

impl<'n> de::SeqAccess<'n> for Sequence<'n, '_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        let index = self.next;
        let Some(node) = self.items.get(index) else { return Ok(None) };
        self.next += 1;
        let reader = Reader { node, path: self.parent.path.index(index), ..*self.parent };
        seed.deserialize(reader).map(Some).map_err(|failure| failure.at(reader))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// Which keys a map may have.
#[derive(Clone, Copy)]
enum Fields {
    Any,
    /// The fields of the type of this name.
    Of {
        name: &'static str,
        known: &'static [&'static str],
    },
}

struct Map<'n, 'p> {
    parent: &'p Reader<'n, 'p>,
    rest: &'n [Entry],
    value: Option<(&'n str, &'n Node)>,
    fields: Fields,
}

impl Map<'_, '_> {
    /// Whether the visitor is to see a key; one that its type does not have is noted down.
    fn takes(&self, key: &str, place: Place) -> bool {
        let Fields::Of { name, known } = self.fields else { return true };
        if PASSED_OVER.contains(&(name, key)) {
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
        while let Some((entry, rest)) = self.rest.split_first() {
            self.rest = rest;
            let key = entry.key.of(self.parent.text);
            if self.takes(key, entry.place) {
                self.value = Some((key, &entry.node));
                return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some((key, node)) = self.value.take() else {
            return Err(Failure::Invalid("a value was asked for before its key".to_owned()));
        };
        let reader = Reader { node, path: self.parent.path.key(key), ..*self.parent };
        seed.deserialize(reader).map_err(|failure| failure.at(reader))
    }
}
