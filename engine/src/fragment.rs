//! What one source declares, by itself.
//!
//! A [`Fragment`] is what `compile` makes of a source, and all that is left of it: every object is
//! valid and has its defaults, and nothing depends on other sources. So a source is read when it
//! changes, wherever that is done (when the page is built, or apart from it in a worker), and
//! `assemble` puts fragments together as often as a switch is turned.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::cluster::{Namespace, Service, Workload};
use crate::diagnostic::{Diagnostic, Location};
use crate::policy::Policy;

/// What a source declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// The objects that were taken, in the order of the text.
    pub objects: Vec<Declared>,
    /// What was refused, and what deserves a look.
    pub diagnostics: Vec<Diagnostic>,
    /// Documents that are no Kubernetes objects, having neither `apiVersion` nor `kind`.
    pub strays: Vec<Location>,
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
