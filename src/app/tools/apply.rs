//! How the use of a tool, and what the worker tells, change the session.

use std::rc::Rc;

use super::super::address::{part, point};
use super::super::derive::Shared;
use super::super::desk::{Desk, Intent, kept};
use super::super::session::{Action, Session, Sheet, Shown};
use super::{Baseline, Drawer, Taking, Use};
use crate::message::{Ask, Call, Exposed, Rewritten, Tell, Text};
use crate::presets;
use crate::project::{File, Places, Project, Selection, Unpacked};

impl Session {
    /// What the worker has to know for the tools: the desk, or else what is on in the scenario.
    pub fn subject(&self) -> Desk {
        match self.open_desk() {
            Some(desk) => desk.clone(),
            None => {
                let applied = self.deployed.applied;
                Desk::of(self.deployed.scenario, |switch| applied.is_on(switch))
            }
        }
    }

    /// The call that is explained, when somebody has asked for it.
    pub fn asked_call(&self) -> Option<Call> {
        match self.selection.clone()? {
            Selection::Call(from, to, port) => Some(Call { from, to, port }),
            Selection::Star(_) | Selection::Ribbon(..) => None,
        }
    }

    /// What is open to those that are not there yet, where it is shown.
    pub fn exposed(&self) -> Option<Shared<Vec<Exposed>>> {
        self.tools.told.exposed.clone().filter(|_| self.tools.exposure.is_yes())
    }

    pub(in super::super) fn use_tool(&mut self, what: Use) {
        // Whatever stopped the worker, it is tried again.
        self.tools.failure = None;
        match what {
            Use::Wonder => self.tools.wonders = !self.tools.wonders,
            Use::Try(wanted) => {
                if !self.is_own() {
                    self.apply(Action::Adopt);
                }
                self.tools.send(Ask::Try(wanted));
            }
            Use::Expect(text) => {
                self.tools.expectations = text.into();
                self.tools.told.checked = None;
            }
            Use::WriteDown => self.tools.send(Ask::Expect),
            Use::Scroll(window) => self.tools.window = window,
            Use::ToggleExposure => self.tools.exposure = self.tools.exposure.toggled(),
            Use::Remember => {
                let title = match self.current_step() {
                    Some(step) => step.title.clone(),
                    None => format!("{}, as it was", self.deployed.scenario.title),
                };
                let desk = self.subject();
                let applied = desk.files.iter().filter(|file| file.is_applied);
                let files = applied.map(|f| (f.path.to_string(), f.text.to_string()));
                self.compare_with(title, files.collect());
            }
            Use::CompareWith(files) => {
                let title = match files.as_slice() {
                    [(path, _)] => path.clone(),
                    files => format!("{} files", files.len()),
                };
                self.compare_with(title, files);
            }
            Use::Forget => {
                self.tools.baseline = None;
                self.tools.told.compared = None;
            }
            Use::Pack => match self.to_pack() {
                Some(project) => self.tools.send(Ask::Pack(Box::new(project))),
                None => self.packed = None,
            },
            Use::Take(taking) => {
                match &taking {
                    Taking::Link if !self.is_packed() => self.use_tool(Use::Pack),
                    Taking::Project(None) => {
                        let project = self.project();
                        self.tools.send(Ask::Save(Box::new(project)));
                    }
                    Taking::Policies(None) => self.tools.send(Ask::Policies),
                    _ => {}
                }
                self.tools.taking = Some(taking);
            }
            Use::Taken => self.tools.taking = None,
            Use::Open(text) => self.tools.send(Ask::Open(text)),
            Use::BringBack => {
                if let Some(earlier) = self.earlier.take() {
                    self.put_on_desk((*earlier).clone());
                }
            }
        }
    }

    fn compare_with(&mut self, title: String, files: Vec<(String, String)>) {
        let text =
            |(id, (path, text)): (u32, (String, String))| Text { id, path, text: text.into() };
        let files = (0..).zip(files).map(text).collect();
        self.tools.baseline = Some(Baseline { title, files });
        self.tools.told.compared = None;
        self.tools.drawer = Some(Drawer::Compare);
    }

