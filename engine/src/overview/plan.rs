//! Who calls whom, whatever the policies say: what has to be found out once for a cluster.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::offers::{self, Intent, Offer};
use crate::dns;
use crate::evaluate::{self, Model, Peer};
use crate::net::Protocol;
use crate::reachability::{Class, Reachability};

/// The calls of all workloads.
pub(super) struct Plan {
    pub columns: Columns,
    /// What each workload offers; nothing of one that takes no part.
    pub offers: Vec<Option<Offer>>,
    /// What the probes of workloads that have any come down to.
    pub intents: BTreeMap<usize, Vec<Intent>>,
    /// For each workload, those that it reaches whatever the policies say, because one of both counts as
    /// the node that the other is on: ascending, and itself if that holds of two pods of it.
    pub beside: Vec<Vec<usize>>,
    /// The workloads without another pod to call.
    pub alone: Vec<bool>,
    /// The class and the atom at which names are looked up.
    pub servers: Vec<(Class, usize)>,
    /// The workloads that can look names up whatever the policies say.
    pub resolves_anyway: Vec<bool>,
}

impl Plan {
    /// The calls between the workloads of a model.
    pub fn new(all: &Reachability) -> Plan {
        let model = all.model();
        let workloads = &model.cluster.workloads;
        let offer = |workload| Offer::of(&model.cluster, workload);
        let offers: Vec<_> =
            workloads.iter().map(|w| (!w.is_implicit()).then(|| offer(w))).collect();
        let callers = (0..workloads.len()).filter(|i| !workloads[*i].is_implicit());
        let intents = callers.filter_map(|i| Some((i, offers::intents(&model.cluster, i)?)));
        let servers = dns::servers(&model.cluster, Protocol::Udp);
        let resolves_anyway = |from: usize| {
            let mut to = servers.iter().map(|(server, _)| Peer::pod(*server));
            servers.is_empty() || to.any(|server| all.passes_anyway(Peer::pod(from), server))
        };
        let server = |(server, port): &(usize, u16)| {
            Some((all.class_of(*server), all.atom(Protocol::Udp, *port)?))
        };
        Plan {
            columns: Columns::new(all, &offers),
            intents: intents.collect(),
            beside: beside(all, model),
            alone: workloads.iter().map(|workload| !workload.has_siblings()).collect(),
            resolves_anyway: (0..workloads.len()).map(resolves_anyway).collect(),
            servers: servers.iter().filter_map(server).collect(),
            offers,
        }
    }

    /// Whether a workload takes part and has no probes, so that it calls whatever others offer.
    pub fn calls_all(&self, workload: usize) -> bool {
        self.offers[workload].is_some() && !self.intents.contains_key(&workload)
    }
}

/// Finds whom each workload is [beside](Plan::beside).
fn beside(all: &Reachability, model: &Model) -> Vec<Vec<usize>> {
    let workloads = &model.cluster.workloads;
    let mut by_node: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, workload) in workloads.iter().enumerate() {
        if let Some(node) = &workload.node {
            by_node.entry(node).or_default().push(i);
        }
    }
    let mut beside = vec![Vec::new(); workloads.len()];
    for on_node in by_node.values() {
        let is_node = |i: &&usize| evaluate::counts_as_node(&model.plugin, &workloads[**i]);
        for &node in on_node.iter().filter(is_node) {
            for &other in on_node {
                let to = if other == node { Peer::sibling(node) } else { Peer::pod(other) };
                if all.passes_anyway(Peer::pod(node), to) {
                    beside[node].push(other);
                    beside[other].push(node);
                }
            }
        }
    }
    for others in &mut beside {
        others.sort_unstable();
        others.dedup();
    }
    beside
}
