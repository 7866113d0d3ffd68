//! From texts to everything that is known about them: the facade of page, command line and tests.
//!
//! In: what each source declares, and what to assume where the sources are silent. Out: an
//! [`Analysis`], derived whole every time. The texts and the switches are the truth; nothing here
//! is ever edited.

use std::rc::Rc;

use crate::assemble::{Assembled, assemble};
use crate::cluster::Workload;
use crate::compile;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Model, Plugin};
use crate::fragment::{Fragment, Mention};
use crate::manifest::Source;
use crate::owners::{self, By, Merged};
use crate::probe::{self, Link, Observer, Sight};

/// What to assume, and what to look at, beyond the texts.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The choices that Kubernetes leaves to the network plugin.
    pub plugin: Plugin,
    /// Who watches the others, when anybody does.
    pub observer: Option<Watch<'a>>,
    /// Namespaces that are deleted, with everything in them.
    pub deleted: &'a [String],
    /// Which of the calls among workloads to follow.
    pub calls: Calls<'a>,
}

/// Which of the calls among workloads are of interest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calls<'a> {
    /// All of them.
    #[default]
    All,
    /// Those from one workload to another, as `ns/name`.
    Between(&'a str, &'a str),
    /// None.
    None,
}

/// An observer by name.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// The workload that watches: `ns/name`.
    pub workload: &'a str,
    /// The URLs that it calls; what is no URL is no target.
    pub targets: &'a [String],
}

/// Everything that is known about some texts.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The cluster, its policies and the plugin.
    pub model: Model,
    /// What was refused, and what deserves a look.
    pub diagnostics: Vec<Diagnostic>,
    /// Policies of kinds that are not evaluated: with one of them, no verdict is the whole truth.
    pub unevaluated: Vec<Mention>,
    /// Objects of other kinds that are not read.
    pub others: Vec<Mention>,
    /// The calls that the workloads make among each other, by pair in the order of the cluster; as many
    /// as were [asked](Request::calls) for.
    pub links: Vec<Link>,
    /// The observer's position in the cluster.
    pub observer: Option<usize>,
    /// What the observer sees, target by target.
    pub sights: Vec<Sight>,
}

/// How a workload looks to the observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It is on the observer's list, and the call to it gets through.
    Seen,
    /// It is on the observer's list, and the call to it does not get through.
    CutOff,
    /// It is not on the observer's list.
    NotWatched,
}

/// Analyses what some sources declare, in order: where an object is given twice, the later stands.
pub fn analyze<'f>(
    fragments: impl IntoIterator<Item = &'f Fragment>,
    request: &Request<'_>,
) -> Analysis {
    analyze_assembled(assemble(fragments, request.deleted), request)
}

/// Analyses what was assembled, and perhaps [grouped](group), before.
pub fn analyze_assembled(assembled: Assembled, request: &Request<'_>) -> Analysis {
    let model = Model {
        cluster: Rc::new(assembled.cluster),
        policies: assembled.policies.into(),
        plugin: request.plugin.clone(),
    };
    let observer = request.observer.and_then(|watch| find_observer(&model, watch));
    let mut analysis = Analysis {
        diagnostics: assembled.diagnostics,
        unevaluated: assembled.unevaluated,
        others: assembled.others,
        links: Vec::new(),
        sights: observer.as_ref().map_or_else(Vec::new, |observer| probe::sights(&model, observer)),
        observer: observer.map(|observer| observer.workload),
        model,
    };
    analysis.links = match request.calls {
        Calls::All => probe::links(&analysis.model, analysis.observer),
        Calls::Between(from, to) => {
            let ends = analysis.position(from).zip(analysis.position(to));
            ends.and_then(|(from, to)| probe::link(&analysis.model, from, to)).into_iter().collect()
        }
        Calls::None => Vec::new(),
    };
    analysis
}

/// What sources declare together, by object or by workload.
pub fn group(assembled: Assembled, by: By, plugin: &Plugin) -> Assembled {
    if by == By::Object {
        return assembled;
    }
    let merged = owners::merge(&assembled.cluster, &assembled.policies, plugin);
    merged_into(assembled, merged)
}

/// What sources declare before and after, by object or by workload. What tells pods apart in one of the
/// states does so in both, so that what is the same is called the same.
pub fn group_both(states: [Assembled; 2], by: By, plugin: &Plugin) -> [Assembled; 2] {
    if by == By::Object {
        return states;
    }
    let policies: Vec<_> = states.iter().flat_map(|state| &state.policies).cloned().collect();
    let services = states.iter().flat_map(|state| &state.cluster.services);
    let services: Vec<_> = services.cloned().collect();
    states.map(|state| {
        let merged = owners::merge_as_seen(&state.cluster, &policies, &services, plugin);
        merged_into(state, merged)
    })
}

fn merged_into(assembled: Assembled, mut merged: Merged) -> Assembled {
    let mut diagnostics = assembled.diagnostics;
    diagnostics.append(&mut merged.notes);
    Assembled { cluster: merged.cluster, diagnostics, ..assembled }
}

/// What a source declares, where it does not matter what its objects leave to
/// [`Defaults`](compile::Defaults).
pub fn read(source: &Source) -> Fragment {
    compile::read(source, &compile::Defaults::default())
}

fn find_observer(model: &Model, watch: Watch<'_>) -> Option<Observer> {
    let watches = |workload: &Workload| workload.path() == watch.workload;
    let workload = model.cluster.workloads.iter().position(watches)?;
    let targets = watch.targets.iter().filter_map(|url| url.parse().ok()).collect();
    Some(Observer { workload, targets })
}

impl Analysis {
    /// The workloads of the input: all but the DNS that every cluster is taken to have, with their
    /// positions.
    pub fn workloads(&self) -> impl Iterator<Item = (usize, &Workload)> {
        self.model.cluster.workloads.iter().enumerate().filter(|(_, w)| !w.is_implicit())
    }

    /// The position in the cluster of a workload by its `ns/name`.
    pub fn position(&self, path: &str) -> Option<usize> {
        self.workloads().find(|(_, workload)| workload.path() == path).map(|(i, _)| i)
    }

    /// How a workload looks to the observer; `None` when nobody watches, or for the observer itself.
    pub fn visibility(&self, workload: usize) -> Option<Visibility> {
        if self.observer.is_none_or(|observer| observer == workload) {
            return None;
        }
        let sight = self.sights.iter().find(|sight| sight.watches(workload));
        Some(match sight {
            None => Visibility::NotWatched,
            Some(sight) if sight.is_seen() => Visibility::Seen,
            Some(_) => Visibility::CutOff,
        })
    }

    /// The position of the link between two workloads, by their positions.
    pub fn link(&self, from: usize, to: usize) -> Option<usize> {
        self.links.binary_search_by_key(&(from, to), |link| (link.from, link.to)).ok()
    }
}
