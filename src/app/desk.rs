//! The desk: own manifests, as they lie open, and what people do with them.
//!
//! Part of the session: texts and switches are choices, kept as they are typed. What the worker has made
//! of the texts last lies beside them, because the picture shows that until the worker has caught up.

pub mod excerpt;
pub mod intake;
pub mod kept;
pub mod panel;
pub mod request;
mod said;

use std::rc::Rc;

use excerpt::Excerpt;

use super::derive::Shared;
use crate::diagnostic::Severity;
use crate::fragment::Fragment;
use crate::lint::Fix;
use crate::message::{Labelled, Pointed, Relabel, Said, Seen};
use crate::presets;
use crate::scenario::Scenario;

/// Own manifests.
#[derive(Clone, PartialEq)]
pub struct Desk {
    /// In the order in which they are applied.
    pub files: Vec<File>,
    /// A part of the names of those that are listed, where they are many.
    pub find: String,
    /// The file in the editor.
    pub shown: Option<u32>,
    /// What to bring into sight in the editor, counted so that the same place can be asked for again.
    pub reveal: Option<Reveal>,
    /// The preset that they were begun from, whose observer and codes they keep.
    pub base: Option<String>,
    /// What the worker said last.
    pub said: Option<Shared<Said>>,
    /// What is seen of the applied files, as far as the worker has read.
    pub declared: Vec<Shared<Seen>>,
    /// What the last change of many workloads was, in a line.
    pub change: Option<String>,
    /// How far a long reading is: so many bytes of so many.
    pub progress: Option<(u32, u32)>,
    /// Labels to be written, as long as the worker has not said how.
    pub relabel: Option<Relabel>,
    /// What was done since, in a few words.
    doing: Option<String>,
    /// What the cursor is on.
    pub pointed: Option<Pointed>,
    /// Whether the editor could not be loaded, so that a text area has to do.
    pub is_plain: bool,
    /// Why the worker does not answer.
    pub failure: Option<String>,
    next: u32,
}

/// A file that lies open.
#[derive(Clone, PartialEq)]
pub struct File {
    /// Never given twice.
    pub id: u32,
    /// What it is called.
    pub path: Rc<str>,
    /// Its text, as typed.
    pub text: Rc<str>,
    /// The part of it that is in the editor, where it is long.
    pub excerpt: Option<Excerpt>,
    /// Its text before the page, and not the editor, has changed it last: an edit since forgets it.
    pub before: Option<Rc<str>>,
    /// Counts how often the page, and not the editor, has changed the text.
    pub revision: u32,
    /// Whether its switch is on.
    pub is_applied: bool,
}

impl File {
    /// Changes the text without the editor.
    fn rewrite(&mut self, text: String) {
        let before = std::mem::replace(&mut self.text, text.into());
        self.excerpt = Excerpt::around(self.line_in_sight(), &self.text);
        // A part of a long text is no place to undo what was done to all of it.
        self.before = Some(before).filter(|_| self.excerpt.is_none());
        self.revision += 1;
    }

    fn line_in_sight(&self) -> u32 {
        self.excerpt.as_ref().map_or(1, |excerpt| excerpt.beside(false).max(excerpt.first_line))
    }

    /// What is in the editor.
    pub fn edited(&self) -> &str {
        self.excerpt.as_ref().map_or(&self.text, |excerpt| excerpt.text(&self.text))
    }

    /// The number of the first line in the editor.
    pub fn first_line(&self) -> u32 {
        self.excerpt.as_ref().map_or(1, |excerpt| excerpt.first_line)
    }

    /// Brings a line of a long text into the editor.
    fn turn_to(&mut self, line: u32) {
        self.excerpt = Excerpt::around(line, &self.text);
        self.before = None;
        self.revision += 1;
    }
}

/// A place to bring into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// Line of what is in the editor, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// Which request it is.
    pub count: u32,
}

