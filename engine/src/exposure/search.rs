//! Which sorts of pods make a difference to what passes between them and a workload?
//!
//! In: a model, and whom to ask about. Out: for each question the sorts of pods to try, and a clone of
//! the model in which there is a pod of each. What is found here is what to ask; the answers are
//! `evaluate`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Example, Variation};
use crate::cluster::{Cluster, Namespace, Phase, PodNetwork, Replicas, Workload, WorkloadKind};
use crate::evaluate::{self, Model};
use crate::labels::{self, Labels, NAMESPACE_NAME_LABEL, Requirement, Selector};
use crate::net::{self, AddressRange, Family, IpBlock};
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher};

/// How far the search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// How many label sets may be tried to find one that a peer matches and no policy selects.
    pub steps: usize,
    /// How many sorts of pods may be tried for one stranger and one workload, in one direction.
    pub sorts: usize,
}

/// Far beyond what people write, and below what a person waits for.
pub(super) const BOUNDS: Bounds = Bounds { steps: 1_000, sorts: 1_000 };

/// What to try.
pub(super) struct Found {
    /// Numbers of sorts; the first is the sort that no rule names.
    pub sorts: Vec<usize>,
    pub variation: Variation,
}

pub(super) struct Search<'m> {
    model: &'m Model,
    bounds: Bounds,
    /// The sorts that were found, with their numbers: their namespaces, if these are not new, and
    /// what else they are like.
    sorts: BTreeMap<(Option<String>, Example), usize>,
    /// What was found before, by a new pod's namespace and direction and the peer that is to match it.
    combined: BTreeMap<(String, Direction, Option<&'m Selector>), Combined>,
    /// The names that selectors of namespaces mention.
    mentioned: BTreeSet<&'m str>,
    /// What is required of the labels of a new namespace.
    new_namespace: Vec<Requirement>,
}

/// Labels which a peer matches, for each policy some that it selects as well, and some that none does.
#[derive(Clone, Default)]
struct Combined {
    labels: BTreeSet<Labels>,
    is_cut_short: bool,
}

/// The peers of a workload's rules, in one direction.
struct Peers<'m> {
    /// Where they look for pods, and for which.
    pods: Vec<(&'m NamespaceMatcher, &'m Selector)>,
    blocks: Vec<&'m IpBlock>,
}

impl<'m> Search<'m> {
    pub fn new(model: &'m Model, bounds: Bounds) -> Self {
        let policies = model.policies.iter();
        let rules = policies.flat_map(|p| Direction::ALL.into_iter().filter_map(|d| p.rules(d)));
        let peers = rules.flatten().flat_map(|rule| &rule.peers);
        let namespaces = peers.filter_map(|peer| match peer {
            PeerMatcher::Pods { namespaces: NamespaceMatcher::Matching(selector), .. } => {
                Some(selector)
            }
            _ => None,
        });
        let names = namespaces.flat_map(Selector::requirements).filter_map(|r| match r {
            Requirement::In(key, names) | Requirement::NotIn(key, names) => {
                (key == NAMESPACE_NAME_LABEL).then_some(names)
            }
            Requirement::Exists(_) | Requirement::DoesNotExist(_) => None,
        });
        let mentioned: BTreeSet<&str> = names.flatten().map(String::as_str).collect();
        let impossible = mentioned.iter().filter(|name| !is_namespace_name(name));
        let taken = model.cluster.namespaces.keys().map(String::as_str);
        let others = impossible.copied().chain(taken).map(str::to_owned).collect();
        let key = || NAMESPACE_NAME_LABEL.to_owned();
        let new_namespace = vec![Requirement::Exists(key()), Requirement::NotIn(key(), others)];
        let (sorts, combined) = (BTreeMap::new(), BTreeMap::new());
        Search { model, bounds, sorts, combined, mentioned, new_namespace }
    }

