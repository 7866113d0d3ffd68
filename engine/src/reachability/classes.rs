//! Which ends are alike: workloads and hosts outside, in classes that no rule tells apart.
//!
//! Of a workload, rules see its namespace, the labels that selectors mention, the numbers of the ports
//! that rules name, which blocks match it in which family, and whether it counts as its node. Its node
//! itself is none of a class, or a daemon on the nodes' network would put every node's pods in classes
//! of their own: see [`Reachability::passes_anyway`](super::Reachability::passes_anyway).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::ops::Range;

use crate::cluster::{PodNetwork, Workload};
use crate::evaluate::{self, Model};
use crate::labels::Requirement;
use crate::labels::set::{Set, WORD, words};
use crate::net::{AddressRange, Family, IpBlock, Protocol};
use crate::outside;
use crate::policy::{Direction, PeerMatcher, Policy, PortSpec};

/// The ends of all connections, in classes. Those of workloads are numbered from 0, by namespace; those
/// of hosts outside from [`outside`](Classes::outside), each one range of addresses.
#[derive(Clone)]
pub(super) struct Classes {
    /// The class of each workload.
    pub of: Vec<usize>,
    /// The workloads of each class, ascending.
    pub members: Vec<Vec<usize>>,
    /// The number of the first class of hosts outside. It begins a word, so that no word of a row
    /// holds pods and hosts.
    pub outside: usize,
    /// The addresses of the classes of hosts outside.
    pub ranges: Vec<AddressRange>,
    /// The families in use: the second one only if a block or a pod has it.
    pub families: &'static [Family],
    /// Who can talk in each of the families in use.
    pub speaking: Vec<Set>,
    /// The workloads that do not count as their nodes.
    pub pods: Set,
}

/// What rules ask of ends, and so what tells them apart.
#[derive(Default)]
pub(super) struct Asked<'m> {
    /// Keys of labels, with the values that are mentioned.
    labels: HashMap<&'m str, BTreeSet<&'m str>>,
    /// Names of ports.
    ports: BTreeSet<(&'m str, Protocol)>,
    pub blocks: Vec<&'m IpBlock>,
}

/// What there is to know of a class to say which rules mean it.
#[derive(Default)]
pub(super) struct Facts<'m> {
    /// The classes of each namespace.
    pub namespaces: BTreeMap<&'m str, Set>,
    /// The classes that each block matches, in each of the families in use.
    pub blocks: HashMap<&'m IpBlock, Vec<Set>>,
    /// The classes of pods that declare a port by a name that rules use, by number.
    pub ports: HashMap<(&'m str, Protocol), BTreeMap<u16, Set>>,
}

/// All that rules see of a workload.
#[derive(PartialEq, Eq, Hash)]
struct Look<'m> {
    namespace: &'m str,
    /// The labels that are mentioned; of values that are not, one is like another.
    labels: Vec<(&'m str, Option<&'m str>)>,
    ports: Vec<(&'m str, Protocol, u16)>,
    place: usize,
}

/// What rules see of a workload's network and addresses.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    is_node: bool,
    speaks: [bool; 2],
    /// The numbers of the blocks that match, by family.
    matched: [Vec<usize>; 2],
}