/// What people do with their manifests.
#[derive(Clone, Debug)]
pub enum Intent {
    /// Put these files on the desk: path and text. A file of the same path is replaced.
    Bring(Vec<(String, String)>),
    /// Begin with a new, empty file.
    New,
    /// Show a file in the editor.
    Show(u32),
    /// Bring a line of a long file into the editor.
    Leaf(u32, u32),
    /// List the files with this in their names.
    Find(String),
    /// Turn a file's switch.
    Turn(u32),
    /// Take a file away.
    Close(u32),
    /// The text of a file, as it was typed.
    Write(u32, String),
    /// Give something other labels.
    Relabel(Relabel),
    /// The files read so, by their numbers, with the labels that were asked for.
    Rewrite(Vec<(u32, String)>),
    /// Mend a finding.
    Mend(Fix),
    /// The worker has answered.
    Hear(Shared<Seen>, Option<Shared<Said>>),
    /// The worker has told what is seen.
    See(Shared<Seen>),
    /// The worker has told what it has to say.
    Say(Shared<Said>),
    /// The worker has told how far it is.
    Wait(u32, u32),
    /// The worker has said what the cursor is on.
    Point(Option<Pointed>),
    /// The worker cannot go on.
    Fail(String),
    /// The editor cannot be loaded.
    DoWithoutEditor,
    /// Begin again, with what they were begun from.
    StartOver,
}

/// How many files are listed at most.
pub const LISTED: usize = 60;

/// What `parts/desk.mjs` calls a text that was pasted.
const PASTED: &str = "pasted.yaml";

/// A fragment, as the worker tells of it.
fn seen(fragment: &Fragment) -> Shared<Seen> {
    Seen { fragment: fragment.clone(), crowd: None }.into()
}

/// What own manifests are called where scenarios have their names.
pub const SLUG: &str = crate::address::OWN;

/// What own manifests are deployed on when they were not begun from a preset.
pub fn blank() -> &'static Scenario {
    static BLANK: std::sync::LazyLock<Scenario> = std::sync::LazyLock::new(|| Scenario {
        slug: SLUG.to_owned(),
        title: "Own manifests".to_owned(),
        about: "Whatever is on the desk.".to_owned(),
        notice: Vec::new(),
        manifests: Vec::new(),
        policies: Vec::new(),
        codes: Default::default(),
        observer: None,
    });
    &BLANK
}

impl Desk {
    /// A desk with nothing on it.
    pub fn empty() -> Self {
        Desk {
            files: Vec::new(),
            find: String::new(),
            shown: None,
            reveal: None,
            base: None,
            said: None,
            declared: Vec::new(),
            change: None,
            progress: None,
            relabel: None,
            doing: None,
            pointed: None,
            is_plain: false,
            failure: None,
            next: 0,
        }
    }

    /// The files of a preset, with these of its policies applied.
    pub fn of(scenario: &'static Scenario, is_on: impl Fn(usize) -> bool) -> Self {
        let mut desk = Desk { base: Some(scenario.slug.clone()), ..Desk::empty() };
        for file in &scenario.manifests {
            desk.put(&file.path, &file.text, true);
            desk.declared.push(seen(&file.fragment));
        }
        for (switch, file) in scenario.policies.iter().enumerate() {
            desk.put(&file.path, &file.text, is_on(switch));
            if is_on(switch) {
                desk.declared.push(seen(&file.fragment));
            }
        }
        desk.shown = desk.files.get(scenario.manifests.len()).or(desk.files.first()).map(|f| f.id);
        desk
    }

    /// Adds a file at the end.
    pub fn put(&mut self, path: &str, text: &str, is_applied: bool) {
        self.files.push(File {
            id: self.next,
            path: path.into(),
            text: text.into(),
            excerpt: Excerpt::around(1, text),
            before: None,
            revision: 0,
            is_applied,
        });
        self.next += 1;
    }

