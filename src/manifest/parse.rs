//! Text to trees: one [`Node`] a document, and a diagnostic for each document that is none.
//!
//! Everything that YAML has and JSON has not ends here: aliases are expanded, merge keys merged,
//! and keys are strings. All of it within bounds, because the text may come from anywhere.

use std::collections::{BTreeMap, HashSet};

use granit_parser::{
    ErrorKind, Event, Marker, Parser, ScalarStyle, Span, StructureStyle, Tag, options,
};

use super::Source;
use super::scalar::Resolved;
use super::tabs::{blank, indenting_tabs};
use super::tree::{Entry, Node, Place, Text, Value};
use crate::diagnostic::{Diagnostic, Severity};

/// The longest source that is read, in bytes.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// The most values, keys not counted, that the documents of one source may hold.
const MAX_VALUES: usize = 8_000_000;
/// How deeply lists and maps may be nested in one another.
const MAX_DEPTH: usize = 200;
/// How many values the anchors and aliases of one document may stand for.
const MAX_ALIASED_VALUES: usize = 100_000;
/// How often a text is read again after tabs in it have been replaced.
const MAX_REREADINGS: usize = 32;

/// Reads every document of a source that holds anything. A document that cannot be read is left
/// out, with a diagnostic, and so is one with a key given twice.
pub(super) fn documents(source: &Source) -> Parsed {
    let mut parsed = Parsed::default();
    if source.text.len() > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        let message = format!("the text is longer than {limit} MiB, the most that is read");
        parsed.refuse(source, START, message);
        return parsed;
    }
    parsed = attempt(&source.text, source);
    let mut blanked = source.text.to_string();
    for _ in 0..MAX_REREADINGS {
        let tabs: Vec<_> =
            parsed.tabbed.iter().flat_map(|start| indenting_tabs(&blanked, *start)).collect();
        if tabs.is_empty() {
            break;
        }
        blanked = blank(&blanked, &tabs);
        parsed = attempt(&blanked, source);
    }
    parsed
}

/// What reading a source led to.
#[derive(Default)]
pub(super) struct Parsed {
    pub documents: Vec<Node>,
    pub diagnostics: Vec<Diagnostic>,
    /// Where flow collections begin that tabs keep from being read.
    tabbed: Vec<usize>,
}

impl Parsed {
    fn refuse(&mut self, source: &Source, at: Place, message: String) {
        let location = source.location(at);
        self.diagnostics.push(Diagnostic { location, severity: Severity::Error, message });
    }
}

/// Reads a text that differs from its source's in blanks at most.
fn attempt(text: &str, source: &Source) -> Parsed {
    let mut parsed = Parsed::default();
    let limits = options! { flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut parser = Parser::new_from_str_with_options(text, limits);
    let mut builder = Builder::new(text);
    while let Some(next) = parser.next_event() {
        let step = match next {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => {
                if is_about_tabs(error.kind()) {
                    parsed.tabbed.extend(builder.flow.as_ref().map(|flow| flow.start));
                }
                let message = format!("not valid YAML: {}", error.kind());
                Err(Refusal::document(place(error.marker()), message))
            }
        };
        match step {
            Ok(Step::Within) => {}
            Ok(Step::Finished(document)) => {
                let duplicates = std::mem::take(&mut builder.duplicates);
                if duplicates.is_empty() {
                    parsed.documents.extend(document);
                }
                for (at, message) in duplicates {
                    parsed.refuse(source, at, message);
                }
            }
            Err(Refusal { at, message, scope }) => {
                parsed.refuse(source, at, message);
                builder.abandon();
                if scope == Scope::Rest || parser.proceed_next_document() != Ok(true) {
                    break;
                }
            }
        }
    }
    parsed
}

fn is_about_tabs(error: &ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    )
}

/// Where a text begins.
pub(super) const START: Place = Place { line: 1, column: 1 };

