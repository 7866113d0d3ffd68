//! What a rule makes of a connection: whether it admits it, as `evaluate` found, and if not, what of it
//! the connection does not fit. What is compared here is told, and decides nothing.

use std::net::IpAddr;

use super::RuleAnswer;
use super::miss::Miss;
use super::names::either;
use super::side::Side;
use crate::cluster::Workload;
use crate::evaluate::{self, IpBlockPods, Peer};
use crate::labels::{Labels, Requirement, Selector};
use crate::net::{Connections, Family, IpBlock, PortSet, Protocol};
use crate::policy::{NamespaceMatcher, PeerMatcher, PortMatcher, PortSpec, Rule};

/// What keeps a rule of a policy in the namespace `own` from admitting a connection, and the position
/// of the peer that this is told of: the one that comes nearest, where none matches.
pub(super) fn misses(
    side: &Side,
    own: &str,
    rule: &Rule,
    peers: Peers,
) -> (Option<usize>, Vec<Miss>) {
    let nearest = match peers {
        Peers::Match => None,
        Peers::Differ => {
            let peers = rule.peers.iter().map(|peer| of_peer(side, own, peer)).enumerate();
            peers.min_by_key(|(_, misses)| distance(misses))
        }
    };
    let (peer, mut misses) = nearest.map_or((None, Vec::new()), |(i, misses)| (Some(i), misses));
    misses.extend(of_ports(side, rule));
    (peer, misses)
}

/// Whether a peer of a rule matches the other end, as `evaluate` found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Peers {
    /// One does, or the rule names none and means everybody.
    Match,
    /// None does.
    Differ,
}

/// How far a connection is from fitting.
pub(super) fn distance(misses: &[Miss]) -> usize {
    misses.iter().map(Miss::distance).sum()
}

fn of_peer(side: &Side, own: &str, matcher: &PeerMatcher) -> Vec<Miss> {
    let there = side.there();
    match (matcher, there) {
        (PeerMatcher::Pods { .. }, Peer::External(address)) => vec![Miss::Outside(address)],
        (PeerMatcher::Pods { .. }, _) if evaluate::is_node(side.model, there) => vec![Miss::Node],
        (PeerMatcher::Pods { namespaces, pods }, Peer::Pod(pod)) => {
            let workload = side.model.workload(pod);
            let mut misses = of_namespace(side, own, namespaces, &workload.namespace);
            let pods = failing(pods, &workload.labels);
            misses.extend(pods.map(|(required, found)| Miss::PodLabel { required, found }));
            misses
        }
        (PeerMatcher::Block(block), Peer::External(address)) => {
            of_address(block, address).into_iter().collect()
        }
        (PeerMatcher::Block(block), Peer::Pod(pod)) => {
            of_block(side, block, side.model.workload(pod)).into_iter().collect()
        }
    }
}

fn of_namespace(side: &Side, own: &str, matcher: &NamespaceMatcher, namespace: &str) -> Vec<Miss> {
    match matcher {
        NamespaceMatcher::Own if namespace == own => Vec::new(),
        NamespaceMatcher::Own => {
            vec![Miss::Namespace { own: own.to_owned(), found: namespace.to_owned() }]
        }
        NamespaceMatcher::Matching(selector) => {
            let labels = side.model.cluster.namespace_labels(namespace);
            let missed = |(required, found)| {
                let namespace = namespace.to_owned();
                Miss::NamespaceLabel { namespace, required, found }
            };
            failing(selector, labels).map(missed).collect()
        }
    }
}

/// The requirements that labels do not meet, each with the value of its key.
fn failing<'a>(
    selector: &'a Selector,
    labels: &'a Labels,
) -> impl Iterator<Item = (Requirement, Option<String>)> + 'a {
    let failing = selector.requirements().iter().filter(|required| !required.matches(labels));
    failing.map(|required| (required.clone(), labels.get(required.key()).cloned()))
}

fn of_address(block: &IpBlock, found: IpAddr) -> Option<Miss> {
    let IpBlock { cidr, except } = block;
    match except.iter().find(|except| except.contains(&found)) {
        Some(except) => Some(Miss::Except { except: *except, found }),
        None if cidr.contains(&found) => None,
        None => Some(Miss::Address { cidr: *cidr, found }),
    }
}

