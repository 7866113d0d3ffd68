//! An object that pods come from to a [`Workload`].

use std::net::IpAddr;

use k8s_openapi::api::core::v1 as api;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

use crate::cluster::{ContainerPort, Owner, Phase, PodNetwork, Replicas, Workload, WorkloadKind};
use crate::diagnostic::Quoted;
use crate::labels::Labels;
use crate::manifest::{self, Object, PartialAddress, PartialContainer, PartialNode, Path};

use super::findings::Findings;
use super::ip_block::address;
use super::names::{NameSyntax, check_labels, check_metadata};
use super::ports;
use super::probe;
use super::selector::selector;

/// The kind of a workload, by the API's word for it.
pub(super) fn kind(word: &str) -> Option<WorkloadKind> {
    Some(WorkloadKind::of(word)).filter(|kind| !matches!(kind, WorkloadKind::Other(_)))
}

/// The workload that an object is; whether it is refused is among the findings.
pub(super) fn workload(
    object: &Object,
    kind: WorkloadKind,
    given: &manifest::Workload,
    namespace: String,
    findings: &mut Findings,
) -> Workload {
    check_metadata(object, NameSyntax::Subdomain, findings);
    let pod = &given.pod;
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    if let Some(spec) = given.pod_path.parent() {
        check_pod_labels(&labels, given.pod_path, findings);
        selector(&given.selector, &spec.key("selector"), findings);
    }
    let network = match pod.spec.host_network {
        true => PodNetwork::Host,
        false => PodNetwork::Own,
    };
    let replicas = match given.replicas {
        _ if kind == WorkloadKind::DaemonSet => Replicas::Several,
        Some(..1) => Replicas::Zero,
        None | Some(1) => Replicas::One,
        Some(_) => Replicas::Several,
    };
    Workload {
        namespace,
        name: object.name.clone(),
        uid: given.metadata.uid.clone().filter(|uid| !uid.is_empty()),
        owner: owner(&given.metadata),
        phase: phase(&kind, given),
        kind,
        labels,
        replicas,
        ports: container_ports(given, findings),
        addresses: addresses(pod, network, given.pod_path, findings),
        network,
        node: pod.spec.node_name.clone().filter(|name| !name.is_empty()),
        probes: containers(given).flat_map(|(container, ..)| probe::targets(container)).collect(),
        pods: Vec::new(),
        location: Some(object.location()),
    }
}

/// What made an object: the owner that is its controller. Where none is said to be that, the first of
/// a kind that pods come from: other owners only take what they own with them when they go.
///
/// The pods of a node's own manifests name the Node as their controller, and have nothing in common
/// but that. What cannot be the name of an object is the name of no owner.
fn owner(metadata: &ObjectMeta) -> Option<Owner> {
    let is_usable = |given: &&OwnerReference| {
        (given.api_version.as_str(), given.kind.as_str()) != ("v1", "Node")
            && given.kind.starts_with(|first: char| first.is_ascii_alphabetic())
            && given.kind.chars().all(|c| c.is_ascii_alphanumeric())
            && NameSyntax::Subdomain.accepts(&given.name)
    };
    let given = metadata.owner_references.iter().flatten();
    let controller = given.clone().find(|given| given.controller == Some(true));
    let first = || given.filter(is_usable).find(|given| kind(&given.kind).is_some());
    let given = match controller {
        Some(controller) => Some(controller).filter(is_usable),
        None => first(),
    }?;
    Some(Owner {
        kind: WorkloadKind::of(&given.kind),
        name: given.name.clone(),
        uid: Some(given.uid.clone()).filter(|uid| !uid.is_empty()),
    })
}

