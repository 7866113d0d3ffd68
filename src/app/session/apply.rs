//! How the session changes: what each [`Action`] does.

use std::rc::Rc;

use yew::Reducible;

use super::super::address::point;
use super::super::crowd;
use super::super::desk::request;
use super::super::desk::{self, Desk, Intent};
use super::super::keys;
use super::super::tools::{Drawer, Told};
use super::{Action, Author, Cited, Deployment, Motion, Selection, Session, Sheet, Switches};
use crate::address::{self, Place};
use crate::message::Ask;
use crate::overview::{Lens, Level};
use crate::picture::View;
use crate::presets;
use crate::scenario::Scenario;
use crate::scene::Moved;

impl Session {
    /// Shows what lies on the desk: what was kept, or nothing yet.
    pub(in crate::app) fn sit_down(&mut self) {
        if self.earlier.is_none() {
            self.earlier = desk::kept::earlier().map(Rc::new);
        }
        let desk = self.desk.get_or_insert_with(|| desk::kept::desk().unwrap_or_else(Desk::empty));
        let deployed =
            Deployment { own: Some(desk.declared.clone()), ..Deployment::plain(desk.scenario()) };
        if !self.is_own() {
            self.leave();
        }
        if deployed.scenario.observer.is_none() {
            self.view = View::Cluster;
        }
        if deployed != self.deployed {
            self.deploy(deployed);
        }
    }

    pub(in crate::app) fn own(&mut self, intent: Intent) {
        if matches!(intent, Intent::Hear(..)) {
            self.analyses += 1;
        }
        let is_look = matches!(intent, Intent::See(_));
        if matches!(intent, Intent::StartOver) {
            self.set_aside();
        }
        let mut desk = self.desk.take();
        let open = desk.get_or_insert_with(|| desk::kept::desk().unwrap_or_else(Desk::empty));
        let done = open.apply(intent);
        self.desk = desk;
        if done.is_some() {
            self.done = done;
        }
        match &self.desk {
            // Nothing has changed but what is looked at.
            Some(desk) if is_look && self.is_own() => {
                self.deployed.own = Some(desk.declared.clone())
            }
            _ => self.sit_down(),
        }
    }

    fn touch(&mut self, star: String) {
        let bodies = self.deployed.crowd().map(|crowd| &crowd.overview.bodies);
        let body = bodies.into_iter().flatten().find(|body| body.id == star);
        let is_again = self.selection == Some(Selection::Star(star.clone()));
        let unfolds = body
            .is_some_and(|body| body.has_parts() && (is_again || body.level == Level::Namespace));
        if unfolds {
            self.lens.unfolded.insert(star.clone());
        }
        self.apply(Action::Select(Some(Selection::Star(star))));
    }

    fn deploy(&mut self, deployed: Deployment) {
        self.analyses += 1;
        if deployed.scenario != self.deployed.scenario {
            self.file = None;
        }
        self.before = std::mem::replace(&mut self.deployed, deployed);
        // It was told of another state.
        self.tools.told = Told::default();
    }

    /// Lets go of what belongs to the place that is shown.
    fn leave(&mut self) {
        self.step = None;
        self.folded = Vec::new();
        self.lens = Lens::default();
        self.packed = None;
    }

    pub(in crate::app) fn visit(&mut self, index: usize) {
        let steps = &Session::tour().steps;
        let index = index.min(steps.len() - 1);
        // The tour tells what the workshop's people see, so it begins in the observer's view.
        if self.step.is_none() {
            self.view = View::Observer;
        }
        self.leave();
        self.step = Some(index);
        self.deploy(Deployment::of(&steps[index]));
    }

    pub(in crate::app) fn choose(&mut self, scenario: &'static Scenario) {
        self.leave();
        self.view = View::Cluster;
        self.selection = None;
        self.deploy(Deployment::plain(scenario));
    }

    /// Where there is room for one part, the drawers show when they are that part.
    pub(in crate::app) fn turn(&mut self, sheet: Sheet) {
        if self.sheet == Sheet::Matrix || sheet == Sheet::Matrix {
            self.tools.drawer = (sheet == Sheet::Matrix).then_some(Drawer::Matrix);
        }
        self.sheet = sheet;
    }

