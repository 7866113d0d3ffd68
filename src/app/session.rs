//! What people have chosen, and how their intents change it.
//!
//! The session holds choices only. Everything that follows from them (the analysis, the picture,
//! what changed) is derived where it is shown. Intents arrive as [`Action`]s and nowhere else.

use std::rc::Rc;

use yew::prelude::*;

use super::address::point;
use super::derive::Shared;
use super::desk::request::{self, Request};
use super::desk::{self, Desk, Intent};
use super::keys;
use super::theme::Theme;
use super::tools::{Drawer, Told, Tools, Use};
use crate::address::{self, Place};
use crate::fragment::Fragment;
use crate::message::{Ask, Tell};
use crate::picture::View;
use crate::presets;
pub use crate::project::Selection;
use crate::scenario::{Scenario, Step, Tour};
use crate::scene::{Moved, Point};

/// Everything that people have chosen.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// What is deployed.
    pub deployed: Deployment,
    /// What was deployed before: what has changed is the difference.
    pub before: Deployment,
    /// The step of the tour that was visited last, counted from 0; `None` off the tour.
    pub step: Option<usize>,
    /// Whose eyes the picture is seen with.
    pub view: View,
    /// Whether blocked ribbons are drawn.
    pub blocked: Shown,
    /// Whether stars that the observer does not see leave a ghost; the original shows nothing.
    pub ghosts: Shown,
    /// Whether balls travel.
    pub motion: Motion,
    /// What is being explained.
    pub selection: Option<Selection>,
    /// Whether somebody wants to ask about a call, with nothing selected yet.
    pub asks: Shown,
    /// The namespaces and workloads that are drawn as one.
    pub folded: Vec<String>,
    /// The file whose text is shown, and the line of it that matters.
    pub file: Option<Cited>,
    /// Whether the page is a stage for a projector.
    pub stage: Stage,
    /// Which part shows where there is room for one only.
    pub sheet: Sheet,
    /// Stars that were dragged elsewhere.
    pub moved: Moved,
    /// Light or dark.
    pub theme: Theme,
    /// What an address asked for that there is not, or what could not be done.
    pub notice: Option<String>,
    /// What the address holds and only the worker can read, as long as it is what is shown.
    pub packed: Option<Rc<str>>,
    /// Own manifests, shown or not.
    pub desk: Option<Desk>,
    /// Manifests that a link asks for, as long as nobody has agreed.
    pub request: Option<Request>,
    /// What is asked of the worker besides reading.
    pub tools: Tools,
    /// Own manifests that lay there before others took their place.
    pub earlier: Option<Rc<Desk>>,
    /// How often something was analysed.
    pub analyses: u32,
    /// What was done last to own manifests.
    pub done: Option<String>,
}

/// What runs in the cluster: a scenario, the policies that are applied to it, and what is deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The application and its policies.
    pub scenario: &'static Scenario,
    /// The switches that are on.
    pub applied: Switches,
    /// The namespaces that are deleted, with everything in them.
    pub deleted: &'static [String],
    /// What own manifests declare, where they are deployed instead of the scenario's files.
    pub own: Option<Vec<Shared<Fragment>>>,
}

/// Which of a scenario's policies are applied, by their position: bit 0 is the first switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches(pub u64);

/// Whether something that can be hidden is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether balls travel along the ribbons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// They do.
    Playing,
    /// They stand still.
    Paused,
}

/// Who has written an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// This page, in this tab: after a reload it holds nothing new.
    Page,
    /// Somebody else, or this page at some other time.
    Somebody,
}

/// How the page presents itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// As a workbench.
    Off,
    /// As a stage: the picture, a title and a line.
    On,
}

/// The parts of the page, of which a phone shows one below the sky.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The tour.
    Tour,
    /// The switches.
    Policies,
    /// The explanation of what is selected.
    Why,
    /// The matrix.
    Matrix,
}

