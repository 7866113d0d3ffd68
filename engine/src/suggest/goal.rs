//! What is wanted of a change: that a call gets through, or that it does not; and what it does besides.

use super::effect::Effects;
use super::plan::{Besides, Goal};
use super::telling::{Ground, are_alike};
use super::words;
use crate::connectivity::{End, Pair};
use crate::evaluate::{self, Model, Peer, Pod, Traffic};
use crate::explain::list;
use crate::net::{AddressRange, Connections, PortRange};
use crate::probe::{self, Attempt, Call, Outcome, Reply};

/// The connections that a call comes down to.
pub(super) struct Own<'a> {
    ground: &'a Ground<'a>,
    connections: Vec<(Peer, Peer, Connections)>,
}

impl<'a> Own<'a> {
    /// Those to its backends, and those of the lookup where it stops the call.
    pub fn of(ground: &'a Ground<'a>, reply: &Reply) -> Self {
        let model = ground.model;
        let mut connections: Vec<(Peer, Peer, Connections)> = Vec::new();
        let mut add = |source, destination, protocol, port| {
            let mut one = Connections::none();
            one.insert(protocol, PortRange::single(port));
            connections.push((source, destination, one));
        };
        for Attempt { traffic, .. } in &reply.attempts {
            add(traffic.source, traffic.destination, traffic.protocol, traffic.port);
        }
        if let Some(lookup) = reply.lookup.as_ref().filter(|lookup| !lookup.resolves()) {
            for (server, protocol, port) in probe::lookups(model) {
                add(lookup.traffic.source, Peer::pod(server), protocol, port);
            }
        }
        Own { ground, connections }
    }

    /// What there is in pairs besides.
    fn besides(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let rest = |pair: Pair| {
            let all = Connections::clone(&pair.connections);
            let rest = self.asked(&pair).fold(all, |rest, (_, _, own)| rest.difference(own));
            Pair { connections: rest.into(), ..pair }
        };
        pairs.into_iter().map(rest).filter(|pair| !pair.connections.is_empty()).collect()
    }

    /// Those of the connections that are between the ends of a pair.
    fn asked<'p>(&'p self, pair: &'p Pair) -> impl Iterator<Item = &'p (Peer, Peer, Connections)> {
        self.connections.iter().filter(|(source, destination, _)| {
            self.is(*source, pair.source) && self.is(*destination, pair.destination)
        })
    }

    /// Whether an end of a pair is one of a call, and nobody else.
    fn is(&self, own: Peer, end: End) -> bool {
        match end {
            End::Workload(_) | End::Sibling(_) => own == end.peer(),
            End::External(_) if self.ground.is_internet(own) => true,
            End::External(range) => own == Peer::External(range.first) && range.first == range.last,
        }
    }
}

/// That a call gets through.
pub(super) struct Opening<'a> {
    pub call: &'a Call,
    pub own: Own<'a>,
}

impl Goal for Opening<'_> {
    fn is_reached(&self, after: &Model) -> bool {
        probe::call(after, self.call).outcome == Outcome::Open
    }

    fn weigh(&self, Effects { opens, closes }: Effects) -> Option<(Effects, Besides)> {
        let opens = self.own.besides(opens);
        let mut besides = Besides::default();
        opens.iter().for_each(|pair| besides.count(&pair.connections));
        closes.is_empty().then_some((Effects { opens, closes }, besides))
    }
}

/// That no connection of a call gets through.
pub(super) struct Closing<'a> {
    pub call: &'a Call,
    pub own: Own<'a>,
    pub reply: &'a Reply,
}

