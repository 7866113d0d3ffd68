//! What sources declare together: fragments to a cluster and its policies.
//!
//! In: [`Fragment`]s, in the order in which they are applied. Out: the [`Cluster`] and its
//! [`Policy`]s, with all that depends on more than one object: the later of two objects of one
//! identity stands, a namespace that is mentioned exists, a pod on its node's network is known by
//! the node, and there is a cluster DNS. Nothing can fail here.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::cluster::{Cluster, Namespace, PodNetwork, Workload};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dns;
use crate::fragment::{Declared, Fragment, Identity, Mention};
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
            if !object.namespace().is_some_and(|namespace| deleted.contains(namespace)) {
                apply(object, &mut applied, &mut assembled, &mut replacements);
            }
        }
    }
    assembled.diagnostics.append(&mut replacements);
    let Assembled { cluster, policies, .. } = &mut assembled;
    let mut nodes: Vec<(&str, &[IpAddr])> = Vec::new();
    for (_, object) in applied.0 {
        match object {
            Declared::Node(node) => {
                nodes.push((&node.name, &node.addresses));
            }
            Declared::Policy(policy) => policies.push(policy.clone()),
            Declared::Service(service) => cluster.services.push(service.clone()),
            Declared::Workload(workload) => cluster.workloads.push(workload.clone()),
            Declared::Namespace(_) | Declared::Unevaluated(_) | Declared::Other(_) => {}
        }
    }
    for workload in &mut cluster.workloads {
        if workload.network == PodNetwork::Host && workload.addresses.is_empty() {
            let is_its = |(name, _): &&(&str, _)| workload.node.as_deref() == Some(*name);
            let node = nodes.iter().find(is_its);
            workload.addresses = node.map_or_else(Vec::new, |(_, addresses)| addresses.to_vec());
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
    if let Some(namespace) = object.namespace() {
        mention(namespace, cluster);
    }
    match object {
        Declared::Namespace(given) => {
            cluster.namespaces.insert(given.name.clone(), given.clone());
        }
        Declared::Unevaluated(policy) => return assembled.unevaluated.push(policy.clone()),
        Declared::Other(other) => return assembled.others.push(other.clone()),
        _ => {}
    }
    let identity = object.identity();
    if let Some(earlier) = applied.0.insert(identity, object) {
        let (namespace, name, _, kind) = identity;
        let path =
            if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") };
        if let (Some(location), Some(earlier)) = (object.location(), earlier.location()) {
            replacements.push(Diagnostic {
                location: location.clone(),
                severity: Severity::Warning,
                message: format!("{kind} `{path}` replaces the one at {earlier}"),
            });
        }
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
