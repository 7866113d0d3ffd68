//! The calls that the workloads of a cluster make among each other.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attempt, Call, Lookup, Outcome, Reply, Stop, Target, Url, attempt, backend_for, call};
use crate::cluster::Cluster;
use crate::evaluate::{self, Model, Peer};
use crate::net::{Connections, Protocol};
use crate::policy::Direction;

/// Everything that one workload tries with another, as one ribbon of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The calling workload's position in the cluster.
    pub from: usize,
    /// The called workload's position; the same for calls among the pods of one workload.
    pub to: usize,
    /// The calls, at least one.
    pub attempts: Vec<LinkAttempt>,
}

/// One call of a [`Link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAttempt {
    /// The call as it is made.
    pub call: Call,
    /// The lookup, when the call is by name.
    pub lookup: Option<Lookup>,
    /// The connection that it comes down to at this target.
    pub attempt: Attempt,
    /// Where the call is stopped; nowhere when it gets through.
    pub stop: Option<Stop>,
    /// What passes when the call is on no port in particular; else the port of the call counts.
    pub any_port: Option<Connections>,
}

/// How much of what a workload tries with another gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkState {
    /// Every call.
    Open,
    /// Some calls or ports.
    Partly,
    /// None.
    Blocked,
}

impl fmt::Display for LinkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LinkState::Open => "open",
            LinkState::Partly => "partly",
            LinkState::Blocked => "blocked",
        })
    }
}

impl LinkAttempt {
    /// What became of the call at the link's target.
    pub fn outcome(&self) -> Outcome {
        match self.stop {
            None => Outcome::Open,
            Some(Stop::Dns) => Outcome::NotResolved,
            Some(Stop::Service) => Outcome::NoEndpoints,
            Some(Stop::Egress | Stop::Ingress | Stop::Both) => Outcome::Blocked,
        }
    }

    /// The same call, as if the link's target were the only backend of its Service.
    pub fn reply(&self) -> Reply {
        Reply {
            outcome: self.outcome(),
            lookup: self.lookup.clone(),
            attempts: vec![self.attempt.clone()],
        }
    }
}

impl Link {
    /// How much gets through.
    pub fn state(&self) -> LinkState {
        let open = self.attempts.iter().filter(|attempt| attempt.stop.is_none()).count();
        let ports = self.attempts.iter().filter_map(|attempt| attempt.any_port.as_ref());
        match open {
            0 => LinkState::Blocked,
            _ if open < self.attempts.len() => LinkState::Partly,
            _ if ports.into_iter().any(|ports| !ports.is_all()) => LinkState::Partly,
            _ => LinkState::Open,
        }
    }

    /// The call that says most: the first that is stopped, else the first.
    pub fn telling(&self) -> Option<&LinkAttempt> {
        let stopped = self.attempts.iter().find(|attempt| attempt.stop.is_some());
        stopped.or(self.attempts.first())
    }

    /// The words for it: those of an outcome, or `partly`.
    pub fn words(&self) -> Option<String> {
        let told = self.telling()?;
        Some(match self.state() {
            LinkState::Partly => LinkState::Partly.to_string(),
            LinkState::Open => Outcome::Open.to_string(),
            LinkState::Blocked => told.outcome().to_string(),
        })
    }

    /// Where the first call that does not get through is stopped.
    pub fn stop(&self) -> Option<Stop> {
        self.attempts.iter().find_map(|attempt| attempt.stop)
    }
}

/// The calls that the application makes, by pair of workloads, in the order of the cluster.
///
/// A workload with probes calls what they name. One without calls every port that each other
/// workload offers. The observer's calls are its [`sights`](super::sights), and nobody calls the observer.
pub fn links(model: &Model, observer: Option<usize>) -> Vec<Link> {
    let all = 0..model.cluster.workloads.len();
    links_between(model, observer, all, |_, _| true)
}

/// Those of the [`links`] that a workload makes.
pub fn links_from(model: &Model, observer: Option<usize>, workload: usize) -> Vec<Link> {
    links_between(model, observer, [workload], |_, _| true)
}

/// The calls from one workload to another, if there are any.
pub fn link(model: &Model, from: usize, to: usize) -> Option<Link> {
    links_between(model, None, [from], |_, called| called == to).pop()
}

