//! Why a value could not be read, in the making: serde's visitors know the reason, and the place and
//! the path come in where the value is known.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::complaint;
use super::path::Path;
use super::tree::{Node, Place};

/// Why a value was not taken. Boxed, because every value that is read passes through a `Result`
/// with it, and failures are rare.
#[derive(Debug)]
pub(super) struct Failure(Box<Reason>);

#[derive(Debug)]
enum Reason {
    /// The value is not of this type.
    Expected(String),
    /// The value does not fit for this reason.
    Invalid(String),
    /// The whole sentence, and the place that it is about.
    Placed(Place, String),
}

impl Failure {
    /// The value is not of this type.
    pub fn expected(expected: impl fmt::Display) -> Failure {
        Failure(Box::new(Reason::Expected(expected.to_string())))
    }

    /// The value does not fit for this reason.
    pub fn invalid(reason: impl fmt::Display) -> Failure {
        Failure(Box::new(Reason::Invalid(reason.to_string())))
    }

    /// Says what is wrong with this very value, if that is not settled further inside.
    pub fn at(self, node: &Node, path: &Path, text: &str) -> Failure {
        let message = match *self.0 {
            Reason::Expected(expected) => complaint::wrong_type(path, &expected, node, text),
            Reason::Invalid(reason) => complaint::invalid(path, &reason),
            Reason::Placed(..) => return self,
        };
        Failure(Box::new(Reason::Placed(node.place, message)))
    }

    /// The sentence, and its place: the node's, where no other is known.
    pub fn complaint(self, node: &Node) -> (Place, String) {
        match *self.0 {
            Reason::Expected(reason) | Reason::Invalid(reason) => (node.place, reason),
            Reason::Placed(place, message) => (place, message),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Reason::Expected(text) | Reason::Invalid(text) | Reason::Placed(_, text)) = &*self.0;
        f.write_str(text)
    }
}

impl std::error::Error for Failure {}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Failure::invalid(reason)
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Failure::expected(expected)
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Failure::expected(expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Failure::expected(expected)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Failure::expected(complaint::list(expected))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Failure::invalid(format!("unknown field `{field}`"))
    }

    fn missing_field(field: &'static str) -> Self {
        Failure::invalid(format!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Failure::invalid(format!("`{field}` is given twice"))
    }
}