fn place(marker: &Marker) -> Place {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place { line: count(marker.line()), column: count(marker.col() + 1) }
}

/// What an event led to.
enum Step {
    /// The document goes on.
    Within,
    /// The document is over; there is no tree where it held nothing.
    Finished(Option<Node>),
}

/// Why reading cannot go on.
struct Refusal {
    at: Place,
    message: String,
    scope: Scope,
}

/// How much a [`Refusal`] takes with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// This document.
    Document,
    /// Everything from here to the end of the source.
    Rest,
}

impl Refusal {
    fn document(at: Place, message: String) -> Self {
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
struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    /// The outermost flow collection that is being read.
    flow: Option<Flow>,
    root: Option<Node>,
    /// Finished values that aliases may refer to.
    anchors: BTreeMap<usize, Node>,
    /// Keys given twice in this document.
    duplicates: Vec<(Place, String)>,
    values: usize,
    aliased: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
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
    fn abandon(&mut self) {
        self.open.clear();
        self.flow = None;
        self.anchors.clear();
        self.duplicates.clear();
        self.root = None;
        self.aliased = 0;
    }

    fn event(&mut self, event: Event, span: &Span) -> Result<Step, Refusal> {
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
                let root = self.root.take();
                let duplicates = std::mem::take(&mut self.duplicates);
                self.abandon();
                self.duplicates = duplicates;
                return Ok(Step::Finished(root.filter(|node| !node.is_null(self.text))));
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
            return Err(too_deep(open.at));
        }
        self.open.push(open);
        Ok(())
    }

    /// Takes a finished value to where it belongs.
    fn value(&mut self, node: Node, anchor: usize) -> Result<(), Refusal> {
        self.values += 1;
        if self.values > MAX_VALUES {
            let message = format!("more than {MAX_VALUES} values, the most that is read");
            return Err(Refusal { at: node.place, message, scope: Scope::Rest });
        }
        if anchor > 0 {
            self.count_aliased(&node, node.place)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.place(node)
    }

    fn alias(&mut self, anchor: usize, at: Place) -> Result<(), Refusal> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias cannot stand for a value that it is part of".to_owned();
            return Err(Refusal::document(at, message));
        };
        self.count_aliased(&node, at)?;
        if self.open.len() + depth(&node) > MAX_DEPTH {
            return Err(too_deep(at));
        }
        self.place(node)
    }

    fn count_aliased(&mut self, node: &Node, at: Place) -> Result<(), Refusal> {
        self.aliased += size(node);
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
        let mut seen = HashSet::with_capacity(entries.len());
        for entry in &entries {
            let key = entry.key.of(self.text);
            if !seen.insert(key) {
                let message = format!("the key `{key}` is given twice");
                self.duplicates.push((entry.place, message));
            }
        }
        if !merged.is_empty() {
            merge(&mut entries, merged, self.text)?;
        }
        Ok(Value::Mapping(entries))
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
        Some(Resolved::Float(value)) => Some(value.to_string()),
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

/// Takes over the entries of merged maps whose keys are not there yet: the map's own win, then
/// those merged first.
fn merge(entries: &mut Vec<Entry>, merged: Vec<Node>, text: &str) -> Result<(), Refusal> {
    for node in merged {
        match node.value {
            Value::Mapping(others) => {
                for other in others {
                    let key = other.key.of(text);
                    if !entries.iter().any(|entry| entry.key.of(text) == key) {
                        entries.push(other);
                    }
                }
            }
            Value::Sequence(maps) => merge(entries, maps, text)?,
            Value::Plain(_) | Value::String(_) => {
                let message = "`<<` must be given a map or a list of maps".to_owned();
                return Err(Refusal::document(node.place, message));
            }
        }
    }
    Ok(())
}

fn too_deep(at: Place) -> Refusal {
    let message = format!("lists and maps are nested more than {MAX_DEPTH} deep");
    Refusal::document(at, message)
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
