//! The items of a list that is all there is in a source, each read by itself: a wrong one does not
//! take the others with it.

use serde::de::DeserializeOwned;

use super::Source;
use super::complaint::{describe, unknown_field};
use super::deserialize::{Complaint, from_node_at};
use super::parse::{self, Parsed};
use super::path::Path;
use super::tree::{Node, Value};
use crate::diagnostic::{Diagnostic, Location};
use crate::nearest::nearest;

/// What was found in a list.
#[derive(Debug)]
pub struct Items<T> {
    /// The items that were taken, in the order of the list.
    pub items: Vec<Item<T>>,
    /// What was refused, and why, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// An item of a list.
#[derive(Debug)]
pub struct Item<T> {
    /// What it says.
    pub value: T,
    /// Which one of the list it is, counted from 0.
    pub index: usize,
    source: Source,
    tree: Node,
}

impl<T> Item<T> {
    /// Where the item begins.
    pub fn location(&self) -> Location {
        self.source.location(self.tree.place)
    }

    /// Where the value of a field begins; the item itself where it has no such field.
    pub fn locate(&self, field: &str) -> Location {
        self.source.location(self.tree.locate(&Path::ROOT.key(field), &self.source.text))
    }
}

/// Reads a source that holds one document, a map with one list. What does not fit into the type of
/// the items is refused item by item, and so is an item with a key given twice.
pub fn items<T: DeserializeOwned>(source: &Source, list: &str) -> Items<T> {
    let (nodes, mut diagnostics) = nodes(source, list);
    let (root, mut items) = (Path::ROOT.key(list), Vec::new());
    for (index, tree) in nodes.into_iter().enumerate() {
        if !tree.is_ambiguous(&source.text) {
            match from_node_at(&tree, &source.text, root.index(index)) {
                Ok(value) => items.push(Item { value, index, source: source.clone(), tree }),
                Err(complaints) => diagnostics.extend(source.errors(complaints)),
            }
        }
    }
    diagnostics.sort_by_key(|Diagnostic { location, .. }| (location.line, location.column));
    Items { items, diagnostics }
}

/// The items as trees. Apart from [`items`], of which there is a copy for every type.
fn nodes(source: &Source, list: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut documents = Vec::new();
    let Parsed { ambiguous, mut diagnostics, .. } =
        parse::documents(source, &mut |document| documents.push(document));
    documents.extend(ambiguous);
    documents.sort_by_key(|document| (document.place.line, document.place.column));
    let mut documents = documents.into_iter();
    let (mut found, mut complaints) = (Vec::new(), Vec::new());
    match documents.next() {
        Some(document) => found = take_list(document, list, &source.text, &mut complaints),
        None if diagnostics.is_empty() => {
            let message = format!("there is no document here: {}", must_be(list));
            complaints.push((parse::START, message));
        }
        None => {}
    }
    if let Some(second) = documents.next() {
        complaints.push((second.place, "only one document is expected here".to_owned()));
    }
    diagnostics.extend(source.errors(complaints));
    (found, diagnostics)
}

/// The items of the list that a document holds. All else in it is complained about, if it looks as if
/// the list was meant at all.
fn take_list(document: Node, list: &str, text: &str, complaints: &mut Vec<Complaint>) -> Vec<Node> {
    let Value::Mapping(entries) = document.value else {
        let message = format!("{}, not {}", must_be(list), describe(&document, text));
        complaints.push((document.place, message));
        return Vec::new();
    };
    let is_there = entries.iter().any(|entry| entry.key.of(text) == list);
    let others = entries.iter().filter(|entry| {
        let key = entry.key.of(text);
        key != list && (is_there || nearest(key, &[list]).is_some())
    });
    let unknown =
        others.map(|entry| (entry.place, unknown_field(&Path::ROOT, entry.key.of(text), &[list])));
    let said = complaints.len();
    complaints.extend(unknown);
    let Some(entry) = entries.into_iter().find(|entry| entry.key.of(text) == list) else {
        if complaints.len() == said {
            let message = format!("`{list}` is missing: {}", must_be(list));
            complaints.push((document.place, message));
        }
        return Vec::new();
    };
    match entry.node.value {
        Value::Sequence(items) => items,
        _ => {
            let message = format!("`{list}` must be a list, not {}", describe(&entry.node, text));
            complaints.push((entry.node.place, message));
            Vec::new()
        }
    }
}

fn must_be(list: &str) -> String {
    format!("the document must be a map with the list `{list}`")
}
