//! What is in the cluster: namespaces, workloads, Services.
//!
//! These are the objects as policies see them, after every API default, with nothing of YAML left.
//! Policies are not here: a cluster is what they act upon.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Location;
use crate::labels::{Labels, Selector};
use crate::net::{Family, Protocol};

/// Everything that policies act upon.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// By name. Holds every namespace that is declared or mentioned.
    pub namespaces: BTreeMap<String, Namespace>,
    /// Sorted by namespace, name and kind; referred to by position.
    pub workloads: Vec<Workload>,
    /// Sorted by namespace and name.
    pub services: Vec<Service>,
}

/// A namespace and the labels that `namespaceSelector` sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.labels`, with `kubernetes.io/metadata.name` as the API server sets it.
    pub labels: Labels,
    /// Where it is declared; nowhere when it is only mentioned.
    pub location: Option<Location>,
}

/// The kinds of object that pods come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WorkloadKind {
    /// A bare pod.
    Pod,
    /// `apps` Deployment.
    Deployment,
    /// `apps` ReplicaSet.
    ReplicaSet,
    /// `apps` StatefulSet.
    StatefulSet,
    /// `apps` DaemonSet.
    DaemonSet,
    /// `batch` Job.
    Job,
    /// `batch` CronJob.
    CronJob,
    /// Core ReplicationController.
    ReplicationController,
    /// A kind that is not read, and known only because its pods or ReplicaSets name it as their
    /// owner: Argo's Rollout, OpenShift's DeploymentConfig.
    Other(Arc<str>),
}

impl WorkloadKind {
    /// The kind that a `kind` means.
    pub fn of(word: &str) -> WorkloadKind {
        match word {
            "Pod" => WorkloadKind::Pod,
            "Deployment" => WorkloadKind::Deployment,
            "ReplicaSet" => WorkloadKind::ReplicaSet,
            "StatefulSet" => WorkloadKind::StatefulSet,
            "DaemonSet" => WorkloadKind::DaemonSet,
            "Job" => WorkloadKind::Job,
            "CronJob" => WorkloadKind::CronJob,
            "ReplicationController" => WorkloadKind::ReplicationController,
            other => WorkloadKind::Other(other.into()),
        }
    }

    /// The API's word for the kind.
    pub fn as_str(&self) -> &str {
        match self {
            WorkloadKind::Pod => "Pod",
            WorkloadKind::Deployment => "Deployment",
            WorkloadKind::ReplicaSet => "ReplicaSet",
            WorkloadKind::StatefulSet => "StatefulSet",
            WorkloadKind::DaemonSet => "DaemonSet",
            WorkloadKind::Job => "Job",
            WorkloadKind::CronJob => "CronJob",
            WorkloadKind::ReplicationController => "ReplicationController",
            WorkloadKind::Other(word) => word,
        }
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many pods a workload has, as far as it matters: whether there is another one to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Replicas {
    /// No pod, because the object asks for none: `replicas: 0`, or `parallelism: 0`. As an object of
    /// the input it is evaluated as the pod that it would have.
    Zero,
    /// At most one pod.
    One,
    /// Two pods or more, or one on every node.
    Several,
}

/// Whether a Pod or a Job has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It has not, as far as the input tells.
    Live,
    /// It ended well: the `status.phase` of a Pod is `Succeeded`, or a Job has the condition
    /// `Complete`.
    Succeeded,
    /// It ended badly: the `status.phase` of a Pod, or a condition of a Job, is `Failed`.
    Failed,
}

/// What made an object: an entry of `metadata.ownerReferences`, of its own namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `kind`.
    pub kind: WorkloadKind,
    /// `name`.
    pub name: String,
    /// `uid`, when the input tells it.
    pub uid: Option<String>,
}

/// A pod that a cluster has told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePod {
    /// `metadata.name`.
    pub name: String,
    /// Where the Pod is.
    pub location: Option<Location>,
}

/// Pods made from one template, or one bare pod. Policies apply to all of them alike.
///
/// By object, that is what one document says. By workload, as [`owners`](crate::owners) has it, it is
/// what an owner and all that it owns come to, or a part of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// `metadata.namespace`, `default` when absent.
    pub namespace: String,
    /// `metadata.name` of the object that the input holds, or of the owner that it tells of. A part
    /// of what an owner owns has in parentheses what tells it from the others: `web (track=canary)`.
    pub name: String,
    /// The kind of that object.
    pub kind: WorkloadKind,
    /// `metadata.uid`, when the input tells it.
    pub uid: Option<String>,
    /// What made the object: the entry of `metadata.ownerReferences` that is its `controller`.
    pub owner: Option<Owner>,
    /// Whether the object has come to its end.
    pub phase: Phase,
    /// The labels of the pods: those of the pod template, never those of the object around it.
    pub labels: Labels,
    /// Whether there is more than one pod.
    pub replicas: Replicas,
    /// The declared ports: information, and the meaning of named ports. They limit nothing.
    pub ports: Vec<ContainerPort>,
    /// The pod's addresses (the node's, on the host's network); empty when the input tells none.
    pub addresses: Vec<IpAddr>,
    /// Whether the pod is on its own network or its node's.
    pub network: PodNetwork,
    /// `spec.nodeName`, when the input tells it.
    pub node: Option<String>,
    /// The URLs that the workload's probe calls: the container argument `--urls=`.
    pub probes: Vec<String>,
    /// The live pods of the input that it stands for, by name, where owners and what they own are
    /// one; none by object, and none where only a template is known.
    pub pods: Vec<LivePod>,
    /// Where the object is; nowhere for the DNS pod that every cluster is taken to have.
    pub location: Option<Location>,
}

