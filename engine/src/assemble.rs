//! What sources declare together: fragments to a cluster and its policies.
//!
//! In: [`Fragment`]s, in the order in which they are applied. Out: the [`Cluster`] and its
//! [`Policy`]s, with all that depends on more than one object: the later of two objects of one
//! identity stands, a namespace that is mentioned exists, a pod on its node's network is known by
//! the node, and there is a cluster DNS. Nothing can fail here.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::cluster::{Cluster, Namespace, PodNetwork, Service, Workload, WorkloadKind};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::dns;
use crate::fragment::{Declared, Fragment, Mention};
use crate::labels::{Labels, NAMESPACE_NAME_LABEL};
use crate::net::Protocol;
use crate::policy::Policy;

/// What fragments come to.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The namespaces, workloads and Services.
    pub cluster: Cluster,
    /// The policies, sorted by namespace and name.
    pub policies: Vec<Policy>,
    /// Policies of kinds that are not evaluated: with one of them, no verdict is the whole truth.
    pub unevaluated: Vec<Mention>,
    /// Objects of other kinds that are not read.
    pub others: Vec<Mention>,
    /// What was refused, and what deserves a look: of each fragment in order, then of all together.
    pub diagnostics: Vec<Diagnostic>,
}

/// Assembles fragments, without the namespaces that are deleted and what is in them.
pub fn assemble<'f>(
    fragments: impl IntoIterator<Item = &'f Fragment>,
    deleted: &[String],
) -> Assembled {
    let mut assembled = Assembled::default();
    let mut applied = Applied::default();
    let mut replacements = Vec::new();
    for fragment in fragments {
        assembled.diagnostics.extend(fragment.diagnostics.iter().cloned());
        for object in &fragment.objects {
            if !namespace_of(object).is_some_and(|namespace| deleted.contains(namespace)) {
                apply(object, &mut applied, &mut assembled, &mut replacements);
            }
        }
    }
    assembled.diagnostics.append(&mut replacements);
    let Assembled { cluster, policies, .. } = &mut assembled;
    let mut nodes: BTreeMap<&str, &[IpAddr]> = BTreeMap::new();
    for (_, object) in applied.0 {
        match object {
            Declared::Node(node) => {
                nodes.insert(&node.name, &node.addresses);
            }
            Declared::Policy(policy) => policies.push(policy.clone()),
            Declared::Service(service) => cluster.services.push(service.clone()),
            Declared::Workload(workload) => cluster.workloads.push(workload.clone()),
            Declared::Namespace(_) | Declared::Unevaluated(_) | Declared::Other(_) => {}
        }
    }
    for workload in &mut cluster.workloads {
        let node = workload.node.as_deref().and_then(|name| nodes.get(name));
        if workload.network == PodNetwork::Host && workload.addresses.is_empty() {
            workload.addresses = node.map_or_else(Vec::new, |addresses| addresses.to_vec());
        }
    }
    provide_dns(cluster);
    assembled
}

/// Adds the cluster DNS that every cluster is taken to have, where none of the workloads is one.
pub(crate) fn provide_dns(cluster: &mut Cluster) {
    if dns::servers(cluster, Protocol::Udp).is_empty() {
        mention(dns::NAMESPACE, cluster);
        let dns = dns::implicit();
        let order = |workload: &Workload| {
            let by_name = (&workload.namespace, &workload.name).cmp(&(&dns.namespace, &dns.name));
            by_name.then(workload.kind.cmp(&dns.kind))
        };
        let position = cluster.workloads.partition_point(|workload| order(workload).is_lt());
        cluster.workloads.insert(position, dns);
    }
}

/// `metadata.namespace` and `metadata.name`, and the kind, of which workloads have an order of their
/// own: what an object is known by.
type Identity<'f> = (&'f str, &'f str, Option<&'f WorkloadKind>, &'f str);

/// What stands so far. One map for all kinds, because each type of map is a few kilobytes of the
/// page.
#[derive(Default)]
struct Applied<'f>(BTreeMap<Identity<'f>, &'f Declared>);

/// Adds an object to those before it, and says so when it takes the place of one.
fn apply<'f>(
    object: &'f Declared,
    applied: &mut Applied<'f>,
    assembled: &mut Assembled,
    replacements: &mut Vec<Diagnostic>,
) {
    let cluster = &mut assembled.cluster;
    let identity: Identity<'f> = match object {
        Declared::Namespace(given) => {
            cluster.namespaces.insert(given.name.clone(), given.clone());
            ("", given.name.as_str(), None, "Namespace")
        }
        Declared::Node(node) => ("", node.name.as_str(), None, "Node"),
        Declared::Policy(Policy { namespace, name, .. }) => {
            (namespace, name, None, "NetworkPolicy")
        }
        Declared::Service(Service { namespace, name, .. }) => (namespace, name, None, "Service"),
        Declared::Workload(Workload { namespace, name, kind, .. }) => {
            (namespace, name, Some(kind), kind.as_str())
        }
        Declared::Unevaluated(_) | Declared::Other(_) => {
            if let Some(namespace) = namespace_of(object) {
                mention(namespace, cluster);
            }
            match object {
                Declared::Unevaluated(policy) => assembled.unevaluated.push(policy.clone()),
                Declared::Other(other) => assembled.others.push(other.clone()),
                _ => {}
            }
            return;
        }
    };
    if !identity.0.is_empty() {
        mention(identity.0, cluster);
    }
    if let Some(earlier) = applied.0.insert(identity, object) {
        let (namespace, name, _, kind) = identity;
        let path =
            if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") };
        if let (Some(location), Some(earlier)) = (location(object), location(earlier)) {
            replacements.push(Diagnostic {
                location: location.clone(),
                severity: Severity::Warning,
                message: format!("{kind} `{path}` replaces the one at {earlier}"),
            });
        }
    }
}

/// The namespace that an object is in, or is.
fn namespace_of(object: &Declared) -> Option<&String> {
    match object {
        Declared::Namespace(namespace) => Some(&namespace.name),
        Declared::Node(_) => None,
        Declared::Policy(policy) => Some(&policy.namespace),
        Declared::Service(service) => Some(&service.namespace),
        Declared::Workload(workload) => Some(&workload.namespace),
        Declared::Unevaluated(mention) | Declared::Other(mention) => mention.namespace.as_ref(),
    }
}

fn location(object: &Declared) -> Option<&Location> {
    match object {
        Declared::Namespace(namespace) => namespace.location.as_ref(),
        Declared::Node(node) => Some(&node.location),
        Declared::Policy(policy) => Some(&policy.location),
        Declared::Service(service) => Some(&service.location),
        Declared::Workload(workload) => workload.location.as_ref(),
        Declared::Unevaluated(mention) | Declared::Other(mention) => Some(&mention.location),
    }
}

/// A namespace that some object is in exists, whether it is declared or not.
fn mention(namespace: &str, cluster: &mut Cluster) {
    if !cluster.namespaces.contains_key(namespace) {
        let name = namespace.to_owned();
        let mut labels = Labels::new();
        labels.insert(NAMESPACE_NAME_LABEL.to_owned(), name.clone());
        cluster.namespaces.insert(name.clone(), Namespace { name, labels, location: None });
    }
}
