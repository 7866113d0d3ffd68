//! One document's tree from the parser's events.
//!
//! Everything that YAML has and JSON has not ends here: aliases are expanded, merge keys merged,
//! and keys are strings. All of it within bounds, because the text may come from anywhere.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{Event, Marker, ScalarStyle, Span, StructureStyle, Tag};

use super::scalar::{self, Resolved};
use super::tree::{Entry, Node, Place, Text, Value};
use crate::diagnostic::Quoted;

/// The most values, keys not counted, that the documents of one source may hold, aliases expanded.
const MAX_VALUES: usize = 8_000_000;
/// How deeply lists and maps may be nested in one another.
pub(super) const MAX_DEPTH: usize = 200;
/// How many values the anchors and aliases of one document may stand for.
const MAX_ALIASED_VALUES: usize = 100_000;

/// The parser counts columns from 0.
pub(super) fn place(marker: &Marker) -> Place {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place { line: count(marker.line()), column: count(marker.col() + 1) }
}

/// What an event led to.
pub(super) enum Step {
    /// The document goes on.
    Within,
    /// The document is over.
    Finished {
        /// None where it held nothing.
        document: Option<Node>,
        /// Keys given twice, which make it one to refuse.
        duplicates: Vec<(Place, String)>,
    },
}

/// Why reading cannot go on.
pub(super) struct Refusal {
    pub at: Place,
    pub message: String,
    pub scope: Scope,
}

/// How much a [`Refusal`] takes with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// This document.
    Document,
    /// Everything from here to the end of the source.
    Rest,
}

impl Refusal {
    pub fn document(at: Place, message: String) -> Self {
        Refusal { at, message, scope: Scope::Document }
    }
}

/// A list or map whose end has not come yet.
struct Open {
    at: Place,
    /// The number of its anchor; 0 when it has none.
    anchor: usize,
    content: Content,
}

/// A list in brackets or a map in braces.
struct Flow {
    /// Where in the text it begins.
    start: usize,
    /// How many lists and maps there are around it.
    depth: usize,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, key: Option<Key>, merged: Vec<Node> },
}

/// A key that waits for its value.
enum Key {
    Name(Text, Place),
    /// `<<`: the entries of the value are taken over.
    Merge,
}

