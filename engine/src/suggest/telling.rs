//! How a rule names an end of a call: by what tells it from others, and by no more than that.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::cluster::Workload;
use crate::end;
use crate::evaluate::{self, Model, Peer};
use crate::labels::{NAMESPACE_NAME_LABEL, Requirement, Selector};
use crate::net::{Family, IpBlock};
use crate::policy::{NamespaceMatcher, PeerMatcher};

/// A model, and what is asked of it again and again.
pub(super) struct Ground<'m> {
    pub model: &'m Model,
    /// The address that stands for any host on the internet.
    internet: IpAddr,
}

/// Labels that controllers make up: they are others after every rollout, or for every pod.
const MADE_UP: [&str; 11] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Keys of labels that mostly say what a pod is, the best known first.
const KNOWN: [&str; 6] = [
    "app",
    "app.kubernetes.io/name",
    "k8s-app",
    "app.kubernetes.io/component",
    "component",
    "app.kubernetes.io/instance",
];

/// The labels of a workload's pods that last.
fn lasting(workload: &Workload) -> impl Iterator<Item = (&str, &str)> {
    let labels = workload.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    labels.filter(|(key, _)| !MADE_UP.contains(key))
}

/// Whether no selector that lasts tells the pods of two workloads apart.
pub(super) fn are_alike(a: &Workload, b: &Workload) -> bool {
    a.namespace == b.namespace && lasting(a).eq(lasting(b))
}

impl<'m> Ground<'m> {
    pub fn new(model: &'m Model) -> Self {
        Ground { model, internet: end::internet(model).address }
    }

    /// What tells the pods of a workload from the others of their namespace, except from such as look
    /// [alike](are_alike).
    pub fn telling(&self, workload: usize) -> Vec<Requirement> {
        telling(self.model, workload)
    }

    /// Whether an end stands for any host on the internet.
    pub fn is_internet(&self, end: Peer) -> bool {
        end == Peer::External(self.internet)
    }

    /// The ways to name an end among the peers of a policy in this namespace, the shortest first; none
    /// where no peer can mean it alone.
    pub fn naming(&self, namespace: &str, end: Peer, family: Family) -> Vec<PeerMatcher> {
        let block = |cidr, except| PeerMatcher::Block(IpBlock { cidr, except });
        let pod = match end {
            Peer::External(_) if self.is_internet(end) => {
                let all = everything(family);
                let pods = self.model.plugin.pod_cidr.trunc();
                let outside = all.contains(&pods).then(|| block(all, vec![pods]));
                return std::iter::once(block(all, Vec::new())).chain(outside).collect();
            }
            Peer::External(address) => return vec![block(IpNet::from(address), Vec::new())],
            Peer::Pod(pod) => pod,
        };
        let workload = self.model.workload(pod);
        if evaluate::is_node(self.model, end) {
            let addresses = workload.addresses.iter().filter(|a| Family::of(**a) == family);
            return addresses.take(1).map(|a| block(IpNet::from(*a), Vec::new())).collect();
        }
        let namespaces = match workload.namespace == namespace {
            true => NamespaceMatcher::Own,
            false => NamespaceMatcher::Matching(only(&workload.namespace)),
        };
        let pods = Selector::new(self.telling(pod.workload));
        vec![PeerMatcher::Pods { namespaces, pods }]
    }
}

/// The selector of one namespace.
pub(super) fn only(namespace: &str) -> Selector {
    Selector::new(vec![Requirement::equals(NAMESPACE_NAME_LABEL, namespace)])
}

/// Every address of a family.
pub(super) fn everything(family: Family) -> IpNet {
    let (lowest, _) = family.bounds();
    IpNet::new_assert(lowest, 0)
}

/// What tells a workload's pods from the others of their namespace: labels that they have, and, where
/// others have these too, labels that they do not have.
fn telling(model: &Model, workload: usize) -> Vec<Requirement> {
    let workload = &model.cluster.workloads[workload];
    let is_other =
        |other: &&Workload| other.namespace == workload.namespace && !are_alike(other, workload);
    let mut others: Vec<&Workload> = model.cluster.workloads.iter().filter(is_other).collect();
    let mut own: Vec<(&str, &str)> = lasting(workload).collect();
    let known = |key: &str| KNOWN.iter().position(|known| *known == key).unwrap_or(KNOWN.len());
    own.sort_by_key(|(key, _)| known(key));
    let mut has: Vec<Requirement> =
        own.iter().map(|(key, value)| Requirement::equals(key, value)).collect();
    let foreign: BTreeSet<&str> =
        others.iter().flat_map(|other| lasting(other)).map(|(key, _)| key).collect();
    let lacks = foreign.into_iter().filter(|key| !workload.labels.contains_key(*key));
    let mut lacks: Vec<Requirement> =
        lacks.map(|key| Requirement::DoesNotExist(key.to_owned())).collect();
    let mut chosen: Vec<Requirement> = Vec::new();
    // The first is a label that the pods have, if they have any: others are there to mend what it lacks.
    while chosen.is_empty() || !others.is_empty() {
        let left_by = |requirement: &Requirement| {
            others.iter().filter(|other| requirement.matches(&other.labels)).count()
        };
        let best = |list: &[Requirement]| {
            let numbers = (0..list.len()).map(|i| (left_by(&list[i]), i));
            numbers.min()
        };
        let (own, foreign) = (best(&has), best(&lacks));
        let next = match (own, foreign) {
            (Some((left, i)), Some((fewer, j))) => {
                if !chosen.is_empty() && fewer < left {
                    lacks.remove(j)
                } else {
                    has.remove(i)
                }
            }
            (Some((_, i)), None) => has.remove(i),
            (None, Some((_, j))) => lacks.remove(j),
            (None, None) => break,
        };
        others.retain(|other| next.matches(&other.labels));
        chosen.push(next);
    }
    // As they are read: what is required of labels that are there, by their keys, and then the rest.
    chosen.sort_by_key(|requirement| {
        (matches!(requirement, Requirement::DoesNotExist(_)), requirement.key().to_owned())
    });
    chosen
}

/// Selectors that together mean all that these requirements do not, each nothing that another one
/// means.
pub(super) fn complement(requirements: &[Requirement]) -> Vec<Vec<Requirement>> {
    let parts = (0..requirements.len()).map(|i| {
        let opposite = match &requirements[i] {
            Requirement::In(key, values) => Requirement::NotIn(key.clone(), values.clone()),
            Requirement::NotIn(key, values) => Requirement::In(key.clone(), values.clone()),
            Requirement::Exists(key) => Requirement::DoesNotExist(key.clone()),
            Requirement::DoesNotExist(key) => Requirement::Exists(key.clone()),
        };
        [&requirements[..i], &[opposite]].concat()
    });
    parts.collect()
}
