//! Which document of a file declares what, and what a document declared before it was broken.
//!
//! A document that is refused keeps what it declared when it was last taken, so that a policy does not
//! leave the picture while somebody types in it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::diagnostic::Severity;
use crate::fragment::{Declared, Fragment};

/// One document of a file.
#[derive(Debug)]
pub(super) struct Document {
    /// Counted from 1.
    first_line: u32,
    /// Stands for the text: a document is known again by it.
    hash: u64,
    /// What it declares, or declared.
    objects: Vec<Declared>,
    /// Whether some of that is from before.
    is_stale: bool,
}

/// The documents of a text, of which `fragment` tells what they declare now and `before` what they
/// declared before.
pub(super) fn of(text: &str, fragment: &Fragment, before: Vec<Document>) -> Vec<Document> {
    let mut documents = split(text);
    let at = |documents: &[Document], line: u32| {
        documents.partition_point(|document| document.first_line <= line).saturating_sub(1)
    };
    for object in &fragment.objects {
        let line = object.location().map_or(1, |location| location.line);
        let document = at(&documents, line);
        documents[document].objects.push(object.clone());
    }
    let errors = fragment.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let mut broken: Vec<usize> = errors.map(|error| at(&documents, error.location.line)).collect();
    broken.dedup();
    for index in broken {
        if let Some(earlier) = counterpart(index, &documents, &before) {
            let document = &mut documents[index];
            let is_gone = |earlier: &&Declared| {
                document.objects.iter().all(|object| object.identity() != earlier.identity())
            };
            let kept: Vec<Declared> = earlier.objects.iter().filter(is_gone).cloned().collect();
            document.is_stale |= !kept.is_empty();
            document.objects.extend(kept);
        }
    }
    documents
}

/// Everything that documents declare, with what else is known of their text, and the first lines of
/// those of which it is from before.
pub(super) fn together(fragment: Fragment, documents: &[Document]) -> (Fragment, Vec<u32>) {
    let objects = documents.iter().flat_map(|document| document.objects.iter().cloned()).collect();
    let stale = documents.iter().filter(|document| document.is_stale);
    let stale = stale.map(|document| document.first_line).collect();
    (Fragment { objects, ..fragment }, stale)
}

/// The documents of a text, without what they declare: `---` begins a line only between two of them.
fn split(text: &str) -> Vec<Document> {
    let mut documents = Vec::new();
    let (mut first_line, mut hasher) = (1, DefaultHasher::new());
    let document = |first_line, hasher: &DefaultHasher| Document {
        first_line,
        hash: hasher.finish(),
        objects: Vec::new(),
        is_stale: false,
    };
    for (number, line) in (1..).zip(text.lines()) {
        let after = line.strip_prefix("---");
        if number > 1
            && after.is_some_and(|rest| rest.trim_start().len() < rest.len() || rest.is_empty())
        {
            documents.push(document(first_line, &hasher));
            (first_line, hasher) = (number, DefaultHasher::new());
        }
        line.hash(&mut hasher);
    }
    documents.push(document(first_line, &hasher));
    documents
}

/// The document that this one was before: those before the first difference and after the last are
/// the same, and those between are taken in order.
fn counterpart<'b>(index: usize, now: &[Document], before: &'b [Document]) -> Option<&'b Document> {
    let is_same = |(a, b): &(&Document, &Document)| a.hash == b.hash;
    let start = now.iter().zip(before).take_while(is_same).count();
    let end = now.iter().rev().zip(before.iter().rev()).take_while(is_same).count();
    if index < start {
        before.get(index)
    } else if index + end >= now.len() {
        before.get((before.len() + index).checked_sub(now.len())?)
    } else {
        before.get(..before.len().saturating_sub(end))?.get(index)
    }
}
