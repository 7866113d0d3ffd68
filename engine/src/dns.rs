//! Which pods are the cluster DNS, and on which port they answer.
//!
//! Every cluster has one: where the input does not hold it, [`implicit`] stands for it, and the
//! policies and labels of its namespace apply to it as to any other pod.

use crate::cluster::{Cluster, ContainerPort, Phase, PodNetwork, Replicas, Workload, WorkloadKind};
use crate::labels::Labels;
use crate::net::Protocol;

/// The namespace of the cluster DNS, wherever no Service tells.
pub const NAMESPACE: &str = "kube-system";

/// The Services that the cluster DNS goes by: kubeadm's and OpenShift's.
const SERVICES: [(&str, &str); 2] = [(NAMESPACE, "kube-dns"), ("openshift-dns", "dns-default")];

/// The label of the cluster DNS's pods, wherever no Service tells.
pub const LABEL: (&str, &str) = ("k8s-app", "kube-dns");

/// The port that clients call, and the pods' own where no Service says otherwise.
pub const PORT: u16 = 53;

/// The positions of the workloads that answer, and their pods' port: the backends of the first
/// Service that has any, else the pods with the label.
pub fn servers(cluster: &Cluster, protocol: Protocol) -> Vec<(usize, u16)> {
    for (namespace, name) in SERVICES {
        let Some(service) = cluster.service(namespace, name) else { continue };
        let port = |i| service.pod_port(protocol, PORT, &cluster.workloads[i]).unwrap_or(PORT);
        let servers: Vec<_> = cluster.backends(service).map(|i| (i, port(i))).collect();
        if !servers.is_empty() {
            return servers;
        }
    }
    let workloads = cluster.workloads.iter().enumerate();
    workloads.filter(|(_, workload)| is_labelled(workload)).map(|(i, _)| (i, PORT)).collect()
}

/// Whether a workload's pods have the label of the cluster DNS, in its namespace.
pub fn is_labelled(workload: &Workload) -> bool {
    let value = workload.labels.get(LABEL.0).map(String::as_str);
    workload.namespace == NAMESPACE && value == Some(LABEL.1)
}

/// The DNS pods that a cluster is taken to have when its input holds none.
pub fn implicit() -> Workload {
    let port =
        |name: &str, protocol| ContainerPort { name: Some(name.to_owned()), protocol, port: PORT };
    let mut labels = Labels::new();
    labels.insert(LABEL.0.to_owned(), LABEL.1.to_owned());
    Workload {
        namespace: NAMESPACE.to_owned(),
        name: "kube-dns".to_owned(),
        kind: WorkloadKind::Deployment,
        uid: None,
        owner: None,
        phase: Phase::Live,
        labels,
        replicas: Replicas::One,
        ports: vec![port("dns", Protocol::Udp), port("dns-tcp", Protocol::Tcp)],
        addresses: Vec::new(),
        network: PodNetwork::Own,
        node: None,
        probes: Vec::new(),
        pods: Vec::new(),
        location: None,
    }
}
