//! Why a value could not be read, in the making: serde's visitors know the reason, and the place and
//! the path come in where the value is known.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::complaint;
use super::path::Path;
use super::tree::{Node, Place};

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
    pub fn at(self, node: &Node, path: &Path, text: &str) -> Failure {
        let message = match self {
            Failure::Expected(expected) => complaint::wrong_type(path, &expected, node, text),
            Failure::Invalid(reason) => complaint::invalid(path, &reason),
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