/// Puts trees together from the parser's events.
pub(super) struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    /// The outermost flow collection that is being read.
    flow: Option<Flow>,
    root: Option<Node>,
    /// Finished values that aliases may refer to.
    anchors: BTreeMap<usize, Node>,
    /// Keys given twice in the document.
    duplicates: Vec<(Place, String)>,
    values: usize,
    aliased: usize,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        Builder {
            text,
            open: Vec::new(),
            flow: None,
            root: None,
            anchors: BTreeMap::new(),
            duplicates: Vec::new(),
            values: 0,
            aliased: 0,
        }
    }

    /// Forgets the document that was being read.
    pub fn abandon(&mut self) {
        self.open.clear();
        self.flow = None;
        self.anchors.clear();
        self.duplicates.clear();
        self.root = None;
        self.aliased = 0;
    }

    /// Where in the text the outermost flow collection begins that is being read.
    pub fn flow_start(&self) -> Option<usize> {
        self.flow.as_ref().map(|flow| flow.start)
    }

    /// Takes the next event of the parser.
    pub fn event(&mut self, event: Event, span: &Span) -> Result<Step, Refusal> {
        let at = place(&span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = Text::new(&text, self.text);
                let value = match is_string(style, tag.as_deref()) {
                    true => Value::String(text),
                    false => Value::Plain(text),
                };
                self.value(Node { place: at, value }, anchor)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                self.enter(style, span);
                let at = self.dash(style, span).unwrap_or(at);
                self.begin(Open { at, anchor, content: Content::Sequence(Vec::new()) })?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.enter(style, span);
                let content =
                    Content::Mapping { entries: Vec::new(), key: None, merged: Vec::new() };
                self.begin(Open { at, anchor, content })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.flow.take_if(|flow| flow.depth == self.open.len());
                    let (at, anchor) = (open.at, open.anchor);
                    let value = self.finish(open)?;
                    self.value(Node { place: at, value }, anchor)?;
                }
            }
            Event::Alias(anchor) => self.alias(anchor, at)?,
            Event::DocumentEnd => {
                let document = self.root.take().filter(|node| !node.is_null(self.text));
                let duplicates = std::mem::take(&mut self.duplicates);
                self.abandon();
                return Ok(Step::Finished { document, duplicates });
            }
            _ => {}
        }
        Ok(Step::Within)
    }

    /// Notes where an outermost flow collection begins.
    fn enter(&mut self, style: StructureStyle, span: &Span) {
        if style == StructureStyle::Flow && self.flow.is_none() {
            let depth = self.open.len();
            self.flow = span.start.byte_offset().map(|start| Flow { start, depth });
        }
    }

    /// Where the first `-` of a list is: the parser gives what follows it, when the list is not
    /// indented.
    fn dash(&self, style: StructureStyle, span: &Span) -> Option<Place> {
        let (before, after) = self.text.split_at_checked(span.start.byte_offset()?)?;
        if style == StructureStyle::Flow || after.starts_with('-') {
            return None;
        }
        let dash = before.trim_end_matches(' ').strip_suffix('-')?;
        let Place { line, column } = place(&span.start);
        let back = u32::try_from(before.len() - dash.len()).ok()?;
        Some(Place { line, column: column.checked_sub(back)? })
    }

    fn begin(&mut self, open: Open) -> Result<(), Refusal> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Refusal::document(open.at, too_deep()));
        }
        self.open.push(open);
        Ok(())
    }

    /// Takes a finished value to where it belongs.
    fn value(&mut self, node: Node, anchor: usize) -> Result<(), Refusal> {
        self.count(1, node.place)?;
        if anchor > 0 {
            self.count_aliased(&node, node.place)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.place(node)
    }

    fn count(&mut self, values: usize, at: Place) -> Result<(), Refusal> {
        self.values += values;
        if self.values > MAX_VALUES {
            let message = format!("more than {MAX_VALUES} values, the most that is read");
            return Err(Refusal { at, message, scope: Scope::Rest });
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: Place) -> Result<(), Refusal> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias cannot stand for a value that it is part of".to_owned();
            return Err(Refusal::document(at, message));
        };
        self.count_aliased(&node, at)?;
        if self.open.len() + depth(&node) > MAX_DEPTH {
            return Err(Refusal::document(at, too_deep()));
        }
        self.place(node)
    }

    fn count_aliased(&mut self, node: &Node, at: Place) -> Result<(), Refusal> {
        let size = size(node);
        self.count(size, at)?;
        self.aliased += size;
        if self.aliased > MAX_ALIASED_VALUES {
            let message = format!("aliases stand for more than {MAX_ALIASED_VALUES} values in all");
            return Err(Refusal::document(at, message));
        }
        Ok(())
    }

    fn place(&mut self, node: Node) -> Result<(), Refusal> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key: waiting, merged }) => match waiting.take() {
                None => *waiting = Some(key(node, self.text)?),
                Some(Key::Name(key, place)) => entries.push(Entry { key, place, node }),
                Some(Key::Merge) => merged.push(node),
            },
        }
        Ok(())
    }

    /// The value of a list or map whose end has come.
    fn finish(&mut self, open: Open) -> Result<Value, Refusal> {
        let (mut entries, merged) = match open.content {
            Content::Sequence(items) => return Ok(Value::Sequence(items)),
            Content::Mapping { entries, merged, .. } => (entries, merged),
        };
        self.note_duplicates(&entries);
        if !merged.is_empty() {
            merge(&mut entries, merged, self.text)?;
        }
        Ok(Value::Mapping(entries))
    }

    fn note_duplicates(&mut self, entries: &[Entry]) {
        // Most maps are small, and comparing is then cheaper than keeping a set.
        const SMALL: usize = 16;
        let mut seen = BTreeSet::new();
        for (i, entry) in entries.iter().enumerate() {
            let key = entry.key.of(self.text);
            let is_new = match entries.len() {
                0..=SMALL => entries[..i].iter().all(|earlier| earlier.key.of(self.text) != key),
                _ => seen.insert(key.to_owned()),
            };
            if !is_new {
                let message = format!("the key {} is given twice", Quoted(key));
                self.duplicates.push((entry.place, message));
            }
        }
    }
}

