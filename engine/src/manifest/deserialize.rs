//! A tree to a typed value, as the API server decodes JSON: strictly, and with the place of
//! whatever does not fit.
//!
//! Null is the absence of a value. A field that a type does not have is an error, except in types
//! whose name begins with `Partial`: those read a part of an object and leave the rest alone.

mod access;

use std::cell::RefCell;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{Deserializer, Visitor};

use access::{Fields, Map, Sequence};

use super::complaint;
use super::failure::Failure;
use super::path::Path;
use super::scalar::Resolved;
use super::tree::{Node, Place, Value};

/// A sentence about a place in the source.
pub(super) type Complaint = (Place, String);

/// Reads a value of a type.
///
/// # Errors
///
/// Everything that does not fit: all unknown fields up to the first value of a wrong type, and
/// that value.
#[inline]
pub(super) fn from_node<'n, T: Deserialize<'n>>(
    node: &'n Node,
    text: &'n str,
) -> Result<T, Vec<Complaint>> {
    from_node_at(node, text, Path::ROOT)
}

/// Reads a value of a type that is a part of another one, at a path.
///
/// # Errors
///
/// As of [`from_node`].
#[inline(never)]
pub(super) fn from_node_at<'n, T: Deserialize<'n>>(
    node: &'n Node,
    text: &'n str,
    path: Path,
) -> Result<T, Vec<Complaint>> {
    let unknown = RefCell::new(Vec::new());
    let reader = Reader { node, text, path, unknown: &unknown };
    let read = T::deserialize(&reader);
    let mut complaints = unknown.take();
    match read {
        Ok(value) if complaints.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(failure) => complaints.push(reader.place(failure).complaint(node)),
    }
    Err(complaints)
}

/// A value to be read, and what is needed to speak of it.
///
/// There is a copy of each generic function below for every type that is read, and they are a good
/// part of the page's size. So they only choose between a visitor's methods; all else is done here,
/// once, and not inlined.
#[derive(Clone, Copy)]
struct Reader<'n, 'p> {
    node: &'n Node,
    text: &'n str,
    path: Path<'p>,
    unknown: &'p RefCell<Vec<Complaint>>,
}

/// An integer of either kind.
enum Integer {
    Signed(i64),
    Unsigned(u64),
}

impl<'n, 'p> Reader<'n, 'p> {
    #[inline(never)]
    fn resolve(&self) -> Option<Resolved<'n>> {
        self.node.resolve(self.text)
    }

    #[inline(never)]
    fn is_null(&self) -> bool {
        self.node.is_null(self.text)
    }

    #[inline(never)]
    fn expected(&self, expected: &str) -> Failure {
        Failure::expected(expected)
    }

    /// Says that a failure is about this very value, if it is not about one inside.
    #[inline(never)]
    fn place(&self, failure: Failure) -> Failure {
        failure.at(self.node, &self.path, self.text)
    }

    #[inline(never)]
    fn map(&self, fields: Fields) -> Result<Map<'n, '_>, Failure> {
        let entries = match &self.node.value {
            Value::Mapping(entries) => entries.as_slice(),
            _ if self.is_null() => &[],
            _ => return Err(self.expected("a map")),
        };
        Ok(Map { parent: self, rest: entries, value: None, fields })
    }

    #[inline(never)]
    fn list(&self) -> Result<Sequence<'n, '_>, Failure> {
        let items = match &self.node.value {
            Value::Sequence(items) => items.as_slice(),
            _ if self.is_null() => &[],
            _ => return Err(self.expected("a list")),
        };
        Ok(Sequence { parent: self, items, next: 0 })
    }

    #[inline(never)]
    fn string(&self) -> Result<&'n str, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => Ok(""),
            Some(Resolved::Str(value)) => Ok(value),
            _ => Err(self.expected("a string")),
        }
    }

    #[inline(never)]
    fn boolean(&self) -> Result<bool, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => Ok(false),
            Some(Resolved::Bool(value)) => Ok(value),
            _ => Err(self.expected("a boolean")),
        }
    }

    #[inline(never)]
    fn integer(&self) -> Result<Integer, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => Some(Integer::Signed(0)),
            Some(Resolved::Int(value)) => Some(Integer::Signed(value)),
            Some(Resolved::Unsigned(value)) => Some(Integer::Unsigned(value)),
            Some(Resolved::Float(value)) => whole(value).map(Integer::Signed),
            _ => None,
        }
        .ok_or_else(|| self.expected("an integer"))
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
            match self.integer()? {
                Integer::Signed(value) => visitor.visit_i64(value),
                Integer::Unsigned(value) => visitor.visit_u64(value),
            }
        })*
    };
}

impl<'n> Deserializer<'n> for &Reader<'n, '_> {
    type Error = Failure;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match (self.resolve(), &self.node.value) {
            (Some(Resolved::Null), _) => visitor.visit_unit(),
            (Some(Resolved::Bool(value)), _) => visitor.visit_bool(value),
            (Some(Resolved::Int(value)), _) => visitor.visit_i64(value),
            (Some(Resolved::Unsigned(value)), _) => visitor.visit_u64(value),
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
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.resolve() {
            Some(Resolved::Null) => visitor.visit_f64(0.0),
            Some(Resolved::Float(value)) => visitor.visit_f64(value),
            Some(Resolved::Int(value)) => visitor.visit_i64(value),
            _ => Err(self.expected("a number")),
        }
    }

    fn deserialize_char<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_str(self.string()?)
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
        match self.is_null() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
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

    /// What the API wraps in types of their own, timestamps above all, is written by servers alone
    /// and is passed over where it stands. Not reading it keeps a whole library of dates out of the
    /// page.
    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Failure> {
        Err(Failure::invalid("values of this type are not read"))
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(self.list()?)
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
            _ => Err(self.expected(&complaint::list(variants))),
        }
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }
}
