//! What objects mean: what was read of a source to its [`Fragment`].
//!
//! In: the [`Object`]s of a source. Out: what they declare, and diagnostics. Every default of the API
//! and every rule of its validation is applied here and nowhere else, so that what comes after
//! cannot fail. An object that the API server would refuse is left out, with the reason and its
//! place. Knows nothing of YAML or of other sources, and decides nothing about traffic.

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

use crate::cluster::Namespace;
use crate::diagnostic::Diagnostic;
use crate::fragment::{Declared, Fragment, Mention, Node};
use crate::labels::NAMESPACE_NAME_LABEL;
use crate::manifest::{self, Content, Object, Reading, Source};
use findings::Findings;
use names::{NameSyntax, check_metadata};

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

/// Compiles what was read of a source.
pub fn compile(reading: &Reading, defaults: &Defaults) -> Fragment {
    let mut diagnostics = reading.diagnostics.clone();
    let mut objects = Vec::new();
    for object in &reading.objects {
        objects.extend(settled(object, defaults, &mut diagnostics));
    }
    Fragment {
        objects,
        diagnostics,
        strays: reading.strays.clone(),
        expectations: reading.expectations.clone(),
    }
}

/// Reads a source and compiles it object by object: what was read of one is gone before the next one is
/// read, because all of it takes many times the size of the text.
pub fn read(source: &Source, defaults: &Defaults) -> Fragment {
    let (mut objects, mut said) = (Vec::new(), Vec::new());
    let reading = manifest::read_each(source, &mut |object| {
        objects.extend(settled(&object, defaults, &mut said));
    });
    let Reading { mut diagnostics, strays, expectations, .. } = reading;
    diagnostics.append(&mut said);
    Fragment { objects, diagnostics, strays, expectations }
}

/// What an object declares, unless it is refused.
fn settled(
    object: &Object,
    defaults: &Defaults,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Declared> {
    let mut findings = Findings::new(object);
    let declared = declared(object, defaults, &mut findings);
    findings.settle(declared, diagnostics).flatten()
}

/// What an object declares; whether it is refused is among the findings.
fn declared(object: &Object, defaults: &Defaults, findings: &mut Findings) -> Option<Declared> {
    let namespace = || object.namespace.clone().unwrap_or_else(|| defaults.namespace.clone());
    Some(match &object.content {
        Content::Namespace(given) => {
            check_metadata(object, NameSyntax::Label, findings);
            let (name, location) = (object.name.clone(), Some(object.location()));
            let mut labels = given.metadata.labels.clone().unwrap_or_default();
            // The API server sets this label, over whatever a manifest says.
            labels.insert(NAMESPACE_NAME_LABEL.to_owned(), name.clone());
            Declared::Namespace(Namespace { name, labels, location })
        }
        Content::Node(given) => Declared::Node(Node {
            name: object.name.clone(),
            addresses: workload::node_addresses(object, given, findings),
            location: object.location(),
        }),
        Content::NetworkPolicy(given) => {
            Declared::Policy(network_policy::policy(object, given, namespace(), findings))
        }
        Content::Service(given) => {
            Declared::Service(service::service(object, given, namespace(), findings))
        }
        Content::Workload(given) => {
            let kind = workload::kind(&object.kind)?;
            Declared::Workload(workload::workload(object, kind, given, namespace(), findings))
        }
        Content::Other => {
            let mention = Mention {
                api_version: object.api_version.clone(),
                kind: object.kind.clone(),
                namespace: object.namespace.clone(),
                name: object.name.clone(),
                location: object.location(),
            };
            match is_policy(&object.kind) {
                true => Declared::Unevaluated(mention),
                false => Declared::Other(mention),
            }
        }
    })
}

/// Whether objects of this kind limit traffic between pods: NetworkPolicies of other groups and
/// versions, what other projects call after them, and a few with names of their own.
fn is_policy(kind: &str) -> bool {
    const OTHERS: [&str; 4] =
        ["AuthorizationPolicy", "EgressFirewall", "MeshTrafficPermission", "ServerAuthorization"];
    kind.ends_with("NetworkPolicy") || OTHERS.contains(&kind)
}