/// Whether a scalar is a string, whatever it looks like. Other tags than `!!str` do not change
/// what its text means.
fn is_string(style: ScalarStyle, tag: Option<&Tag>) -> bool {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() => tag.is_yaml_core_schema_tag("str"),
        Some(tag) if tag.suffix() == "!" => true,
        _ => style != ScalarStyle::Plain,
    }
}

/// What a value means as a key: JSON has only strings there.
fn key(node: Node, text: &str) -> Result<Key, Refusal> {
    let place = node.place;
    let spelled_out = match node.resolve(text) {
        Some(Resolved::Bool(value)) => Some(value.to_string()),
        Some(Resolved::Int(value)) => Some(value.to_string()),
        Some(Resolved::Unsigned(value)) => Some(value.to_string()),
        Some(Resolved::Float(value)) => Some(scalar::spelled(value, written(&node, text))),
        Some(Resolved::Null) => {
            return Err(Refusal::document(place, "a key must not be empty or null".to_owned()));
        }
        Some(Resolved::Str(_)) | None => None,
    };
    match (spelled_out, node.value) {
        (Some(name), _) => Ok(Key::Name(Text::Owned(name.into()), place)),
        (None, Value::Plain(name)) if name.of(text) == "<<" => Ok(Key::Merge),
        (None, Value::Plain(name) | Value::String(name)) => Ok(Key::Name(name, place)),
        (None, Value::Sequence(_) | Value::Mapping(_)) => {
            Err(Refusal::document(place, "a key must not be a list or a map".to_owned()))
        }
    }
}

/// A scalar as it is written.
fn written<'t>(node: &'t Node, text: &'t str) -> &'t str {
    match &node.value {
        Value::Plain(written) | Value::String(written) => written.of(text),
        Value::Sequence(_) | Value::Mapping(_) => "",
    }
}

/// Takes over the entries of merged maps whose keys are not there yet: the map's own win, then
/// those merged first.
fn merge(entries: &mut Vec<Entry>, merged: Vec<Node>, text: &str) -> Result<(), Refusal> {
    let mut known = BTreeSet::new();
    known.extend(entries.iter().map(|entry| entry.key.of(text).to_owned()));
    // The next to be merged is the last.
    let mut waiting = merged;
    waiting.reverse();
    while let Some(node) = waiting.pop() {
        match node.value {
            Value::Mapping(others) => {
                entries
                    .extend(others.into_iter().filter(|o| known.insert(o.key.of(text).to_owned())));
            }
            Value::Sequence(maps) => waiting.extend(maps.into_iter().rev()),
            Value::Plain(_) | Value::String(_) => {
                let message = "`<<` must be given a map or a list of maps".to_owned();
                return Err(Refusal::document(node.place, message));
            }
        }
    }
    Ok(())
}

/// What is said where lists and maps are nested too deeply.
pub(super) fn too_deep() -> String {
    format!("lists and maps are nested more than {MAX_DEPTH} deep")
}

/// How many values a value is made of.
fn size(node: &Node) -> usize {
    1 + children(node).map(size).sum::<usize>()
}

/// How many lists and maps are nested in one another in a value.
fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Plain(_) | Value::String(_) => 0,
        _ => 1 + children(node).map(depth).max().unwrap_or_default(),
    }
}

fn children(node: &Node) -> impl Iterator<Item = &Node> {
    let (items, entries) = match &node.value {
        Value::Sequence(items) => (items.as_slice(), [].as_slice()),
        Value::Mapping(entries) => ([].as_slice(), entries.as_slice()),
        Value::Plain(_) | Value::String(_) => ([].as_slice(), [].as_slice()),
    };
    items.iter().chain(entries.iter().map(|entry| &entry.node))
}
