//! Who can reach whom: every ordered pair of ends, with all that passes between them.
//!
//! Ends are the workloads of the input and the addresses outside the cluster, the latter in ranges
//! that no policy tells apart. Left out are pairs between which nothing passes, pairs outside the
//! cluster, and the DNS pod that every cluster is taken to have.

use ipnet::IpNet;

use crate::evaluate::{self, Model, Peer};
use crate::net::{self, AddressRange, Connections, Family};
use crate::policy::{Direction, PeerMatcher};

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
            let towards = |range| towards_outside(from, direction, range);
            let answers = ranges.iter().map(|&range| {
                let (source, destination) = towards(range);
                (range, evaluate::connections(model, source.peer(), destination.peer()))
            });
            for (range, connections) in net::join_adjacent(answers) {
                let (source, destination) = towards(range);
                if !connections.is_empty() {
                    pairs.push(Pair { source, destination, connections });
                }
            }
        }
    }
    pairs
}

/// The addresses outside the cluster, cut only where some block or exception begins or ends.
/// IPv6 is there when a block or a pod speaks it.
pub fn external_ranges(model: &Model) -> Vec<AddressRange> {
    common_ranges(&[model])
}

/// The same for several models at once: within one of the ranges, none of them tells two addresses
/// apart.
pub fn common_ranges(models: &[&Model]) -> Vec<AddressRange> {
    let networks: Vec<_> = models.iter().flat_map(|model| networks(model)).collect();
    let mut ranges = net::partition(Family::V4, networks.iter().copied());
    let workloads = models.iter().flat_map(|model| &model.cluster.workloads);
    let pods = workloads.flat_map(|workload| &workload.addresses);
    let mut addresses = networks.iter().map(|network| network.addr()).chain(pods.copied());
    if addresses.any(|address| Family::of(address) == Family::V6) {
        ranges.extend(net::partition(Family::V6, networks.iter().copied()));
    }
    ranges
}

/// The networks that policies name: those of every `ipBlock` and of every exception.
pub(crate) fn networks(model: &Model) -> impl Iterator<Item = &IpNet> {
    let rules = model
        .policies
        .iter()
        .flat_map(|policy| Direction::ALL.into_iter().filter_map(|d| policy.rules(d)).flatten());
    let blocks = rules.flat_map(|rule| &rule.peers).filter_map(|peer| match peer {
        PeerMatcher::Block(block) => Some(block),
        PeerMatcher::Pods { .. } => None,
    });
    blocks.flat_map(|block| std::iter::once(&block.cidr).chain(&block.except))
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

fn push(pairs: &mut Vec<Pair>, model: &Model, source: End, destination: End) {
    let connections = evaluate::connections(model, source.peer(), destination.peer());
    if !connections.is_empty() {
        pairs.push(Pair { source, destination, connections });
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
