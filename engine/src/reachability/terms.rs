//! What policies say, in sets: whom each selects, and whom its rules admit to which atoms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::atoms::{Atoms, Meant};
use super::classes::{Asked, Classes, Facts};
use crate::evaluate::Model;
use crate::labels::Selector;
use crate::labels::index::Index;
use crate::labels::set::Set;
use crate::net::{Connections, PortRange, Protocol};
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, Policy, PortSpec, Rule};

/// What a rule admits of some ports: who is there may pass on all of the atoms.
pub(super) struct Term {
    /// The number of the rule's policy.
    pub policy: usize,
    /// Which ports of the destination.
    pub atoms: Set,
    /// The classes at the other end, in each of the families in use.
    pub there: Vec<Set>,
}

/// What all policies say of one direction.
#[derive(Default)]
pub(super) struct Sayings {
    /// The classes that each policy selects; none of one that does not govern the direction.
    pub selected: Vec<Set>,
    pub terms: Vec<Term>,
    /// The classes for which each of the terms holds.
    pub here: Vec<Set>,
}

/// Policies at work on the sets that they mean.
pub(super) struct Compiler<'m> {
    classes: &'m Classes,
    atoms: &'m Atoms,
    facts: Facts<'m>,
    namespaces: Index<'m>,
    /// The pods of each namespace by its number, and all of them.
    homes: Vec<Set>,
    numbers: HashMap<&'m str, usize>,
    labels: Index<'m>,
    /// The atoms of ports that are named, each with the pods that declare it so.
    named: HashMap<(&'m str, Protocol), Vec<(usize, Set)>>,
    /// Selectors that were looked up before: of namespaces, of pods.
    known_namespaces: HashMap<&'m Selector, Set>,
    known_pods: HashMap<&'m Selector, Set>,
}

/// The ranges of ports that the rules of policies mean, names looked up.
pub(super) fn meant(policies: &[&Policy], facts: &Facts) -> BTreeSet<Meant> {
    let rules = policies
        .iter()
        .flat_map(|policy| Direction::ALL.into_iter().filter_map(|d| policy.rules(d)).flatten());
    let mut meant = BTreeSet::new();
    for port in rules.flat_map(|rule| &rule.ports) {
        match &port.port {
            PortSpec::Range(range) => {
                meant.insert((port.protocol, *range));
            }
            PortSpec::Named(name) => {
                let numbers = facts.ports.get(&(name.as_str(), port.protocol));
                let numbers = numbers.into_iter().flat_map(BTreeMap::keys);
                meant.extend(numbers.map(|n| (port.protocol, PortRange::single(*n))));
            }
        }
    }
    meant
}