fn of_block(side: &Side, block: &IpBlock, workload: &Workload) -> Option<Miss> {
    let Side { model, .. } = side;
    let (plugin, family) = (&model.plugin, side.family());
    if evaluate::block_matches(plugin, block, workload, family) {
        return None;
    }
    let is_pod = !evaluate::is_node(model, side.there());
    if is_pod && plugin.ip_block_pods == IpBlockPods::Never {
        return Some(Miss::PodByAddress);
    }
    let network = evaluate::whereabouts(plugin, workload);
    if workload.addresses.is_empty() && Family::of(network.addr()) == family {
        return Some(Miss::UnknownAddress { block: block.clone(), network });
    }
    let addresses = workload.addresses.iter().filter(|address| Family::of(**address) == family);
    let misses = addresses.filter_map(|address| of_address(block, *address));
    Some(misses.min_by_key(Miss::distance).unwrap_or(Miss::Family))
}

fn of_ports(side: &Side, rule: &Rule) -> Vec<Miss> {
    let (protocol, port) = (side.traffic.protocol, side.traffic.port);
    if ports_admitted(side, rule).contains(protocol, port) {
        return Vec::new();
    }
    let (own, others): (Vec<_>, Vec<_>) =
        rule.ports.iter().partition(|entry| entry.protocol == protocol);
    if own.is_empty() {
        let is_admitted = |protocol: &Protocol| others.iter().any(|o| o.protocol == *protocol);
        let admitted = Protocol::ALL.into_iter().filter(is_admitted).collect();
        return vec![Miss::Protocol { admitted, found: protocol }];
    }
    let mut admitted = PortSet::default();
    let mut names = Vec::new();
    for PortMatcher { port, .. } in own {
        match port {
            PortSpec::Range(range) => admitted.insert(*range),
            PortSpec::Named(name) => names.push(of_name(side, name)),
        }
    }
    let by_number = !admitted.is_empty();
    let by_number = by_number.then_some(Miss::Port { admitted, protocol, found: port });
    by_number.into_iter().chain(names).collect()
}

fn of_name(side: &Side, name: &str) -> Miss {
    let destination = side.traffic.destination;
    let declared = match destination {
        Peer::Pod(pod) if !evaluate::is_node(side.model, destination) => {
            let ports = side.model.workload(pod).ports.iter();
            let ports = ports.filter(|port| port.name.as_deref() == Some(name));
            Some(ports.map(|port| (port.protocol, port.port)).collect())
        }
        Peer::Pod(_) | Peer::External(_) => None,
    };
    Miss::NamedPort {
        name: name.to_owned(),
        protocol: side.traffic.protocol,
        destination: super::name(side.model, destination),
        declared,
    }
}

fn ports_admitted(side: &Side, rule: &Rule) -> Connections {
    evaluate::ports_admitted(side.model, rule, side.traffic.destination)
}

/// Why a rule does not admit: `rule 1 is for pods app=api of the same namespace, but …`.
pub(super) fn sentence(side: &Side, rule: &Rule, answer: &RuleAnswer) -> String {
    let number = answer.rule.number();
    let Some(nearest) = answer.nearest else {
        return on_other_ports(side, rule, answer);
    };
    let whom = match rule.peers.as_slice() {
        [only] => only.to_string(),
        peers => {
            let peer = peers.get(nearest).map(PeerMatcher::to_string).unwrap_or_default();
            format!("{peer} (the nearest of its {} peers)", peers.len())
        }
    };
    let misses: Vec<String> = answer.misses.iter().map(Miss::to_string).collect();
    format!("rule {number} is for {whom}, but {}", misses.join(", and "))
}

/// What a rule that matches the other end admits instead.
fn on_other_ports(side: &Side, rule: &Rule, answer: &RuleAnswer) -> String {
    let (number, there) = (answer.rule.number(), side.there_name());
    let ports = ports_admitted(side, rule);
    let on = match ports.is_empty() {
        true => either(&rule.ports),
        false => format!("{ports} only"),
    };
    let is_named = |miss: &&Miss| matches!(miss, Miss::NamedPort { .. });
    let names = answer.misses.iter().filter(is_named).map(|miss| format!(", and {miss}"));
    format!("rule {number} admits {there} on {on}{}", names.collect::<String>())
}
