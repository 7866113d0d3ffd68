//! What findings are judged on: what is known of the cluster, and what is not.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use super::Fix;
use crate::diagnostic::Location;
use crate::dns;
use crate::evaluate::{self, Model, Peer};
use crate::labels::index::Index;
use crate::labels::set::Set;
use crate::labels::{Labels, Requirement, Selector};
use crate::nearest::nearest;
use crate::net::{Connections, IpBlock, Protocol};
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, Policy, Rule};

/// A model, and what is known of its cluster.
pub(super) struct Ground<'m> {
    pub model: &'m Model,
    /// All workloads by the labels of their pods.
    pods: Index<'m>,
    /// Namespaces by their labels; their numbers are places in `homes`.
    namespaces: Index<'m>,
    homes: Vec<Home<'m>>,
    /// The workloads that the input does not hold.
    implicit: Set,
    /// The workloads whose pods count as their nodes, and are no pods to a peer.
    nodes: Set,
    /// The workloads with an address in each of the blocks that rules name.
    addressed: HashMap<&'m IpBlock, Set>,
    /// The workloads of which no address is known.
    unaddressed: Set,
    /// The workloads of the cluster DNS that answer, and their port.
    servers: Vec<(usize, u16)>,
    /// Whether the input is a whole cluster: its own namespace is declared.
    is_whole: bool,
}

/// A namespace and what runs there.
struct Home<'m> {
    name: &'m str,
    workloads: Set,
    /// Whether the input holds some of the workloads, so that it is known what runs there.
    is_known: bool,
}

impl<'m> Ground<'m> {
    pub fn new(model: &'m Model) -> Self {
        let cluster = &*model.cluster;
        let home = |name: &'m String| Home { name, workloads: Set::default(), is_known: false };
        let system = cluster.namespaces.get(dns::NAMESPACE);
        let mut ground = Ground {
            model,
            pods: Index::default(),
            namespaces: Index::default(),
            homes: cluster.namespaces.keys().map(home).collect(),
            implicit: Set::default(),
            nodes: Set::default(),
            addressed: addressed(model),
            unaddressed: Set::default(),
            servers: dns::servers(cluster, Protocol::Udp),
            is_whole: system.is_some_and(|namespace| namespace.location.is_some()),
        };
        for (number, namespace) in cluster.namespaces.values().enumerate() {
            ground.namespaces.insert(number, &namespace.labels);
        }
        for (index, workload) in cluster.workloads.iter().enumerate() {
            ground.pods.insert(index, &workload.labels);
            if workload.is_implicit() {
                ground.implicit.insert(index);
            }
            if evaluate::counts_as_node(&model.plugin, workload) {
                ground.nodes.insert(index);
            }
            if workload.addresses.is_empty() {
                ground.unaddressed.insert(index);
            }
            if let Some(number) = ground.number(&workload.namespace) {
                ground.homes[number].workloads.insert(index);
                ground.homes[number].is_known |= !workload.is_implicit();
            }
        }
        ground
    }

    fn number(&self, namespace: &str) -> Option<usize> {
        self.homes.binary_search_by_key(&namespace, |home| home.name).ok()
    }

    /// Whether the input holds workloads of a namespace, so that it is known what runs there.
    pub fn knows(&self, namespace: &str) -> bool {
        self.number(namespace).is_some_and(|number| self.homes[number].is_known)
    }

    /// Whether it is known what runs in every namespace.
    pub fn is_whole(&self) -> bool {
        self.is_whole && self.homes.iter().any(|home| home.is_known)
    }

    /// The workloads of the input that a selector means, wherever they are.
    pub fn fitting(&self, selector: &Selector) -> Set {
        self.pods.select(selector).without(&self.implicit)
    }

    /// Those of them that are in a namespace.
    pub fn fitting_in(&self, namespace: &str, selector: &Selector) -> Set {
        let home = self.number(namespace).map(|number| &self.homes[number].workloads);
        home.map_or_else(Set::default, |home| self.fitting(selector).intersection(home))
    }

    /// The workloads that a policy selects.
    pub fn selected(&self, policy: &Policy) -> Set {
        self.fitting_in(&policy.namespace, &policy.selector)
    }

    /// The workloads that a peer means; none for a block, of which it is not known whom it means.
    pub fn meant(&self, policy: &Policy, peer: &PeerMatcher) -> Set {
        match peer {
            PeerMatcher::Block(_) => Set::default(),
            PeerMatcher::Pods { pods, .. } => {
                let fitting = self.fitting_labels(policy, peer, pods);
                fitting.without(&self.implicit).without(&self.nodes)
            }
        }
    }

