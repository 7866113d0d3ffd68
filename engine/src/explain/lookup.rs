//! Whether the names of Services can be looked up, and what stops it.

use super::names::name;
use super::side::Side;
use crate::evaluate::{DirectionVerdict, Model};
use crate::net::PortRange;
use crate::policy::{Direction, PortMatcher, PortSpec};
use crate::probe::{Lookup, Stop};

/// Whether names can be looked up, and what stops it.
pub(super) fn sentence(model: &Model, lookup: &Lookup) -> String {
    let Lookup { traffic, verdict, long_answers } = lookup;
    let source = name(model, traffic.source);
    let dns = name(model, traffic.destination);
    let port = format!("{} {}", traffic.protocol, traffic.port);
    let Some(stop) = Stop::of(verdict) else {
        let note = match long_answers {
            true => "",
            false => "; TCP, which long answers need, does not",
        };
        return format!("{source} can resolve names: {port} to {dns} passes{note}");
    };
    let egress = Side { model, direction: Direction::Egress, traffic: *traffic, verdict };
    let whom = if admits_elsewhere(&egress) { format!(" to {dns}") } else { String::new() };
    let why = match stop {
        _ if verdict.family.is_none() => format!("it shares no address family with {dns}"),
        Stop::Ingress => format!("the ingress of {dns} does not admit it on {port}"),
        Stop::Both => format!("its egress admits no {port}{whom}, nor does {dns} admit it"),
        _ => format!("its egress admits no {port}{whom}"),
    };
    format!("{source} cannot resolve names: {why}")
}

/// Whether rules at a door that does not admit a connection admit its port with other peers.
fn admits_elsewhere(side: &Side) -> bool {
    let DirectionVerdict::Denied { isolated_by } = side.found() else { return false };
    let covers = |port: &PortMatcher| {
        let in_range = |range: PortRange| range.contains(side.traffic.port);
        port.protocol == side.traffic.protocol
            && matches!(port.port, PortSpec::Range(range) if in_range(range))
    };
    let policies = isolated_by.iter().map(|policy| side.model.policy(*policy));
    let mut rules = policies.filter_map(|policy| policy.rules(side.direction)).flatten();
    rules.any(|rule| rule.ports.is_empty() || rule.ports.iter().any(covers))
}