    pub(in super::super) fn hear(&mut self, question: Ask, tell: Tell) {
        let told = &mut self.tools.told;
        match (question, tell) {
            (Ask::Suggest(call), Tell::Suggested(suggested)) => {
                told.suggested = Some((call, suggested.into()));
            }
            (_, Tell::Checked(checked)) => told.checked = Some(checked.into()),
            (_, Tell::Window(table)) => told.table = Some((*table).into()),
            (_, Tell::Compared(compared)) => told.compared = Some(compared.into()),
            (_, Tell::Exposed(Ok(exposed))) => told.exposed = Some(exposed.into()),
            (_, Tell::Exposed(Err(why))) => {
                self.tools.exposure = Shown::No;
                self.notice = Some(format!("Exposure is not shown: {why}."));
            }
            (_, Tell::Expected(Ok(text))) => {
                self.tools.expectations = text.into();
                self.tools.drawer = Some(Drawer::Expectations);
            }
            (Ask::Pack(project), Tell::Packed(packed)) => {
                match packed {
                    Ok(packed) => self.packed = Some(packed.into()),
                    Err(why) => {
                        self.packed = None;
                        if self.tools.taking == Some(Taking::Link) {
                            self.tools.taking = None;
                            self.notice = Some(format!("There is no link to this: {why}."));
                        }
                    }
                }
                self.tools.packed = Some(*project);
            }
            (_, Tell::Saved(Ok(text))) => self.tools.taking = Some(Taking::Project(Some(text))),
            (_, Tell::Policies(text)) if text.is_empty() => {
                self.tools.taking = None;
                self.notice = Some("No policy is on.".to_owned());
            }
            (_, Tell::Policies(text)) => self.tools.taking = Some(Taking::Policies(Some(text))),
            (_, Tell::Unpacked(Ok(unpacked))) => self.restore(*unpacked),
            (_, Tell::Rewritten(Ok(rewritten))) => self.rewrite(rewritten),
            (Ask::Unpack(_), Tell::Unpacked(Err(why))) => {
                self.packed = None;
                self.notice = Some(format!("The rest of the link cannot be read: {why}."));
            }
            (
                _,
                Tell::Expected(Err(why))
                | Tell::Saved(Err(why))
                | Tell::Unpacked(Err(why))
                | Tell::Rewritten(Err(why)),
            ) => {
                self.tools.taking = None;
                self.notice = Some(format!("Not done: {why}."));
            }
            _ => {}
        }
    }

    fn rewrite(&mut self, Rewritten { texts, new }: Rewritten) {
        self.own(Intent::Rewrite(texts));
        if let Some(file) = new {
            self.own(Intent::Bring(vec![(file.path, file.text)]));
        }
    }

    /// What a link has to hold that is not in the rest of an address: own files, and what is expected.
    pub fn to_pack(&self) -> Option<Project> {
        let is_own = self.open_desk().is_some_and(|desk| !desk.files.is_empty());
        let expects = !self.tools.expectations.is_empty();
        (is_own || expects).then(|| {
            let Project { scenario, files, shown, expectations, .. } = self.project();
            let scenario = scenario.filter(|_| is_own);
            Project { scenario, files, shown, expectations, ..Project::default() }
        })
    }

    /// Whether the address holds all that a link has to.
    pub fn is_packed(&self) -> bool {
        let wanted = self.to_pack();
        wanted.is_none() || (wanted == self.tools.packed && self.packed.is_some())
    }

