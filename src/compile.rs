//! What objects mean: objects to a cluster and its policies.
//!
//! In: the [`Object`]s of all sources, in order. Out: [`Cluster`], [`Policy`]s and diagnostics. Every
//! default of the API and every rule of its validation is applied here and nowhere else, so that
//! what comes after cannot fail. An object that the API server would refuse is left out, with the
//! reason and its place. Knows nothing of YAML, and decides nothing about traffic.

mod findings;
mod ip_block;
mod names;
mod network_policy;
mod ports;
mod probe;
mod selector;
mod service;
mod workload;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::cluster::{Cluster, Namespace, Service, Workload, WorkloadKind};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::dns;
use crate::labels::{Labels, NAMESPACE_NAME_LABEL};
use crate::manifest::{Content, Object};
use crate::net::Protocol;
use crate::policy::Policy;
use findings::Findings;
use names::{NameSyntax, check_metadata};
use workload::NodeAddresses;

/// What the objects do not say themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The namespace of objects without `metadata.namespace`.
    pub namespace: String,
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults { namespace: "default".to_owned() }
    }
}

/// What objects mean.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The namespaces, workloads and Services.
    pub cluster: Cluster,
    /// The policies, sorted by namespace and name.
    pub policies: Vec<Policy>,
    /// Policies of kinds that are not evaluated: with one of them, no verdict is the whole truth.
    pub unevaluated: Vec<Mention>,
    /// Objects of other kinds that are not read.
    pub others: Vec<Mention>,
    /// What was refused, and what deserves a look: of Nodes first, then in the order of the objects.
    pub diagnostics: Vec<Diagnostic>,
}

/// An object that is only listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `ns/name`, or the name alone where no namespace is given.
    pub path: String,
    /// Where the object is.
    pub location: Location,
}

/// Compiles objects. Where one is given twice, the later in order stands.
pub fn compile<'o>(
    objects: impl IntoIterator<Item = &'o Object> + Clone,
    defaults: &Defaults,
) -> Compiled {
    let mut compiled = Compiled::default();
    let mut accepted = Accepted::default();
    // Pods may stand before the Nodes that they are on.
    let nodes = nodes(objects.clone(), &mut accepted, &mut compiled.diagnostics);
    for object in objects {
        let namespace = object.namespace.clone().unwrap_or_else(|| defaults.namespace.clone());
        add(object, namespace, &nodes, &mut accepted, &mut compiled);
    }
    let Compiled { cluster, policies, .. } = &mut compiled;
    for Taken { made, .. } in accepted.0.into_values() {
        match made {
            Made::Policy(policy) => policies.push(policy),
            Made::Service(service) => cluster.services.push(service),
            Made::Workload(workload) => cluster.workloads.push(workload),
            Made::Elsewhere => {}
        }
    }
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
    compiled
}

/// `metadata.namespace` and `metadata.name`: what an object of its kind is known by.
type Identity = (String, String);

/// What was taken so far, in the order of identities. One map for all kinds, because each type of
/// map is a few kilobytes of the page.
#[derive(Default)]
struct Accepted<'o>(BTreeMap<Key<'o>, Taken>);

/// An object's identity and its kind, of which workloads have an order of their own.
type Key<'o> = (Identity, Option<WorkloadKind>, &'o str);

/// What was made of an object, and where it was given last.
struct Taken {
    location: Location,
    made: Made,
}

enum Made {
    Policy(Policy),
    Service(Service),
    Workload(Workload),
    /// A Node or a Namespace, which are kept under their names alone.
    Elsewhere,
}

impl<'o> Accepted<'o> {
    /// Takes what was made of an object; warns when it replaces another.
    fn take(
        &mut self,
        object: &'o Object,
        identity: Identity,
        made: Made,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let location = object.location();
        let path = path(Some(&identity.0).filter(|namespace| !namespace.is_empty()), &identity.1);
        let kind = object.kind.as_str();
        let key = (identity, workload::kind(kind), kind);
        let taken = Taken { location: location.clone(), made };
        if let Some(Taken { location: earlier, .. }) = self.0.insert(key, taken) {
            diagnostics.push(Diagnostic {
                location,
                severity: Severity::Warning,
                message: format!("{kind} `{path}` replaces the one at {earlier}"),
            });
        }
    }
}