/// A file of the scenario, and a line of it, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The file's path, as locations name it.
    pub path: String,
    /// The line that matters, when one does.
    pub line: Option<u32>,
    /// The column that matters in it.
    pub column: Option<u32>,
}

/// What people ask for.
#[derive(Clone, Debug)]
pub enum Action {
    /// Go to a scenario, all its switches off, by slug.
    Choose(String),
    /// Turn a switch, by its position.
    Switch(usize),
    /// Go to a step of the tour, counted from 0.
    Visit(usize),
    /// The next step, or the first one when off the tour.
    Next,
    /// The step before.
    Previous,
    /// Back to the start of the tour, or of the scenario when off the tour.
    Reset,
    /// See with these eyes.
    Look(View),
    /// Show or hide blocked ribbons.
    ToggleBlocked,
    /// Show or hide ghosts.
    ToggleGhosts,
    /// Stop or restart the balls.
    TogglePause,
    /// Explain this, or nothing.
    Select(Option<Selection>),
    /// Ask about a call.
    Ask,
    /// Nothing more is to be explained.
    Close,
    /// Show this file, or none.
    Open(Option<Cited>),
    /// Enter or leave the stage.
    Present(Stage),
    /// Do what a key asks for.
    Press(String),
    /// Open this drawer, or shut it.
    ToggleDrawer(Drawer),
    /// Show this part where there is room for one.
    Turn(Sheet),
    /// Put a star there, in parts of the sky's width and height.
    Move(String, Point),
    /// Wear this theme.
    Wear(Theme),
    /// Go where an address says, which somebody has written.
    Follow(String, Author),
    /// The notice has been read.
    Dismiss,
    /// Tell people something.
    Notify(String),
    /// Do something with own manifests; nothing yet, where they are only to be shown.
    Own(Intent),
    /// Make own manifests of what is shown.
    Adopt,
    /// Do not fetch what a link asks for, or not again.
    Refuse,
    /// Deploy this instead.
    Deploy(Deployment),
    /// Use a tool.
    Use(Use),
    /// The worker has answered this question.
    Told(Ask, Tell),
    /// The worker cannot go on.
    Fail(String),
}

/// What a click on a button does. One type for all buttons: each closure is half a kilobyte of the page.
pub fn click(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}

impl Deployment {
    /// What is declared, whichever switches are on.
    pub fn fragments(&self) -> Vec<&Fragment> {
        match &self.own {
            Some(own) => own.iter().map(|fragment| &**fragment).collect(),
            None => self.scenario.manifests.iter().map(|file| &file.fragment).collect(),
        }
    }

    /// A scenario with all switches off.
    pub fn plain(scenario: &'static Scenario) -> Self {
        Deployment { scenario, applied: Switches::default(), deleted: &[], own: None }
    }

    /// What a step of a tour shows.
    pub fn of(step: &'static Step) -> Self {
        let scenario = presets::scenario(&step.scenario).unwrap_or(&presets::scenarios()[0]);
        let mut applied = Switches::default();
        for (i, file) in scenario.policies.iter().enumerate() {
            if step.applied.iter().any(|name| name == file.stem()) {
                applied.turn(i);
            }
        }
        Deployment { scenario, applied, deleted: &step.delete, own: None }
    }
}

impl Switches {
    /// Whether the switch at this position is on.
    pub fn is_on(self, switch: usize) -> bool {
        self.0 & Switches::bit(switch) != 0
    }

    /// Turns the switch at this position.
    pub fn turn(&mut self, switch: usize) {
        self.0 ^= Switches::bit(switch);
    }

    /// How many are on.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    fn bit(switch: usize) -> u64 {
        1u64.checked_shl(switch as u32).unwrap_or(0)
    }
}

impl Shown {
    /// The other one.
    pub fn toggled(self) -> Self {
        match self {
            Shown::Yes => Shown::No,
            Shown::No => Shown::Yes,
        }
    }

    /// For attributes that say yes or no.
    pub fn is_yes(self) -> bool {
        self == Shown::Yes
    }
}

