//! Reads own manifests, apart from the page: what the worker does.
//!
//! In: an [`Ask`]. Out: a [`Tell`]. Keeps the texts between questions, and what each document of them
//! declared when it was last taken: while somebody types, a document that is refused for a moment
//! must not take its policy out of the picture. Knows nothing of browsers.

mod check;
mod compare;
mod documents;
mod editor;
mod exposure;
mod point;
mod relabel;
mod rewrite;
mod suggested;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::analysis;
use crate::assemble::{Assembled, assemble};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::evaluate::{Model, Plugin};
use crate::fragment::{Declared, Fragment};
use crate::labels::Labels;
use crate::lint;
use crate::manifest;
use crate::message::{Answer, Ask, Cursor, Files, Labelled, Pointed, Relabel, Tell, Text};
use crate::owners::By;
use crate::presets;
use crate::project::{Unpacked, file, link};
use crate::write;
use documents::Document;

/// What is known of the files that lie open.
#[derive(Default)]
pub struct Reader {
    files: BTreeMap<u32, File>,
    order: Vec<(u32, bool)>,
    deleted: Vec<String>,
    model: Model,
}

/// A file, as it was read last.
struct File {
    path: Arc<str>,
    text: String,
    documents: Vec<Document>,
    fragment: Fragment,
    stale: Vec<u32>,
}

impl Reader {
    /// Answers a question.
    pub fn answer(&mut self, ask: Ask) -> Tell {
        match ask {
            Ask::Read(files) => Tell::Read(Box::new(self.read(files))),
            Ask::Point(cursor) => Tell::Point(self.point(cursor)),
            Ask::Relabel(wanted) => Tell::Relabelled(self.relabel(&wanted)),
            Ask::Check(text) => Tell::Checked(check::check(&self.model, text)),
            Ask::Expect => Tell::Expected(check::written(&self.model)),
            Ask::Pack(project) => Tell::Packed(link::pack(&project, presets::scenarios())),
            Ask::Unpack(text) => unpacked(link::unpack(&text, presets::scenarios())),
            Ask::Save(project) => Tell::Saved(file::write(&project)),
            Ask::Compare(before) => Tell::Compared(compare::compared(before, self.assembled())),
            Ask::Expose => Tell::Exposed(exposure::exposed(&self.model)),
            Ask::Policies => {
                let written = self.model.policies.iter().map(|p| write::policy(p).text());
                Tell::Policies(written.collect::<Vec<_>>().join("---\n"))
            }
            Ask::Suggest(call) => Tell::Suggested(self.suggested(&call)),
            Ask::Try(wanted) => Tell::Rewritten(self.tried(&wanted)),
            Ask::Open(text) => unpacked(file::read(&text)),
        }
    }

    fn read(&mut self, files: Files) -> Answer {
        let Files { serial, changed, order, shown, deleted } = files;
        changed.into_iter().for_each(|text| self.read_text(text));
        self.files.retain(|id, _| order.iter().any(|(listed, _)| listed == id));
        self.order = order;
        self.deleted = deleted;
        let mut assembled = analysis::group(self.assembled(), By::Workload, &Plugin::default());
        let mut diagnostics = std::mem::take(&mut assembled.diagnostics);
        diagnostics.extend(self.applied().flat_map(|file| strays(&file.fragment)));
        diagnostics.sort_by_cached_key(|diagnostic| self.order_of(&diagnostic.location));
        let model = Model {
            cluster: Rc::new(std::mem::take(&mut assembled.cluster)),
            policies: std::mem::take(&mut assembled.policies).into(),
            plugin: Plugin::default(),
        };
        self.model = model.clone();
        let mut findings = lint::lint(&model);
        findings.sort_by_cached_key(|finding| self.order_of(&finding.location));
        let shown = shown.and_then(|id| self.files.get(&id));
        Answer {
            serial,
            stale: self.stale(),
            expectations: self.expectations(),
            marks: shown.map_or_else(String::new, |file| {
                editor::marks(&file.path, &diagnostics, &findings)
            }),
            vocabulary: editor::vocabulary(&model.cluster),
            fragment: fragment(&model, assembled),
            findings,
            diagnostics,
        }
    }

    fn read_text(&mut self, Text { id, path, text }: Text) {
        let path: Arc<str> = path.into();
        let before = self.files.remove(&id).filter(|file| file.path == path);
        let before = before.map_or_else(Vec::new, |file| file.documents);
        let documents = documents::read(&path, &text, &before);
        let (fragment, stale) = documents::together(&documents);
        self.files.insert(id, File { path, text, documents, fragment, stale });
    }

    /// The first lines of the documents that are shown as they were, by file.
    fn stale(&self) -> Vec<(u32, Vec<u32>)> {
        let files = self.files.iter().filter(|(_, file)| !file.stale.is_empty());
        files.map(|(id, file)| (*id, file.stale.clone())).collect()
    }

