//! Reads own manifests, apart from the page: what the worker does.
//!
//! In: an [`Ask`]. Out: a [`Tell`]. Keeps the texts between questions, and what each document of them
//! declared when it was last taken: while somebody types, a document that is refused for a moment
//! must not take its policy out of the picture. Knows nothing of browsers.

mod documents;
mod editor;

use std::collections::BTreeMap;

use crate::analysis;
use crate::assemble::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Plugin;
use crate::fragment::Fragment;
use crate::manifest::{self, Source};
use crate::message::{Answer, Ask, Files, Read, Tell, Text};
use crate::owners::By;
use documents::Document;

/// What is known of the files that lie open.
#[derive(Default)]
pub struct Reader {
    files: BTreeMap<u32, File>,
    order: Vec<(u32, bool)>,
}

/// A file, as it was read last.
struct File {
    path: String,
    documents: Vec<Document>,
    fragment: Fragment,
}

impl Reader {
    /// Answers a question.
    pub fn answer(&mut self, ask: Ask) -> Tell {
        match ask {
            Ask::Read(files) => Tell::Read(Box::new(self.read(files))),
            Ask::Point(_) => Tell::Point(None),
        }
    }

    fn read(&mut self, files: Files) -> Answer {
        let Files { serial, changed, order, shown } = files;
        let read = changed.into_iter().map(|text| self.read_text(text)).collect();
        self.files.retain(|id, _| order.iter().any(|(listed, _)| listed == id));
        self.order = order;
        let assembled = assemble(self.applied().map(|file| &file.fragment), &[]);
        let mut assembled = analysis::group(assembled, By::Workload, &Plugin::default());
        let mut diagnostics = std::mem::take(&mut assembled.diagnostics);
        diagnostics.extend(self.applied().flat_map(|file| strays(&file.fragment)));
        self.sort(&mut diagnostics);
        let shown = shown.and_then(|id| self.files.get(&id));
        Answer {
            serial,
            read,
            marks: shown.map_or_else(String::new, |file| editor::marks(&file.path, &diagnostics)),
            vocabulary: editor::vocabulary(&assembled.cluster),
            diagnostics,
        }
    }

    fn read_text(&mut self, Text { id, path, text }: Text) -> Read {
        let source = Source::new(path.as_str(), text);
        let fragment = analysis::read(&source);
        let before = self.files.remove(&id).map(|file| file.documents);
        let documents = documents::of(&source.text, &fragment, before.unwrap_or_default());
        let (fragment, stale) = documents::together(fragment, &documents);
        let read = Read { id, fragment: fragment.clone(), stale };
        self.files.insert(id, File { path, documents, fragment });
        read
    }

    /// The files that are applied, in their order.
    fn applied(&self) -> impl Iterator<Item = &File> {
        let applied = self.order.iter().filter(|(_, is_applied)| *is_applied);
        applied.filter_map(|(id, _)| self.files.get(id))
    }

    /// Puts diagnostics in the order of the files.
    fn sort(&self, diagnostics: &mut [Diagnostic]) {
        diagnostics.sort_by_cached_key(|Diagnostic { location, .. }| {
            let file = self.applied().position(|file| *file.path == *location.file);
            (file, location.line, location.column)
        });
    }
}

/// What is said of documents that are no Kubernetes objects: other files lie among manifests.
fn strays(fragment: &Fragment) -> impl Iterator<Item = Diagnostic> {
    fragment.strays.iter().cloned().map(|place| manifest::stray(place, Severity::Warning))
}
