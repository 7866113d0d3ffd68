//! What becomes of a call, as an application makes it.
//!
//! A call names a Service or an address. By name it is a journey: the name is looked up at the
//! cluster DNS, the Service translates the port, and then each backend's pod is a connection for
//! `evaluate` to judge. Nothing here decides about a connection.
//!
//! [`links()`] are the calls that the workloads of a cluster make among each other, and [`sights`]
//! those of a workload that watches the others.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::cluster::{Cluster, Routing, Service, Workload};
use crate::evaluate::{self, Model, Peer, Pod, Traffic, Verdict};
use crate::net::Protocol;

mod links;
mod lookup;
mod observer;
mod ports;
mod url;

pub(crate) use links::intentions;
pub use links::{Link, LinkAttempt, LinkState, any_port, link, links, links_from};
pub use lookup::{Lookup, lookups};
pub use observer::{Observer, Sight, sights};
pub use ports::ports;
pub use url::Url;

/// What becomes of a call. The words are those of the page and of `netpol`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Lookup, egress and ingress all admit.
    Open,
    /// Egress at the source, ingress at the target, or both admit nothing.
    Blocked,
    /// The call is by name and the lookup is stopped, whatever would have come after.
    NotResolved,
    /// Nothing of that name exists: not a policy's doing.
    NoSuchService,
    /// The Service exists and sends the call nowhere: not a policy's doing.
    NoEndpoints,
    /// The Service has several backends and only some of them can be reached.
    SomeBackends,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Open => "open",
            Outcome::Blocked => "blocked",
            Outcome::NotResolved => "not resolved",
            Outcome::NoSuchService => "no such service",
            Outcome::NoEndpoints => "no endpoints",
            Outcome::SomeBackends => "some backends",
        })
    }
}

/// Where a call that does not get through is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stop {
    /// At the lookup of the name.
    Dns,
    /// At the source: its egress does not admit the call.
    Egress,
    /// At the target: its ingress does not admit the call.
    Ingress,
    /// At both ends.
    Both,
    /// At the Service: there is none, or it sends the call nowhere.
    Service,
}

impl Stop {
    /// The word of the page's `data-stopped`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stop::Dns => "dns",
            Stop::Egress => "egress",
            Stop::Ingress => "ingress",
            Stop::Both => "both",
            Stop::Service => "service",
        }
    }

    /// Where a judged connection is stopped; nowhere when it is open.
    pub fn of(verdict: &Verdict) -> Option<Stop> {
        let doors = [verdict.egress.admits(), verdict.ingress.admits()];
        (!verdict.is_open()).then(|| Stop::between(doors))
    }

    /// Where a connection that does not pass is stopped, of which it is known whether egress and ingress
    /// admit it: if both do, the ends have no family in common.
    pub(crate) fn between([egress, ingress]: [bool; 2]) -> Stop {
        match (egress, ingress) {
            (false, true) => Stop::Egress,
            (true, false) => Stop::Ingress,
            (false, false) | (true, true) => Stop::Both,
        }
    }
}

/// A call that somebody makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub from: Peer,
    /// Whom.
    pub to: Target,
    /// By which protocol.
    pub protocol: Protocol,
    /// On which port: the Service's when the call is by its name, else the target's own.
    pub port: u16,
}

/// Whom a call is made to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A Service, by its DNS name.
    Service {
        /// The Service's namespace.
        namespace: String,
        /// The Service's name.
        name: String,
    },
    /// A pod or an address, dialled directly.
    Peer(Peer),
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The whole of it.
    pub outcome: Outcome,
    /// The lookup of the name, when the call is by name and comes from a pod.
    pub lookup: Option<Lookup>,
    /// The connections that the call comes down to, one a backend.
    pub attempts: Vec<Attempt>,
}

/// One connection that a call comes down to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The connection, after translation.
    pub traffic: Traffic,
    /// What becomes of it.
    pub verdict: Verdict,
}

impl Reply {
    /// Whether the name of the call could not be looked up.
    fn unresolved(&self) -> bool {
        self.lookup.as_ref().is_some_and(|lookup| !lookup.resolves())
    }

    /// Where the call to one of its backends is stopped; nowhere when it gets through.
    pub fn stop_of(&self, attempt: &Attempt) -> Option<Stop> {
        if self.unresolved() { Some(Stop::Dns) } else { Stop::of(&attempt.verdict) }
    }