impl Goal for Closing<'_> {
    fn is_reached(&self, after: &Model) -> bool {
        let attempts = probe::call(after, self.call).attempts;
        !attempts.is_empty() && attempts.iter().all(|attempt| !attempt.verdict.is_open())
    }

    /// What cannot be told from the call does not count; nor do ports of the target on which it is not
    /// known to answer.
    fn weigh(&self, Effects { opens, closes }: Effects) -> Option<(Effects, Besides)> {
        let closes = self.own.besides(closes);
        let model = self.own.ground.model;
        let mut besides = Besides::default();
        for pair in &closes {
            let is_own = self.own.asked(pair).next().is_some();
            let is_tied = self.reply.attempts.iter().any(|own| is_tied(model, own, pair));
            let lost = match is_own || is_tied {
                true => {
                    let (all, asked) =
                        (Connections::clone(&pair.connections), &self.own.connections);
                    let lost = asked.iter().fold(all, |lost, (_, _, own)| lost.difference(own));
                    lost.intersection(&offered(model, pair.destination))
                }
                // No host outside has an address of the pod network.
                false if self.is_in_pod_network(pair) => Connections::none(),
                false => Connections::clone(&pair.connections),
            };
            besides.count(&lost);
        }
        opens.is_empty().then_some((Effects { opens, closes }, besides))
    }
}

impl Closing<'_> {
    fn is_in_pod_network(&self, pair: &Pair) -> bool {
        let pod_cidr = self.own.ground.model.plugin.pod_cidr.trunc();
        let is_within = |end: End| match end {
            End::External(AddressRange { first, last }) => {
                pod_cidr.contains(&first) && pod_cidr.contains(&last)
            }
            End::Workload(_) | End::Sibling(_) => false,
        };
        is_within(pair.source) || is_within(pair.destination)
    }
}

/// The ports on which an end is known to answer: those that its containers declare and its Services
/// lead to.
fn offered(model: &Model, end: End) -> Connections {
    let mut offered = Connections::none();
    let (End::Workload(workload) | End::Sibling(workload)) = end else { return offered };
    let workload = &model.cluster.workloads[workload];
    for port in &workload.ports {
        offered.insert(port.protocol, PortRange::single(port.port));
    }
    for service in model.cluster.services.iter().filter(|service| service.selects(workload)) {
        for port in &service.ports {
            if let Some(number) = service.pod_port(port.protocol, port.port, workload) {
                offered.insert(port.protocol, PortRange::single(number));
            }
        }
    }
    offered
}

/// Whether no selector can tell a pair of ends from those of a connection, though they may be others.
fn is_tied(model: &Model, own: &Attempt, pair: &Pair) -> bool {
    let Traffic { source, destination, .. } = own.traffic;
    is_indistinct(model, source, pair.source) && is_indistinct(model, destination, pair.destination)
}

fn is_indistinct(model: &Model, own: Peer, end: End) -> bool {
    match (own, end.peer()) {
        (Peer::Pod(own), Peer::Pod(other)) => {
            let [a, b] = [own, other].map(|pod: Pod| model.workload(pod));
            match [own, other].map(|pod| evaluate::is_node(model, Peer::Pod(pod))) {
                [false, false] => are_alike(a, b),
                // Nodes are known by their addresses.
                [true, true] => a.addresses == b.addresses,
                _ => false,
            }
        }
        (own, other) => own == other,
    }
}

/// That some of what closes too cannot be told from the call, and why.
pub(super) fn tied(ground: &Ground, reply: &Reply, closes: &[Pair]) -> Option<String> {
    let model = ground.model;
    let Traffic { source, destination, .. } = reply.attempts.first()?.traffic;
    let mut sources = vec![source];
    let mut targets = vec![destination];
    let mut calls = Vec::new();
    for pair in closes {
        let ends = (pair.source.peer(), pair.destination.peer());
        let is_other = |own: &&Attempt| {
            is_tied(model, own, pair) && (own.traffic.source, own.traffic.destination) != ends
        };
        if !reply.attempts.iter().any(|own| is_other(&own)) {
            continue;
        }
        let [from, to] = [ends.0, ends.1].map(|end| words::end_name(ground, end));
        calls.push(format!("{from}→{to}"));
        for (ends, end) in [(&mut sources, ends.0), (&mut targets, ends.1)] {
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
    }
    let why = [sources, targets].into_iter().filter(|ends| ends.len() > 1);
    let why: Vec<String> = why.map(|ends| words::alike(ground, &ends)).collect();
    let calls = list(calls);
    (!calls.is_empty()).then(|| format!("no selector can tell it from {calls}: {}", why.join("; ")))
}
