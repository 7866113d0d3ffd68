//! Which document of a file declares what, and what a document declared before it was broken.
//!
//! A document that is refused keeps what it declared when it was last taken, so that a policy does not
//! leave the picture while somebody types in it.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::diagnostic::Severity;
use crate::fragment::{Declared, Fragment};

/// One document of a file.
#[derive(Debug)]
pub(super) struct Document {
    /// Counted from 1.
    first_line: u32,
    /// Stand for the lines: a document is known again by them.
    lines: Vec<u64>,
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
    let mut document =
        Document { first_line: 1, lines: Vec::new(), objects: Vec::new(), is_stale: false };
    for (number, line) in (1..).zip(text.lines()) {
        let after = line.strip_prefix("---");
        if number > 1 && after.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        {
            let (lines, objects) = (Vec::new(), Vec::new());
            let next = Document { first_line: number, lines, objects, is_stale: false };
            documents.push(std::mem::replace(&mut document, next));
        }
        document.lines.push(hash(line));
    }
    documents.push(document);
    documents
}

fn hash(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

/// The document that this one was before. Those before the first difference and after the last are
/// the same; of those between, the one with most lines in common, if it is half of them.
fn counterpart<'b>(index: usize, now: &[Document], before: &'b [Document]) -> Option<&'b Document> {
    let is_same = |(a, b): &(&Document, &Document)| a.lines == b.lines;
    let start = now.iter().zip(before).take_while(is_same).count();
    let end = now.iter().rev().zip(before.iter().rev()).take_while(is_same).count();
    if index < start {
        return before.get(index);
    }
    if index + end >= now.len() {
        return before.get((before.len() + index).checked_sub(now.len())?);
    }
    let lines: BTreeSet<u64> = now[index].lines.iter().copied().collect();
    let shared =
        |earlier: &&Document| earlier.lines.iter().filter(|line| lines.contains(line)).count();
    let between = before.get(start..before.len().saturating_sub(end))?;
    let nearest = between.iter().max_by_key(shared)?;
    (shared(&nearest) * 2 >= nearest.lines.len()).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis;
    use crate::manifest::Source;

    fn pod(name: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  labels:\n    app: {name}\n"
        )
    }

    /// What texts that follow each other come to at the end: the names, and the stale documents.
    fn check(texts: &[&[String]], names: &[&str], stale: &[u32]) {
        let mut before = Vec::new();
        let mut last = (Fragment::default(), Vec::new());
        for text in texts {
            let text = text.join("---\n");
            let fragment = analysis::read(&Source::new("a.yaml", text.as_str()));
            before = of(&text, &fragment, before);
            last = together(fragment, &before);
        }
        let found: Vec<_> = last.0.objects.iter().map(|object| object.identity().1).collect();
        assert_eq!((found.as_slice(), last.1.as_slice()), (names, stale), "{texts:?}");
    }

    #[test]
    fn a_broken_document_is_what_it_was() {
        let broken = pod("b").replace("labels:", "labels: [");
        let good = [pod("a"), pod("b"), pod("c")];
        check(&[&good], &["a", "b", "c"], &[]);
        check(&[&good, &[pod("a"), broken.clone(), pod("c")]], &["a", "b", "c"], &[7]);
        let inserted = [pod("a"), pod("new"), broken.clone(), pod("c")];
        check(&[&good, &inserted], &["a", "new", "b", "c"], &[14]);
        // Broken for longer than one reading, and then mended.
        check(&[&good, &inserted, &inserted, &good], &["a", "b", "c"], &[]);
        check(&[&good, &inserted, &inserted], &["a", "new", "b", "c"], &[14]);
    }

    #[test]
    fn what_was_never_good_is_nothing() {
        let broken = pod("b").replace("labels:", "labels: [");
        check(&[&[pod("a"), broken.clone()]], &["a"], &[]);
        check(&[&[pod("a")], &[pod("a"), broken]], &["a"], &[]);
    }
}
