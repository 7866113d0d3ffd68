//! A document to the Kubernetes objects in it: one, or the items of a list.
//!
//! Only the kinds that tell what policies do are read; the others are listed by kind and name.

use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;

use super::declared::{Namespace, Service};
use super::deserialize::{Complaint, from_node};
use super::path::Path;
use super::tree::{Node, Place, Value};
use super::workload::{PartialController, PartialCronJob, PartialNode, PartialPod, Workload};
use super::{EXPECT, Reading, Source};
use crate::diagnostic::Location;
use crate::stray::{self, Stray};

/// One Kubernetes object of a source.
pub struct Object {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.name`; empty where an object of a kind that is not read has none.
    pub name: String,
    /// `metadata.namespace`, where given.
    pub namespace: Option<String>,
    /// What was read of it.
    pub content: Content,
    source: Source,
    tree: Node,
}

/// What is read of an object.
pub enum Content {
    /// A NetworkPolicy of `networking.k8s.io/v1`.
    NetworkPolicy(Box<NetworkPolicy>),
    /// A Namespace.
    Namespace(Box<Namespace>),
    /// A Service.
    Service(Box<Service>),
    /// An object that pods come from, of any API version.
    Workload(Box<Workload>),
    /// A Node.
    Node(Box<PartialNode>),
    /// A kind that is not read.
    Other,
}

impl Object {
    /// Where the object begins.
    pub fn location(&self) -> Location {
        self.locate(&Path::ROOT)
    }

    /// Where the value at a path begins, or the nearest one around it that exists.
    pub fn locate(&self, path: &Path) -> Location {
        self.source.location(self.tree.locate(path, &self.source.text))
    }

    /// Where the last key of a path is, or the nearest value around it that exists.
    pub fn locate_key(&self, path: &Path) -> Location {
        self.source.location(self.tree.locate_key(path, &self.source.text))
    }

    /// `metadata`, of a kind that is read.
    pub fn metadata(&self) -> Option<&ObjectMeta> {
        match &self.content {
            Content::NetworkPolicy(policy) => Some(&policy.metadata),
            Content::Namespace(namespace) => Some(&namespace.metadata),
            Content::Service(service) => Some(&service.metadata),
            Content::Workload(workload) => Some(&workload.metadata),
            Content::Node(node) => Some(&node.metadata),
            Content::Other => None,
        }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Object { kind, name, .. } = self;
        write!(f, "{kind} {name} at {}", self.location())
    }
}

/// What the items of a list are taken to be where they do not say so themselves.
#[derive(Clone, Copy, Default)]
struct Inherited<'l> {
    api_version: Option<&'l str>,
    kind: Option<&'l str>,
}

/// Hands over the objects of a document, and adds what is said of it to a reading.
pub(super) fn read(
    document: Node,
    source: &Source,
    reading: &mut Reading,
    take: &mut dyn FnMut(Object),
) {
    if holds_expectations(&document, &source.text) {
        return reading.expectations.push(source.location(document.place));
    }
    object(document, source, Inherited::default(), reading, take);
}

fn holds_expectations(document: &Node, text: &str) -> bool {
    match &document.value {
        Value::Mapping(entries) => {
            matches!(entries.as_slice(), [only] if only.key.of(text) == EXPECT)
        }
        _ => false,
    }
}

fn object(
    mut node: Node,
    source: &Source,
    inherited: Inherited,
    reading: &mut Reading,
    take: &mut dyn FnMut(Object),
) {
    let place = node.place;
    let (api_version, kind) = match identity(&node, source, inherited) {
        Ok(Some(identity)) => identity,
        Ok(None) => {
            let what = stray::Kind::of_file(&source.name);
            return reading.strays.push(Stray { location: source.location(place), what });
        }
        Err(complaint) => return refuse(vec![complaint], source, reading),
    };
    if let Some(items) = take_items(&mut node, &kind, source) {
        let item_kind = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
        let inherited = match item_kind {
            Some(item) => Inherited { api_version: Some(&api_version), kind: Some(item) },
            None => Inherited::default(),
        };
        return items.into_iter().for_each(|item| object(item, source, inherited, reading, take));
    }
    match content(&node, &api_version, &kind, &source.text) {
        Err(complaints) => refuse(complaints, source, reading),
        Ok(content) => {
            let (name, namespace) = names(&node, &source.text);
            let source = source.clone();
            take(Object { api_version, kind, name, namespace, content, source, tree: node });
        }
    }
}

fn refuse(complaints: Vec<Complaint>, source: &Source, reading: &mut Reading) {
    reading.diagnostics.extend(source.errors(complaints));
}

/// `apiVersion` and `kind`; none when the document is no Kubernetes object at all.
fn identity(
    node: &Node,
    source: &Source,
    inherited: Inherited,
) -> Result<Option<(String, String)>, Complaint> {
    let text = &source.text;
    let given = |field: &str, inherited: Option<&str>| match node.get(field, text) {
        Some(value) if !value.is_null(text) => match value.string(text) {
            Some(string) => Ok(Some(string.to_owned())),
            None => Err((value.place, format!("`{field}` must be a string"))),
        },
        _ => Ok(inherited.map(str::to_owned)),
    };
    let missing = |field: &str| (node.place, format!("`{field}` is missing"));
    match (given("apiVersion", inherited.api_version)?, given("kind", inherited.kind)?) {
        (Some(api_version), Some(kind)) => Ok(Some((api_version, kind))),
        (None, None) => Ok(None),
        (Some(_), None) if stray::Kind::of_file(&source.name) == stray::Kind::HelmChart => Ok(None),
        (None, Some(_)) => Err(missing("apiVersion")),
        (Some(_), None) => Err(missing("kind")),
    }
}

/// The items of a list: `kind: List`, or a list of one kind such as `NetworkPolicyList`.
fn take_items(node: &mut Node, kind: &str, source: &Source) -> Option<Vec<Node>> {
    if !kind.ends_with("List") {
        return None;
    }
    let Value::Mapping(entries) = &mut node.value else { return None };
    let items = entries.iter_mut().find(|entry| entry.key.of(&source.text) == "items")?;
    if items.node.is_null(&source.text) {
        return Some(Vec::new());
    }
    match &mut items.node.value {
        Value::Sequence(items) => Some(std::mem::take(items)),
        _ => None,
    }
}

/// Reads what is read of an object of this kind.
fn content(
    node: &Node,
    api_version: &str,
    kind: &str,
    text: &str,
) -> Result<Content, Vec<Complaint>> {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let content = match (api_version, kind) {
        ("networking.k8s.io/v1", "NetworkPolicy") => {
            Content::NetworkPolicy(Box::new(from_node(node, text)?))
        }
        ("v1", "Namespace") => Content::Namespace(Box::new(from_node(node, text)?)),
        ("v1", "Service") => Content::Service(Box::new(from_node(node, text)?)),
        ("v1", "Node") => Content::Node(Box::new(from_node(node, text)?)),
        _ if !["", "apps", "extensions", "batch"].contains(&group) => Content::Other,
        (_, "Pod") => workload::<PartialPod>(node, text)?,
        (_, "ReplicationController") => {
            workload::<PartialController<BTreeMap<String, String>>>(node, text)?
        }
        (_, "CronJob") => workload::<PartialCronJob>(node, text)?,
        (_, "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job") => {
            workload::<PartialController>(node, text)?
        }
        _ => Content::Other,
    };
    match (&content, names(node, text).0.is_empty()) {
        (Content::Other, _) | (_, false) => Ok(content),
        (_, true) => Err(vec![unnamed(node, text)]),
    }
}

fn workload<'n, T>(node: &'n Node, text: &'n str) -> Result<Content, Vec<Complaint>>
where
    T: Deserialize<'n> + Into<Workload>,
{
    from_node::<T>(node, text).map(|read| Content::Workload(Box::new(read.into())))
}

/// `metadata.name` and `metadata.namespace`, as far as they are strings.
fn names(node: &Node, text: &str) -> (String, Option<String>) {
    let metadata = node.get("metadata", text);
    let field = |name| metadata.and_then(|metadata| metadata.get(name, text)?.string(text));
    let namespace = field("namespace").filter(|namespace| !namespace.is_empty());
    (field("name").unwrap_or_default().to_owned(), namespace.map(str::to_owned))
}

fn unnamed(node: &Node, text: &str) -> (Place, String) {
    let metadata = Path::ROOT.key("metadata");
    let place = node.locate(&metadata.key("name"), text);
    let generated =
        node.get("metadata", text).and_then(|metadata| metadata.get("generateName", text));
    let message = match generated {
        Some(_) => "`metadata.name` is missing: a name that the server would generate is not known",
        None => "`metadata.name` is missing",
    };
    (place, message.to_owned())
}