    /// Where the call is stopped on its way to its first backend that it does not reach.
    pub fn stop(&self) -> Option<Stop> {
        match self.outcome {
            Outcome::NotResolved => Some(Stop::Dns),
            Outcome::NoSuchService | Outcome::NoEndpoints => Some(Stop::Service),
            _ => self.attempts.iter().find_map(|attempt| Stop::of(&attempt.verdict)),
        }
    }
}

/// Follows a call to its end.
pub fn call(model: &Model, call: &Call) -> Reply {
    let attempts = connections(&model.cluster, call).into_iter().map(|made| judge(model, made));
    let attempts: Vec<_> = attempts.collect();
    let Target::Service { namespace, name } = &call.to else {
        return Reply { outcome: outcome_of(&attempts), lookup: None, attempts };
    };
    let lookup = match call.from {
        Peer::Pod(pod) => lookup::lookup(model, pod),
        Peer::External(_) => None,
    };
    let service = resolve(&model.cluster, namespace, name);
    let outcome = match (&lookup, service) {
        (Some(lookup), _) if !lookup.resolves() => Outcome::NotResolved,
        (_, None) => Outcome::NoSuchService,
        (_, Some(_)) => outcome_of(&attempts),
    };
    Reply { outcome, lookup, attempts }
}

/// How many aliases of aliases are followed before a name is taken to lead nowhere.
const ALIAS_DEPTH: usize = 8;

/// The Service that a name stands for, aliases within the cluster followed.
pub fn resolve<'a>(cluster: &'a Cluster, namespace: &str, name: &str) -> Option<&'a Service> {
    let mut service = cluster.service(namespace, name)?;
    for _ in 0..ALIAS_DEPTH {
        let Routing::Alias(host) = &service.routing else { break };
        let Some((namespace, name)) = url::service_of_host(host, &service.namespace) else { break };
        let Some(next) = cluster.service(&namespace, &name) else { break };
        service = next;
    }
    Some(service)
}

/// The connections that a call comes down to, one a backend, whatever becomes of them.
pub(crate) fn connections(cluster: &Cluster, call: &Call) -> Vec<Traffic> {
    let &Call { from: source, protocol, port, .. } = call;
    let to = |destination, port| Traffic { source, destination, protocol, port };
    let service = match &call.to {
        Target::Peer(peer) => return vec![to(*peer, port)],
        Target::Service { namespace, name } => resolve(cluster, namespace, name),
    };
    let backends = service.into_iter().flat_map(|service| {
        cluster.backends(service).filter_map(move |backend| {
            let workload = &cluster.workloads[backend];
            let port = service.pod_port(protocol, port, workload)?;
            Some(to(backend_for(source, backend, workload), port))
        })
    });
    backends.collect()
}

/// The pod that stands for a backend: a workload of several pods that calls its own Service
/// reaches its siblings too, and those are what a policy can keep from it.
fn backend_for(from: Peer, backend: usize, workload: &Workload) -> Peer {
    if from == Peer::pod(backend) && workload.has_siblings() {
        Peer::sibling(backend)
    } else {
        Peer::pod(backend)
    }
}

fn attempt(
    model: &Model,
    source: Peer,
    destination: Peer,
    protocol: Protocol,
    port: u16,
) -> Attempt {
    judge(model, Traffic { source, destination, protocol, port })
}

fn judge(model: &Model, traffic: Traffic) -> Attempt {
    Attempt { traffic, verdict: evaluate::verdict(model, traffic) }
}

fn outcome_of(attempts: &[Attempt]) -> Outcome {
    match attempts.iter().filter(|attempt| attempt.verdict.is_open()).count() {
        _ if attempts.is_empty() => Outcome::NoEndpoints,
        open if open == attempts.len() => Outcome::Open,
        0 => Outcome::Blocked,
        _ => Outcome::SomeBackends,
    }
}

impl Attempt {
    /// Whether the connection goes to a pod of this workload.
    pub fn is_to(&self, workload: usize) -> bool {
        matches!(self.traffic.destination, Peer::Pod(pod) if pod.workload == workload)
    }
}

/// The peer that an address means: the pod that has it, else a host outside the cluster.
pub fn peer_at(cluster: &Cluster, address: IpAddr) -> Peer {
    let has = |workload: &Workload| workload.addresses.contains(&address);
    cluster
        .workloads
        .iter()
        .position(has)
        .map_or(Peer::External(address), |workload| Peer::Pod(Pod { workload, replica: 0 }))
}
