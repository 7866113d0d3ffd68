//! What findings are judged on: what is known of the cluster, and what is not.

use std::collections::{BTreeMap, BTreeSet};

use super::Fix;
use crate::diagnostic::Location;
use crate::evaluate::{self, Model, Peer};
use crate::labels::{Labels, Requirement, Selector};
use crate::nearest::nearest;
use crate::net::Connections;
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, Policy, Rule};

/// A model, and what is known of its cluster.
pub(super) struct Ground<'m> {
    pub model: &'m Model,
    /// The workloads that the input holds, by namespace.
    inhabitants: BTreeMap<&'m str, Vec<usize>>,
    /// Whether the input is a whole cluster: its own namespace is declared.
    is_whole: bool,
}

impl<'m> Ground<'m> {
    pub fn new(model: &'m Model) -> Self {
        let mut inhabitants: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, workload) in model.cluster.workloads.iter().enumerate() {
            if !workload.is_implicit() {
                inhabitants.entry(&workload.namespace).or_default().push(index);
            }
        }
        let system = model.cluster.namespaces.get("kube-system");
        Ground { model, inhabitants, is_whole: system.is_some_and(|ns| ns.location.is_some()) }
    }

    /// Whether the input holds workloads of a namespace, so that it is known what runs there.
    pub fn knows(&self, namespace: &str) -> bool {
        self.inhabitants.contains_key(namespace)
    }

    /// Whether it is known what runs in every namespace.
    pub fn is_whole(&self) -> bool {
        self.is_whole && !self.inhabitants.is_empty()
    }

    /// The workloads that the input holds, by position.
    pub fn workloads(&self) -> impl Iterator<Item = usize> + '_ {
        let workloads = self.model.cluster.workloads.iter().enumerate();
        workloads.filter(|(_, workload)| !workload.is_implicit()).map(|(i, _)| i)
    }

    /// Those of them that are in a namespace.
    pub fn workloads_of(&self, namespace: &str) -> impl Iterator<Item = usize> + use<'_, 'm> {
        self.inhabitants.get(namespace).into_iter().flatten().copied()
    }

    /// The workloads that a policy selects.
    pub fn selected(&self, policy: &Policy) -> Vec<usize> {
        let selects = |i: &usize| policy.selects(&self.model.cluster.workloads[*i]);
        self.workloads_of(&policy.namespace).filter(selects).collect()
    }

    /// The workloads that a peer means.
    pub fn meant(&self, policy: &Policy, peer: &PeerMatcher) -> Vec<usize> {
        let means = |i: &usize| evaluate::means(self.model, &policy.namespace, peer, *i);
        match peer {
            PeerMatcher::Block(_) => self.workloads().filter(means).collect(),
            PeerMatcher::Pods { .. } => {
                let namespaces = self.namespaces_of(policy, peer);
                namespaces.flat_map(|name| self.workloads_of(name)).filter(means).collect()
            }
        }
    }

    /// Whether it is known who all the pods are that a peer means.
    pub fn knows_peer(&self, policy: &Policy, peer: &PeerMatcher) -> bool {
        match peer {
            PeerMatcher::Block(_) => false,
            PeerMatcher::Pods { namespaces: NamespaceMatcher::Own, .. } => {
                self.knows(&policy.namespace)
            }
            PeerMatcher::Pods { namespaces: NamespaceMatcher::Matching(_), .. } => {
                let meant: Vec<_> = self.namespaces_of(policy, peer).collect();
                !meant.is_empty() && meant.into_iter().all(|namespace| self.knows(namespace))
            }
        }
    }

    /// The namespaces of the input that a peer looks for pods in.
    pub fn namespaces_of<'a>(
        &'a self,
        policy: &'a Policy,
        peer: &'a PeerMatcher,
    ) -> impl Iterator<Item = &'a str> {
        let names = self.model.cluster.namespaces.keys().map(String::as_str);
        names.filter(move |name| match peer {
            PeerMatcher::Block(_) => false,
            PeerMatcher::Pods { namespaces, .. } => {
                evaluate::namespace_matches(self.model, namespaces, &policy.namespace, name)
            }
        })
    }

    /// The names of workloads, for people: the first few.
    pub fn names(&self, workloads: &[usize]) -> String {
        const FEW: usize = 3;
        let name = |i: &usize| self.model.cluster.workloads[*i].path();
        let mut names: Vec<_> = workloads.iter().take(FEW).map(name).collect();
        if workloads.len() > FEW {
            names.push(format!("{} more", workloads.len() - FEW));
        }
        names.join(", ")
    }

    /// What a rule would let pass between two workloads, if nothing else stopped it.
    pub fn admits(&self, rule: &Rule, destination: usize) -> Connections {
        evaluate::ports_admitted(self.model, rule, Peer::pod(destination))
    }

    /// What one of the two doors between workloads lets pass.
    pub fn door(&self, direction: Direction, source: usize, destination: usize) -> Connections {
        evaluate::admitted(self.model, direction, Peer::pod(source), Peer::pod(destination))
    }

    /// What a selector that selects nothing among these labels probably meant: the requirement as it
    /// is written, and as it would match.
    pub fn nearest_labels<'l>(
        &self,
        selector: &Selector,
        labels: impl Iterator<Item = &'l Labels> + Clone,
    ) -> Option<Near> {
        let failing = selector
            .requirements()
            .iter()
            .find(|requirement| !labels.clone().any(|labels| requirement.matches(labels)))?;
        let (key, wanted) = match failing {
            Requirement::In(key, values) => (key, Some(values.iter().next()?)),
            Requirement::Exists(key) => (key, None),
            Requirement::NotIn(..) | Requirement::DoesNotExist(_) => return None,
        };
        let keys: BTreeSet<&str> =
            labels.clone().flat_map(|l| l.keys()).map(String::as_str).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        let values = |key: &str| -> Vec<&'l str> {
            let values: BTreeSet<&str> =
                labels.clone().filter_map(|l| l.get(key)).map(String::as_str).collect();
            values.into_iter().collect()
        };
        if let Some(wanted) = wanted {
            if let Some(value) = nearest(wanted, &values(key)) {
                return Some(Near::Value {
                    key: key.clone(),
                    old: wanted.clone(),
                    new: value.to_owned(),
                });
            }
            if keys.contains(&key.as_str()) {
                return None;
            }
        }
        let near = nearest(key, &keys)?;
        let fits = wanted.is_none_or(|wanted| values(near).contains(&wanted.as_str()));
        fits.then(|| Near::Key { old: key.clone(), new: near.to_owned() })
    }
}

/// What was probably meant.
pub(super) enum Near {
    /// Another value of the same key.
    Value { key: String, old: String, new: String },
    /// Another key.
    Key { old: String, new: String },
}

impl Near {
    /// What mends it, in the object that begins at a place.
    pub fn fix(&self, location: &Location) -> Fix {
        let (old, new) = match self {
            Near::Value { key, old, new } => (format!("{key}: {old}"), format!("{key}: {new}")),
            Near::Key { old, new } => (format!("{old}:"), format!("{new}:")),
        };
        Fix { title: format!("write `{new}`"), location: location.clone(), old, new }
    }

    /// As a question at the end of a sentence.
    pub fn question(&self) -> String {
        match self {
            Near::Value { key, new, .. } => format!("did you mean `{key}={new}`"),
            Near::Key { new, .. } => format!("did you mean the label `{new}`"),
        }
    }
}
