//! Reads own manifests, apart from the page: what the worker does.
//!
//! In: an [`Ask`]. Out: a [`Tell`]. Keeps the texts between questions, and what each document of them
//! declared when it was last taken: while somebody types, a document that is refused for a moment
//! must not take its policy out of the picture. A long reading is done in steps, so that it can be told how
//! far it is, and another one can take its place. Knows nothing of browsers.

mod change;
mod check;
mod compare;
mod crowd;
mod documents;
mod editor;
mod exposure;
mod gather;
mod pieces;
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
use crate::fragment::{Declared, Fragment, Mention};
use crate::labels::Labels;
use crate::lint;
use crate::manifest;
use crate::message::{
    Answer, Ask, Cursor, Edit, Files, Found, Labelled, Look, Pointed, Relabel, Said, Seen, Tell,
    Text,
};
use crate::owners::By;
use crate::presets;
use crate::project::{Unpacked, file, link};
use crate::write;
use crowd::Crowd;
use documents::{Document, Reading};

/// How many bytes of text are read at a time: a few hundredths of a second.
const STEP: usize = 200_000;

/// From how many objects on what is said of files is left for later: what is seen must not wait for it.
const LARGE: usize = 1_500;

/// What is known of the files that lie open.
#[derive(Default)]
pub struct Reader {
    files: BTreeMap<u32, File>,
    order: Vec<(u32, bool)>,
    shown: Option<u32>,
    deleted: Vec<String>,
    look: Look,
    /// The reading that is under way, by its number.
    reading: Option<u32>,
    /// What the applied files come to. Of a crowd whose switches were turned, as it was before.
    model: Model,
    /// What is said of files together, beside what is said of each.
    notes: Vec<Diagnostic>,
    /// Policies that are not evaluated, and other objects.
    mentions: [Vec<Mention>; 2],
    crowd: Option<Crowd>,
    /// Whether `model` is what the crowd comes to.
    is_settled: bool,
}

/// A file, as it was read last.
struct File {
    path: Arc<str>,
    text: Rc<str>,
    documents: Vec<Document>,
    /// As long as it is being read.
    reading: Option<Reading>,
}

impl File {
    /// What it declares, in parts.
    fn fragments(&self) -> impl Iterator<Item = &Fragment> {
        self.documents.iter().flat_map(Document::fragments)
    }

    /// The objects that it declares.
    fn objects(&self) -> impl Iterator<Item = &Declared> {
        self.fragments().flat_map(|fragment| &fragment.objects)
    }

    /// Whether it declares policies and nothing else.
    fn is_policies(&self) -> bool {
        let mut objects = self.objects().peekable();
        objects.peek().is_some() && objects.all(|object| matches!(object, Declared::Policy(_)))
    }
}

impl Reader {
    /// Answers a question, however long it takes.
    pub fn answer(&mut self, ask: Ask) -> Tell {
        let mut tell = self.begin(ask);
        while let Tell::Progress(..) = tell {
            tell = self.go_on();
        }
        tell
    }