impl<'m> Asked<'m> {
    /// What the rules of policies ask.
    pub fn by(policies: &[&'m Policy]) -> Asked<'m> {
        let mut asked = Asked::default();
        let mut blocks = BTreeSet::new();
        for policy in policies {
            let mut selectors = vec![&policy.selector];
            for rule in Direction::ALL.into_iter().filter_map(|d| policy.rules(d)).flatten() {
                for peer in &rule.peers {
                    match peer {
                        PeerMatcher::Pods { pods, .. } => selectors.push(pods),
                        PeerMatcher::Block(block) => {
                            if blocks.insert((block.cidr, &block.except)) {
                                asked.blocks.push(block);
                            }
                        }
                    }
                }
                asked.ports.extend(rule.ports.iter().filter_map(|port| match &port.port {
                    PortSpec::Named(name) => Some((name.as_str(), port.protocol)),
                    PortSpec::Range(_) => None,
                }));
            }
            for requirement in selectors.into_iter().flat_map(|selector| selector.requirements()) {
                let values = asked.labels.entry(requirement.key()).or_default();
                if let Requirement::In(_, listed) | Requirement::NotIn(_, listed) = requirement {
                    values.extend(listed.iter().map(String::as_str));
                }
            }
        }
        asked
    }

    /// Whether a rule mentions a key of labels.
    pub fn mentions(&self, key: &str) -> bool {
        self.labels.contains_key(key)
    }

    fn ports_of(&self, workload: &'m Workload) -> Vec<(&'m str, Protocol, u16)> {
        let named = workload.ports.iter().filter_map(|port| {
            let name = port.name.as_deref()?;
            self.ports.contains(&(name, port.protocol)).then_some((name, port.protocol, port.port))
        });
        let mut ports: Vec<_> = named.collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn labels_of(&self, workload: &'m Workload) -> Vec<(&'m str, Option<&'m str>)> {
        let mentioned = workload.labels.iter().filter_map(|(key, value)| {
            let values = self.labels.get(key.as_str())?;
            let value = values.contains(value.as_str()).then_some(value.as_str());
            Some((key.as_str(), value))
        });
        mentioned.collect()
    }
}

impl Classes {
    /// Sorts the ends of all connections into classes.
    pub fn new<'m>(model: &'m Model, asked: &Asked<'m>) -> (Classes, Facts<'m>) {
        let workloads = &model.cluster.workloads;
        let networks: Vec<_> = asked.blocks.iter().flat_map(|block| block.networks()).collect();
        let ranges = outside::ranges(&networks, workloads.iter());
        let has_ipv6 = ranges.iter().any(|range| Family::of(range.first) == Family::V6);
        let families = if has_ipv6 { &Family::ALL[..] } else { &Family::ALL[..1] };
        let mut places =
            Places { model, families, asked, ranges: &ranges, seen: HashMap::new(), all: vec![] };
        let (mut of, mut members) = (Vec::with_capacity(workloads.len()), Vec::new());
        let mut looks: HashMap<Look, usize> = HashMap::new();
        for (i, workload) in workloads.iter().enumerate() {
            let place = places.number(workload);
            // Of a node, selectors see nothing, and it declares no names.
            let is_node = places.all[place].is_node;
            let look = Look {
                namespace: &workload.namespace,
                labels: if is_node { Vec::new() } else { asked.labels_of(workload) },
                ports: if is_node { Vec::new() } else { asked.ports_of(workload) },
                place,
            };
            let class = *looks.entry(look).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[class].push(i);
            of.push(class);
        }
        let (mut pods, mut speaking) = (Set::default(), vec![Set::default(); families.len()]);
        let mut matched = vec![vec![Set::default(); families.len()]; asked.blocks.len()];
        let mut facts = Facts::default();
        let mut looks: Vec<(Look, usize)> = looks.into_iter().collect();
        looks.sort_unstable_by_key(|(_, class)| *class);
        for (look, class) in looks {
            let place = &places.all[look.place];
            if !place.is_node {
                pods.insert(class);
            }
            for family in 0..families.len() {
                if place.speaks[family] {
                    speaking[family].insert(class);
                }
                place.matched[family].iter().for_each(|i| matched[*i][family].insert(class));
            }
            for (name, protocol, number) in look.ports {
                let numbers = facts.ports.entry((name, protocol)).or_default();
                numbers.entry(number).or_default().insert(class);
            }
            facts.namespaces.entry(look.namespace).or_default().insert(class);
        }
        let outside = words(members.len()) * WORD;
        for (number, range) in ranges.iter().enumerate() {
            speaking[Family::of(range.first) as usize].insert(outside + number);
        }
        for (block, matched) in asked.blocks.iter().zip(&mut matched) {
            let family = Family::of(block.cidr.addr()) as usize;
            let start = ranges.partition_point(|range| range.first < block.cidr.network());
            let end = ranges.partition_point(|range| range.first <= block.cidr.broadcast());
            let inside = (start..end).filter(|number| block.contains(ranges[*number].first));
            inside.for_each(|number| matched[family].insert(outside + number));
        }
        facts.blocks = asked.blocks.iter().copied().zip(matched).collect();
        (Classes { of, members, outside, ranges, families, speaking, pods }, facts)
    }

    /// How many words a row over all classes has.
    pub fn words(&self) -> usize {
        words(self.outside + self.ranges.len())
    }

    /// The classes whose bits are in a word of a row.
    pub fn of_word(&self, word: usize) -> Range<usize> {
        let start = word * WORD;
        let end = match start < self.outside {
            true => self.members.len(),
            false => self.outside + self.ranges.len(),
        };
        start..end.min(start + WORD)
    }

    /// The class of hosts outside at an address; none in a family that is not in use.
    pub fn of_address(&self, address: IpAddr) -> Option<usize> {
        let after = self.ranges.partition_point(|range| range.first <= address);
        let number = after.checked_sub(1)?;
        (address <= self.ranges[number].last).then_some(self.outside + number)
    }

    /// The addresses of a class of hosts outside.
    pub fn range(&self, class: usize) -> Option<AddressRange> {
        self.ranges.get(class.checked_sub(self.outside)?).copied()
    }
}

/// The places of the workloads met so far.
struct Places<'a, 'm> {
    model: &'a Model,
    families: &'static [Family],
    asked: &'a Asked<'m>,
    ranges: &'a [AddressRange],
    /// By network, and by the ranges in which the addresses lie: what blocks can tell.
    seen: HashMap<(bool, Vec<usize>), usize>,
    all: Vec<Place>,
}

impl Places<'_, '_> {
    fn number(&mut self, workload: &Workload) -> usize {
        let range_of =
            |address: &IpAddr| self.ranges.partition_point(|range| range.first <= *address);
        let mut addresses: Vec<usize> = workload.addresses.iter().map(range_of).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let key = (workload.network == PodNetwork::Host, addresses);
        if let Some(number) = self.seen.get(&key) {
            return *number;
        }
        let plugin = &self.model.plugin;
        let matches =
            |block: &IpBlock, family| evaluate::block_matches(plugin, block, workload, family);
        let matched = Family::ALL.map(|family| {
            let blocks = self.asked.blocks.iter().enumerate();
            blocks.filter(|(_, block)| matches(block, family)).map(|(number, _)| number).collect()
        });
        let is_node = evaluate::counts_as_node(plugin, workload);
        // In a family that is not in use there is nobody to talk to.
        let speaks = Family::ALL.map(|f| self.families.contains(&f) && workload.speaks(f));
        let place = Place { is_node, speaks, matched };
        let number = self.all.iter().position(|known| *known == place).unwrap_or_else(|| {
            self.all.push(place);
            self.all.len() - 1
        });
        self.seen.insert(key, number);
        number
    }
}