/// `spec.hostNetwork`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PodNetwork {
    /// The pod network: the pod has an address of its own.
    Own,
    /// The node's network: the pod's traffic is the node's.
    Host,
}

/// One entry of a container's `ports`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContainerPort {
    /// `name`, which a NetworkPolicy's or a Service's named port refers to.
    pub name: Option<String>,
    /// `protocol`, TCP when absent.
    pub protocol: Protocol,
    /// `containerPort`.
    pub port: u16,
}

impl Workload {
    /// `ns/name`, as people and addresses write it.
    pub fn path(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// `ns/name[Kind]`, which no other workload of the cluster shares.
    pub fn id(&self) -> String {
        format!("{}/{}[{}]", self.namespace, self.name, self.kind)
    }

    /// Whether a pod of it has another one of the same workload beside it.
    pub fn has_siblings(&self) -> bool {
        self.replicas == Replicas::Several
    }

    /// Whether its pods can talk in an address family: in both, where no address is known.
    pub fn speaks(&self, family: Family) -> bool {
        self.addresses.is_empty() || self.addresses.iter().any(|a| Family::of(*a) == family)
    }

    /// Whether the input does not hold it: the cluster DNS that every cluster is taken to have.
    pub fn is_implicit(&self) -> bool {
        self.location.is_none()
    }

    /// The numbers of every declared port of this name and protocol: several containers may use
    /// one name for different ports.
    pub fn named_ports<'a>(
        &'a self,
        name: &'a str,
        protocol: Protocol,
    ) -> impl Iterator<Item = u16> + 'a {
        self.ports
            .iter()
            .filter(move |port| port.protocol == protocol && port.name.as_deref() == Some(name))
            .map(|port| port.port)
    }
}

/// A Service, as far as it says where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `metadata.namespace`, `default` when absent.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What a call to the Service's name reaches.
    pub routing: Routing,
    /// `spec.selector`: plain equality, own namespace only. None selects nothing.
    pub selector: Option<Selector>,
    /// `spec.ports`.
    pub ports: Vec<ServicePort>,
    /// `spec.clusterIPs`, when the input tells them.
    pub addresses: Vec<IpAddr>,
    /// Where the object is.
    pub location: Location,
}

/// What a Service's name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Routing {
    /// A virtual address: the Service's port is translated to the backend's.
    Translated,
    /// `clusterIP: None`: the name resolves to the pods, which are dialled on the port of the call.
    Headless,
    /// `type: ExternalName`: an alias for this name, and nothing else.
    Alias(String),
}

/// One entry of a Service's `ports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    /// `protocol`, TCP when absent.
    pub protocol: Protocol,
    /// `port`: the one that callers name.
    pub port: u16,
    /// `targetPort`, or `port` when absent: the one that policies see.
    pub target: TargetPort,
}

/// A Service's `targetPort`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetPort {
    /// This port on every backend.
    Number(u16),
    /// The first declared port of this name and the Service port's protocol, on each backend.
    Name(String),
}

impl Service {
    /// `name.namespace`, as callers write it.
    pub fn host(&self) -> String {
        format!("{}.{}", self.name, self.namespace)
    }

    /// Whether the Service selects the workload's pods.
    pub fn selects(&self, workload: &Workload) -> bool {
        let selected = |selector: &Selector| selector.matches(&workload.labels);
        workload.namespace == self.namespace && self.selector.as_ref().is_some_and(selected)
    }

    /// The port of the backend's pods that a call to this port of the Service arrives at; none
    /// when the Service has no such port or the backend none of its name.
    pub fn pod_port(&self, protocol: Protocol, port: u16, backend: &Workload) -> Option<u16> {
        if self.routing == Routing::Headless {
            return Some(port);
        }
        let entry = self.ports.iter().find(|p| p.protocol == protocol && p.port == port)?;
        match &entry.target {
            TargetPort::Number(number) => Some(*number),
            TargetPort::Name(name) => backend.named_ports(name, protocol).next(),
        }
    }
}

impl Cluster {
    /// The Service of this name.
    pub fn service(&self, namespace: &str, name: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.namespace == namespace && s.name == name)
    }

    /// The positions of the workloads that a Service sends calls to.
    pub fn backends<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = usize> + 'a {
        let selected = |(i, workload): (usize, &Workload)| service.selects(workload).then_some(i);
        self.workloads.iter().enumerate().filter_map(selected)
    }

    /// The labels that `namespaceSelector` sees.
    pub fn namespace_labels(&self, namespace: &str) -> &Labels {
        static NONE: Labels = Labels::new();
        self.namespaces.get(namespace).map_or(&NONE, |namespace| &namespace.labels)
    }
}