impl<'m> Compiler<'m> {
    pub fn new(
        model: &'m Model,
        asked: &Asked<'m>,
        classes: &'m Classes,
        atoms: &'m Atoms,
        mut facts: Facts<'m>,
    ) -> Compiler<'m> {
        let named = std::mem::take(&mut facts.ports).into_iter().map(|((name, protocol), pods)| {
            let atom = |(number, pods)| Some((atoms.of_port(protocol, number)?, pods));
            ((name, protocol), pods.into_iter().filter_map(atom).collect())
        });
        let named = named.collect();
        let mut compiler = Compiler {
            classes,
            atoms,
            facts,
            namespaces: Index::default(),
            homes: Vec::new(),
            numbers: HashMap::new(),
            labels: Index::default(),
            named,
            known_namespaces: HashMap::new(),
            known_pods: HashMap::new(),
        };
        for (number, (namespace, home)) in compiler.facts.namespaces.iter().enumerate() {
            compiler.namespaces.insert(number, model.cluster.namespace_labels(namespace));
            compiler.homes.push(home.intersection(&classes.pods));
            compiler.numbers.insert(namespace, number);
        }
        for class in classes.pods.iter() {
            // One is as good as another: they differ in nothing that is mentioned.
            let labels = &model.cluster.workloads[classes.members[class][0]].labels;
            let mentioned = labels.iter().filter(|(key, _)| asked.mentions(key));
            compiler.labels.insert(class, mentioned);
        }
        compiler
    }

    /// What policies say of a direction.
    pub fn compile(&mut self, policies: &[&'m Policy], direction: Direction) -> Sayings {
        let mut sayings = Sayings::default();
        for (number, policy) in policies.iter().enumerate() {
            let home = self.home(&policy.namespace);
            let selected = match policy.rules(direction) {
                Some(_) => self.pods(&policy.selector).intersection(&home),
                None => Set::default(),
            };
            for rule in policy.rules(direction).unwrap_or_default() {
                let there = self.there(rule, &home);
                for (atoms, declaring) in self.ports(rule) {
                    // A name is looked up among the ports of the destination.
                    let (here, there) = match (declaring, direction) {
                        (None, _) => (selected.clone(), there.clone()),
                        (Some(pods), Direction::Ingress) => {
                            (selected.intersection(&pods), there.clone())
                        }
                        (Some(pods), Direction::Egress) => {
                            let there = there.iter().map(|there| there.intersection(&pods));
                            (selected.clone(), there.collect())
                        }
                    };
                    if !here.is_empty() && !there.iter().all(Set::is_empty) {
                        sayings.terms.push(Term { policy: number, atoms, there });
                        sayings.here.push(here);
                    }
                }
            }
            sayings.selected.push(selected);
        }
        sayings
    }

    /// The pods of a namespace.
    fn home(&self, namespace: &str) -> Set {
        let number = self.numbers.get(namespace);
        number.map_or_else(Set::default, |number| self.homes[*number].clone())
    }

    /// The pods that a selector means, of all namespaces.
    fn pods(&mut self, selector: &'m Selector) -> Set {
        let labels = &self.labels;
        self.known_pods.entry(selector).or_insert_with(|| labels.select(selector)).clone()
    }

    /// The pods of the namespaces that a selector means.
    fn pods_of_namespaces(&mut self, selector: &'m Selector) -> Set {
        let (namespaces, homes) = (&self.namespaces, &self.homes);
        let pods = self.known_namespaces.entry(selector).or_insert_with(|| {
            let mut pods = Set::default();
            namespaces.select(selector).iter().for_each(|number| pods.add(&homes[number]));
            pods
        });
        pods.clone()
    }

    /// The classes that a rule's peers mean, in each of the families in use. `home` are the pods of the
    /// policy's namespace.
    fn there(&mut self, rule: &'m Rule, home: &Set) -> Vec<Set> {
        if rule.peers.is_empty() {
            return self.classes.speaking.clone();
        }
        let mut there = vec![Set::default(); self.classes.families.len()];
        let mut pods = Set::default();
        for peer in &rule.peers {
            match peer {
                PeerMatcher::Block(block) => {
                    let matched = self.facts.blocks.get(block).into_iter().flatten();
                    there.iter_mut().zip(matched).for_each(|(there, matched)| there.add(matched));
                }
                PeerMatcher::Pods { namespaces, pods: selector } => {
                    let selected = self.pods(selector);
                    pods.add(&match namespaces {
                        NamespaceMatcher::Own => selected.intersection(home),
                        NamespaceMatcher::Matching(namespaces) => {
                            selected.intersection(&self.pods_of_namespaces(namespaces))
                        }
                    });
                }
            }
        }
        for (there, speaking) in there.iter_mut().zip(&self.classes.speaking) {
            there.add(&pods.intersection(speaking));
        }
        there
    }

    /// The atoms that a rule means, on all destinations, or on those that declare them by name.
    fn ports(&self, rule: &Rule) -> Vec<(Set, Option<Set>)> {
        if rule.ports.is_empty() {
            return vec![(self.atoms.all(), None)];
        }
        let mut numbered = Connections::none();
        let mut named: BTreeMap<usize, Set> = BTreeMap::new();
        for port in &rule.ports {
            match &port.port {
                PortSpec::Range(range) => numbered.insert(port.protocol, *range),
                PortSpec::Named(name) => {
                    let atoms = self.named.get(&(name.as_str(), port.protocol));
                    for (atom, pods) in atoms.into_iter().flatten() {
                        named.entry(*atom).or_default().add(pods);
                    }
                }
            }
        }
        let named = named.into_iter().map(|(atom, pods)| (Set::of(atom..atom + 1), Some(pods)));
        let numbered = (!numbered.is_empty()).then(|| (self.atoms.of(&numbered), None));
        numbered.into_iter().chain(named).collect()
    }
}
