//! What else a change of policies opens and closes.
//!
//! Other policies change a connection only by the doors of the pods that they select: so only the rows of
//! those are compared, in all pairs of both models.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::connectivity::{End, Pair, towards_outside};
use crate::evaluate::Model;
use crate::net::{self, AddressRange, Connections};
use crate::policy::Direction;
use crate::reachability::{Change, Members, Reachability};

/// The difference that other policies make to who can reach whom, exact to the port. The cluster DNS is
/// among the ends, whether the input holds it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What passes now and did not, sorted by the ends.
    pub opens: Vec<Pair>,
    /// What passed and does not now, sorted by the ends.
    pub closes: Vec<Pair>,
}

/// What passes between two ends and did not, and what passed and does not.
type Turned = (Rc<Connections>, Rc<Connections>);

/// The difference between two models of one cluster and one plugin.
pub fn effects(before: &Model, after: &Model) -> Effects {
    let (all, difference) = Reachability::after(before, after);
    let mut effects = Effects::default();
    let mut outside: BTreeMap<(Direction, usize), Vec<(AddressRange, Turned)>> = BTreeMap::new();
    for Change { source, destination, opened, closed } in difference.changes(&all) {
        let turned = (opened, closed);
        let mut door = |direction, workload: &usize, range| {
            let ranges = outside.entry((direction, *workload)).or_default();
            ranges.push((range, turned.clone()));
        };
        match (all.members(source), all.members(destination)) {
            (Members::Workloads(sources), Members::Workloads(destinations)) => {
                for (source, destination) in pairs(after, sources, destinations) {
                    if !all.passes_anyway(source.peer(), destination.peer()) {
                        effects.add(source, destination, &turned);
                    }
                }
            }
            (Members::Workloads(workloads), Members::Hosts(range)) => {
                workloads.iter().for_each(|workload| door(Direction::Egress, workload, range));
            }
            (Members::Hosts(range), Members::Workloads(workloads)) => {
                workloads.iter().for_each(|workload| door(Direction::Ingress, workload, range));
            }
            (Members::Hosts(_), Members::Hosts(_)) => {}
        }
    }
    for ((direction, workload), ranges) in outside {
        // What passed all the time does not matter: ranges are one if the difference is the same.
        for (range, turned) in net::join_adjacent(ranges) {
            let (source, destination) = towards_outside(workload, direction, range);
            effects.add(source, destination, &turned);
        }
    }
    effects.opens.sort_by_key(|pair| (pair.source, pair.destination));
    effects.closes.sort_by_key(|pair| (pair.source, pair.destination));
    effects
}

impl Effects {
    fn add(&mut self, source: End, destination: End, (opened, closed): &Turned) {
        for (list, connections) in [(&mut self.opens, opened), (&mut self.closes, closed)] {
            if !connections.is_empty() {
                list.push(Pair { source, destination, connections: Rc::clone(connections) });
            }
        }
    }
}

/// The pairs of pods of some workloads and of others.
fn pairs(
    model: &Model,
    sources: &[usize],
    destinations: &[usize],
) -> impl Iterator<Item = (End, End)> {
    let between = |source: usize, destination: usize| match source == destination {
        false => Some((End::Workload(source), End::Workload(destination))),
        true => model.cluster.workloads[source]
            .has_siblings()
            .then_some((End::Workload(source), End::Sibling(source))),
    };
    sources.iter().flat_map(move |source| {
        destinations.iter().filter_map(move |destination| between(*source, *destination))
    })
}