impl Session {
    /// The session that an address asks for.
    pub fn at(fragment: &str, author: Author, theme: Theme, moved: Moved) -> Self {
        // Where the tour begins, whatever other scenarios there are.
        let deployed = Deployment::plain(Deployment::of(&Session::tour().steps[0]).scenario);
        let session = Session {
            before: deployed.clone(),
            deployed,
            step: None,
            view: View::Cluster,
            blocked: Shown::Yes,
            ghosts: Shown::Yes,
            motion: Motion::Playing,
            selection: None,
            asks: Shown::No,
            folded: Vec::new(),
            file: None,
            stage: Stage::Off,
            sheet: Sheet::Tour,
            moved,
            theme,
            notice: None,
            packed: None,
            desk: None,
            request: None,
            tools: Tools::new(),
            earlier: None,
            analyses: 1,
            done: None,
        };
        let mut session = session.follow(fragment, author);
        // What an address leads to is where everything begins: nothing has changed yet.
        session.before = session.deployed.clone();
        session
    }

    /// The tour that there is.
    pub fn tour() -> &'static Tour {
        &presets::tours()[0]
    }

    /// The step that was visited last.
    pub fn current_step(&self) -> Option<&'static Step> {
        self.step.and_then(|index| Session::tour().steps.get(index))
    }

    /// Whether switches were turned since the step was visited.
    pub fn is_astray(&self) -> bool {
        self.current_step().is_some_and(|step| Deployment::of(step) != self.deployed)
    }

    /// Whether own manifests are what is deployed.
    pub fn is_own(&self) -> bool {
        self.deployed.own.is_some()
    }

    /// The desk, while it is shown.
    pub fn open_desk(&self) -> Option<&Desk> {
        self.desk.as_ref().filter(|_| self.is_own())
    }

    /// Shows what lies on the desk: what was kept, or nothing yet.
    pub(super) fn sit_down(&mut self) {
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

    pub(super) fn own(&mut self, intent: Intent) {
        if matches!(intent, Intent::Hear(_)) {
            self.analyses += 1;
        }
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
        self.sit_down();
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
        self.packed = None;
    }

    pub(super) fn visit(&mut self, index: usize) {
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

    pub(super) fn choose(&mut self, scenario: &'static Scenario) {
        self.leave();
        self.view = View::Cluster;
        self.selection = None;
        self.deploy(Deployment::plain(scenario));
    }

    /// Where there is room for one part, the drawers show when they are that part.
    pub(super) fn turn(&mut self, sheet: Sheet) {
        if self.sheet == Sheet::Matrix || sheet == Sheet::Matrix {
            self.tools.drawer = (sheet == Sheet::Matrix).then_some(Drawer::Matrix);
        }
        self.sheet = sheet;
    }

    fn follow(mut self, fragment: &str, author: Author) -> Self {
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
        if let Some(packed) = &address.packed {
            // What lies on the desk since this page has written the address is newer than the address.
            self.tools.keeps_desk = author == Author::Page;
            self.tools.send(Ask::Unpack(packed.to_string()));
        }
        self.packed = address.packed;
        self.moved.extend(address.moved.into_iter().map(|(id, place)| (id, point(place))));
        self
    }

    pub(super) fn apply(&mut self, action: Action) {
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
                self.moved.clear();
                self.selection = None;
                match self.step {
                    _ if self.is_own() => {}
                    Some(_) => self.visit(0),
                    None => self.deploy(Deployment::plain(self.deployed.scenario)),
                }
            }
            Action::Look(view) => self.view = view,
            Action::ToggleBlocked => self.blocked = self.blocked.toggled(),
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
            Action::Ask => {
                self.asks = Shown::Yes;
                self.turn(Sheet::Why);
            }
            Action::Close => {
                self.asks = Shown::No;
                self.selection = None;
            }
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
            Action::Move(id, place) => {
                self.moved.insert(id, place);
            }
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
            Action::Told(question, tell) => self.hear(question, tell),
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
