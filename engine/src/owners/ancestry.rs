//! What owns what: the objects of a cluster to lineages, each of one head and all below it.
//!
//! Owners are found by `uid` where both sides tell one, else by kind and name, always in the namespace
//! of what they own. One that the input does not hold is a head all the same. Owners that own each
//! other in a circle, which no server takes but a text can say, own nothing of that circle.

use std::collections::BTreeMap;

use crate::cluster::{Owner, Workload, WorkloadKind};

/// Labels of pods by which the name of their ReplicaSet is known to begin with that of its owner, and
/// the owner's kind: what a Deployment and a Rollout of Argo add to their templates.
const HASHES: [(&str, &str); 2] =
    [("pod-template-hash", "Deployment"), ("rollouts-pod-template-hash", "Rollout")];

/// Who descends from whom.
pub(super) struct Ancestry {
    /// In the order of their first members.
    pub lineages: Vec<Lineage>,
    /// For each workload the one that owns it, of those in the input.
    pub parents: Vec<Option<usize>>,
}

/// A head and all that descends from it.
pub(super) struct Lineage {
    pub namespace: String,
    /// The head's kind.
    pub kind: WorkloadKind,
    /// The head's name.
    pub name: String,
    /// The head's position, if the input holds it.
    pub head: Option<usize>,
    /// The head; where the input does not hold it, what it owns with nothing between.
    pub roots: Vec<usize>,
    /// The positions of all that the input holds of it, ascending.
    pub members: Vec<usize>,
}

/// What a workload comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Nothing: it is a head itself.
    Itself,
    /// Another workload of the input.
    Object(usize),
    /// An owner that the input does not hold, by its number.
    Absent(usize),
}

/// A lineage's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    Object(usize),
    Absent(usize),
}

impl Ancestry {
    /// The lineages of all workloads but the implicit DNS.
    pub fn of(workloads: &[Workload]) -> Ancestry {
        let (mut origins, absent) = origins(workloads);
        cut_circles(&mut origins);
        let heads = heads(&origins);
        let mut lineages: Vec<Lineage> = Vec::new();
        let mut places: BTreeMap<Head, usize> = BTreeMap::new();
        for (i, workload) in workloads.iter().enumerate().filter(|(_, w)| !w.is_implicit()) {
            let place = *places.entry(heads[i]).or_insert_with(|| {
                let (kind, name, head) = match heads[i] {
                    Head::Object(head) => {
                        let Workload { kind, name, .. } = &workloads[head];
                        (kind.clone(), name.clone(), Some(head))
                    }
                    Head::Absent(owner) => {
                        let Owner { kind, name, .. } = &absent[owner];
                        (kind.clone(), name.clone(), None)
                    }
                };
                let namespace = workload.namespace.clone();
                let (roots, members) = (Vec::new(), Vec::new());
                lineages.push(Lineage { namespace, kind, name, head, roots, members });
                lineages.len() - 1
            });
            lineages[place].members.push(i);
            if !matches!(origins[i], Origin::Object(_)) {
                lineages[place].roots.push(i);
            }
        }
        let parent = |origin| match origin {
            Origin::Object(parent) => Some(parent),
            Origin::Itself | Origin::Absent(_) => None,
        };
        Ancestry { lineages, parents: origins.into_iter().map(parent).collect() }
    }
}

