//! What a part of a lineage is: its pods, as one workload; and what it is called.
//!
//! The only part of an owner is called as the owner is. Of several, each has in parentheses what tells
//! it from the others: the labels that selectors mention, where they are different for each, else the
//! name of its first pod.

use std::collections::{BTreeMap, BTreeSet};

use super::ancestry::Lineage;
use super::sight::Sight;
use crate::cluster::{LivePod, Phase, Replicas, Workload, WorkloadKind};

/// A part of a lineage.
pub(super) struct Part {
    pub workload: Workload,
    /// Its pods, or its templates; never none.
    pub members: Vec<usize>,
}

/// What objects of one lineage that no rule tells apart are together.
pub(super) fn workload(
    workloads: &[Workload],
    lineage: &Lineage,
    members: &[usize],
    sight: &Sight,
) -> Workload {
    let all = || members.iter().map(|&i| &workloads[i]);
    let first = &workloads[members[0]];
    let head = lineage.head.map(|head| &workloads[head]);
    // What the objects are not alike in is no label of them all; but where a selector mentions it, it
    // takes one of the values for the selector to say what it says of each.
    let is_common = |key: &str, value: &String| {
        sight.mentions(key) || all().all(|workload| workload.labels.get(key) == Some(value))
    };
    let labels = first.labels.iter().filter(|(key, value)| is_common(key, value));
    let pods: Vec<LivePod> = all()
        .filter(|workload| workload.kind == WorkloadKind::Pod)
        .map(|pod| LivePod { name: pod.name.clone(), location: pod.location.clone() })
        .collect();
    let replicas = match pods.len().max(members.len()) {
        1 if pods.is_empty() => first.replicas,
        1 => Replicas::One,
        _ => Replicas::Several,
    };
    Workload {
        namespace: lineage.namespace.clone(),
        name: lineage.name.clone(),
        kind: lineage.kind.clone(),
        uid: head.and_then(|head| head.uid.clone()),
        owner: head.and_then(|head| head.owner.clone()),
        phase: Phase::Live,
        labels: labels.map(|(key, value)| (key.clone(), value.clone())).collect(),
        replicas,
        ports: distinct(all().flat_map(|workload| &workload.ports)),
        addresses: distinct(all().flat_map(|workload| &workload.addresses)),
        network: first.network,
        node: first.node.clone().filter(|_| all().all(|workload| workload.node == first.node)),
        probes: distinct(all().flat_map(|workload| &workload.probes)),
        pods,
        location: head.unwrap_or(first).location.clone(),
    }
}

/// Every item once, in the order in which they come.
fn distinct<'a, T: Clone + Ord + 'a>(items: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.filter(|item| seen.insert(*item)).cloned().collect()
}

/// Gives the parts of one owner, and owners of one name that only a `uid` tells apart, names of
/// their own.
pub(super) fn name(parts: &mut [Part], workloads: &[Workload], sight: &Sight) {
    let mut namesakes: BTreeMap<(String, String, WorkloadKind), Vec<usize>> = BTreeMap::new();
    for (i, Part { workload, .. }) in parts.iter().enumerate() {
        let Workload { namespace, name, kind, .. } = workload;
        let key = (namespace.clone(), name.clone(), kind.clone());
        namesakes.entry(key).or_default().push(i);
    }
    for (_, namesakes) in namesakes.into_iter().filter(|(_, parts)| parts.len() > 1) {
        let these: Vec<&Part> = namesakes.iter().map(|&i| &parts[i]).collect();
        let by_member = || these.iter().map(|part| by_member(part, workloads)).collect();
        let names: Vec<String> = by_labels(&these, sight).unwrap_or_else(by_member);
        for (i, name) in namesakes.into_iter().zip(names) {
            let workload = &mut parts[i].workload;
            workload.name = format!("{} ({name})", workload.name);
        }
    }
}

/// The labels that tell parts apart: of one key if one does it, else of all in which they differ;
/// nothing where labels do not tell each from every other.
fn by_labels(parts: &[&Part], sight: &Sight) -> Option<Vec<String>> {
    let labels: Vec<BTreeMap<&str, &str>> =
        parts.iter().map(|part| sight.mentioned(&part.workload).into_iter().collect()).collect();
    let keys: BTreeSet<&str> = labels.iter().flat_map(|labels| labels.keys().copied()).collect();
    let lacking = |key: &str| labels.iter().filter(|labels| !labels.contains_key(key)).count();
    let differs = |key: &&str| labels.iter().any(|of| of.get(key) != labels[0].get(key));
    let mut keys: Vec<&str> = keys.into_iter().filter(differs).collect();
    // A label that all of them have says more than its absence.
    keys.sort_by_key(|key| lacking(key));
    let told = |keys: &[&str]| {
        let name = |labels: &BTreeMap<&str, &str>| {
            let told = keys.iter().map(|key| match labels.get(key) {
                Some(value) => format!("{key}={value}"),
                None => format!("!{key}"),
            });
            told.collect::<Vec<_>>().join(",")
        };
        let names: Vec<String> = labels.iter().map(name).collect();
        let each: BTreeSet<&String> = names.iter().collect();
        (each.len() == names.len()).then_some(names)
    };
    keys.iter().find_map(|key| told(&[*key])).or_else(|| told(&keys))
}

/// The name of the first pod and how many more there are; a template's kind and name.
fn by_member(part: &Part, workloads: &[Workload]) -> String {
    let first = &workloads[part.members[0]];
    let name = match first.kind {
        WorkloadKind::Pod => first.name.clone(),
        _ => format!("{} {}", first.kind, first.name),
    };
    match part.members.len() - 1 {
        0 => name,
        more => format!("{name} and {more} more"),
    }
}
