//! Which doors stop a call, and on which ports they have to be opened.

use super::words;
use crate::evaluate::{self, Model, Peer, Traffic, Verdict};
use crate::net::{Family, PortRange, Protocol};
use crate::policy::{Direction, PortMatcher, PortSpec};
use crate::probe::{self, Reply};

/// The most cluster DNS workloads that a lookup is opened to, each as a way of its own.
const SERVERS: usize = 3;

/// A door that must let a connection pass, and does not.
#[derive(Clone)]
pub(super) struct Need {
    pub direction: Direction,
    pub source: Peer,
    pub destination: Peer,
    pub family: Family,
    /// Those that are wanted, never none; the first is what stops the call.
    pub ports: Vec<(Protocol, u16)>,
}

/// What must be met, all of it; once for every workload that names can be looked up at.
pub(super) fn needs(model: &Model, reply: &Reply) -> Result<Vec<Vec<Need>>, String> {
    let mut connections = Vec::new();
    for attempt in &reply.attempts {
        connections.extend(closed(model, attempt.traffic, &attempt.verdict, &[])?);
    }
    let Some(lookup) = reply.lookup.as_ref().filter(|lookup| !lookup.resolves()) else {
        return Ok(vec![connections]);
    };
    let source = lookup.traffic.source;
    let (lookups, long): (Vec<_>, Vec<_>) =
        probe::lookups(model).into_iter().partition(|(_, protocol, _)| *protocol == Protocol::Udp);
    let mut all = Vec::new();
    let mut why = None;
    for (server, protocol, port) in lookups.into_iter().take(SERVERS) {
        let traffic = Traffic { source, destination: Peer::pod(server), protocol, port };
        let verdict = evaluate::verdict(model, traffic);
        let same = long.iter().filter(|(other, ..)| *other == server);
        let long: Vec<_> = same.map(|(_, protocol, port)| (*protocol, *port)).collect();
        match closed(model, traffic, &verdict, &long) {
            Ok(mut needs) => {
                needs.extend(connections.iter().cloned());
                all.push(needs);
            }
            Err(sentence) => _ = why.get_or_insert(sentence),
        }
    }
    match why {
        Some(sentence) if all.is_empty() => Err(sentence),
        _ => Ok(all),
    }
}

/// The doors that stop a connection, which need its port, and of these others what they do not admit.
fn closed(
    model: &Model,
    traffic: Traffic,
    verdict: &Verdict,
    others: &[(Protocol, u16)],
) -> Result<Vec<Need>, String> {
    let Traffic { source, destination, protocol, port } = traffic;
    let Some(family) = verdict.family else {
        return Err(words::no_family(model, source, destination));
    };
    let doors = Direction::ALL.into_iter().filter(|door| !verdict.side(*door).admits());
    let need = |direction| {
        let admitted = evaluate::admitted(model, direction, source, destination);
        let others = others.iter().filter(|(protocol, port)| !admitted.contains(*protocol, *port));
        let ports = std::iter::once((protocol, port)).chain(others.copied()).collect();
        Need { direction, source, destination, family, ports }
    };
    Ok(doors.map(need).collect())
}

impl Need {
    pub fn ends(&self) -> (Peer, Peer) {
        match self.direction {
            Direction::Egress => (self.source, self.destination),
            Direction::Ingress => (self.destination, self.source),
        }
    }

    pub fn matchers(&self) -> Vec<PortMatcher> {
        let matcher = |(protocol, port): &(Protocol, u16)| PortMatcher {
            protocol: *protocol,
            port: PortSpec::Range(PortRange::single(*port)),
        };
        self.ports.iter().map(matcher).collect()
    }
}