    pub(super) fn follow(mut self, fragment: &str, author: Author) -> Self {
        let (address, unknown) = address::parse(fragment);
        self.notice = unknown;
        match address.place {
            Place::Nowhere => {}
            Place::Own => self.sit_down(),
            Place::Elsewhere(wanted) => match request::parse(&wanted) {
                Ok(request) => self.request = Some(request),
                Err(why) => self.notice = Some(why),
            },
            Place::Scenario(scenario) => self.choose(scenario),
            Place::Step(index) => {
                self.step = None;
                self.visit(index);
            }
        }
        if let Some(applied) = address.applied {
            self.deployed.applied = Switches(applied);
        }
        if let Some(view) = address.view {
            self.view = view;
        }
        self.selection = address.selection;
        self.folded = address.folded;
        self.lens = address.lens;
        if let Some(packed) = &address.packed {
            // What lies on the desk since this page has written the address is newer than the address.
            self.tools.keeps_desk = author == Author::Page;
            self.tools.send(Ask::Unpack(packed.to_string()));
        }
        self.packed = address.packed;
        self.moved.extend(address.moved.into_iter().map(|(id, place)| (id, point(place))));
        self
    }

    pub(in crate::app) fn apply(&mut self, action: Action) {
        match action {
            Action::Choose(slug) if slug == desk::SLUG => self.sit_down(),
            Action::Choose(slug) => {
                if let Some(scenario) = presets::scenario(&slug) {
                    self.choose(scenario);
                }
            }
            Action::Switch(switch) => {
                let mut deployed = self.deployed.clone();
                deployed.applied.turn(switch);
                self.deploy(deployed);
            }
            Action::Visit(index) => self.visit(index),
            Action::Next => self.visit(self.step.map_or(0, |index| index + 1)),
            Action::Previous => self.visit(self.step.unwrap_or(0).saturating_sub(1)),
            Action::Reset => {
                self.moved = Moved::new();
                self.selection = None;
                self.lens = Lens::default();
                match self.step {
                    _ if self.is_own() => {}
                    Some(_) => self.visit(0),
                    None => self.deploy(Deployment::plain(self.deployed.scenario)),
                }
            }
            Action::Look(view) => self.view = view,
            Action::ToggleBlocked => self.blocked = self.blocked.toggled(),
            Action::ToggleRibbons => self.ribbons = self.ribbons.toggled(),
            Action::ToggleGhosts => self.ghosts = self.ghosts.toggled(),
            Action::TogglePause => {
                self.motion = match self.motion {
                    Motion::Playing => Motion::Paused,
                    Motion::Paused => Motion::Playing,
                }
            }
            Action::Select(selection) => {
                if selection.is_some() {
                    self.turn(Sheet::Why);
                }
                if selection != self.selection {
                    self.tools.wonders = false;
                }
                self.selection = selection;
            }
            Action::Touch(star) => self.touch(star),
            Action::Fold(id) => crowd::turn(&mut self.lens.unfolded, &id),
            Action::Focus(lens) => self.lens = lens,
            Action::Open(Some(Cited { path, line, column })) if self.is_own() => {
                if let Some(desk) = &mut self.desk {
                    desk.reveal(&path, line.unwrap_or(1), column.unwrap_or(1));
                }
            }
            Action::Open(file) => self.file = file,
            Action::Present(stage) => self.stage = stage,
            Action::Press(key) => {
                for action in keys::meaning(self.stage, &key) {
                    self.apply(action);
                }
            }
            Action::ToggleDrawer(drawer) => {
                let open = self.tools.drawer != Some(drawer);
                self.tools.drawer = open.then_some(drawer);
            }
            Action::Turn(sheet) => self.turn(sheet),
            Action::Move(id, place) => self.moved.put(id, place),
            Action::Wear(theme) => self.theme = theme,
            Action::Follow(fragment, author) => *self = self.clone().follow(&fragment, author),
            Action::Dismiss => self.notice = None,
            Action::Notify(notice) => self.notice = Some(notice),
            Action::Own(intent) => self.own(intent),
            Action::Adopt => {
                let applied = self.deployed.applied;
                self.put_on_desk(Desk::of(self.deployed.scenario, |i| applied.is_on(i)));
            }
            Action::Refuse => self.request = None,
            Action::Deploy(deployed) => self.deploy(deployed),
            Action::Use(what) => self.use_tool(what),
            Action::Told(told) => {
                if let Some((question, tell)) = Rc::into_inner(told) {
                    self.hear(question, tell);
                }
            }
            Action::Fail(why) => {
                if self.is_own() {
                    self.own(Intent::Fail(why.clone()));
                }
                self.tools.taking = None;
                self.tools.failure = Some(why);
            }
        }
    }
}

impl Reducible for Session {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        next.apply(action);
        if next == *self { self } else { Rc::new(next) }
    }
}
