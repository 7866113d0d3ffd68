//! Whether names resolve for those whose egress is isolated.

use crate::evaluate;
use crate::net::Protocol;
use crate::policy::{Direction, PeerMatcher, PolicyRef, PortMatcher, PortSpec, Rule as PolicyRule};

use super::ground::Ground;
use super::{Report, Rule};

/// A block of so many addresses, or more, is the internet or a good part of it: its hosts have names.
const WIDE: u8 = 8;

pub(super) fn check(ground: &Ground, index: usize, report: &mut Report) {
    let policy = &ground.model.policies[index];
    let Some(rules) = policy.rules(Direction::Egress).filter(|rules| !rules.is_empty()) else {
        // A policy without rules closes egress on purpose.
        return;
    };
    let closed: Vec<usize> = ground
        .selected(policy)
        .iter()
        .filter(|workload| {
            is_first(ground, PolicyRef(index), *workload) && is_closed(ground, *workload)
        })
        .collect();
    if closed.is_empty() {
        return;
    }
    let list = policy.written.egress.as_ref().map(|(_, location)| location);
    let location = list.unwrap_or(&rules[0].location);
    let names = ground.names(closed);
    let message = format!(
        "{names} cannot resolve names: the egress is isolated, and no rule admits UDP 53 of the cluster DNS"
    );
    report.add(Rule::DnsClosed, location, message, None);
}

/// Whether this is the first of the policies with rules that isolate the workload: one of them tells.
fn is_first(ground: &Ground, policy: PolicyRef, workload: usize) -> bool {
    let workload = &ground.model.cluster.workloads[workload];
    let mut isolating = evaluate::isolating(ground.model, Direction::Egress, workload);
    isolating.find(|(_, rules)| !rules.is_empty()).is_some_and(|(first, _)| first == policy)
}

/// Whether a workload calls others by name, by what its policies admit, and cannot look them up.
fn is_closed(ground: &Ground, workload: usize) -> bool {
    let model = ground.model;
    let isolating =
        evaluate::isolating(model, Direction::Egress, &model.cluster.workloads[workload]);
    let rules: Vec<&PolicyRule> = isolating.flat_map(|(_, rules)| rules).collect();
    if !rules.iter().any(|rule| calls_by_name(rule)) || rules.iter().any(|rule| has_own_dns(rule)) {
        return false;
    }
    let servers = ground.servers();
    let resolves = |(server, port): &(usize, u16)| {
        *server == workload
            || ground.door(Direction::Egress, workload, *server).contains(Protocol::Udp, *port)
    };
    !servers.is_empty() && !servers.iter().any(resolves)
}

/// Whether a rule admits calls to what has a name: pods, or a good part of the internet.
fn calls_by_name(rule: &PolicyRule) -> bool {
    rule.peers.is_empty()
        || rule.peers.iter().any(|peer| match peer {
            PeerMatcher::Pods { .. } => true,
            PeerMatcher::Block(block) => block.cidr.prefix_len() <= WIDE,
        })
}

/// Whether a rule admits lookups to addresses: a resolver of one's own, or of the node.
fn has_own_dns(rule: &PolicyRule) -> bool {
    let is_dns = |port: &PortMatcher| match &port.port {
        PortSpec::Range(range) => port.protocol == Protocol::Udp && range.contains(53),
        PortSpec::Named(_) => false,
    };
    let is_block = |peer: &PeerMatcher| matches!(peer, PeerMatcher::Block(block) if block.cidr.prefix_len() > WIDE);
    rule.peers.iter().any(is_block) && (rule.ports.is_empty() || rule.ports.iter().any(is_dns))
}
