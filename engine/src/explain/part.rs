//! The part that each policy plays at one of the two doors of a connection.

use std::fmt::Display;

use super::names::rule_numbers;
use super::side::Side;
use super::{Part, Stance, workload_of};
use crate::evaluate::{DirectionVerdict, Traffic};
use crate::net::Connections;
use crate::policy::{Direction, Policy, PolicyRef, PortMatcher, PortSpec, Rule, RuleRef};

/// The most rules of a policy that are told one by one although they are for other peers.
const TOLD: usize = 3;

/// The part of every policy that selects the pod at a door.
pub(super) fn parts(side: &Side) -> Vec<Part> {
    let Some(workload) = workload_of(side.model, side.here()) else { return Vec::new() };
    let matching = side.matching_rules();
    let policies = side.model.policies.iter().enumerate();
    policies
        .filter(|(_, policy)| policy.selects(workload))
        .map(|(i, policy)| part(side, PolicyRef(i), policy, &matching))
        .collect()
}

fn part(
    side: &Side,
    reference: PolicyRef,
    policy: &Policy,
    matching: &[(RuleRef, Connections)],
) -> Part {
    let mut location = &policy.location;
    let (stance, says) = match (policy.rules(side.direction), side.found()) {
        (None, _) => {
            let governed = match side.direction {
                Direction::Egress => Direction::Ingress,
                Direction::Ingress => Direction::Egress,
            };
            (Stance::DoesNotApply, format!("does not apply: it governs {governed} only"))
        }
        (Some(_), DirectionVerdict::NotEnforced(exemption)) => {
            (Stance::DoesNotApply, format!("does not apply: {}", side.exempt(*exemption)))
        }
        (Some(rules), _) => {
            let own: Vec<_> =
                matching.iter().filter(|(rule, _)| rule.policy == reference).collect();
            let Traffic { protocol, port, .. } = side.traffic;
            let admits = own.iter().filter(|(_, ports)| ports.contains(protocol, port));
            let admits: Vec<RuleRef> = admits.map(|(rule, _)| *rule).collect();
            if let Some(first) = admits.first() {
                location = &rules[first.index].location;
                let numbers: Vec<_> = admits.iter().map(|rule| rule.number()).collect();
                (Stance::Admits, format!("admits by {}", rule_numbers(&numbers)))
            } else {
                (Stance::DoesNotAdmit, format!("does not admit: {}", why_not(side, rules, &own)))
            }
        }
    };
    Part { policy: reference, path: policy.path(), stance, says, location: location.clone() }
}

/// Why none of a policy's rules admits a connection. `matching` are those that match the other end:
/// near misses, and so always told one by one.
fn why_not(side: &Side, rules: &[Rule], matching: &[&(RuleRef, Connections)]) -> String {
    if rules.is_empty() {
        return format!("it defines no {} rules", side.direction);
    }
    let tells_all = rules.len() <= TOLD;
    let mut reasons = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        match matching.iter().find(|(matched, _)| matched.index == index) {
            Some((_, ports)) => reasons.push(on_other_ports(side, index + 1, rule, ports)),
            None if tells_all => {
                reasons.push(format!("rule {} is for {}", index + 1, either(&rule.peers)));
            }
            None => {}
        }
    }
    let others = rules.len() - matching.len();
    if !tells_all && others > 0 {
        let which = if matching.is_empty() { "none" } else { "none else" };
        reasons.push(format!("{which} of its {} rules is for {}", rules.len(), side.there_name()));
    }
    reasons.join("; ")
}

/// What a rule that matches the other end admits instead.
fn on_other_ports(side: &Side, number: usize, rule: &Rule, ports: &Connections) -> String {
    let there = side.there_name();
    if !ports.is_empty() {
        return format!("rule {number} admits {there} on {ports} only");
    }
    let is_named = |port: &&PortMatcher| matches!(port.port, PortSpec::Named(_));
    let named: Vec<_> = rule.ports.iter().filter(is_named).collect();
    let destination = super::name(side.model, side.traffic.destination);
    format!(
        "rule {number} admits {there} on {}, and {destination} declares no port of that name",
        either(&named)
    )
}

/// `a or b`.
fn either<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" or ")
}
