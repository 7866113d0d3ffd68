//! The lookup of a name at the cluster DNS.

use super::{Attempt, attempt};
use crate::cluster::{Cluster, Workload};
use crate::evaluate::{Model, Peer, Pod, Traffic, Verdict};
use crate::net::Protocol;

/// The Services that are the cluster DNS, the first that has backends: kubeadm's and OpenShift's.
const DNS_SERVICES: [(&str, &str); 2] =
    [("kube-system", "kube-dns"), ("openshift-dns", "dns-default")];
/// The namespace and label of the DNS pods, wherever no Service tells.
pub const DNS_NAMESPACE: &str = "kube-system";
/// See [`DNS_NAMESPACE`].
pub const DNS_LABEL: (&str, &str) = ("k8s-app", "kube-dns");
/// The port that clients call, which is the DNS pod's too where nothing says otherwise.
pub const DNS_PORT: u16 = 53;

/// What became of the lookup of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The question, UDP, at the DNS pods; the one that gets through when there is any.
    pub traffic: Traffic,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Whether long answers, which need TCP, get through as well. Their lack stops no lookup.
    pub long_answers: bool,
}

impl Lookup {
    /// Whether names can be looked up.
    pub fn resolves(&self) -> bool {
        self.verdict.is_open()
    }
}

/// Looks a name up from a pod; `None` in a cluster without any DNS.
pub(super) fn lookup(model: &Model, from: Pod) -> Option<Lookup> {
    let ask = |protocol| {
        let asked = servers(&model.cluster, protocol).into_iter().map(move |(server, port)| {
            attempt(model, Peer::Pod(from), Peer::pod(server), protocol, port)
        });
        let asked: Vec<_> = asked.collect();
        let answered = asked.iter().position(|attempt| attempt.verdict.is_open());
        asked.into_iter().nth(answered.unwrap_or(0))
    };
    let Attempt { traffic, verdict } = ask(Protocol::Udp)?;
    let long_answers = ask(Protocol::Tcp).is_some_and(|attempt| attempt.verdict.is_open());
    Some(Lookup { traffic, verdict, long_answers })
}

/// The workloads that answer, and on which port of theirs.
fn servers(cluster: &Cluster, protocol: Protocol) -> Vec<(usize, u16)> {
    for (namespace, name) in DNS_SERVICES {
        let Some(service) = cluster.service(namespace, name) else { continue };
        let backends: Vec<_> = cluster
            .backends(service)
            .filter_map(|i| Some((i, service.pod_port(protocol, DNS_PORT, &cluster.workloads[i])?)))
            .collect();
        if !backends.is_empty() {
            return backends;
        }
    }
    let labelled = cluster.workloads.iter().enumerate().filter(|(_, workload)| is_dns(workload));
    labelled.map(|(i, _)| (i, DNS_PORT)).collect()
}

/// Whether the workload is the cluster DNS by its label, where no Service says which one is.
pub fn is_dns(workload: &Workload) -> bool {
    let (key, value) = DNS_LABEL;
    workload.namespace == DNS_NAMESPACE && workload.labels.get(key).is_some_and(|v| v == value)
}
