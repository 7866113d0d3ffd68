//! What else a change of policies opens and closes.
//!
//! Other policies change a connection only by the doors of the pods that they select: so only those are
//! looked at, and judged again only where the policies that are other admit something else than before.

use std::collections::{BTreeMap, BTreeSet};

use crate::connectivity::{End, Pair, towards_outside};
use crate::evaluate::{self, Model};
use crate::net::{self, AddressRange, Connections, Family};
use crate::outside::common_ranges;
use crate::policy::{Direction, PeerMatcher, Policy, Rule};

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
    counted(before, after).0
}

/// The same, and about how much work it was: how many pairs of ends were looked at, of which one that is
/// judged again counts for several.
pub(super) fn counted(before: &Model, after: &Model) -> (Effects, usize) {
    let mut states = States::of(before, after);
    let mut effects = Effects::default();
    for (source, destination) in states.pairs() {
        let [was, is] = states.passing(source, destination);
        effects.add(source, destination, &was, &is);
    }
    let outside: Vec<(Direction, usize)> = states.towards_outside().collect();
    if !outside.is_empty() {
        let ranges = common_ranges(&[before, after]);
        for (direction, workload) in outside {
            effects.add_outside(&mut states, &ranges, direction, workload);
        }
    }
    effects.opens.sort_by_key(|pair| (pair.source, pair.destination));
    effects.closes.sort_by_key(|pair| (pair.source, pair.destination));
    (effects, states.work)
}

/// For how many pairs that are looked at one counts that is judged again.
const JUDGED_AGAIN: usize = 16;

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

/// A model with only those rules that are not in another one, of policies that are other there.
fn others(model: &Model, than: &Model) -> Model {
    let other = |policy: &Policy| {
        let mut namesakes = than.policies.of(&policy.namespace).map(|(_, policy)| policy);
        let counterpart = namesakes.find(|other| other.name == policy.name);
        if counterpart == Some(policy) {
            return None;
        }
        let rules = |direction| {
            let there = counterpart.and_then(|other| other.rules(direction)).unwrap_or_default();
            let rules = policy.rules(direction)?.iter().filter(|rule| !there.contains(rule));
            Some(rules.cloned().collect())
        };
        let [egress, ingress] = Direction::ALL.map(rules);
        Some(Policy { egress, ingress, ..policy.clone() })
    };
    let policies: Vec<Policy> = model.policies.iter().filter_map(other).collect();
    Model { policies: policies.into(), ..model.clone() }
}

/// Two models, and where they differ.
struct States<'m> {
    models: [&'m Model; 2],
    /// The two with only the rules that are other in each.
    others: [Model; 2],
    /// The doors at which these are asked, and whether policies isolate the pod in one model only.
    doors: BTreeMap<(Direction, usize), bool>,
    /// The directions in which these may be about hosts outside the cluster.
    outside: Vec<Direction>,
    /// About how much was done so far.
    work: usize,
}

impl<'m> States<'m> {
    fn of(before: &'m Model, after: &'m Model) -> Self {
        let others = [others(before, after), others(after, before)];
        let mut doors = BTreeMap::new();
        for (index, workload) in before.cluster.workloads.iter().enumerate() {
            for direction in Direction::ALL {
                let is_isolated =
                    |model| evaluate::isolating(model, direction, workload).next().is_some();
                let has_others = |model| {
                    evaluate::isolating(model, direction, workload)
                        .any(|(_, rules)| !rules.is_empty())
                };
                let turns = is_isolated(before) != is_isolated(after);
                if turns || others.iter().any(has_others) {
                    doors.insert((direction, index), turns);
                }
            }
        }
        let names_addresses = |rule: &Rule| {
            rule.peers.is_empty() || rule.peers.iter().any(|p| matches!(p, PeerMatcher::Block(_)))
        };
        let outside = Direction::ALL.into_iter().filter(|direction| {
            let mut policies = others.iter().flat_map(|model| model.policies.iter());
            policies
                .any(|p| p.rules(*direction).is_some_and(|rules| rules.iter().any(names_addresses)))
        });
        let outside = outside.collect();
        States { models: [before, after], others, doors, outside, work: 0 }
    }

    /// The pairs of pods with one of the doors between them.
    fn pairs(&self) -> BTreeSet<(End, End)> {
        let workloads = &self.models[0].cluster.workloads;
        let mut pairs = BTreeSet::new();
        for (direction, workload) in self.doors.keys().copied() {
            let here = End::Workload(workload);
            let others = (0..workloads.len()).filter(|other| *other != workload).map(End::Workload);
            pairs.extend(others.map(|there| match direction {
                Direction::Egress => (here, there),
                Direction::Ingress => (there, here),
            }));
            if workloads[workload].has_siblings() {
                pairs.insert((here, End::Sibling(workload)));
            }
        }
        pairs
    }

    /// The doors that may be other to hosts outside the cluster.
    fn towards_outside(&self) -> impl Iterator<Item = (Direction, usize)> + '_ {
        let doors = self.doors.iter();
        let may_differ = doors.filter(|((door, _), turns)| **turns || self.outside.contains(door));
        may_differ.map(|(door, _)| *door)
    }

    /// What passes between two ends before and after; nothing at all where it is the same.
    fn passing(&mut self, source: End, destination: End) -> [Connections; 2] {
        let doors = [(Direction::Egress, source), (Direction::Ingress, destination)];
        let may_differ = doors.into_iter().any(|(direction, end)| {
            let (End::Workload(workload) | End::Sibling(workload)) = end else { return false };
            let turns = self.doors.get(&(direction, workload));
            turns.is_some_and(|turns| *turns || self.differs(direction, source, destination))
        });
        self.work += if may_differ { JUDGED_AGAIN } else { 1 };
        match may_differ {
            true => self
                .models
                .map(|model| evaluate::connections(model, source.peer(), destination.peer())),
            false => [Connections::none(), Connections::none()],
        }
    }

    /// Whether the policies that are other admit something else at a door.
    fn differs(&self, direction: Direction, source: End, destination: End) -> bool {
        let admitted = |model: &Model, family| {
            let (source, destination) = (source.peer(), destination.peer());
            let rules = evaluate::matching_rules(model, direction, source, destination, family);
            rules.iter().fold(Connections::none(), |all, (_, some)| all.union(some))
        };
        let [before, after] = &self.others;
        Family::ALL.into_iter().any(|family| admitted(before, family) != admitted(after, family))
    }
}