impl Lineage {
    /// `ns/name` of the head.
    pub fn path(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// Whether objects of this kind belong to the lineage of their owner. The others are heads, whoever
/// owns them: an operator that owns several Deployments is nothing that they have in common.
fn descends(kind: &WorkloadKind) -> bool {
    match kind {
        WorkloadKind::Pod
        | WorkloadKind::ReplicaSet
        | WorkloadKind::Job
        | WorkloadKind::ReplicationController => true,
        WorkloadKind::Deployment
        | WorkloadKind::StatefulSet
        | WorkloadKind::DaemonSet
        | WorkloadKind::CronJob
        | WorkloadKind::Other(_) => false,
    }
}

/// Where each workload comes from, and the owners that the input does not hold.
fn origins(workloads: &[Workload]) -> (Vec<Origin>, Vec<Owner>) {
    let mut index = Index { workloads, uids: BTreeMap::new() };
    for (i, workload) in workloads.iter().enumerate() {
        if let Some(uid) = &workload.uid {
            index.uids.entry((&workload.namespace, uid)).or_insert(i);
        }
    }
    let mut absent = Absent::default();
    let origin = |workload: &Workload| {
        let Some(owner) = workload.owner.as_ref().filter(|_| descends(&workload.kind)) else {
            return Origin::Itself;
        };
        let namespace = workload.namespace.as_str();
        if let Some(found) = index.find(namespace, owner) {
            return Origin::Object(found);
        }
        let beyond = beyond(owner, workload);
        match beyond.as_ref().and_then(|beyond| index.find(namespace, beyond)) {
            Some(found) => Origin::Object(found),
            None => Origin::Absent(absent.number(namespace, beyond.as_ref().unwrap_or(owner))),
        }
    };
    let origins = workloads.iter().map(origin).collect();
    (origins, absent.owners)
}

/// The owner of an absent owner, as far as a label of the pod and the absent one's name tell it.
fn beyond(owner: &Owner, pod: &Workload) -> Option<Owner> {
    let named = |(label, kind): (&str, &str)| {
        let hash = pod.labels.get(label)?;
        let name = owner.name.strip_suffix(hash.as_str())?.strip_suffix('-')?;
        (!name.is_empty() && !hash.is_empty()).then(|| Owner {
            kind: WorkloadKind::of(kind),
            name: name.to_owned(),
            uid: None,
        })
    };
    match owner.kind {
        WorkloadKind::ReplicaSet => HASHES.into_iter().find_map(named),
        _ => None,
    }
}

/// The workloads of the input by what owners are known by.
struct Index<'w> {
    /// Sorted by namespace and name, as those of a cluster are.
    workloads: &'w [Workload],
    uids: BTreeMap<(&'w str, &'w str), usize>,
}

impl Index<'_> {
    /// The workload that a reference means: of its name, unless both tell a `uid` and these differ,
    /// else of its `uid`.
    fn find(&self, namespace: &str, owner: &Owner) -> Option<usize> {
        let wanted = (namespace, owner.name.as_str());
        fn name(workload: &Workload) -> (&str, &str) {
            (&workload.namespace, &workload.name)
        }
        let start = self.workloads.partition_point(|workload| name(workload) < wanted);
        let from_there = (start..).zip(&self.workloads[start..]);
        let mut namesakes = from_there.take_while(|(_, workload)| name(workload) == wanted);
        let is_it = |(_, w): &(usize, &Workload)| w.kind == owner.kind && !w.is_implicit();
        let of_name = namesakes.find(is_it).map(|(i, _)| i);
        let is_meant = |i: &usize| match (&self.workloads[*i].uid, &owner.uid) {
            (Some(has), Some(wanted)) => has == wanted,
            _ => true,
        };
        let of_uid = || self.uids.get(&(namespace, owner.uid.as_deref()?)).copied();
        of_name.filter(is_meant).or_else(of_uid)
    }
}

/// Owners that the input does not hold.
#[derive(Default)]
struct Absent {
    owners: Vec<Owner>,
    /// By namespace, kind, name and `uid`, which is empty where it is not told.
    numbers: BTreeMap<(String, WorkloadKind, String, String), usize>,
}

impl Absent {
    /// The number of an owner. One without a `uid` is any other of its name.
    fn number(&mut self, namespace: &str, owner: &Owner) -> usize {
        let uid = owner.uid.clone().unwrap_or_default();
        let key = (namespace.to_owned(), owner.kind.clone(), owner.name.clone(), uid);
        let nameless = (key.0.clone(), key.1.clone(), key.2.clone(), String::new());
        let known = match key.3.is_empty() {
            true => {
                let next = self.numbers.range(&nameless..).next();
                next.filter(|(next, _)| (&next.0, &next.1, &next.2) == (&key.0, &key.1, &key.2))
            }
            false => self.numbers.get_key_value(&key).or(self.numbers.get_key_value(&nameless)),
        };
        if let Some((_, number)) = known {
            return *number;
        }
        self.owners.push(owner.clone());
        self.numbers.insert(key, self.owners.len() - 1);
        self.owners.len() - 1
    }
}

/// Takes the ownership out of every circle of owners.
fn cut_circles(origins: &mut [Origin]) {
    // By which walk each was met first; a walk that meets itself has found a circle.
    let mut walks: Vec<Option<usize>> = vec![None; origins.len()];
    for start in 0..origins.len() {
        let mut at = start;
        while walks[at].is_none() {
            walks[at] = Some(start);
            let Origin::Object(next) = origins[at] else { break };
            at = next;
        }
        while walks[at] == Some(start) {
            let Origin::Object(next) = origins[at] else { break };
            origins[at] = Origin::Itself;
            at = next;
        }
    }
}

/// The head of each workload's lineage, where there are no circles.
fn heads(origins: &[Origin]) -> Vec<Head> {
    let mut heads: Vec<Option<Head>> = vec![None; origins.len()];
    for start in 0..origins.len() {
        let (mut at, mut way) = (start, Vec::new());
        let head = loop {
            match (heads[at], origins[at]) {
                (Some(head), _) => break head,
                (None, Origin::Object(next)) => {
                    way.push(at);
                    at = next;
                }
                (None, Origin::Itself) => break Head::Object(at),
                (None, Origin::Absent(owner)) => break Head::Absent(owner),
            }
        };
        way.into_iter().chain([at]).for_each(|i| heads[i] = Some(head));
    }
    heads.into_iter().enumerate().map(|(i, head)| head.unwrap_or(Head::Object(i))).collect()
}