/// The addresses of the Nodes among the objects.
fn nodes<'o>(
    objects: impl IntoIterator<Item = &'o Object>,
    accepted: &mut Accepted<'o>,
    diagnostics: &mut Vec<Diagnostic>,
) -> NodeAddresses {
    let mut nodes = NodeAddresses::new();
    for object in objects {
        let Content::Node(node) = &object.content else { continue };
        let mut findings = Findings::new(object);
        let addresses = workload::node_addresses(object, node, &mut findings);
        if let Some(addresses) = findings.settle(addresses, diagnostics) {
            let identity = (String::new(), object.name.clone());
            accepted.take(object, identity, Made::Elsewhere, diagnostics);
            nodes.insert(object.name.clone(), addresses);
        }
    }
    nodes
}

/// Adds an object of any kind but Node.
fn add<'o>(
    object: &'o Object,
    namespace: String,
    nodes: &NodeAddresses,
    accepted: &mut Accepted<'o>,
    compiled: &mut Compiled,
) {
    let mut findings = Findings::new(object);
    let identity = (namespace.clone(), object.name.clone());
    let Compiled { cluster, diagnostics, .. } = compiled;
    match &object.content {
        Content::Node(_) => {}
        Content::Other => add_mention(object, compiled),
        Content::Namespace(given) => {
            check_metadata(object, NameSyntax::Label, &mut findings);
            let labels = given.metadata.labels.clone().unwrap_or_default();
            if let Some(labels) = findings.settle(labels, diagnostics) {
                let identity = (String::new(), object.name.clone());
                accepted.take(object, identity, Made::Elsewhere, diagnostics);
                declare(&object.name, labels, Some(object.location()), cluster);
            }
        }
        Content::NetworkPolicy(given) => {
            let policy = network_policy::policy(object, given, namespace, &mut findings);
            if let Some(policy) = findings.settle(policy, diagnostics) {
                mention(&policy.namespace, cluster);
                accepted.take(object, identity, Made::Policy(policy), diagnostics);
            }
        }
        Content::Service(given) => {
            let service = service::service(object, given, namespace, &mut findings);
            if let Some(service) = findings.settle(service, diagnostics) {
                mention(&service.namespace, cluster);
                accepted.take(object, identity, Made::Service(service), diagnostics);
            }
        }
        Content::Workload(given) => {
            let Some(kind) = workload::kind(&object.kind) else { return };
            let workload = workload::workload(object, kind, given, namespace, nodes, &mut findings);
            if let Some(workload) = findings.settle(workload, diagnostics) {
                mention(&workload.namespace, cluster);
                accepted.take(object, identity, Made::Workload(workload), diagnostics);
            }
        }
    }
}

/// A namespace that some object is in exists, whether it is declared or not.
fn mention(namespace: &str, cluster: &mut Cluster) {
    if !cluster.namespaces.contains_key(namespace) {
        declare(namespace, Labels::new(), None, cluster);
    }
}

fn declare(name: &str, mut labels: Labels, location: Option<Location>, cluster: &mut Cluster) {
    // The API server sets this label, over whatever a manifest says.
    labels.insert(NAMESPACE_NAME_LABEL.to_owned(), name.to_owned());
    let namespace = Namespace { name: name.to_owned(), labels, location };
    cluster.namespaces.insert(name.to_owned(), namespace);
}

/// Lists an object of a kind that is not read.
fn add_mention(object: &Object, compiled: &mut Compiled) {
    if let Some(namespace) = &object.namespace {
        mention(namespace, &mut compiled.cluster);
    }
    let list = match is_policy(&object.kind) {
        true => &mut compiled.unevaluated,
        false => &mut compiled.others,
    };
    list.push(Mention {
        api_version: object.api_version.clone(),
        kind: object.kind.clone(),
        path: path(object.namespace.as_ref(), &object.name),
        location: object.location(),
    });
}

/// Whether objects of this kind limit traffic between pods: NetworkPolicies of other groups and
/// versions, what other projects call after them, and a few with names of their own.
fn is_policy(kind: &str) -> bool {
    const OTHERS: [&str; 4] =
        ["AuthorizationPolicy", "EgressFirewall", "MeshTrafficPermission", "ServerAuthorization"];
    kind.ends_with("NetworkPolicy") || OTHERS.contains(&kind)
}

fn path(namespace: Option<&String>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}
