//! Which document of a file declares what, and what a document declared before it was broken.
//!
//! Documents are read one by one, and only those that have changed: a key pressed in one of a thousand
//! costs as much as in one of one.
//!
//! A document that is refused keeps what it declared when it was last taken, so that a policy does not
//! leave the picture while somebody types in it.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::analysis;
use crate::diagnostic::Severity;
use crate::fragment::{Declared, Fragment};
use crate::manifest::Source;

/// One document of a file.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Counted from 1.
    first_line: u32,
    /// Stand for the lines: a document is known again by them.
    lines: Vec<u64>,
    /// What it declares.
    fragment: Fragment,
    /// What it declared before it was broken, and what of that it does not declare any more.
    kept: Vec<Declared>,
}

/// Reads the documents of a text, of which `before` are those that it was. Those that are the same,
/// wherever they are now, are not read again.
pub(super) fn read(path: &Arc<str>, text: &str, before: &[Document]) -> Vec<Document> {
    let known: HashMap<&[u64], &Document> =
        before.iter().map(|document| (document.lines.as_slice(), document)).collect();
    let mut documents = Vec::new();
    for piece in split(text) {
        let lines: Vec<u64> = piece.text.lines().map(hash).collect();
        let first_line = piece.first_line;
        let fragment = match known.get(lines.as_slice()) {
            Some(same) => moved(&same.fragment, same.first_line, first_line),
            None => {
                moved(&analysis::read(&Source::new(Arc::clone(path), piece.text)), 1, first_line)
            }
        };
        documents.push(Document { first_line, lines, fragment, kept: Vec::new() });
    }
    let is_broken = |document: &Document| {
        let mut said = document.fragment.diagnostics.iter();
        said.any(|diagnostic| diagnostic.severity == Severity::Error)
    };
    for index in 0..documents.len() {
        if let Some(earlier) = counterpart(index, &documents, before)
            && is_broken(&documents[index])
        {
            let (down, up) = (documents[index].first_line, earlier.first_line);
            let mut whole =
                Fragment { objects: earlier.objects().cloned().collect(), ..Fragment::default() };
            whole = moved(&whole, up, down);
            let declared = &documents[index].fragment.objects;
            let is_gone = |earlier: &Declared| {
                declared.iter().all(|object| object.identity() != earlier.identity())
            };
            whole.objects.retain(is_gone);
            documents[index].kept = whole.objects;
        }
    }
    documents
}

/// A fragment of a text that began in one line and begins in another.
fn moved(fragment: &Fragment, from: u32, to: u32) -> Fragment {
    let mut moved = fragment.clone();
    moved.move_lines(from, to);
    moved
}

impl Document {
    /// What it declares, or declared.
    fn objects(&self) -> impl Iterator<Item = &Declared> {
        self.fragment.objects.iter().chain(&self.kept)
    }
}

/// Everything that documents declare, and the first lines of those of which it is from before.
pub(super) fn together(documents: &[Document]) -> (Fragment, Vec<u32>) {
    let mut whole = Fragment::default();
    for document in documents {
        whole.objects.extend(document.objects().cloned());
        whole.diagnostics.extend_from_slice(&document.fragment.diagnostics);
        whole.strays.extend_from_slice(&document.fragment.strays);
        whole.expectations.extend_from_slice(&document.fragment.expectations);
    }
    let stale = documents.iter().filter(|document| !document.kept.is_empty());
    (whole, stale.map(|document| document.first_line).collect())
}

/// A part of a text that is a document.
struct Piece<'t> {
    /// Counted from 1.
    first_line: u32,
    text: &'t str,
}

/// The documents of a text: `---` begins a line only between two of them. A text with directives, which
/// stand before the document that they are for, is one piece.
fn split(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut start, mut first_line, mut at) = (Vec::new(), 0, 1, 0);
    let has_directives = text.starts_with('%') || text.contains("\n%");
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let after = line.strip_prefix("---");
        let begins =
            after.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
        if begins && at > 0 && !has_directives {
            pieces.push(Piece { first_line, text: &text[start..at] });
            (start, first_line) = (at, number);
        }
        at += line.len();
    }
    pieces.push(Piece { first_line, text: &text[start..] });
    pieces
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
    use std::fs;
    use std::path::Path;

    use super::*;

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
            before = read(&"a.yaml".into(), &text.join("---\n"), &before);
            last = together(&before);
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
    fn what_is_not_read_again_is_the_same() {
        let path: Arc<str> = "a.yaml".into();
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        for case in fs::read_dir(cases).unwrap() {
            let text = fs::read_to_string(case.unwrap().path()).unwrap();
            let whole = |text: &str| analysis::read(&Source::new("a.yaml", text));
            let before = read(&path, &text, &[]);
            // A document more, and a line more in the one after it.
            let more = format!("kind: {{}}\n---\n# new\n{text}");
            let after = read(&path, &more, &before);
            assert_eq!(together(&after).0.objects, whole(&more).objects);
            let back = read(&path, &text, &after);
            assert_eq!(together(&back).0, together(&before).0);
            let says = |of: Fragment| {
                let mut said: Vec<_> =
                    of.diagnostics.into_iter().map(|said| said.message).collect();
                said.sort();
                said
            };
            assert_eq!(says(together(&back).0), says(whole(&text)));
        }
    }

    #[test]
    fn what_was_never_good_is_nothing() {
        let broken = pod("b").replace("labels:", "labels: [");
        check(&[&[pod("a"), broken.clone()]], &["a"], &[]);
        check(&[&[pod("a")], &[pod("a"), broken]], &["a"], &[]);
    }
}