    /// The applied files that hold expectations and nothing else.
    fn expectations(&self) -> Vec<u32> {
        let applied = self.order.iter().filter(|(_, is_applied)| *is_applied).map(|(id, _)| *id);
        let only_holds = |id: &u32| {
            self.files.get(id).is_some_and(|File { fragment, .. }| {
                let Fragment { objects, diagnostics, strays, expectations } = fragment;
                let others = objects.len() + diagnostics.len() + strays.len();
                others == 0 && expectations.len() == 1
            })
        };
        applied.filter(only_holds).collect()
    }

    /// What the applied files declare together.
    fn assembled(&self) -> Assembled {
        assemble(self.applied().map(|file| &file.fragment), &self.deleted)
    }

    /// The files that are applied, in their order.
    fn applied(&self) -> impl Iterator<Item = &File> {
        let applied = self.order.iter().filter(|(_, is_applied)| *is_applied);
        applied.filter_map(|(id, _)| self.files.get(id))
    }

    fn point(&self, cursor: Cursor) -> Option<Pointed> {
        let file = self.files.get(&cursor.id)?;
        point::point(&self.model, &file.path, &file.text, cursor)
    }

    fn relabel(&self, wanted: &Relabel) -> Result<Vec<(u32, String)>, String> {
        let labels = relabel::parse(&wanted.labels)?;
        let gone = || "what has the labels is not there any more".to_owned();
        let mut locations: Vec<&Location> = match &wanted.what {
            Labelled::Namespace(name) => {
                let namespace = self.model.cluster.namespaces.get(name).ok_or_else(gone)?;
                match &namespace.location {
                    Some(location) => vec![location],
                    None => return self.declare(name, &labels),
                }
            }
            Labelled::Workload(path) => {
                let mut workloads = self.model.cluster.workloads.iter();
                let workload = workloads.find(|w| w.path() == *path).ok_or_else(gone)?;
                let pods = workload.pods.iter().filter_map(|pod| pod.location.as_ref());
                let pods: Vec<&Location> = pods.collect();
                if pods.is_empty() { workload.location.iter().collect() } else { pods }
            }
        };
        // From the end, so that no place moves before it is written to.
        locations.sort_by_key(|location| std::cmp::Reverse((location.line, location.column)));
        let mut texts: BTreeMap<u32, String> = BTreeMap::new();
        for location in locations {
            let mut files = self.files.iter();
            let (id, file) =
                files.find(|(_, file)| *file.path == *location.file).ok_or_else(gone)?;
            let text = texts.entry(*id).or_insert_with(|| file.text.to_string());
            *text = relabel::relabel(&file.path, text, location, &labels)?;
        }
        Ok(texts.into_iter().collect())
    }

    /// Declares a namespace that is only mentioned, at the end of a file that mentions it.
    fn declare(&self, name: &str, labels: &Labels) -> Result<Vec<(u32, String)>, String> {
        let inside =
            |object: &Declared| object.namespace().is_some_and(|namespace| namespace == name);
        let mentions = |file: &&File| file.fragment.objects.iter().any(inside);
        let order = self.order.iter().filter(|(_, is_applied)| *is_applied);
        let mut files = order.filter_map(|(id, _)| Some((id, self.files.get(id)?)));
        let found =
            files.find(|(_, file)| mentions(file) && !file.text.trim_start().starts_with('{'));
        let (id, file) = found.ok_or("there is no file to declare the namespace in")?;
        Ok(vec![(*id, relabel::declare(&file.path, &file.text, name, labels)?)])
    }

    /// Where a place is in the order of the files.
    fn order_of(&self, location: &Location) -> (Option<usize>, u32, u32) {
        let file = self.applied().position(|file| *file.path == *location.file);
        (file, location.line, location.column)
    }
}

fn unpacked(read: Result<Unpacked, String>) -> Tell {
    Tell::Unpacked(read.map(Box::new))
}

/// Everything that is there, as one source would declare it. The cluster DNS that every cluster is taken
/// to have is for the page to add; what is said of the texts is no part of it, so that a mistake that
/// changes nothing is nothing to evaluate.
fn fragment(model: &Model, assembled: Assembled) -> Fragment {
    let Assembled { unevaluated, others, .. } = assembled;
    let Model { cluster, policies, .. } = model;
    let workloads = cluster.workloads.iter().filter(|workload| !workload.is_implicit());
    let namespaces = cluster.namespaces.values().cloned().map(Declared::Namespace);
    let objects = namespaces
        .chain(workloads.cloned().map(Declared::Workload))
        .chain(cluster.services.iter().cloned().map(Declared::Service))
        .chain(policies.iter().cloned().map(Declared::Policy))
        .chain(unevaluated.into_iter().map(Declared::Unevaluated))
        .chain(others.into_iter().map(Declared::Other));
    Fragment { objects: objects.collect(), ..Fragment::default() }
}

/// What is said of documents that are no Kubernetes objects: other files lie among manifests.
fn strays(fragment: &Fragment) -> impl Iterator<Item = Diagnostic> {
    let strays = fragment.strays.iter().map(|stray| stray.diagnostic(Severity::Warning));
    strays.chain(fragment.expectations.iter().cloned().map(manifest::expectations))
}
