//! Who can reach whom: every ordered pair of ends, with all that passes between them.
//!
//! Ends are the workloads of the input and the addresses outside the cluster, the latter in ranges
//! that no policy tells apart. Left out are pairs between which nothing passes, pairs outside the
//! cluster, and the DNS pod that every cluster is taken to have.

use std::fmt;

use crate::evaluate::{self, Model, Peer};
use crate::net::{AddressRange, Connections};
use crate::policy::Direction;
use crate::reachability::external_ranges;

/// One ordered pair of ends and what passes from the first to the second; never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who connects.
    pub source: End,
    /// To whom.
    pub destination: End,
    /// Which ports of the destination the source gets through to.
    pub connections: Connections,
}

/// One end of a [`Pair`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Every pair between which something passes.
pub fn connectivity(model: &Model, siblings: Siblings) -> Vec<Pair> {
    let workloads = model.cluster.workloads.iter().enumerate();
    let listed: Vec<usize> = workloads.filter(|(_, w)| !w.is_implicit()).map(|(i, _)| i).collect();
    let ranges = external_ranges(model);
    let mut pairs = Vec::new();
    for &from in &listed {
        for &to in &listed {
            push(&mut pairs, model, End::Workload(from), End::Workload(to));
        }
        if siblings == Siblings::Listed && model.cluster.workloads[from].has_siblings() {
            push(&mut pairs, model, End::Workload(from), End::Sibling(from));
        }
        for direction in Direction::ALL {
            let start = pairs.len();
            for &range in &ranges {
                match direction {
                    Direction::Egress => {
                        push(&mut pairs, model, End::Workload(from), End::External(range));
                    }
                    Direction::Ingress => {
                        push(&mut pairs, model, End::External(range), End::Workload(from));
                    }
                }
            }
            merge_adjacent(&mut pairs, start);
        }
    }
    pairs
}

fn push(pairs: &mut Vec<Pair>, model: &Model, source: End, destination: End) {
    let connections = evaluate::connections(model, source.peer(), destination.peer());
    if !connections.is_empty() {
        pairs.push(Pair { source, destination, connections });
    }
}

/// Joins neighbouring external ranges with equal answers, among the pairs from `start` on, which
/// are those of one workload in one direction.
fn merge_adjacent(pairs: &mut Vec<Pair>, start: usize) {
    let merged =
        pairs.split_off(start).into_iter().fold(Vec::new(), |mut merged: Vec<Pair>, pair| {
            match merged.last_mut() {
                Some(last) if last.connections == pair.connections && last.adjoins(&pair) => {
                    last.extend_to(&pair);
                }
                _ => merged.push(pair),
            }
            merged
        });
    pairs.extend(merged);
}

impl Pair {
    fn ranges(&self) -> (Option<AddressRange>, Option<AddressRange>) {
        (self.source.range(), self.destination.range())
    }

    fn adjoins(&self, next: &Pair) -> bool {
        let adjoin = |a: Option<AddressRange>, b: Option<AddressRange>| match (a, b) {
            (Some(a), Some(b)) => a.adjoins(&b),
            _ => true,
        };
        let (source, destination) = self.ranges();
        let (next_source, next_destination) = next.ranges();
        adjoin(source, next_source) && adjoin(destination, next_destination)
    }

    fn extend_to(&mut self, next: &Pair) {
        for (end, next) in
            [(&mut self.source, next.source), (&mut self.destination, next.destination)]
        {
            if let (End::External(range), End::External(next)) = (end, next) {
                range.last = next.last;
            }
        }
    }
}

impl End {
    fn range(self) -> Option<AddressRange> {
        match self {
            End::External(range) => Some(range),
            End::Workload(_) | End::Sibling(_) => None,
        }
    }

    /// A peer that stands for all of this end.
    pub fn peer(self) -> Peer {
        match self {
            End::Workload(workload) => Peer::pod(workload),
            End::Sibling(workload) => Peer::sibling(workload),
            End::External(range) => Peer::External(range.first),
        }
    }

    /// The end's name in reports: `ns/name[Kind]`, `ns/name[Kind]#2`, `external:FIRST-LAST`.
    pub fn name(self, model: &Model) -> impl fmt::Display + Ord {
        match self {
            End::Workload(workload) => model.cluster.workloads[workload].id(),
            End::Sibling(workload) => format!("{}#2", model.cluster.workloads[workload].id()),
            End::External(range) => format!("external:{range}"),
        }
    }
}
