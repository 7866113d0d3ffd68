//! What one source declares, by itself.
//!
//! A [`Fragment`] is what `compile` makes of a source, and all that is left of it: every object is
//! valid and has its defaults, and nothing depends on other sources. So a source is read when it
//! changes, wherever that is done (when the page is built, or apart from it in a worker), and
//! `assemble` puts fragments together as often as a switch is turned.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::cluster::{Namespace, Service, Workload, WorkloadKind};
use crate::diagnostic::{Diagnostic, Location};
use crate::policy::Policy;
use crate::stray::Stray;

/// What a source declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// The objects that were taken, in the order of the text.
    pub objects: Vec<Declared>,
    /// What was refused, and what deserves a look.
    pub diagnostics: Vec<Diagnostic>,
    /// Documents that are no Kubernetes objects, having neither `apiVersion` nor `kind`.
    pub strays: Vec<Stray>,
    /// Documents of expectations: no objects either, and in order.
    pub expectations: Vec<Location>,
}

impl Fragment {
    /// Moves a fragment whose text began in line `from` to where it begins now, line `to`.
    pub fn move_lines(&mut self, from: u32, to: u32) {
        let mut shift = |location: &mut Location| {
            location.line = location.line.saturating_sub(from).saturating_add(to);
        };
        self.objects.iter_mut().for_each(|object| object.locate(&mut shift));
        self.diagnostics.iter_mut().for_each(|diagnostic| shift(&mut diagnostic.location));
        self.strays.iter_mut().for_each(|stray| shift(&mut stray.location));
        self.expectations.iter_mut().for_each(shift);
    }
}

/// An object that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Declared {
    /// A Namespace.
    Namespace(Namespace),
    /// A Node.
    Node(Node),
    /// A NetworkPolicy of `networking.k8s.io/v1`.
    Policy(Policy),
    /// A Service.
    Service(Service),
    /// An object that pods come from.
    Workload(Workload),
    /// A policy of a kind that is not evaluated.
    Unevaluated(Mention),
    /// An object of another kind that is not read.
    Other(Mention),
}

/// What an object is known by: `metadata.namespace` (empty without one), `metadata.name`, and the kind,
/// of which workloads have an order of their own.
pub type Identity<'o> = (&'o str, &'o str, Option<&'o WorkloadKind>, &'o str);

impl Declared {
    /// What the object is known by.
    pub fn identity(&self) -> Identity<'_> {
        match self {
            Declared::Namespace(Namespace { name, .. }) => ("", name, None, "Namespace"),
            Declared::Node(Node { name, .. }) => ("", name, None, "Node"),
            Declared::Policy(Policy { namespace, name, .. }) => {
                (namespace, name, None, "NetworkPolicy")
            }
            Declared::Service(Service { namespace, name, .. }) => {
                (namespace, name, None, "Service")
            }
            Declared::Workload(Workload { namespace, name, kind, .. }) => {
                (namespace, name, Some(kind), kind.as_str())
            }
            Declared::Unevaluated(mention) | Declared::Other(mention) => (
                mention.namespace.as_deref().unwrap_or_default(),
                &mention.name,
                None,
                &mention.kind,
            ),
        }
    }

    /// The namespace that the object is in, or is.
    pub fn namespace(&self) -> Option<&String> {
        match self {
            Declared::Namespace(namespace) => Some(&namespace.name),
            Declared::Node(_) => None,
            Declared::Policy(policy) => Some(&policy.namespace),
            Declared::Service(service) => Some(&service.namespace),
            Declared::Workload(workload) => Some(&workload.namespace),
            Declared::Unevaluated(mention) | Declared::Other(mention) => mention.namespace.as_ref(),
        }
    }

    /// Visits every place that the object knows of itself.
    pub fn locate(&mut self, visit: &mut impl FnMut(&mut Location)) {
        match self {
            Declared::Namespace(namespace) => namespace.location.iter_mut().for_each(visit),
            Declared::Node(node) => visit(&mut node.location),
            Declared::Policy(policy) => policy.locate(visit),
            Declared::Service(service) => visit(&mut service.location),
            Declared::Workload(workload) => {
                let pods = workload.pods.iter_mut().flat_map(|pod| &mut pod.location);
                workload.location.iter_mut().chain(pods).for_each(visit);
            }
            Declared::Unevaluated(mention) | Declared::Other(mention) => {
                visit(&mut mention.location);
            }
        }
    }

    /// Where the object is.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Declared::Namespace(namespace) => namespace.location.as_ref(),
            Declared::Node(node) => Some(&node.location),
            Declared::Policy(policy) => Some(&policy.location),
            Declared::Service(service) => Some(&service.location),
            Declared::Workload(workload) => workload.location.as_ref(),
            Declared::Unevaluated(mention) | Declared::Other(mention) => Some(&mention.location),
        }
    }
}

/// A Node, as far as pods on its network are known by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// `metadata.name`.
    pub name: String,
    /// `status.addresses` that are addresses, those inside the cluster first.
    pub addresses: Vec<IpAddr>,
    /// Where the object is.
    pub location: Location,
}

/// An object that is only listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`, where given.
    pub namespace: Option<String>,
    /// `metadata.name`; empty where there is none.
    pub name: String,
    /// Where the object is.
    pub location: Location,
}

impl Mention {
    /// `ns/name`, or the name alone where no namespace is given.
    pub fn path(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        }
    }
}
