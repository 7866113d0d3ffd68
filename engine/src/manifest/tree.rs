//! The tree of a document, with a place for every key and value.
//!
//! Scalars stay as they are written, as ranges of the source's text where possible: most are
//! never looked at, and what a plain one means depends on [`scalar`](super::scalar) alone.

use std::collections::BTreeSet;
use std::ops::Range;

use super::path::{Path, Step};
use super::scalar::{self, Resolved};

/// A position in a source: line and column in characters, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub line: u32,
    pub column: u32,
}

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A plain scalar: its text decides what it means.
    Plain(Text),
    /// A string, whatever it looks like: quoted, in block style, or tagged as one.
    String(Text),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key as JSON has it: a string.
    pub key: Text,
    /// Where the key is.
    pub place: Place,
    pub node: Node,
}

/// A piece of text: part of the source, or put together from it.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Slice(Range<u32>),
    Owned(Box<str>),
}

impl Text {
    /// The text, given the source that it was made from.
    pub fn of<'t>(&'t self, source: &'t str) -> &'t str {
        match self {
            // The range was cut from this very text, so that it always fits.
            Text::Slice(range) => {
                source.get(range.start as usize..range.end as usize).unwrap_or_default()
            }
            Text::Owned(text) => text,
        }
    }

    /// The piece as a range of the source where it is one.
    pub fn new(piece: &str, source: &str) -> Text {
        let start = (piece.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
        match (u32::try_from(start), u32::try_from(start.saturating_add(piece.len()))) {
            (Ok(from), Ok(to)) if to as usize <= source.len() => Text::Slice(from..to),
            _ => Text::Owned(piece.into()),
        }
    }
}

impl Node {
    /// The value of a key; none when this is no mapping or has no such key.
    pub fn get(&self, key: &str, source: &str) -> Option<&Node> {
        self.entry(key, source).map(|entry| &entry.node)
    }

    fn entry(&self, key: &str, source: &str) -> Option<&Entry> {
        match &self.value {
            Value::Mapping(entries) => entries.iter().find(|entry| entry.key.of(source) == key),
            _ => None,
        }
    }

    /// What a scalar means; none for a list or a map.
    pub fn resolve<'t>(&'t self, source: &'t str) -> Option<Resolved<'t>> {
        match &self.value {
            Value::Plain(text) => Some(scalar::resolve(text.of(source))),
            Value::String(text) => Some(Resolved::Str(text.of(source))),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The string that the value is, if it is one.
    pub fn string<'t>(&'t self, source: &'t str) -> Option<&'t str> {
        match self.resolve(source) {
            Some(Resolved::Str(text)) => Some(text),
            _ => None,
        }
    }

    pub fn is_null(&self, source: &str) -> bool {
        self.resolve(source) == Some(Resolved::Null)
    }

    /// Whether a map in it has a key twice.
    pub fn is_ambiguous(&self, source: &str) -> bool {
        match &self.value {
            Value::Plain(_) | Value::String(_) => false,
            Value::Sequence(items) => items.iter().any(|item| item.is_ambiguous(source)),
            Value::Mapping(entries) => {
                let mut seen = BTreeSet::new();
                entries.iter().any(|entry| {
                    !seen.insert(entry.key.of(source)) || entry.node.is_ambiguous(source)
                })
            }
        }
    }

    /// Where the value at a path begins, or the nearest one around it that exists.
    pub fn locate(&self, path: &Path, source: &str) -> Place {
        self.walk(path, source).unwrap_or_else(|nearest| nearest).place
    }

    /// Where the last key of a path is, or the nearest value around it that exists.
    pub fn locate_key(&self, path: &Path, source: &str) -> Place {
        let (Some(parent), Step::Key(key)) = (path.parent(), path.step()) else {
            return self.locate(path, source);
        };
        match self.walk(parent, source) {
            Ok(node) => node.entry(key, source).map_or(node.place, |entry| entry.place),
            Err(nearest) => nearest.place,
        }
    }

    /// The value at a path; else the nearest one around it.
    fn walk(&self, path: &Path, source: &str) -> Result<&Node, &Node> {
        let Some(parent) = path.parent() else { return Ok(self) };
        let node = self.walk(parent, source)?;
        let child = match (path.step(), &node.value) {
            (Step::Key(key), _) => node.get(key, source),
            (Step::Index(index), Value::Sequence(items)) => items.get(index),
            _ => None,
        };
        child.ok_or(node)
    }
}
