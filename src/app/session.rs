//! What people have chosen, and how their intents change it.
//!
//! The session holds choices only. Everything that follows from them (the analysis, the picture,
//! what changed) is derived where it is shown. Intents arrive as [`Action`]s and nowhere else.

mod apply;

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::derive::Shared;
use super::desk::request::Request;
use super::desk::{Desk, Intent};
use super::theme::Theme;
use super::tools::{Drawer, Tools, Use};
use crate::fragment::Fragment;
use crate::message::{Ask, Crowd, Look, Seen, Tell};
use crate::overview::Lens;
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
    /// Whether all ribbons of many workloads are drawn.
    pub ribbons: Shown,
    /// Whether stars that the observer does not see leave a ghost; the original shows nothing.
    pub ghosts: Shown,
    /// Whether balls travel.
    pub motion: Motion,
    /// What is being explained.
    pub selection: Option<Selection>,
    /// The namespaces and workloads that are drawn as one.
    pub folded: Vec<String>,
    /// What is drawn of workloads that are too many to be drawn one by one.
    pub lens: Lens,
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
    /// What is seen of own manifests, where they are deployed instead of the scenario's files.
    pub own: Option<Vec<Shared<Seen>>>,
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
    /// Draw all ribbons of many workloads, or those that matter.
    ToggleRibbons,
    /// Show or hide ghosts.
    ToggleGhosts,
    /// Stop or restart the balls.
    TogglePause,
    /// Explain this, or nothing.
    Select(Option<Selection>),
    /// Explain a star, and draw what it stands for: a namespace at once, a workload at the second time.
    Touch(String),
    /// Draw a namespace's workloads or a workload's pods one by one, or as one again.
    Fold(String),
    /// Look through this lens.
    Focus(Lens),
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
    /// The worker has answered this question. Nobody else holds it: what buttons hold is copied, and the copying
    /// of every answer would cost the page some kilobytes.
    Told(Rc<(Ask, Tell)>),
    /// The worker cannot go on.
    Fail(String),
}

/// What a click on a button does. One type for all buttons: each closure is half a kilobyte of the page.
pub fn click(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}

/// What is done with what stands in a field, as soon as it is typed or chosen. One type for all fields likewise.
pub fn field<E: AsRef<Event> + 'static>(
    dispatch: &Callback<Action>,
    what: impl Fn(String) -> Action + 'static,
) -> Callback<E> {
    let (dispatch, what) = (dispatch.clone(), Box::new(what) as Box<dyn Fn(String) -> Action>);
    Callback::from(move |event: E| {
        // Other fields than inputs have a value as well.
        let input: HtmlInputElement = event.target_unchecked_into();
        dispatch.emit(what(input.value()));
    })
}

impl Deployment {
    /// What is declared, whichever switches are on.
    pub fn fragments(&self) -> Vec<&Fragment> {
        match &self.own {
            Some(own) => own.iter().map(|seen| &seen.fragment).collect(),
            None => self.scenario.manifests.iter().map(|file| &file.fragment).collect(),
        }
    }

    /// What is seen of own manifests with many workloads.
    pub fn crowd(&self) -> Option<&Crowd> {
        self.own.iter().flatten().find_map(|seen| seen.crowd.as_ref())
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
            ribbons: Shown::No,
            ghosts: Shown::Yes,
            motion: Motion::Playing,
            selection: None,
            folded: Vec::new(),
            lens: Lens::default(),
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

    /// What is seen of own manifests with many workloads.
    pub fn crowd(&self) -> Option<Shared<Seen>> {
        let own = self.deployed.own.iter().flatten();
        own.into_iter().find(|seen| seen.crowd.is_some()).cloned()
    }

    /// How own manifests are looked at.
    pub fn look(&self) -> Look {
        Look { lens: self.lens.clone(), selection: self.selection.clone() }
    }

    /// The desk, while it is shown.
    pub fn open_desk(&self) -> Option<&Desk> {
        self.desk.as_ref().filter(|_| self.is_own())
    }
}
