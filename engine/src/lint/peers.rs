//! Whom rules name.

use crate::diagnostic::Location;
use crate::labels::Selector;
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, Policy, Rule as PolicyRule};

use super::ground::{Ground, Near};
use super::{Fix, Report, Rule};

pub(super) fn check(ground: &Ground, policy: usize, report: &mut Report) {
    let policy = &ground.model.policies[policy];
    for direction in Direction::ALL {
        for rule in policy.rules(direction).unwrap_or_default() {
            for index in 0..rule.peers.len() {
                peer(ground, policy, rule, index, report);
            }
        }
    }
}

fn peer(ground: &Ground, policy: &Policy, rule: &PolicyRule, index: usize, report: &mut Report) {
    let (peer, location) = (&rule.peers[index], &rule.peer_locations[index]);
    let PeerMatcher::Pods { namespaces, pods } = peer else { return };
    // Pods that count as their nodes fit by their labels, and are no pods to a selector.
    if !ground.fitting_labels(policy, peer, pods).is_empty() {
        return;
    }
    match namespaces {
        NamespaceMatcher::Own if ground.knows(&policy.namespace) => {
            if !stray_dash(ground, policy, rule, index, report) {
                no_pod(ground, policy, peer, pods, location, report);
            }
        }
        NamespaceMatcher::Own => {}
        NamespaceMatcher::Matching(selector) => {
            if ground.namespaces_of(policy, peer).is_empty() {
                no_namespace(ground, selector, location, report);
            } else if ground.knows_peer(policy, peer)
                && !missing_dash(ground, policy, pods, location, report)
            {
                no_pod(ground, policy, peer, pods, location, report);
            }
        }
    }
}

fn no_pod(
    ground: &Ground,
    policy: &Policy,
    peer: &PeerMatcher,
    pods: &Selector,
    location: &Location,
    report: &mut Report,
) {
    let there = ground.namespaces_of(policy, peer);
    let workloads = ground.model.cluster.workloads.iter();
    let there = workloads.filter(|workload| there.contains(&workload.namespace.as_str()));
    let near = ground.nearest_labels(pods, there.map(|workload| &workload.labels));
    told(format!("no pod matches: {peer}"), near, location, report);
}

fn no_namespace(ground: &Ground, selector: &Selector, location: &Location, report: &mut Report) {
    let namespaces = ground.model.cluster.namespaces.values();
    let near = ground.nearest_labels(selector, namespaces.map(|namespace| &namespace.labels));
    // A namespace that the input does not hold may well be there.
    if near.is_some() || ground.is_whole() {
        told(format!("no namespace matches: {selector}"), near, location, report);
    }
}

fn told(what: String, near: Option<Near>, location: &Location, report: &mut Report) {
    let fix = near.as_ref().map(|near| near.fix(location));
    let message = match near {
        Some(near) => format!("{what}: {}", near.question()),
        None => what,
    };
    report.add(Rule::PeerMatchesNothing, location, message, fix);
}

/// Two items, namespaces and pods, of which the second matches nothing by itself and would as a
/// part of the first.
fn stray_dash(
    ground: &Ground,
    policy: &Policy,
    rule: &PolicyRule,
    index: usize,
    report: &mut Report,
) -> bool {
    let PeerMatcher::Pods { pods, .. } = &rule.peers[index] else { return false };
    let neighbours = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
    let neighbour = neighbours.filter(|i| *i < rule.peers.len()).find(|i| {
        let PeerMatcher::Pods { namespaces: NamespaceMatcher::Matching(_), pods: all } =
            &rule.peers[*i]
        else {
            return false;
        };
        all.is_everything() && !ground.fitting_labels(policy, &rule.peers[*i], pods).is_empty()
    });
    let Some(neighbour) = neighbour else { return false };
    let location = &rule.peer_locations[index];
    let later = &rule.peer_locations[index.max(neighbour)];
    let message = format!(
        "two peers where one was probably meant: no pod of {} is {pods}, and pods of the other item's namespaces \
         are",
        policy.namespace
    );
    let fix = later.column.checked_sub(2).filter(|column| *column > 0).map(|column| Fix {
        title: "make one peer of the two".to_owned(),
        location: Location { column, ..later.clone() },
        old: "- ".to_owned(),
        new: "  ".to_owned(),
    });
    report.add(Rule::StrayDash, location, message, fix);
    true
}

/// One item of which namespaces and pods match apart, and never together.
fn missing_dash(
    ground: &Ground,
    policy: &Policy,
    pods: &Selector,
    location: &Location,
    report: &mut Report,
) -> bool {
    if ground.fitting_in(&policy.namespace, pods).is_empty() {
        return false;
    }
    let message = format!(
        "one peer where two were probably meant: pods that are {pods} run in {}, and none in the namespaces \
         of the same item",
        policy.namespace
    );
    report.add(Rule::MissingDash, location, message, None);
    true
}