    /// The preset that they were begun from, or a blank one.
    pub fn scenario(&self) -> &'static Scenario {
        self.base.as_deref().and_then(presets::scenario).unwrap_or_else(blank)
    }

    /// The files that are listed: of many, some of those with names that are looked for, and the one in
    /// the editor.
    pub fn listed(&self) -> Vec<&File> {
        let is_found = |file: &&File| {
            self.files.len() <= LISTED
                || file.path.contains(self.find.trim())
                || Some(file.id) == self.shown
        };
        let mut listed: Vec<&File> = self.files.iter().filter(is_found).collect();
        let shown = listed.iter().position(|file| Some(file.id) == self.shown);
        if let Some(shown) = shown.filter(|shown| *shown >= LISTED) {
            listed.swap(shown, LISTED - 1);
        }
        listed.truncate(LISTED);
        listed
    }

    /// How many bytes the texts have.
    pub fn size(&self) -> usize {
        self.files.iter().map(|file| file.text.len()).sum()
    }

    /// The file in the editor.
    pub fn shown_file(&self) -> Option<&File> {
        self.shown.and_then(|id| self.files.iter().find(|file| file.id == id))
    }

    /// Brings a place of a file into sight.
    pub fn reveal(&mut self, path: &str, line: u32, column: u32) {
        if let Some(file) = self.files.iter_mut().find(|file| *file.path == *path) {
            self.shown = Some(file.id);
            if file.excerpt.as_ref().is_some_and(|excerpt| !excerpt.has(line, &file.text)) {
                file.turn_to(line);
            }
            let count = self.reveal.map_or(0, |reveal| reveal.count) + 1;
            let line = (line + 1).saturating_sub(file.first_line());
            self.reveal = Some(Reveal { line, column, count });
        }
    }

    /// Does what is asked for. Says in a few words what was done, when the picture follows it.
    pub fn apply(&mut self, intent: Intent) -> Option<String> {
        if !matches!(intent, Intent::Hear(..) | Intent::Point(_) | Intent::Fail(_)) {
            // Whatever stopped the worker, it is tried again.
            self.failure = None;
        }
        match intent {
            Intent::Bring(files) => self.bring(files),
            Intent::New => {
                self.put(&self.free("new"), "", true);
                self.shown = self.files.last().map(|file| file.id);
            }
            Intent::Show(id) => {
                self.shown = Some(id);
                self.pointed = None;
            }
            Intent::Find(part) => self.find = part,
            Intent::Leaf(id, line) => self.file(id)?.turn_to(line),
            Intent::Turn(id) => {
                let file = self.file(id)?;
                file.is_applied = !file.is_applied;
                let word = if file.is_applied { "on" } else { "off" };
                self.doing = Some(format!("{} {word}", file.path));
            }
            Intent::Close(id) => {
                let at = self.files.iter().position(|file| file.id == id)?;
                let closed = self.files.remove(at);
                if self.shown == Some(id) {
                    self.shown = self.files.get(at).or(self.files.last()).map(|file| file.id);
                }
                self.doing = Some(format!("{} closed", closed.path));
            }
            Intent::Write(id, text) => {
                let file = self.file(id)?;
                file.text = match &mut file.excerpt {
                    Some(excerpt) => excerpt.replace(&file.text, &text).into(),
                    None => text.into(),
                };
                file.before = None;
                self.doing = Some(format!("{} edited", file.path));
            }
            Intent::Relabel(relabel) => self.relabel = Some(relabel),
            Intent::Rewrite(texts) => {
                let relabel = self.relabel.take();
                for (id, text) in texts {
                    if let Some(file) = self.file(id) {
                        file.rewrite(text);
                    }
                }
                let what = relabel.map(|relabel| match relabel.what {
                    Labelled::Workload(path) => path,
                    Labelled::Namespace(name) => format!("namespace {name}"),
                });
                self.doing = what.map(|what| format!("{what} labelled"));
            }
            Intent::Mend(fix) => {
                let path = fix.location.file.clone();
                let file = self.files.iter_mut().find(|file| *file.path == *path)?;
                file.rewrite(fix.apply(&file.text)?);
                self.doing = Some(format!("{path} mended"));
                self.reveal(&path, fix.location.line, fix.location.column);
            }
            Intent::Hear(seen, said) => return self.hear(seen, said),
            Intent::See(seen) => self.declared = vec![seen],
            Intent::Say(said) => self.said = Some(said),
            Intent::Wait(read, of) => self.progress = Some((read, of)),
            Intent::Point(pointed) => self.pointed = pointed,
            Intent::Fail(why) => {
                self.failure = Some(why);
                self.progress = None;
            }
            Intent::DoWithoutEditor => self.is_plain = true,
            Intent::StartOver => {
                let kept = Desk { next: self.next, ..Desk::empty() };
                let begun = self.base.as_deref().and_then(presets::scenario);
                *self =
                    begun.map_or(kept, |scenario| Desk::of(scenario, |_| false).after(self.next));
                return Some("Started over".to_owned());
            }
        }
        None
    }

    /// The same desk with numbers that were never given before.
    fn after(mut self, next: u32) -> Self {
        self.files.iter_mut().for_each(|file| file.id += next);
        self.shown = self.shown.map(|id| id + next);
        self.next += next;
        self
    }

    /// The same desk, to take the place of another.
    pub fn succeeding(self, other: &Desk) -> Self {
        // Files that are not read yet are so in a moment: until then there is what was there.
        let declared = match self.declared.is_empty() {
            true => other.declared.clone(),
            false => self.declared.clone(),
        };
        Desk { declared, is_plain: other.is_plain, ..self.after(other.next) }
    }

    /// Whether the same files lie on both.
    pub fn has_files_of(&self, other: &Desk) -> bool {
        let tell = |file: &File| (file.path.clone(), file.text.clone(), file.is_applied);
        self.base == other.base && self.files.iter().map(tell).eq(other.files.iter().map(tell))
    }

    fn file(&mut self, id: u32) -> Option<&mut File> {
        self.files.iter_mut().find(|file| file.id == id)
    }

    /// A name that no file has.
    fn free(&self, stem: &str) -> String {
        let name =
            |n: u32| if n == 1 { format!("{stem}.yaml") } else { format!("{stem}-{n}.yaml") };
        let is_free = |name: &String| self.files.iter().all(|file| *file.path != **name);
        (1..).map(name).find(is_free).unwrap_or_default()
    }

    fn bring(&mut self, files: Vec<(String, String)>) {
        let count = files.len();
        let mut first = None;
        for (path, text) in files {
            // What is pasted has no name of its own that it could be known again by.
            let path = if path == PASTED { self.free("pasted") } else { path };
            first.get_or_insert_with(|| path.clone());
            match self.files.iter_mut().find(|file| *file.path == *path) {
                Some(file) => {
                    file.rewrite(text);
                    file.is_applied = true;
                }
                None => self.put(&path, &text, true),
            }
        }
        let Some(first) = first else { return };
        let shown = self.files.iter().find(|file| *file.path == *first);
        self.shown = shown.map(|file| file.id);
        let what = if count == 1 { first } else { format!("{count} files") };
        self.doing = Some(format!("{what} opened"));
    }

    fn hear(&mut self, seen: Shared<Seen>, said: Option<Shared<Said>>) -> Option<String> {
        (self.failure, self.progress) = (None, None);
        // What says the same is the same: then nothing is drawn anew.
        let is_same = matches!(self.declared.as_slice(), [only] if **only == *seen);
        let done = self.doing.take().filter(|_| !is_same);
        if !is_same {
            self.change = seen.crowd.as_ref().map(|crowd| crowd.change.clone());
            self.declared = vec![seen];
        }
        if said.is_some() {
            self.said = said;
        }
        done
    }

    /// How many mistakes keep something out of the picture.
    pub fn refused(&self) -> usize {
        let said = self.said.iter().flat_map(|said| &said.diagnostics);
        said.filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// The first lines of the documents of a file that are shown as they were before.
    pub fn stale(&self, file: u32) -> &[u32] {
        let stale = self.said.iter().flat_map(|said| &said.stale);
        stale.into_iter().find(|(id, _)| *id == file).map_or(&[], |(_, lines)| lines)
    }
}
