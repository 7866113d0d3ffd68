//! What objects a text holds: YAML or JSON to typed Kubernetes objects, with places.
//!
//! In: the text of one file. Out: its [`Object`]s, and a [`Diagnostic`] for each document that is
//! not taken. As `kubectl apply` does, YAML becomes JSON and JSON becomes typed objects, strictly.
//! This is the only module that knows YAML. It knows nothing of what objects mean: defaults and
//! validation are for `compile`, which asks [`Object::locate`] for the place of what it refuses.

mod build;
mod complaint;
mod declared;
mod deserialize;
mod failure;
mod items;
mod object;
mod parse;
mod path;
mod scalar;
mod tabs;
mod templates;
mod tree;
mod workload;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::de::DeserializeOwned;

pub use declared::{Namespace, Service};
pub use items::{Item, Items, items};
pub use object::{Content, Object};
pub use path::Path;
pub use scalar::{quoted, string};
pub use workload::{
    PartialAddress, PartialCondition, PartialContainer, PartialNode, PartialNodeAddress,
    PartialNodeStatus, PartialPod, PartialPodSpec, PartialPodStatus, Workload,
};

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::stray::Stray;
use deserialize::Complaint;
use tree::{Node, Place};

/// A text and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name of the input as its giver knows it: a path, or the name of a tab.
    pub name: Arc<str>,
    /// YAML or JSON.
    pub text: Arc<str>,
}

impl Source {
    /// A text under a name.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Source { name: name.into(), text: text.into() }
    }

    fn location(&self, place: Place) -> Location {
        Location { file: self.name.clone(), line: place.line, column: place.column }
    }

    /// Complaints about this source.
    fn errors(&self, complaints: Vec<Complaint>) -> Vec<Diagnostic> {
        let error = |(place, message)| Diagnostic {
            location: self.location(place),
            severity: Severity::Error,
            message,
        };
        complaints.into_iter().map(error).collect()
    }
}

/// What was found in a source.
#[derive(Debug, Default)]
pub struct Reading {
    /// The objects, in the order of the text.
    pub objects: Vec<Object>,
    /// What was refused, and why.
    pub diagnostics: Vec<Diagnostic>,
    /// Documents that are no Kubernetes objects, having neither `apiVersion` nor `kind`. Whether
    /// that is an error depends on how the source was come by.
    pub strays: Vec<Stray>,
    /// Documents whose only key is [`EXPECT`]: expectations, which are for another reader.
    pub expectations: Vec<Location>,
}

/// The only key of a document of expectations.
pub const EXPECT: &str = "expect";

/// Reads the objects of a source. A document that is refused does not take others with it.
pub fn read(source: &Source) -> Reading {
    let mut objects = Vec::new();
    let reading = read_each(source, &mut |object| objects.push(object));
    Reading { objects, ..reading }
}

/// The same, where each object is handed over as soon as it is read, and is not among what is returned.
pub fn read_each(source: &Source, take: &mut dyn FnMut(Object)) -> Reading {
    let mut said = Reading::default();
    let read = &mut |document| object::read(document, source, &mut said, take);
    let parse::Parsed { diagnostics, .. } = parse::documents(source, read);
    // What is said of the YAML comes first, and templates are told by that alone.
    let mut reading = Reading { diagnostics, ..Reading::default() };
    templates::set_aside(source, &mut reading);
    reading.diagnostics.append(&mut said.diagnostics);
    reading.strays.append(&mut said.strays);
    reading.expectations = said.expectations;
    reading
}

/// What is said of expectations among manifests: they are in order, and have no part in what is.
pub fn expectations(location: Location) -> Diagnostic {
    let message = "expectations are checked, not applied: the document is passed over";
    Diagnostic { location, severity: Severity::Info, message: message.to_owned() }
}

/// Reads a source that holds one document of a type, strictly. The type's newtypes, if it has any,
/// must be `#[serde(transparent)]`.
///
/// # Errors
///
/// What does not fit, or that the source holds no document, or several.
pub fn from_text<T: DeserializeOwned>(source: &Source) -> Result<T, Vec<Diagnostic>> {
    let document = only_document(source)?;
    deserialize::from_node(&document, &source.text).map_err(|complaints| source.errors(complaints))
}

/// The document of a source that holds one. Apart from [`from_text`], of which there is a copy for
/// every type.
fn only_document(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let mut documents = Vec::new();
    let parse::Parsed { diagnostics, .. } =
        parse::documents(source, &mut |document| documents.push(document));
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let second = documents.get(1).map(|document| document.place);
    let (place, message) = match (documents.pop(), second) {
        (Some(document), None) => return Ok(document),
        (None, _) => (parse::START, "there is no document here"),
        (Some(_), Some(second)) => (second, "only one document is expected here"),
    };
    Err(source.errors(vec![(place, message.to_owned())]))
}