/// Whether a Pod or a Job has come to its end; nothing else does.
fn phase(kind: &WorkloadKind, given: &manifest::Workload) -> Phase {
    let holds = |condition: &str| {
        let mut conditions = given.conditions.iter();
        conditions.any(|given| given.r#type == condition && given.status == "True")
    };
    match kind {
        WorkloadKind::Pod => match given.pod.status.phase.as_str() {
            "Succeeded" => Phase::Succeeded,
            "Failed" => Phase::Failed,
            _ => Phase::Live,
        },
        WorkloadKind::Job if holds("Complete") => Phase::Succeeded,
        WorkloadKind::Job if holds("Failed") => Phase::Failed,
        _ => Phase::Live,
    }
}

fn check_pod_labels(labels: &Labels, pod: &Path, findings: &mut Findings) {
    check_labels(labels, &pod.key("metadata").key("labels"), findings);
}

/// The containers that run as long as the pod does, with their place: `containers`, then the
/// sidecars among `initContainers`.
fn containers(
    given: &manifest::Workload,
) -> impl Iterator<Item = (&PartialContainer, &'static str, usize)> {
    let spec = &given.pod.spec;
    let main = spec.containers.iter().enumerate();
    let sidecars = spec
        .init_containers
        .iter()
        .enumerate()
        .filter(|(_, container)| container.restart_policy.as_deref() == Some("Always"));
    main.map(|(i, container)| (container, "containers", i))
        .chain(sidecars.map(|(i, container)| (container, "initContainers", i)))
}

fn container_ports(given: &manifest::Workload, findings: &mut Findings) -> Vec<ContainerPort> {
    let spec = given.pod_path.key("spec");
    let mut found = Vec::new();
    for (container, list, i) in containers(given) {
        let list = spec.key(list);
        let container_path = list.index(i);
        let declared = container_path.key("ports");
        for (i, port) in container.ports.iter().enumerate() {
            found.push(container_port(port, &declared.index(i), findings));
        }
        if container.ports.is_empty() {
            found.extend(probe::listening(container).map(|port| ContainerPort {
                name: None,
                protocol: Default::default(),
                port,
            }));
        }
    }
    found
}

fn container_port(
    given: &api::ContainerPort,
    path: &Path,
    findings: &mut Findings,
) -> ContainerPort {
    let name = given.name.clone().filter(|name| !name.is_empty());
    if let Some(name) = &name {
        ports::check_name(name, &path.key("name"), findings);
    }
    // Unlike in a policy, an empty protocol is defaulted.
    let protocol = given.protocol.as_deref().filter(|protocol| !protocol.is_empty());
    ContainerPort {
        name,
        protocol: ports::protocol(protocol, &path.key("protocol"), findings),
        port: ports::number(given.container_port, &path.key("containerPort"), findings),
    }
}

/// The addresses that the pod's status tells: its own; on its node's network, the node's.
fn addresses(
    pod: &manifest::PartialPod,
    network: PodNetwork,
    path: &Path,
    findings: &mut Findings,
) -> Vec<IpAddr> {
    let status = &pod.status;
    let own = listed(&status.pod_ips, &status.pod_ip);
    let node = listed(&status.host_ips, &status.host_ip);
    let texts: Vec<_> = match network {
        PodNetwork::Own => own.collect(),
        PodNetwork::Host => node.chain(own).collect(),
    };
    let mut addresses = Vec::new();
    for text in texts {
        match address(text) {
            Some(address) if addresses.contains(&address) => {}
            Some(address) => addresses.push(address),
            None => findings.warn(
                &path.key("status"),
                format!("{} is not an address, and is passed over", Quoted(text)),
            ),
        }
    }
    addresses
}

/// The addresses of a list and of the older field for one of them.
fn listed<'a>(list: &'a [PartialAddress], single: &'a str) -> impl Iterator<Item = &'a str> {
    let listed = list.iter().map(|entry| entry.ip.as_str());
    listed.chain([single]).filter(|text| !text.is_empty())
}

/// A Node's addresses, inside and outside the cluster; names of it are none.
pub(super) fn node_addresses(
    object: &Object,
    given: &PartialNode,
    findings: &mut Findings,
) -> Vec<IpAddr> {
    check_metadata(object, NameSyntax::Subdomain, findings);
    let of_type = |wanted: &'static str| {
        let all = given.status.addresses.iter();
        all.filter(move |entry| entry.r#type == wanted).filter_map(|entry| address(&entry.address))
    };
    of_type("InternalIP").chain(of_type("ExternalIP")).collect()
}
