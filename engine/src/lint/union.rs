//! What policies come to together.

use crate::labels::Selector;
use crate::net::PortRange;
use crate::policy::{
    Direction, NamespaceMatcher, PeerMatcher, Policy, PolicyRef, PortMatcher, PortSpec,
    Rule as PolicyRule,
};

use super::ground::Ground;
use super::{Report, Rule};

pub(super) fn check(ground: &Ground, index: usize, report: &mut Report) {
    let policy = &ground.model.policies[index];
    for direction in Direction::ALL {
        for (number, rule) in (1..).zip(policy.rules(direction).unwrap_or_default()) {
            if !redundant(ground, index, direction, number, rule, report) {
                far_side(ground, policy, direction, rule, report);
            }
        }
    }
}

/// Says so when another rule admits all that this one does, to the same pods.
fn redundant(
    ground: &Ground,
    index: usize,
    direction: Direction,
    number: usize,
    rule: &PolicyRule,
    report: &mut Report,
) -> bool {
    let policy = &ground.model.policies[index];
    for (PolicyRef(other_index), other) in ground.model.policies.of(&policy.namespace) {
        if !selector_covers(&other.selector, &policy.selector) {
            continue;
        }
        for (other_number, covering) in (1..).zip(other.rules(direction).unwrap_or_default()) {
            let is_itself = (other_index, other_number) == (index, number);
            if is_itself || !rule_covers(covering, rule) {
                continue;
            }
            // Of two that cover each other, the later one is the one too many.
            let is_later = (other_index, other_number) > (index, number);
            let are_equal =
                rule_covers(rule, covering) && selector_covers(&policy.selector, &other.selector);
            if are_equal && is_later {
                continue;
            }
            let whose = match other_index == index {
                true => String::new(),
                false => format!(" of {}", other.path()),
            };
            let message = format!(
                "{direction} rule {number} is redundant: rule {other_number}{whose} admits all of it"
            );
            report.add(Rule::Redundant, &rule.location, message, None);
            return true;
        }
    }
    false
}

/// Whether a rule admits all that another one does, by how the two are written.
fn rule_covers(covering: &PolicyRule, rule: &PolicyRule) -> bool {
    let peers = covering.peers.is_empty()
        || (!rule.peers.is_empty()
            && rule.peers.iter().all(|peer| covering.peers.iter().any(|c| peer_covers(c, peer))));
    let ports = covering.ports.is_empty()
        || (!rule.ports.is_empty()
            && rule.ports.iter().all(|port| covering.ports.iter().any(|c| port_covers(c, port))));
    peers && ports
}

fn peer_covers(covering: &PeerMatcher, peer: &PeerMatcher) -> bool {
    match (covering, peer) {
        (PeerMatcher::Block(covering), PeerMatcher::Block(block)) => {
            covering == block || (covering.except.is_empty() && covering.cidr.contains(&block.cidr))
        }
        (
            PeerMatcher::Pods { namespaces: wide, pods: all },
            PeerMatcher::Pods { namespaces, pods },
        ) => {
            let namespaces = match (wide, namespaces) {
                (NamespaceMatcher::Own, NamespaceMatcher::Own) => true,
                (NamespaceMatcher::Own, NamespaceMatcher::Matching(_)) => false,
                (NamespaceMatcher::Matching(wide), NamespaceMatcher::Own) => wide.is_everything(),
                (NamespaceMatcher::Matching(wide), NamespaceMatcher::Matching(narrow)) => {
                    selector_covers(wide, narrow)
                }
            };
            namespaces && selector_covers(all, pods)
        }
        _ => false,
    }
}

/// Whether everything that a selector means, the covering one does too, by how the two are written.
fn selector_covers(covering: &Selector, selector: &Selector) -> bool {
    let narrows = |requirement| selector.requirements().contains(requirement);
    covering.requirements().iter().all(narrows)
}

fn port_covers(covering: &PortMatcher, port: &PortMatcher) -> bool {
    covering.protocol == port.protocol
        && match (&covering.port, &port.port) {
            (PortSpec::Range(PortRange::ALL), _) => true,
            (PortSpec::Range(wide), PortSpec::Range(narrow)) => {
                wide.contains(narrow.first) && wide.contains(narrow.last)
            }
            (PortSpec::Named(a), PortSpec::Named(b)) => a == b,
            _ => false,
        }
}

/// Says so when the other side admits nothing of what a rule does, whoever calls whom.
fn far_side(
    ground: &Ground,
    policy: &Policy,
    direction: Direction,
    rule: &PolicyRule,
    report: &mut Report,
) {
    let others = ground.all_meant(policy, rule).filter(|_| !rule.peers.is_empty());
    let Some(others) = others else { return };
    let mut asked = false;
    for here in ground.selected(policy).iter() {
        for there in others.iter().filter(|there| *there != here) {
            let (source, destination, far) = match direction {
                Direction::Egress => (here, there, Direction::Ingress),
                Direction::Ingress => (there, here, Direction::Egress),
            };
            let admitted = ground.admits(rule, destination);
            if admitted.is_empty() {
                // A port that there is not is another finding.
                continue;
            }
            asked = true;
            if !ground.door(far, source, destination).intersection(&admitted).is_empty() {
                return;
            }
        }
    }
    if !asked {
        return;
    }
    let names = ground.names(others.iter());
    let (kind, message) = match direction {
        Direction::Egress => (
            Rule::FarSideClosed,
            format!("the far side is closed: the ingress of {names} admits none of it"),
        ),
        Direction::Ingress => (
            Rule::NobodyCanUse,
            format!("nobody can use it: the egress of {names} admits none of it"),
        ),
    };
    report.add(kind, &rule.location, message, None);
}
