//! The DNS that every cluster has, also where the input does not hold it.

use crate::cluster::{Cluster, ContainerPort, PodNetwork, Replicas, Workload, WorkloadKind};
use crate::labels::Labels;
use crate::net::Protocol;

/// The namespace of the cluster DNS.
pub(super) const NAMESPACE: &str = "kube-system";

/// The Services that the cluster DNS goes by.
const SERVICES: [(&str, &str); 2] = [(NAMESPACE, "kube-dns"), ("openshift-dns", "dns-default")];

/// The label of the cluster DNS's pods.
const LABEL: (&str, &str) = ("k8s-app", "kube-dns");

/// Whether the input holds the cluster DNS: a backend of its Service, or pods with its label.
pub(super) fn is_declared(cluster: &Cluster) -> bool {
    let has_backend = |&(namespace, name): &(&str, &str)| {
        let service = cluster.service(namespace, name);
        service.is_some_and(|service| cluster.backends(service).next().is_some())
    };
    let has_label = |workload: &Workload| {
        let label = workload.labels.get(LABEL.0).map(String::as_str);
        workload.namespace == NAMESPACE && label == Some(LABEL.1)
    };
    SERVICES.iter().any(has_backend) || cluster.workloads.iter().any(has_label)
}

/// The DNS pods that a cluster is taken to have.
pub(super) fn implicit() -> Workload {
    let port =
        |name: &str, protocol| ContainerPort { name: Some(name.to_owned()), protocol, port: 53 };
    Workload {
        namespace: NAMESPACE.to_owned(),
        name: "kube-dns".to_owned(),
        kind: WorkloadKind::Deployment,
        labels: Labels::from([(LABEL.0.to_owned(), LABEL.1.to_owned())]),
        replicas: Replicas::One,
        ports: vec![port("dns", Protocol::Udp), port("dns-tcp", Protocol::Tcp)],
        addresses: Vec::new(),
        network: PodNetwork::Own,
        node: None,
        probes: Vec::new(),
        location: None,
    }
}
