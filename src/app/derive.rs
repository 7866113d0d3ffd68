//! What follows from the session, kept as long as it is needed.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use gloo::utils::window;

use super::SharedAnalysis;
use super::session::{Deployment, Selection};
use super::why::workload;
use crate::analysis::{self, Calls, Request, Watch};
use crate::explain;
use crate::fragment::Fragment;
use crate::probe::Link;

/// A derived value: two of them are equal when they were derived at once, which costs nothing to
/// find out.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(value: Rc<T>) -> Self {
        Shared(value)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Shared(Rc::new(value))
    }
}

/// How many analyses are kept: what is shown, and what it is compared with.
const KEPT: usize = 2;

thread_local! {
    static ANALYSES: RefCell<Vec<(Deployment, SharedAnalysis)>> = RefCell::default();
}

/// The analysis of what is deployed. Of a crowd that is only what bears on what is explained, and so are the
/// calls that are followed.
pub fn analysis(deployed: &Deployment) -> SharedAnalysis {
    let found = ANALYSES.with_borrow(|analyses| {
        let same = analyses.iter().find(|(of, _)| of == deployed);
        same.map(|(_, analysis)| analysis.clone())
    });
    let analysis = found.clone().unwrap_or_else(|| analyze(deployed));
    if found.is_none() {
        ANALYSES.with_borrow_mut(|analyses| {
            analyses.insert(0, (deployed.clone(), analysis.clone()));
            analyses.truncate(KEPT);
        });
    }
    analysis
}

fn analyze(deployed: &Deployment) -> SharedAnalysis {
    let scenario = deployed.scenario;
    let switches = scenario.policies.iter().enumerate();
    let applied = switches.filter(|(i, _)| deployed.applied.is_on(*i)).map(|(_, file)| file);
    let fragments: Vec<&Fragment> = measure("netpol:parse", || match &deployed.own {
        Some(own) => own.iter().map(|seen| &seen.fragment).collect(),
        None => scenario.manifests.iter().chain(applied).map(|file| &file.fragment).collect(),
    });
    let calls = match deployed.crowd().map(|crowd| crowd.explained.as_ref()) {
        None => Calls::All,
        Some(Some(Selection::Ribbon(from, to))) => Calls::Between(workload(from), workload(to)),
        Some(_) => Calls::None,
    };
    let request = Request {
        observer: scenario
            .observer
            .as_ref()
            .map(|observer| Watch { workload: &observer.workload, targets: &observer.targets }),
        deleted: deployed.deleted,
        calls,
        ..Request::default()
    };
    measure("netpol:evaluate", || analysis::analyze(fragments, &request).into())
}

/// Why each link of an analysis is as it is, in a line: what its [telling](Link::telling) call says.
pub fn reasons(analysis: &SharedAnalysis) -> Shared<Vec<String>> {
    let reason = |link: &Link| {
        let told = link.telling();
        told.map_or_else(String::new, |told| explain::summarize_link(&analysis.model, told))
    };
    analysis.links.iter().map(reason).collect::<Vec<_>>().into()
}

/// Runs something and leaves a user-timing measure of it.
pub fn measure<T>(name: &str, run: impl FnOnce() -> T) -> T {
    let Some(performance) = window().performance() else { return run() };
    // A measure that cannot be taken is no reason to stop.
    let _ = performance.mark(name);
    let value = run();
    let _ = performance.measure_with_start_mark(name, name);
    performance.clear_marks_with_mark_name(name);
    value
}
