//! What a Service makes of a call: which pods it leads to, and on which port.

use super::names::{host, list, name};
use crate::cluster::{Routing, Service, TargetPort};
use crate::evaluate::Model;
use crate::net::Protocol;
use crate::probe::{Attempt, Call, resolve};

/// What a Service makes of a call, or why it makes nothing of it.
pub(super) fn sentence(
    model: &Model,
    call: &Call,
    namespace: &str,
    service: &str,
    attempts: &[Attempt],
) -> String {
    let Some(found) = resolve(&model.cluster, namespace, service) else {
        return format!("the cluster has no Service {}", host(namespace, service));
    };
    let Some(first) = attempts.first() else { return no_endpoints(model, call, found) };
    let is_alias = found.namespace != namespace || found.name != service;
    let alias = if is_alias { format!("an alias for {}: ", found.host()) } else { String::new() };
    let called = port_name(call.protocol, call.port);
    let targets = attempts.iter().map(|attempt| name(model, attempt.traffic.destination));
    if found.routing == Routing::Headless {
        return format!("{alias}headless: it leads straight to {}, on {called}", list(targets));
    }
    let arrival = |attempt: &Attempt| port_name(call.protocol, attempt.traffic.port);
    let seen = match attempts.iter().all(|attempt| attempt.traffic.port == call.port) {
        true => "",
        false => ", which is what policies see",
    };
    if attempts.iter().all(|attempt| attempt.traffic.port == first.traffic.port) {
        return format!("{alias}{called} leads to {} on {}{seen}", list(targets), arrival(first));
    }
    let each = attempts.iter().zip(targets);
    let each = each.map(|(attempt, target)| format!("{target} on {}", arrival(attempt)));
    format!("{alias}{called} leads to {}{seen}", list(each))
}

/// Why a Service sends a call nowhere.
fn no_endpoints(model: &Model, call: &Call, service: &Service) -> String {
    let host = service.host();
    if let Routing::Alias(target) = &service.routing {
        return format!("{host} is an alias for {target}, which is no Service of the cluster");
    }
    let Some(selector) = &service.selector else {
        return format!("{host} has no selector, so that it selects no pods");
    };
    if model.cluster.backends(service).next().is_none() {
        return format!("{host} selects no pods: none has the labels {selector}");
    }
    let port = service.ports.iter().find(|p| p.protocol == call.protocol && p.port == call.port);
    match port.map(|port| &port.target) {
        Some(TargetPort::Name(name)) => {
            format!("no pod behind {host} declares the port {name}")
        }
        _ => {
            let offered = service.ports.iter().map(|port| port_name(port.protocol, port.port));
            let offered = match service.ports.is_empty() {
                true => "and no other".to_owned(),
                false => format!("only {}", list(offered)),
            };
            format!("{host} has no port {}, {offered}", port_name(call.protocol, call.port))
        }
    }
}

fn port_name(protocol: Protocol, port: u16) -> String {
    format!("{protocol} {port}")
}
