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
#[inline(never)]
pub(super) fn from_node<'n, T: Deserialize<'n>>(
    node: &'n Node,
    text: &'n str,
) -> Result<T, Vec<Complaint>> {
    let unknown = RefCell::new(Vec::new());
    let reader = Reader { node, text, path: Path::ROOT, unknown: &unknown };
    let read = T::deserialize(reader).map_err(|failure| failure.at(node, &reader.path, text));
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

    /// What the API wraps in types of their own, timestamps above all, is written by servers alone
    /// and is passed over where it stands. Not reading it keeps a whole library of dates out of the
    /// page.
    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Failure> {
        Err(Failure::Invalid("values of this type are not read".to_owned()))
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
