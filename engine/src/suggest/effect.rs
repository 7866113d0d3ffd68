//! What else a change of policies opens and closes.
//!
//! Other policies change a connection only by the doors of the pods that they select: so only those are
//! looked at, in all pairs of the model before and of the one after.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::connectivity::{End, Pair, towards_outside};
use crate::evaluate::{self, Model};
use crate::net::{self, AddressRange, Connections};
use crate::outside::common_ranges;
use crate::policy::Direction;
use crate::reachability::{Passing, Reachability};

/// The difference that other policies make to who can reach whom, exact to the port. The cluster DNS is
/// among the ends, whether the input holds it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What passes now and did not, sorted by the ends.
    pub opens: Vec<Pair>,
    /// What passed and does not now, sorted by the ends.
    pub closes: Vec<Pair>,
}

/// The difference between two models of one cluster and one plugin.
pub fn effects(before: &Model, after: &Model) -> Effects {
    counted(before, &Reachability::new(before), after).0
}

/// The same, where all pairs before are known, and how much work it was: how many pairs of ends were
/// looked at.
pub(super) fn counted(before: &Model, all: &Reachability, after: &Model) -> (Effects, usize) {
    let doors = doors(before, after);
    if doors.is_empty() {
        return Default::default();
    }
    let all = [all, &Reachability::new(after)];
    let mut states = States { models: [before, after], passing: all.map(Passing::of), work: 0 };
    let mut effects = Effects::default();
    for (source, destination) in pairs(before, &doors) {
        let [was, is] = states.passing(source, destination);
        if was != is {
            effects.add(source, destination, &was, &is);
        }
    }
    let ranges = common_ranges(&[before, after]);
    for (direction, workload) in doors {
        effects.add_outside(&mut states, &ranges, direction, workload);
    }
    effects.opens.sort_by_key(|pair| (pair.source, pair.destination));
    effects.closes.sort_by_key(|pair| (pair.source, pair.destination));
    (effects, states.work)
}

impl Effects {
    fn add(&mut self, source: End, destination: End, was: &Connections, is: &Connections) {
        for (list, more, less) in [(&mut self.opens, is, was), (&mut self.closes, was, is)] {
            let connections = more.difference(less);
            if !connections.is_empty() {
                list.push(Pair { source, destination, connections: connections.into() });
            }
        }
    }

    /// Adds what is other between a workload and hosts outside the cluster.
    fn add_outside(
        &mut self,
        states: &mut States,
        ranges: &[AddressRange],
        direction: Direction,
        workload: usize,
    ) {
        // What passed all the time does not matter: ranges are one if the difference is the same.
        let differences = ranges.iter().map(|range| {
            let (source, destination) = towards_outside(workload, direction, *range);
            let [was, is] = states.passing(source, destination);
            (*range, (was.difference(&is), is.difference(&was)))
        });
        for (range, (lost, gained)) in net::join_adjacent(differences) {
            let (source, destination) = towards_outside(workload, direction, range);
            self.add(source, destination, &lost, &gained);
        }
    }
}

/// The doors at which policies are asked that are other in the two models, or in one of them only.
fn doors(before: &Model, after: &Model) -> BTreeSet<(Direction, usize)> {
    let mut doors = BTreeSet::new();
    for (model, than) in [(before, after), (after, before)] {
        for policy in model.policies.iter() {
            let mut namesakes = than.policies.of(&policy.namespace).map(|(_, policy)| policy);
            let counterpart = namesakes.find(|other| other.name == policy.name);
            let same = counterpart.filter(|other| other.selector == policy.selector);
            let is_other = |direction: &Direction| match (policy.rules(*direction), same) {
                (None, _) => false,
                (rules, same) => rules != same.and_then(|same| same.rules(*direction)),
            };
            for direction in Direction::ALL.into_iter().filter(is_other) {
                let workloads = model.cluster.workloads.iter().enumerate();
                let selected = workloads.filter(|(_, workload)| policy.selects(workload));
                doors.extend(selected.map(|(index, _)| (direction, index)));
            }
        }
    }
    doors
}

/// The pairs of pods with one of these doors between them.
fn pairs(model: &Model, doors: &BTreeSet<(Direction, usize)>) -> Vec<(End, End)> {
    let workloads = &model.cluster.workloads;
    let mut pairs = Vec::new();
    for (direction, workload) in doors.iter().copied() {
        let here = End::Workload(workload);
        let others = (0..workloads.len()).filter(|other| *other != workload).map(End::Workload);
        pairs.extend(others.map(|there| match direction {
            Direction::Egress => (here, there),
            Direction::Ingress => (there, here),
        }));
        if workloads[workload].has_siblings() {
            pairs.push((here, End::Sibling(workload)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Two models, and what passes in each.
struct States<'m> {
    models: [&'m Model; 2],
    passing: [Passing<'m>; 2],
    /// How many pairs of ends were looked at so far.
    work: usize,
}

impl States<'_> {
    /// What passes between two ends before and after.
    fn passing(&mut self, source: End, destination: End) -> [Rc<Connections>; 2] {
        self.work += 1;
        let (source, destination) = (source.peer(), destination.peer());
        [0, 1].map(|state| {
            let passing = self.passing[state].between(source, destination);
            // The other model may have addresses of a family that is not in use in this one.
            let judged = || evaluate::connections(self.models[state], source, destination).into();
            passing.unwrap_or_else(judged)
        })
    }
}