    /// The sorts of new pods of a namespace. The direction is the workload's.
    pub fn new_pod(&mut self, namespace: &str, workload: usize, direction: Direction) -> Found {
        let Peers { pods, blocks } = self.peers(workload, direction);
        let (model, own) = (self.model, &self.model.cluster.workloads[workload].namespace);
        let looks_here = |matcher| evaluate::namespace_matches(model, matcher, own, namespace);
        let matching: BTreeSet<&Selector> =
            pods.into_iter().filter(|(n, _)| looks_here(n)).map(|(_, pods)| pods).collect();
        let governing = governing(model, namespace, direction.opposite());
        let mut asked = matching.iter().chain(&governing);
        let variation = match asked.all(|selector| selector.is_everything()) {
            true => Variation::Settled,
            false => Variation::Varies,
        };
        let unmatched = self.combined(namespace, direction.opposite(), None);
        let mut is_cut_short = unmatched.is_cut_short;
        let mut examples = self.elsewhere(workload, &blocks, &unmatched.labels);
        examples.extend(unmatched.labels.into_iter().map(labelled));
        for peer in matching {
            let combined = self.combined(namespace, direction.opposite(), Some(peer));
            is_cut_short |= combined.is_cut_short;
            examples.extend(combined.labels.into_iter().map(labelled));
        }
        let variation = if is_cut_short { Variation::CutShort } else { variation };
        self.number(Some(namespace), examples, variation)
    }

    /// The sorts of pods of namespaces that are not in the model. No policies isolate them.
    pub fn new_namespace(&mut self, workload: usize, direction: Direction) -> Found {
        let Peers { pods, blocks } = self.peers(workload, direction);
        let mut examples = self.elsewhere(workload, &blocks, &BTreeSet::from([Labels::new()]));
        let mut variation = Variation::Settled;
        for (matcher, pods) in pods {
            let NamespaceMatcher::Matching(namespaces) = matcher else { continue };
            if !(namespaces.is_everything() && pods.is_everything()) {
                variation = Variation::Varies;
            }
            let required = namespaces.requirements().iter().chain(&self.new_namespace);
            let namespace = labels::satisfying(required);
            let labels = labels::satisfying(pods.requirements());
            if let (Some(mut namespace), Some(labels)) = (namespace, labels) {
                // A name that nothing mentions is as good as any other.
                namespace.retain(|key, value| {
                    key != NAMESPACE_NAME_LABEL || self.mentioned.contains(value.as_str())
                });
                examples.insert(Example { labels, namespace, ..Example::default() });
            }
        }
        self.number(None, examples, variation)
    }

    fn peers(&self, workload: usize, direction: Direction) -> Peers<'m> {
        let workload = &self.model.cluster.workloads[workload];
        let mut peers = Peers { pods: Vec::new(), blocks: Vec::new() };
        let isolating = evaluate::isolating(self.model, direction, workload);
        for peer in isolating.flat_map(|(_, rules)| rules).flat_map(|rule| &rule.peers) {
            match peer {
                PeerMatcher::Pods { namespaces, pods } => peers.pods.push((namespaces, pods)),
                PeerMatcher::Block(block) => peers.blocks.push(block),
            }
        }
        peers
    }

    /// Sorts by where a pod of some labels may be: in the parts of the pod network that blocks tell
    /// apart, and on the workload's node where that is open to it.
    fn elsewhere(
        &self,
        workload: usize,
        blocks: &[&IpBlock],
        labels: &BTreeSet<Labels>,
    ) -> BTreeSet<Example> {
        let pod_network = self.model.plugin.pod_cidr.trunc();
        let family = Family::of(pod_network.addr());
        let networks =
            blocks.iter().flat_map(|block| [&block.cidr].into_iter().chain(&block.except));
        let parts = net::partition(family, networks.chain([&pod_network]));
        let inside = |part: &AddressRange| pod_network.contains(&part.first);
        let parts: Vec<AddressRange> = parts.into_iter().filter(inside).collect();
        let workload = &self.model.cluster.workloads[workload];
        let is_host = workload.network == PodNetwork::Host;
        let node = workload.node.clone().filter(|_| is_host);
        let at = |part: &AddressRange, labels: &Labels| Example {
            labels: labels.clone(),
            address: Some(*part),
            ..Example::default()
        };
        let on = |node| Example { node: Some(node), ..Example::default() };
        let parts = parts.iter().filter(|_| parts.len() > 1);
        let there = parts.flat_map(|part| labels.iter().map(move |labels| at(part, labels)));
        // One too many is enough to know that there are.
        there.take(self.bounds.sorts + 1).chain(node.map(on)).collect()
    }

    /// Labels with which a new pod of a namespace is matched by a peer, if any is to match it, and
    /// selected by a policy that governs the direction, for each of these; or by none.
    fn combined(
        &mut self,
        namespace: &str,
        direction: Direction,
        peer: Option<&'m Selector>,
    ) -> Combined {
        let (model, bounds) = (self.model, self.bounds);
        let key = (namespace.to_owned(), direction, peer);
        let combine = || {
            let governing = governing(model, namespace, direction);
            let mut required: Vec<Requirement> =
                peer.map_or(&[][..], Selector::requirements).to_vec();
            let mut steps = bounds.steps;
            let unselected = unselected(&mut required, &governing, &mut steps);
            let is_cut_short = unselected.is_none() && steps == 0;
            let selected = governing.iter().filter_map(|selector| {
                labels::satisfying(required.iter().chain(selector.requirements()))
            });
            Combined { labels: unselected.into_iter().chain(selected).collect(), is_cut_short }
        };
        self.combined.entry(key).or_insert_with(combine).clone()
    }

    fn number(
        &mut self,
        home: Option<&str>,
        mut examples: BTreeSet<Example>,
        variation: Variation,
    ) -> Found {
        // Without anything that a rule could name, and so before all the others.
        examples.insert(Example::default());
        let is_cut_short = examples.len() > self.bounds.sorts;
        let variation = if is_cut_short { Variation::CutShort } else { variation };
        let examples = examples.into_iter().take(self.bounds.sorts.max(1));
        let sorts = examples.map(|example| {
            let next = self.sorts.len();
            *self.sorts.entry((home.map(str::to_owned), example)).or_insert(next)
        });
        Found { sorts: sorts.collect(), variation }
    }

    /// The model with a pod of each sort, and the positions of these pods, by the sorts' numbers.
    pub fn finish(self) -> (Model, Vec<(usize, Example)>) {
        let mut cluster = Cluster::clone(&self.model.cluster);
        let unnamed = labels::unnamed(|name| {
            cluster.namespaces.contains_key(name) || self.mentioned.contains(name)
        });
        let mut sorts: Vec<_> = self.sorts.into_iter().collect();
        sorts.sort_unstable_by_key(|(_, number)| *number);
        let mut pods = Vec::new();
        for ((home, example), number) in sorts {
            let namespace = home.unwrap_or_else(|| {
                // Nothing in a cluster can be called so: no policy is in it, and it is no other one,
                // even where both must have the same name to be matched.
                let name = format!("new namespace {number}");
                let mut labels = example.namespace.clone();
                let own_name = labels.entry(NAMESPACE_NAME_LABEL.to_owned());
                own_name.or_insert_with(|| unnamed.clone());
                let namespace = Namespace { name: name.clone(), labels, location: None };
                cluster.namespaces.insert(name.clone(), namespace);
                name
            });
            pods.push((cluster.workloads.len(), example.clone()));
            cluster.workloads.push(pod(namespace, number, example));
        }
        (Model { cluster: Rc::new(cluster), ..self.model.clone() }, pods)
    }
}

