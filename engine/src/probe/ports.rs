//! The ports on which a Service can be called.

use super::{backend_for, resolve};
use crate::cluster::{Routing, Service};
use crate::evaluate::{self, Model, Peer};
use crate::net::{Connections, Protocol};

/// Where a call by a name is told that leads nowhere, whatever the port.
const NOWHERE: (Protocol, u16) = (Protocol::Tcp, 80);

/// The ports on which a Service can be called by its name, never none: those that it lists. A headless one
/// that lists none is called on the ports of its pods, and has one that shows what passes: a port on which
/// all of them can be reached if there is any, else one on which some can.
pub fn ports(model: &Model, from: Peer, namespace: &str, name: &str) -> Vec<(Protocol, u16)> {
    match resolve(&model.cluster, namespace, name) {
        Some(service) if !service.ports.is_empty() => {
            service.ports.iter().map(|port| (port.protocol, port.port)).collect()
        }
        Some(service) if service.routing == Routing::Headless => {
            vec![of_pods(model, from, service).unwrap_or(NOWHERE)]
        }
        _ => vec![NOWHERE],
    }
}

fn of_pods(model: &Model, from: Peer, service: &Service) -> Option<(Protocol, u16)> {
    let passing = model.cluster.backends(service).map(|backend| {
        let pod = backend_for(from, backend, &model.cluster.workloads[backend]);
        evaluate::connections(model, from, pod)
    });
    let (all, some) = passing
        .fold((Connections::all(), Connections::none()), |(all, some), pod| {
            (all.intersection(&pod), some.union(&pod))
        });
    all.first().or_else(|| some.first())
}
