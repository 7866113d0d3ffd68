//! Who can reach whom: every ordered pair of ends, with all that passes between them.
//!
//! Ends are the workloads of the input and the addresses outside the cluster, the latter in ranges
//! that no policy tells apart. Left out are pairs between which nothing passes, pairs outside the
//! cluster, and the DNS pod that every cluster is taken to have.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluate::{Model, Peer};
use crate::net::{AddressRange, Connections};
use crate::policy::Direction;
use crate::reachability::{Class, Members, Passing, Reachability};

/// One ordered pair of ends and what passes from the first to the second; never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who connects.
    pub source: End,
    /// To whom.
    pub destination: End,
    /// Which ports of the destination the source gets through to.
    pub connections: Rc<Connections>,
}

/// One end of a [`Pair`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// A pod of the workload at this position of the cluster.
    Workload(usize),
    /// Another pod of the same workload as the source.
    Sibling(usize),
    /// Hosts outside the cluster.
    External(AddressRange),
}

/// Whether pairs of two pods of one workload are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Siblings {
    /// No: a workload stands for one pod.
    Omitted,
    /// Yes, where a workload has several pods.
    Listed,
}

/// What passes between a workload and hosts outside, by ranges of addresses, ascending.
type Hosts = Vec<(AddressRange, Rc<Connections>)>;

/// Every pair between which something passes.
pub fn connectivity(model: &Model, siblings: Siblings) -> Vec<Pair> {
    let all = Reachability::new(model);
    let mut passing = Passing::of(&all);
    // Hosts first, so that what a workload accepts of them is known when its own calls are listed.
    let mut entering: BTreeMap<Class, Hosts> = BTreeMap::new();
    for (source, passes) in all.reached_by_hosts().flat_map(|reached| passing.list(&reached)) {
        let Members::Hosts(range) = all.members(source) else { continue };
        for (class, connections) in passes {
            push(entering.entry(class).or_default(), range, connections);
        }
    }
    let mut pairs = vec![Vec::new(); model.cluster.workloads.len()];
    for (class, passes) in all.reached_by_pods().flat_map(|reached| passing.list(&reached)) {
        let Members::Workloads(workloads) = all.members(class) else { continue };
        let mut called = vec![None; model.cluster.workloads.len()];
        let mut leaving = Hosts::new();
        for (class, connections) in passes {
            match all.members(class) {
                Members::Workloads(workloads) => {
                    workloads.iter().for_each(|&i| called[i] = Some(Rc::clone(&connections)));
                }
                Members::Hosts(range) => push(&mut leaving, range, connections),
            }
        }
        let of_class = Calls { called, leaving, entering: entering.remove(&class) };
        let listed = workloads.iter().filter(|i| !model.cluster.workloads[**i].is_implicit());
        for &workload in listed {
            pairs[workload] = of_class.pairs(&all, model, workload, siblings);
        }
    }
    pairs.into_iter().flatten().collect()
}

/// The ends of what passes between a workload and hosts outside the cluster, in one direction.
pub(crate) fn towards_outside(
    workload: usize,
    direction: Direction,
    range: AddressRange,
) -> (End, End) {
    match direction {
        Direction::Egress => (End::Workload(workload), End::External(range)),
        Direction::Ingress => (End::External(range), End::Workload(workload)),
    }
}

/// What passes from and to each workload of a class.
struct Calls {
    /// What it can call, by workload.
    called: Vec<Option<Rc<Connections>>>,
    leaving: Hosts,
    entering: Option<Hosts>,
}

impl Calls {
    /// The pairs of one of the workloads, as they are listed.
    fn pairs(
        &self,
        all: &Reachability,
        model: &Model,
        workload: usize,
        siblings: Siblings,
    ) -> Vec<Pair> {
        let workloads = &model.cluster.workloads;
        let (source, everything) = (End::Workload(workload), Rc::new(Connections::all()));
        let to = |destination: End, called: usize| {
            let connections = match all.passes_anyway(source.peer(), destination.peer()) {
                true => Some(&everything),
                false => self.called[called].as_ref(),
            };
            Some(Pair { source, destination, connections: Rc::clone(connections?) })
        };
        let listed = (0..workloads.len()).filter(|i| !workloads[*i].is_implicit());
        let has_sibling = siblings == Siblings::Listed && workloads[workload].has_siblings();
        let sibling = has_sibling.then(|| to(End::Sibling(workload), workload)).flatten();
        let leaving = self.leaving.iter().map(|(range, connections)| Pair {
            source,
            destination: End::External(*range),
            connections: Rc::clone(connections),
        });
        let entering = self.entering.iter().flatten().map(|(range, connections)| Pair {
            source: End::External(*range),
            destination: source,
            connections: Rc::clone(connections),
        });
        let called = listed.filter_map(|i| to(End::Workload(i), i));
        called.chain(sibling).chain(leaving).chain(entering).collect()
    }
}

/// Adds hosts to those before them: as one with the last ones, where they adjoin and the same passes.
fn push(hosts: &mut Hosts, range: AddressRange, connections: Rc<Connections>) {
    match hosts.last_mut() {
        Some((last, same)) if *same == connections && last.adjoins(&range) => {
            last.last = range.last;
        }
        _ => hosts.push((range, connections)),
    }
}

impl End {
    /// A peer that stands for all of this end.
    pub fn peer(self) -> Peer {
        match self {
            End::Workload(workload) => Peer::pod(workload),
            End::Sibling(workload) => Peer::sibling(workload),
            End::External(range) => Peer::External(range.first),
        }
    }

    /// The end's name in reports: `ns/name[Kind]`, `ns/name[Kind]#2`, `external:FIRST-LAST`.
    pub fn name(self, model: &Model) -> String {
        self.name_by(|workload| model.cluster.workloads[workload].id())
    }

    /// The same, where the position of a workload means something else than its place in a cluster.
    pub(crate) fn name_by(self, id: impl FnOnce(usize) -> String) -> String {
        match self {
            End::Workload(workload) => id(workload),
            End::Sibling(workload) => format!("{}#2", id(workload)),
            End::External(range) => format!("external:{range}"),
        }
    }
}