/// The selectors of a namespace's policies that govern a direction, each of them once.
fn governing<'m>(
    model: &'m Model,
    namespace: &str,
    direction: Direction,
) -> BTreeSet<&'m Selector> {
    let policies = model.policies.of(namespace).map(|(_, policy)| policy);
    let policies = policies.filter(|policy| policy.rules(direction).is_some());
    policies.map(|policy| &policy.selector).collect()
}

/// Labels that meet the requirements and that none of the selectors selects; none if there are
/// none, or if no step is left.
fn unselected(
    required: &mut Vec<Requirement>,
    selectors: &BTreeSet<&Selector>,
    steps: &mut usize,
) -> Option<Labels> {
    *steps = steps.checked_sub(1)?;
    let labels = labels::satisfying(required.iter())?;
    let Some(selecting) = selectors.iter().find(|selector| selector.matches(&labels)) else {
        return Some(labels);
    };
    // Whatever it does not select fails one of its requirements, and it is enough to try each.
    selecting.requirements().iter().find_map(|requirement| {
        required.push(requirement.opposite());
        let found = unselected(required, selectors, steps);
        required.pop();
        found
    })
}

fn labelled(labels: Labels) -> Example {
    Example { labels, ..Example::default() }
}

fn pod(namespace: String, number: usize, example: Example) -> Workload {
    Workload {
        namespace,
        name: format!("new pod {number}"),
        kind: WorkloadKind::Pod,
        uid: None,
        owner: None,
        phase: Phase::Live,
        labels: example.labels,
        replicas: Replicas::One,
        ports: Vec::new(),
        addresses: example.address.map(|range| range.first).into_iter().collect(),
        network: PodNetwork::Own,
        node: example.node,
        probes: Vec::new(),
        pods: Vec::new(),
        location: None,
    }
}

/// Whether a namespace can be called so: a value of a label can be much else.
fn is_namespace_name(name: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let hyphens = name.starts_with('-') || name.ends_with('-');
    (1..=63).contains(&name.len()) && name.bytes().all(inside) && !hyphens
}