    /// Answers a question, or tells how far it is with it: then it is to [go on](Reader::go_on), unless
    /// the next question is another reading.
    pub fn begin(&mut self, ask: Ask) -> Tell {
        match ask {
            Ask::Read(files) => return self.read(files),
            Ask::Look(look) => {
                self.look = look;
                return Tell::Seen(Box::new(self.seen(false)));
            }
            _ => self.settle(),
        }
        match ask {
            Ask::Read(_) | Ask::Look(_) | Ask::Review => Tell::Said(Box::new(self.said())),
            Ask::Window(window) => Tell::Window(Box::new(self.window(&window))),
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

    /// Whether a reading is under way.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    fn read(&mut self, files: Files) -> Tell {
        let Files { serial, changed, edits, order, shown, deleted, look } = files;
        // What was under way goes on with these files.
        let is_same = changed.is_empty()
            && edits.is_empty()
            && self.reading.is_none()
            && deleted == self.deleted;
        let is_turned = is_same && self.is_turned(&order);
        changed.into_iter().for_each(|text| self.take(text));
        edits.into_iter().for_each(|edit| self.edit(edit));
        if !is_turned {
            self.files.retain(|id, _| order.iter().any(|(listed, _)| listed == id));
        }
        (self.order, self.shown, self.deleted, self.look) = (order, shown, deleted, look);
        if is_turned {
            let off = self.off();
            self.crowd.iter_mut().for_each(|crowd| crowd.turn(off.clone()));
            self.is_settled = false;
            return self.read_to_the_end(serial);
        }
        self.reading = Some(serial);
        self.go_on()
    }

    /// Reads on, for a while.
    ///
    /// Without a reading under way, it is the answer to an empty one.
    pub fn go_on(&mut self) -> Tell {
        let mut left = STEP;
        for file in self.files.values_mut() {
            let Some(reading) = &mut file.reading else { continue };
            let before = reading.progress();
            if !reading.go_on(&file.path, &file.text, left) {
                break;
            }
            left = left.saturating_sub(file.text.len() - before);
            file.documents = file.reading.take().map_or_else(Vec::new, Reading::finish);
        }
        let of = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let unread = |file: &File| match &file.reading {
            Some(reading) => file.text.len() - reading.progress(),
            None => 0,
        };
        let unread: Vec<usize> =
            self.files.values().filter(|f| f.reading.is_some()).map(unread).collect();
        if !unread.is_empty() {
            let all = self.files.values().map(|file| file.text.len()).sum::<usize>();
            return Tell::Progress(of(all - unread.iter().sum::<usize>()), of(all));
        }
        self.put_together();
        let serial = self.reading.take().unwrap_or_default();
        self.read_to_the_end(serial)
    }

    /// The answer to a reading, when all was read.
    fn read_to_the_end(&mut self, serial: u32) -> Tell {
        let seen = self.seen(true);
        let is_large = self.files.values().flat_map(File::objects).nth(LARGE).is_some();
        let said = (!is_large && self.is_settled).then(|| self.said());
        Tell::Read(Box::new(Answer { serial, seen, said }))
    }

    fn take(&mut self, Text { id, path, text }: Text) {
        let path: Arc<str> = path.into();
        let before = self.files.remove(&id).filter(|file| file.path == path);
        // Of a file that was not read to the end, what it was before that.
        let before = before.map(|file| match file.reading {
            Some(reading) => reading.before(),
            None => file.documents,
        });
        let reading = Reading::of(&text, before.unwrap_or_default());
        self.files.insert(id, File { path, text, documents: Vec::new(), reading: Some(reading) });
    }

    /// Changes a part of a text.
    fn edit(&mut self, Edit { id, start, end, text }: Edit) {
        let Some(file) = self.files.get_mut(&id) else { return };
        let (path, mut whole) = (file.path.to_string(), file.text.to_string());
        // The page counts in the text that it has sent, so that there is such a part.
        if whole.get(start as usize..end as usize).is_some() {
            whole.replace_range(start as usize..end as usize, &text);
        }
        self.take(Text { id, path, text: whole.into() });
    }

    /// Puts together what the files declare.
    fn put_together(&mut self) {
        let mut assembled = analysis::group(self.assembled(), By::Workload, &Plugin::default());
        let own = self.applied().flat_map(File::fragments).map(|of| of.diagnostics.len()).sum();
        self.notes = assembled.diagnostics.split_off(own);
        self.mentions =
            [std::mem::take(&mut assembled.unevaluated), std::mem::take(&mut assembled.others)];
        self.model = model(assembled);
        let before = self.crowd.take();
        self.crowd = Crowd::is_one(&self.model).then(|| match before {
            Some(before) => self.gather().after(before),
            None => self.gather(),
        });
        // Policies that are off tell the pods of a crowd apart as well.
        self.is_settled = false;
        self.settle();
    }

    /// Brings `model` up to date, where switches of a crowd were turned.
    fn settle(&mut self) {
        if let Some(crowd) = self.crowd.as_ref().filter(|_| !self.is_settled) {
            self.model = crowd.model();
        }
        self.is_settled = true;
    }

    /// What there is to see of the files.
    fn seen(&mut self, is_changed: bool) -> Seen {
        match &mut self.crowd {
            Some(crowd) => crowd.seen(&self.look, is_changed),
            None => Seen { fragment: fragment(&self.model, &self.mentions), crowd: None },
        }
    }

    /// Everything that is said of the files.
    fn said(&mut self) -> Said {
        self.settle();
        let mut diagnostics = Vec::new();
        for fragment in self.applied().flat_map(File::fragments) {
            diagnostics.extend(fragment.diagnostics.iter().cloned().chain(strays(fragment)));
        }
        diagnostics.extend(self.notes.iter().cloned());
        diagnostics.sort_by_cached_key(|diagnostic| self.order_of(&diagnostic.location));
        let mut findings = lint::lint(&self.model);
        findings.sort_by_cached_key(|finding| self.order_of(&finding.location));
        let shown = self.shown.and_then(|id| self.files.get(&id));
        Said {
            stale: self.stale(),
            expectations: self.expectations(),
            marks: shown.map_or_else(String::new, |file| {
                editor::marks(&file.path, &diagnostics, &findings)
            }),
            vocabulary: editor::vocabulary(&self.model.cluster),
            findings: findings.into_iter().map(Found::from).collect(),
            diagnostics,
        }
    }

    /// The first lines of the documents that are shown as they were, by file.
    fn stale(&self) -> Vec<(u32, Vec<u32>)> {
        let stale = |(id, file): (&u32, &File)| {
            let stale = file.documents.iter().filter(|document| document.is_stale());
            let lines: Vec<u32> = stale.map(|document| document.first_line).collect();
            (!lines.is_empty()).then_some((*id, lines))
        };
        self.files.iter().filter_map(stale).collect()
    }

    /// The applied files that hold expectations and nothing else.
    fn expectations(&self) -> Vec<u32> {
        let applied = self.order.iter().filter(|(_, is_applied)| *is_applied).map(|(id, _)| *id);
        let only_holds = |id: &u32| {
            let [mut others, mut found] = [0, 0];
            for fragment in self.files.get(id).into_iter().flat_map(File::fragments) {
                let Fragment { objects, diagnostics, strays, expectations } = fragment;
                others += objects.len() + diagnostics.len() + strays.len();
                found += expectations.len();
            }
            others == 0 && found == 1
        };
        applied.filter(only_holds).collect()
    }

    /// What the applied files declare together.
    fn assembled(&self) -> Assembled {
        assemble(self.applied().flat_map(File::fragments), &self.deleted)
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
        let mentions = |file: &&File| file.objects().any(inside);
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

fn model(assembled: Assembled) -> Model {
    Model {
        cluster: Rc::new(assembled.cluster),
        policies: assembled.policies.into(),
        plugin: Plugin::default(),
    }
}

/// Everything that is there, as one source would declare it. The cluster DNS that every cluster is taken
/// to have is for the page to add; what is said of the texts is no part of it, so that a mistake that
/// changes nothing is nothing to evaluate.
fn fragment(model: &Model, [unevaluated, others]: &[Vec<Mention>; 2]) -> Fragment {
    let Model { cluster, policies, .. } = model;
    let workloads = cluster.workloads.iter().filter(|workload| !workload.is_implicit());
    let namespaces = cluster.namespaces.values().cloned().map(Declared::Namespace);
    let objects = namespaces
        .chain(workloads.cloned().map(Declared::Workload))
        .chain(cluster.services.iter().cloned().map(Declared::Service))
        .chain(policies.iter().cloned().map(Declared::Policy))
        .chain(unevaluated.iter().cloned().map(Declared::Unevaluated))
        .chain(others.iter().cloned().map(Declared::Other));
    Fragment { objects: objects.collect(), ..Fragment::default() }
}

/// What is said of documents that are no Kubernetes objects: other files lie among manifests.
fn strays(fragment: &Fragment) -> impl Iterator<Item = Diagnostic> {
    let strays = fragment.strays.iter().map(|stray| stray.diagnostic(Severity::Warning));
    strays.chain(fragment.expectations.iter().cloned().map(manifest::expectations))
}