    /// The workloads that the peers of a rule mean, where all of them are known.
    pub fn all_meant(&self, policy: &Policy, rule: &Rule) -> Option<Set> {
        let mut all = Set::default();
        for peer in &rule.peers {
            if !self.knows_peer(policy, peer) {
                return None;
            }
            all.add(&self.meant(policy, peer));
        }
        Some(all)
    }

    /// The workloads that a selector means in the namespaces in which a peer looks for pods, also those
    /// that are no pods to it.
    pub fn fitting_labels(&self, policy: &Policy, peer: &PeerMatcher, pods: &Selector) -> Set {
        let mut there = Set::default();
        let namespaces = self.looked_in(policy, peer);
        namespaces.iter().for_each(|number| there.add(&self.homes[number].workloads));
        self.pods.select(pods).intersection(&there)
    }

    /// Whether it is known who all the pods are that a peer means.
    pub fn knows_peer(&self, policy: &Policy, peer: &PeerMatcher) -> bool {
        let namespaces = self.looked_in(policy, peer);
        !namespaces.is_empty() && namespaces.iter().all(|number| self.homes[number].is_known)
    }

    /// The names of the namespaces of the input that a peer looks for pods in.
    pub fn namespaces_of(&self, policy: &Policy, peer: &PeerMatcher) -> Vec<&'m str> {
        self.looked_in(policy, peer).iter().map(|number| self.homes[number].name).collect()
    }

    fn looked_in(&self, policy: &Policy, peer: &PeerMatcher) -> Set {
        match peer {
            PeerMatcher::Block(_) => Set::default(),
            PeerMatcher::Pods { namespaces: NamespaceMatcher::Own, .. } => {
                self.number(&policy.namespace).into_iter().collect()
            }
            PeerMatcher::Pods { namespaces: NamespaceMatcher::Matching(selector), .. } => {
                self.namespaces.select(selector)
            }
        }
    }

    /// The workloads that have an address in a block.
    pub fn addressed(&self, block: &IpBlock) -> Set {
        self.addressed.get(block).cloned().unwrap_or_default()
    }

    /// The workloads that a block may mean: those that have an address in it, or none that is known.
    pub fn perhaps_meant(&self, block: &IpBlock) -> Set {
        let mut all = self.addressed(block);
        all.add(&self.unaddressed);
        all.without(&self.implicit)
    }

    /// The workloads of the cluster DNS that answer, and the port on which they do.
    pub fn servers(&self) -> &[(usize, u16)] {
        &self.servers
    }

    /// The names of workloads, for people: the first few.
    pub fn names(&self, workloads: impl IntoIterator<Item = usize>) -> String {
        const FEW: usize = 3;
        let mut rest = workloads.into_iter();
        let name = |i: usize| self.model.cluster.workloads[i].path();
        let mut names: Vec<_> = rest.by_ref().take(FEW).map(name).collect();
        let more = rest.count();
        if more > 0 {
            names.push(format!("{more} more"));
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

/// The workloads with an address in each of the blocks that rules name: looked up among the addresses in
/// their order, of which a block means a part.
fn addressed(model: &Model) -> HashMap<&IpBlock, Set> {
    let workloads = model.cluster.workloads.iter().enumerate();
    let mut addresses: Vec<(IpAddr, usize)> = workloads
        .flat_map(|(index, workload)| {
            workload.addresses.iter().map(move |address| (*address, index))
        })
        .collect();
    addresses.sort_unstable();
    let within = |block: &IpBlock| {
        let start = addresses.partition_point(|(address, _)| *address < block.cidr.network());
        let inside = addresses[start..].iter();
        let inside = inside.take_while(|(address, _)| *address <= block.cidr.broadcast());
        inside.filter(|(address, _)| block.contains(*address)).map(|(_, index)| *index).collect()
    };
    let mut found = HashMap::new();
    for policy in model.policies.iter() {
        let rules = Direction::ALL.into_iter().filter_map(|direction| policy.rules(direction));
        for peer in rules.flatten().flat_map(|rule| &rule.peers) {
            if let PeerMatcher::Block(block) = peer {
                found.entry(block).or_insert_with(|| within(block));
            }
        }
    }
    found
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