fn links_between(
    model: &Model,
    observer: Option<usize>,
    callers: impl IntoIterator<Item = usize>,
    is_asked_for: impl Fn(usize, usize) -> bool,
) -> Vec<Link> {
    let workloads = &model.cluster.workloads;
    let takes_part = |i: usize| !workloads[i].is_implicit() && observer != Some(i);
    let mut links = Vec::new();
    for from in callers.into_iter().filter(|i| takes_part(*i)) {
        let intended = intended(model, from);
        for to in (0..workloads.len()).filter(|i| takes_part(*i)) {
            if !is_asked_for(from, to) || (from == to && !workloads[from].has_siblings()) {
                continue;
            }
            let attempts: Vec<_> = match &intended {
                Some(replies) => replies.iter().flat_map(|reply| attempts_to(reply, to)).collect(),
                None => offered(model, from, to),
            };
            if !attempts.is_empty() {
                links.push(Link { from, to, attempts });
            }
        }
    }
    links
}

/// The calls that a workload's probes name; `None` without probes.
pub(crate) fn intentions(cluster: &Cluster, from: usize) -> Option<Vec<Call>> {
    let workload = &cluster.workloads[from];
    let urls = workload.probes.iter().filter_map(|url| url.parse().ok());
    let calls = urls.map(|url: Url| url.call(cluster, Peer::pod(from), &workload.namespace));
    let calls: Vec<Call> = calls.collect();
    (!calls.is_empty()).then_some(calls)
}

/// The same, and what became of them.
fn intended(model: &Model, from: usize) -> Option<Vec<(Call, Reply)>> {
    let judged = |made| {
        let reply = call(model, &made);
        (made, reply)
    };
    Some(intentions(&model.cluster, from)?.into_iter().map(judged).collect())
}

fn attempts_to<'a>(
    (call, reply): &'a (Call, Reply),
    to: usize,
) -> impl Iterator<Item = LinkAttempt> + 'a {
    reply.attempts.iter().filter(move |attempt| attempt.is_to(to)).map(move |attempt| LinkAttempt {
        call: call.clone(),
        lookup: reply.lookup.clone(),
        attempt: attempt.clone(),
        stop: reply.stop_of(attempt),
        any_port: None,
    })
}

/// One call to every port that a workload offers: its Services' ports, else its containers', else
/// any port at all.
fn offered(model: &Model, from: usize, to: usize) -> Vec<LinkAttempt> {
    let target = &model.cluster.workloads[to];
    let source = Peer::pod(from);
    let services = model.cluster.services.iter().filter(|service| service.selects(target));
    let by_name = services.flat_map(|service| {
        service.ports.iter().map(move |port| Call {
            from: source,
            to: Target::Service {
                namespace: service.namespace.clone(),
                name: service.name.clone(),
            },
            protocol: port.protocol,
            port: port.port,
        })
    });
    let mut calls: Vec<Call> = by_name.collect();
    let pod = backend_for(source, to, target);
    if calls.is_empty() {
        let direct = target.ports.iter().map(|port| Call {
            from: source,
            to: Target::Peer(pod),
            protocol: port.protocol,
            port: port.port,
        });
        calls = direct.collect();
    }
    if calls.is_empty() {
        return vec![any_port(model, source, pod)];
    }
    let replies = calls.into_iter().map(|made| {
        let reply = call(model, &made);
        (made, reply)
    });
    replies.flat_map(|reply| attempts_to(&reply, to).collect::<Vec<_>>()).collect()
}

/// A call on no port in particular. It is told at a port that shows what stops it: one that gets
/// through if there is any, else one that at least one of the two doors admits.
pub fn any_port(model: &Model, from: Peer, to: Peer) -> LinkAttempt {
    let passing = evaluate::connections(model, from, to);
    let door = |direction| evaluate::admitted(model, direction, from, to);
    let (protocol, port) = passing
        .first()
        .or_else(|| door(Direction::Egress).first())
        .or_else(|| door(Direction::Ingress).first())
        .unwrap_or((Protocol::Tcp, 80));
    let call = Call { from, to: Target::Peer(to), protocol, port };
    let attempt = attempt(model, from, to, protocol, port);
    let stop = Stop::of(&attempt.verdict);
    LinkAttempt { call, lookup: None, attempt, stop, any_port: Some(passing) }
}
