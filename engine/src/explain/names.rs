//! What ends, rules and Services are called in sentences, and how names are strung together.

use std::fmt::Display;

use crate::evaluate::{Model, Peer};
use crate::policy::{Direction, PolicyRef, RuleRef};

/// What an end is called: the workload's name, with as much around it as tells it from the other
/// workloads of the cluster; or the address.
pub fn name(model: &Model, peer: Peer) -> String {
    let pod = match peer {
        Peer::External(address) => return address.to_string(),
        Peer::Pod(pod) => pod,
    };
    let workload = model.workload(pod);
    let namesakes: Vec<_> =
        model.cluster.workloads.iter().filter(|other| other.name == workload.name).collect();
    let neighbours = namesakes.iter().filter(|other| other.namespace == workload.namespace);
    let name = match (namesakes.len(), neighbours.count()) {
        (1, _) => workload.name.clone(),
        (_, 1) => workload.path(),
        _ => workload.id(),
    };
    if pod.replica > 0 { format!("another pod of {name}") } else { name }
}

/// One of the two doors of an end: `facade's egress`, `payments' egress`.
pub(crate) fn door(end: &str, direction: Direction) -> String {
    if end.contains(' ') {
        format!("the {direction} of {end}")
    } else if end.ends_with('s') {
        format!("{end}' {direction}")
    } else {
        format!("{end}'s {direction}")
    }
}

/// What a Service is called: `name.namespace`, or the name alone where it has none: that of a host
/// outside the cluster.
pub fn host(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{name}.{namespace}") }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    strung(items.into_iter().map(|item| item.to_string()).collect(), "and")
}

/// `a`, `a or b`, `a, b or c`, `a, b or 7 others`.
pub(super) fn either<T: Display>(items: &[T]) -> String {
    const MOST: usize = 3;
    let mut told: Vec<String> = items.iter().take(MOST).map(T::to_string).collect();
    if items.len() > MOST {
        told.pop();
        told.push(format!("{} others", items.len() - told.len()));
    }
    strung(told, "or")
}

fn strung(mut items: Vec<String>, word: &str) -> String {
    match items.pop() {
        None => String::new(),
        Some(only) if items.is_empty() => only,
        Some(last) => format!("{} {word} {last}", items.join(", ")),
    }
}

/// `rule 1`, `rules 1 and 3`.
pub(super) fn rule_numbers(numbers: &[usize]) -> String {
    let word = if numbers.len() == 1 { "rule" } else { "rules" };
    format!("{word} {}", list(numbers))
}

/// The names of policies that select one pod, and so are of one namespace.
pub(super) fn policies(model: &Model, policies: &[PolicyRef]) -> String {
    list(policies.iter().map(|policy| &model.policy(*policy).name))
}

/// `queue-access-policy, rule 1`; rules of several policies are told policy by policy.
pub(super) fn rules(model: &Model, rules: &[RuleRef]) -> String {
    let mut phrases: Vec<String> = rules
        .chunk_by(|a, b| a.policy == b.policy)
        .map(|rules| {
            let numbers: Vec<_> = rules.iter().map(|rule| rule.number()).collect();
            format!("{}, {}", model.policy(rules[0].policy).name, rule_numbers(&numbers))
        })
        .collect();
    match phrases.pop() {
        Some(last) if !phrases.is_empty() => format!("{}, and {last}", phrases.join(", ")),
        last => last.unwrap_or_default(),
    }
}
