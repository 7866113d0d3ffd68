//! What is asked of the worker besides reading, and what it has told: the tools of the page.
//!
//! Part of the session. What is asked follows from choices (an open drawer, a text of expectations, a
//! call to be explained); answers are kept until others come.

mod apply;

use std::rc::Rc;

use super::crowd::table;
use super::derive::Shared;
use super::session::Shown;
use crate::message::{Ask, Call, Checked, Compared, Exposed, Suggested, Table, Text, Try, Window};
use crate::project::Project;

/// The tools, as they are used.
#[derive(Clone, PartialEq)]
pub struct Tools {
    /// The drawer below the sky that is open.
    pub drawer: Option<Drawer>,
    /// What is expected, as it was typed.
    pub expectations: Rc<str>,
    /// Whether it is asked what would change what becomes of the call that is explained.
    pub wonders: bool,
    /// Whether it is shown what is open to those that are not there yet.
    pub exposure: Shown,
    /// What the present state is compared with.
    pub baseline: Option<Baseline>,
    /// The part of the table that is in sight, where it is too large to be there whole.
    pub window: Window,
    /// What the worker has told.
    pub told: Told,
    /// Why the worker cannot be asked.
    pub failure: Option<String>,
    /// What is to be asked once, by number.
    pub errands: Vec<(u32, Ask)>,
    /// How much was to be asked once so far.
    count: u32,
    /// What a link has to hold that is not in the rest of the address, as the worker packed it last.
    pub packed: Option<Project>,
    /// Whether the files that an address holds are not wanted: those on the desk are newer.
    pub keeps_desk: bool,
    /// What is to be taken away as soon as the worker has made it.
    pub taking: Option<Taking>,
}

/// What lies below the sky.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// Who reaches whom.
    Matrix,
    /// What is different from another state.
    Compare,
    /// What should pass and what should not.
    Expectations,
}

impl Drawer {
    /// All of them, in their order.
    pub const ALL: [Drawer; 3] = [Drawer::Matrix, Drawer::Compare, Drawer::Expectations];

    /// The name of its button.
    pub fn title(self) -> &'static str {
        match self {
            Drawer::Matrix => "Matrix",
            Drawer::Compare => "Compare",
            Drawer::Expectations => "Expectations",
        }
    }
}

/// A state to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// What it is called.
    pub title: String,
    /// The files that are applied in it.
    pub files: Rc<[Text]>,
}

/// What the worker has told.
#[derive(Clone, Default, PartialEq)]
pub struct Told {
    /// What would change what becomes of a call; or why it is not understood.
    pub suggested: Option<(Call, Shared<Result<Suggested, String>>)>,
    /// What expectations come to.
    pub checked: Option<Shared<Checked>>,
    /// What is different from the baseline.
    pub compared: Option<Shared<Compared>>,
    /// What is open to those that are not there yet.
    pub exposed: Option<Shared<Vec<Exposed>>>,
    /// A part of the table of who reaches whom.
    pub table: Option<Shared<Table>>,
}

/// Something to be taken away.
#[derive(Clone, Debug, PartialEq)]
pub enum Taking {
    /// The link, into the clipboard.
    Link,
    /// A project file, asked for and then here.
    Project(Option<String>),
    /// The policies that are on, as YAML, likewise.
    Policies(Option<String>),
}

/// What people do with the tools.
#[derive(Clone, Debug)]
pub enum Use {
    /// Ask what would change what becomes of the call that is explained, or do not any more.
    Wonder,
    /// Do what was suggested.
    Try(Try),
    /// Expect this, as it is typed.
    Expect(String),
    /// Expect all that is so.
    WriteDown,
    /// Bring this part of the table into sight.
    Scroll(Window),
    /// Show or hide what is open to those that are not there yet.
    ToggleExposure,
    /// Compare what comes with what is so now.
    Remember,
    /// Compare what is so with these files: path and text.
    CompareWith(Vec<(String, String)>),
    /// Compare with nothing any more.
    Forget,
    /// Make what a link has to hold of what is chosen.
    Pack,
    /// Take something away.
    Take(Taking),
    /// It is taken.
    Taken,
    /// Open a project file.
    Open(String),
    /// Put the files back on the desk that lay there before.
    BringBack,
}

impl Tools {
    /// None of them in use.
    pub fn new() -> Self {
        Tools {
            drawer: None,
            expectations: "".into(),
            wonders: false,
            exposure: Shown::No,
            baseline: None,
            window: table::first(),
            told: Told::default(),
            failure: None,
            errands: Vec::new(),
            count: 0,
            packed: None,
            keeps_desk: false,
            taking: None,
        }
    }

    /// Has something asked once.
    pub fn send(&mut self, question: Ask) {
        // An earlier one of the kind was sent by now, or is not wanted any more.
        let kind = std::mem::discriminant(&question);
        self.errands.retain(|(_, earlier)| std::mem::discriminant(earlier) != kind);
        self.count += 1;
        self.errands.push((self.count, question));
        self.failure = None;
    }

    /// What is to be answered whenever the files change, beside what would change this call.
    pub fn standing(&self, call: Option<Call>) -> Vec<Ask> {
        if self.failure.is_some() {
            return Vec::new();
        }
        let compares = self.drawer == Some(Drawer::Compare);
        let baseline = self.baseline.as_ref().filter(|_| compares);
        let suggest = call.filter(|_| self.wonders).map(Ask::Suggest);
        let check = (!self.expectations.trim().is_empty())
            .then(|| Ask::Check(self.expectations.to_string()));
        let compare = baseline.map(|baseline| Ask::Compare(baseline.files.to_vec()));
        let expose = self.exposure.is_yes().then_some(Ask::Expose);
        [suggest, check, compare, expose].into_iter().flatten().collect()
    }
}
