//! Which document of a file declares what, and what a document declared before it was broken.
//!
//! Documents are read one by one, and only those that have changed: a key pressed in one of a thousand
//! costs as much as in one of one. The items of a `List` as `kubectl get -o yaml` writes it, which is one
//! document however large the cluster is, are read as if each were a document.
//!
//! A document that is refused keeps what it declared when it was last taken, so that a policy does not
//! leave the picture while somebody types in it.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use super::pieces::{Piece, split};
use crate::analysis;
use crate::diagnostic::Severity;
use crate::fragment::{Declared, Fragment};
use crate::manifest::Source;

/// One document of a file.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Counted from 1.
    pub first_line: u32,
    /// Stand for the lines: a document is known again by them.
    lines: Vec<u64>,
    /// What it declares.
    fragment: Rc<Fragment>,
    /// What it declared before it was broken, and what of that it does not declare any more.
    kept: Fragment,
}

/// A text that is being read, as long as that takes.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The documents that the text was, and where each is, by the hash of its lines.
    before: Vec<Document>,
    known: HashMap<u64, usize>,
    pieces: Vec<Piece>,
    documents: Vec<Document>,
}

impl Reading {
    /// Begins with a text, of which `before` are the documents that it was.
    pub fn of(text: &str, before: Vec<Document>) -> Reading {
        let places = before.iter().enumerate();
        let known = places.map(|(place, document)| (hash(&document.lines), place)).collect();
        Reading { before, known, pieces: split(text), documents: Vec::new() }
    }

    /// Reads on, until about so many bytes were read that were not known; whether that was all. Documents
    /// that are the same as before, wherever they are now, are not read again.
    pub fn go_on(&mut self, path: &Arc<str>, text: &str, bytes: usize) -> bool {
        let mut read = 0;
        while let Some(piece) = self.pieces.get(self.documents.len()) {
            if read > bytes {
                return false;
            }
            let first_line = piece.first_line;
            let lines: Vec<u64> = piece.text(text).lines().map(hash).collect();
            let known = self.known.get(&hash(&lines)).map(|place| &self.before[*place]);
            let fragment = match known.filter(|known| known.lines == lines) {
                Some(same) => moved(&same.fragment, same.first_line, first_line),
                None => {
                    read += piece.bytes.len();
                    let (source, first) = piece.source(text);
                    let fragment = analysis::read(&Source::new(Arc::clone(path), source));
                    moved(&Rc::new(fragment), first, first_line)
                }
            };
            self.documents.push(Document {
                first_line,
                lines,
                fragment,
                kept: Fragment::default(),
            });
        }
        true
    }

    /// The documents that the text was before.
    pub fn before(self) -> Vec<Document> {
        self.before
    }

    /// How much of the text was read, in bytes.
    pub fn progress(&self) -> usize {
        self.pieces.get(self.documents.len()).map_or(0, |piece| piece.bytes.start)
    }

    /// The documents, when all was read. One that is broken keeps what it was.
    pub fn finish(self) -> Vec<Document> {
        let Reading { before, mut documents, .. } = self;
        let broken: Vec<usize> =
            (0..documents.len()).filter(|i| documents[*i].is_broken()).collect();
        for index in broken {
            let Some(earlier) = counterpart(index, &documents, &before) else { continue };
            let document = &documents[index];
            let mut whole = Fragment::default();
            whole.objects.extend(earlier.objects().cloned());
            whole.move_lines(earlier.first_line, document.first_line);
            let declared = &document.fragment.objects;
            let is_gone = |earlier: &Declared| {
                declared.iter().all(|object| object.identity() != earlier.identity())
            };
            whole.objects.retain(is_gone);
            documents[index].kept = whole;
        }
        documents
    }
}

/// A fragment of a text that began in one line and begins in another.
fn moved(fragment: &Rc<Fragment>, from: u32, to: u32) -> Rc<Fragment> {
    if from == to {
        return Rc::clone(fragment);
    }
    let mut moved = Fragment::clone(fragment);
    moved.move_lines(from, to);
    Rc::new(moved)
}

impl Document {
    /// What it declares, and what it declared before it was broken.
    pub fn fragments(&self) -> [&Fragment; 2] {
        [&self.fragment, &self.kept]
    }

    /// Whether it is shown as it was before.
    pub fn is_stale(&self) -> bool {
        !self.kept.objects.is_empty()
    }

    fn is_broken(&self) -> bool {
        let mut said = self.fragment.diagnostics.iter();
        said.any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// What it declares, or declared.
    fn objects(&self) -> impl Iterator<Item = &Declared> {
        self.fragments().into_iter().flat_map(|fragment| &fragment.objects)
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
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

    /// What a text comes to that was these documents before, read in more steps than one.
    fn read(path: &Arc<str>, text: &str, before: &[Document]) -> Vec<Document> {
        let mut reading = Reading::of(text, before.to_vec());
        while !reading.go_on(path, text, 100) {}
        reading.finish()
    }

    /// Everything that documents declare, and the first lines of those of which it is from before.
    fn together(documents: &[Document]) -> (Fragment, Vec<u32>) {
        let mut whole = Fragment::default();
        for document in documents {
            whole.objects.extend(document.objects().cloned());
            whole.diagnostics.extend_from_slice(&document.fragment.diagnostics);
        }
        let stale = documents.iter().filter(|document| document.is_stale());
        (whole, stale.map(|document| document.first_line).collect())
    }

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
