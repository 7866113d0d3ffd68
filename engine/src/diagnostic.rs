//! What can be said about an input, and where.
//!
//! A [`Diagnostic`] is a sentence with a place. Everything that reads text returns a value *and*
//! diagnostics, and never fails: one bad document must not take the others with it. This module
//! knows nothing of YAML or Kubernetes; it is the bottom of the crate.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in an input: a file and a position in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The name of the input as its giver knows it: a path, or the name of a tab.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What a diagnostic means for the document it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// The document is refused: a server would not take it.
    Error,
    /// The document is taken, but something in it deserves a look.
    Warning,
    /// The document is taken, and nothing is wrong with it: how it is looked at is worth a word.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        })
    }
}

/// One sentence about one place: lower case, no full stop, Kubernetes' own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub location: Location,
    /// Whether the document is refused.
    pub severity: Severity,
    /// What is wrong, and what would be accepted.
    pub message: String,
}

/// Something that a user wrote, in backticks: its first line, as far as it is worth repeating.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'t>(pub &'t str);

impl Quoted<'_> {
    /// How many characters are repeated.
    const LONGEST: usize = 120;
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quoted(text) = self;
        let end = |(at, character): (usize, char)| character.is_control().then_some(at);
        let line = text.char_indices().find_map(end).unwrap_or(text.len());
        let longest = text.char_indices().nth(Self::LONGEST).map_or(text.len(), |(at, _)| at);
        let end = line.min(longest);
        let rest = if end < text.len() { "..." } else { "" };
        write!(f, "`{}{rest}`", &text[..end])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.location, self.severity, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_short_and_of_one_line() {
        let check = |text: &str, expected: &str| assert_eq!(Quoted(text).to_string(), expected);
        check("yes", "`yes`");
        check("", "``");
        check("a\nb", "`a...`");
        check(&"é".repeat(121), &format!("`{}...`", "é".repeat(120)));
    }
}
