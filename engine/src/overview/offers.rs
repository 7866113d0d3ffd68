//! Which connections workloads try, before anybody judges them. No policy has a part in this.
//!
//! The calls are those of [`probe::links`](crate::probe::links()): where a workload's probes say whom it calls, these
//! are its [intents], and else what every other workload [offers](Offer).

use crate::cluster::{Cluster, Routing, Service, Workload};
use crate::evaluate::{Peer, Traffic};
use crate::net::Protocol;
use crate::probe::{self, Target};

/// What a workload offers to others, whoever they are: ports of its pods, in the order in which they are
/// called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// The ports that its Services translate to. None if Services select it and have none of its ports:
    /// then there is no call.
    ByName(Vec<(Protocol, u16)>),
    /// Those that its containers declare.
    Ports(Vec<(Protocol, u16)>),
    /// Any port.
    AnyPort,
}

/// A connection that a workload's probes come down to.
pub(super) struct Intent {
    /// The workload that is called.
    pub to: usize,
    /// Whether its Service's name has to be looked up.
    pub by_name: bool,
    pub traffic: Traffic,
}

impl Offer {
    /// What a workload offers.
    pub fn of(cluster: &Cluster, workload: &Workload) -> Offer {
        let services = of_namespace(cluster, &workload.namespace).iter();
        let called = |service: &&Service| service.selects(workload) && !service.ports.is_empty();
        let (mut is_called, mut ports) = (false, Vec::new());
        for service in services.filter(called) {
            is_called = true;
            // An alias is called as it is, and answered by whom it stands for.
            let resolved = match service.routing {
                Routing::Alias(_) => probe::resolve(cluster, &service.namespace, &service.name),
                Routing::Translated | Routing::Headless => Some(service),
            };
            let resolved = resolved.filter(|service| service.selects(workload));
            for port in &service.ports {
                let answer = |resolved: &Service| {
                    Some((port.protocol, resolved.pod_port(port.protocol, port.port, workload)?))
                };
                ports.extend(resolved.and_then(answer));
            }
        }
        match is_called {
            true => Offer::ByName(ports),
            false if workload.ports.is_empty() => Offer::AnyPort,
            false => {
                Offer::Ports(workload.ports.iter().map(|port| (port.protocol, port.port)).collect())
            }
        }
    }

    /// Whether a name has to be looked up to get it.
    pub fn is_by_name(&self) -> bool {
        matches!(self, Offer::ByName(_))
    }

    /// The ports; none in particular if it is any.
    pub fn ports(&self) -> Option<&[(Protocol, u16)]> {
        match self {
            Offer::ByName(ports) | Offer::Ports(ports) => Some(ports),
            Offer::AnyPort => None,
        }
    }
}

/// The Services of a namespace, which are sorted by it.
fn of_namespace<'c>(cluster: &'c Cluster, namespace: &str) -> &'c [Service] {
    let services = &cluster.services;
    let start = services.partition_point(|service| service.namespace.as_str() < namespace);
    let end = services.partition_point(|service| service.namespace.as_str() <= namespace);
    &services[start..end]
}

/// The connections that a workload's probes come down to, by whom they call and then in their order; `None`
/// of a workload without probes.
pub(super) fn intents(cluster: &Cluster, from: usize) -> Option<Vec<Intent>> {
    let mut intents = Vec::new();
    for call in probe::intentions(cluster, from)? {
        let by_name = matches!(call.to, Target::Service { .. });
        for traffic in probe::connections(cluster, &call) {
            let Peer::Pod(pod) = traffic.destination else { continue };
            let (to, workload) = (pod.workload, &cluster.workloads[pod.workload]);
            let is_alone = to == from && !workload.has_siblings();
            if !workload.is_implicit() && !is_alone {
                intents.push(Intent { to, by_name, traffic });
            }
        }
    }
    intents.sort_by_key(|intent| intent.to);
    Some(intents)
}