    /// All of what is chosen that is passed on.
    pub fn project(&self) -> Project {
        let desk = self.open_desk();
        let scenario = self.deployed.scenario;
        let files = desk.map(|desk| {
            let files = desk.files.iter();
            files
                .map(|file| File {
                    path: file.path.to_string(),
                    text: file.text.to_string(),
                    is_applied: file.is_applied,
                })
                .collect()
        });
        let shown = desk.and_then(|desk| {
            let shown = desk.files.iter().position(|file| Some(file.id) == desk.shown)?;
            u32::try_from(shown).ok()
        });
        let switches = scenario.policies.iter().enumerate();
        let on = switches.filter(|(i, _)| self.deployed.applied.is_on(*i));
        let mut moved = Places::new();
        moved.extend(self.moved.iter().map(|(id, at)| (id.clone(), [part(at.x), part(at.y)])));
        let step = self.step.map(|step| format!("{}/{}", Session::tour().slug, step + 1));
        Project {
            scenario: match desk {
                Some(desk) => desk.base.clone(),
                None => Some(scenario.slug.clone()),
            },
            applied: desk.is_none().then(|| on.map(|(_, file)| file.stem().to_owned()).collect()),
            files,
            shown,
            expectations: self.tools.expectations.to_string(),
            view: Some(self.view),
            step,
            selection: self.selection.clone(),
            folded: self.folded.clone(),
            moved,
        }
    }

    /// Shows what a link or a project file holds; what it does not say stays as it is.
    fn restore(&mut self, Unpacked { project, note }: Unpacked) {
        if note.is_some() {
            self.notice = note;
        }
        if std::mem::take(&mut self.tools.keeps_desk) {
            self.tools.expectations = project.expectations.into();
            return;
        }
        let packed = self.packed.clone();
        let preset = project.scenario.as_deref().and_then(presets::scenario);
        if let Some(files) = &project.files {
            let mut desk = Desk::empty();
            desk.base = preset.map(|preset| preset.slug.clone());
            files.iter().for_each(|file| desk.put(&file.path, &file.text, file.is_applied));
            let shown = project.shown.and_then(|shown| desk.files.get(shown as usize));
            desk.shown = shown.or(desk.files.first()).map(|file| file.id);
            self.put_on_desk(desk);
        } else {
            let step = project.step.as_deref().and_then(|step| step.rsplit('/').next());
            match step.and_then(|step| step.parse::<usize>().ok()?.checked_sub(1)) {
                Some(step) => self.visit(step),
                None => preset.into_iter().for_each(|preset| self.choose(preset)),
            }
            if let Some(applied) = &project.applied {
                let mut deployed = self.deployed.clone();
                deployed.applied = Default::default();
                for (switch, file) in deployed.scenario.policies.iter().enumerate() {
                    if applied.iter().any(|name| name == file.stem()) {
                        deployed.applied.turn(switch);
                    }
                }
                self.apply(Action::Deploy(deployed));
            }
        }
        self.packed = packed;
        if !project.expectations.is_empty() {
            self.tools.expectations = project.expectations.into();
            self.tools.drawer.get_or_insert(Drawer::Expectations);
        }
        if let Some(view) = project.view {
            self.view = view;
        }
        if project.selection.is_some() {
            self.turn(Sheet::Why);
            self.selection = project.selection;
        }
        if !project.folded.is_empty() {
            self.folded = project.folded;
        }
        let moved = project.moved.into_iter();
        self.moved.extend(moved.map(|(id, at)| (id, point(at))));
    }

    /// Lays other files on the desk, and keeps those that lie there.
    pub(in super::super) fn put_on_desk(&mut self, desk: Desk) {
        self.sit_down();
        let Some(now) = &self.desk else { return };
        if !now.has_files_of(&desk) {
            let fresh = desk.succeeding(now);
            self.set_aside();
            self.desk = Some(fresh);
        }
        self.sit_down();
    }

    /// Keeps the files that lie on the desk, for whoever wants them back.
    pub(in super::super) fn set_aside(&mut self) {
        if let Some(now) = self.desk.as_ref().filter(|desk| !desk.files.is_empty()) {
            kept::keep_earlier(now);
            self.earlier = Some(Rc::new(now.clone()));
        }
    }
}
