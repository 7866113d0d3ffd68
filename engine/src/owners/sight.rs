//! What the rules in use can see of a pod, and so which pods they tell apart.
//!
//! Rules in use are the selectors of policies, of their peers and of Services, the ports that policies
//! and Services name, and the `ipBlock`s. Most pods of an owner are alike in everything that any of
//! them mentions. Only where they are not is each selector and each block asked: a label that is
//! mentioned, or an edge between addresses, tells pods apart if some selector or block does by it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::cluster::{Cluster, PodNetwork, Service, TargetPort, Workload};
use crate::dns;
use crate::evaluate::{self, Plugin};
use crate::labels::{Labels, Requirement, Selector};
use crate::net::{self, AddressRange, Family, IpBlock, Protocol};
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, Policy, PortSpec, Rule};

/// The rules in use.
pub(super) struct Sight<'m> {
    cluster: &'m Cluster,
    plugin: &'m Plugin,
    /// The keys of labels that any selector mentions.
    keys: BTreeSet<&'m str>,
    blocks: Vec<&'m IpBlock>,
    /// The addresses of each family, cut at every edge of a block.
    ranges: [Vec<AddressRange>; 2],
    /// Whether some pod may speak IPv6, so that it matters which families the others speak. (Hosts
    /// outside the cluster do not count: of a pod whose address is not known, those of its owner that
    /// are known say whom it can talk to.)
    has_ipv6: bool,
    everywhere: Scope<'m>,
    /// Peers that look for pods in other namespaces: those of their namespaces, and of their pods.
    abroad: BTreeSet<(&'m Selector, &'m Selector)>,
    scopes: BTreeMap<&'m str, Scope<'m>>,
    /// The blocks that match pods of these addresses, on their own network or their node's.
    matched: BTreeMap<(IsHost, Places), Matched>,
}

/// What is seen in one namespace by rules that look nowhere else, or in all of them.
#[derive(Default)]
struct Scope<'m> {
    selectors: BTreeSet<&'m Selector>,
    ports: BTreeSet<(&'m str, Protocol)>,
    index: OnceCell<Index<'m>>,
}

/// Selectors by what they require.
struct Index<'m> {
    selectors: Vec<&'m Selector>,
    /// Those that require one of these values of a key.
    by_value: BTreeMap<(&'m str, &'m str), Vec<usize>>,
    /// The others.
    rest: Vec<usize>,
}

/// Whether a pod is on its node's network.
type IsHost = bool;

/// Between which edges of blocks a pod's addresses lie.
type Places = Vec<(Family, usize)>;

/// The numbers of the blocks that match a pod, in each family.
type Matched = [Vec<usize>; 2];

/// The numbers that a pod means by a name in use.
type Named<'m> = BTreeMap<(&'m str, Protocol), Vec<u16>>;

/// What rules mention of a pod. Pods that look alike are not told apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Look<'m> {
    is_host: IsHost,
    labels: Vec<(&'m str, &'m str)>,
    ports: Named<'m>,
    addresses: Places,
}

/// What rules make of a pod. Pods of which they make the same are not told apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Imprint<'m> {
    is_host: IsHost,
    is_dns: bool,
    selected: Vec<usize>,
    ports: Named<'m>,
    speaks: [bool; 2],
    matched: Matched,
}

impl<'m> Sight<'m> {
    /// The rules in use of these policies and Services.
    pub fn new(
        cluster: &'m Cluster,
        policies: &'m [Policy],
        services: &'m [Service],
        plugin: &'m Plugin,
    ) -> Self {
        let mut sight = Sight {
            cluster,
            plugin,
            keys: BTreeSet::new(),
            blocks: Vec::new(),
            ranges: Default::default(),
            has_ipv6: false,
            everywhere: Scope::default(),
            abroad: BTreeSet::new(),
            scopes: BTreeMap::new(),
            matched: BTreeMap::new(),
        };
        let mut blocks = BTreeMap::new();
        for policy in policies {
            let own = sight.scopes.entry(&policy.namespace).or_default();
            own.selectors.insert(&policy.selector);
            for direction in Direction::ALL {
                for rule in policy.rules(direction).into_iter().flatten() {
                    sight.add(rule, direction, &policy.namespace);
                    let of_rule = rule.peers.iter().filter_map(|peer| match peer {
                        PeerMatcher::Block(block) => Some(((block.cidr, &block.except), block)),
                        PeerMatcher::Pods { .. } => None,
                    });
                    blocks.extend(of_rule);
                }
            }
        }
        for service in services {
            let own = sight.scopes.entry(&service.namespace).or_default();
            own.selectors.extend(&service.selector);
            own.ports.extend(service.ports.iter().filter_map(|port| match &port.target {
                TargetPort::Name(name) => Some((name.as_str(), port.protocol)),
                TargetPort::Number(_) => None,
            }));
        }
        let own = sight.scopes.values().flat_map(|scope| &scope.selectors).copied();
        let selectors = own.chain(sight.abroad.iter().map(|(_, pods)| *pods));
        let keys = selectors.flat_map(Selector::requirements).map(Requirement::key);
        sight.keys = keys.chain([dns::LABEL.0]).collect();
        sight.blocks = blocks.into_values().collect();
        let networks: Vec<_> = sight
            .blocks
            .iter()
            .flat_map(|block| std::iter::once(&block.cidr).chain(&block.except))
            .collect();
        sight.ranges = Family::ALL.map(|family| net::partition(family, networks.iter().copied()));
        let pods = cluster.workloads.iter().flat_map(|workload| workload.addresses.iter().copied());
        let mut addresses = pods.chain([plugin.pod_cidr.addr()]);
        sight.has_ipv6 = addresses.any(|address| Family::of(address) == Family::V6);
        sight
    }

    fn add(&mut self, rule: &'m Rule, direction: Direction, namespace: &'m str) {
        let own = self.scopes.entry(namespace).or_default();
        // Ports are those of the destination: of pods of this namespace, or of any.
        let ports = match direction {
            Direction::Ingress => &mut own.ports,
            Direction::Egress => &mut self.everywhere.ports,
        };
        ports.extend(rule.ports.iter().filter_map(|port| match &port.port {
            PortSpec::Named(name) => Some((name.as_str(), port.protocol)),
            PortSpec::Range(_) => None,
        }));
        for peer in &rule.peers {
            match peer {
                PeerMatcher::Pods { namespaces: NamespaceMatcher::Own, pods } => {
                    own.selectors.insert(pods);
                }
                PeerMatcher::Pods { namespaces: NamespaceMatcher::Matching(namespaces), pods } => {
                    self.abroad.insert((namespaces, pods));
                }
                PeerMatcher::Block(_) => {}
            }
        }
    }

    /// Whether any selector mentions a key of labels.
    pub fn mentions(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// The labels of a workload's pods that any selector mentions.
    pub fn mentioned<'w>(&self, workload: &'w Workload) -> Vec<(&'w str, &'w str)> {
        let labels = workload.labels.iter().filter(|(key, _)| self.mentions(key));
        labels.map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    /// Sorts workloads of one namespace into those that no rule tells apart, each in their order.
    pub fn tell_apart(&mut self, workloads: &[usize]) -> Vec<Vec<usize>> {
        let [first, _, ..] = workloads else {
            return workloads.iter().map(|only| vec![*only]).collect();
        };
        let cluster = self.cluster;
        let namespace = cluster.workloads[*first].namespace.as_str();
        self.scopes.entry(namespace).or_default();
        let mut alike: BTreeMap<Look, Vec<usize>> = BTreeMap::new();
        for &i in workloads {
            let look = self.look(&cluster.workloads[i]);
            alike.entry(look).or_default().push(i);
        }
        if alike.len() < 2 {
            return alike.into_values().collect();
        }
        let mut parts: BTreeMap<Imprint, Vec<usize>> = BTreeMap::new();
        for (look, members) in alike {
            let imprint = self.imprint(look, &cluster.workloads[members[0]]);
            parts.entry(imprint).or_default().extend(members);
        }
        let mut parts: Vec<_> = parts.into_values().collect();
        parts.iter_mut().for_each(|members| members.sort_unstable());
        parts.sort_unstable();
        parts
    }

    fn look(&self, workload: &'m Workload) -> Look<'m> {
        let own = self.scopes.get(workload.namespace.as_str());
        let mut ports: Named<'m> = BTreeMap::new();
        for port in &workload.ports {
            let Some(name) = &port.name else { continue };
            let key = (name.as_str(), port.protocol);
            let is_used = |scope: &Scope| scope.ports.contains(&key);
            if is_used(&self.everywhere) || own.is_some_and(is_used) {
                let numbers = ports.entry(key).or_default();
                if !numbers.contains(&port.port) {
                    numbers.push(port.port);
                }
            }
        }
        let mut addresses: Vec<_> = workload.addresses.iter().map(|a| self.place(*a)).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let is_host = workload.network == PodNetwork::Host;
        Look { is_host, labels: self.mentioned(workload), ports, addresses }
    }

    /// Between which edges of blocks an address lies.
    fn place(&self, address: IpAddr) -> (Family, usize) {
        let family = Family::of(address);
        let ranges = &self.ranges[family as usize];
        (family, ranges.partition_point(|range| range.first <= address))
    }

    fn imprint(&mut self, look: Look<'m>, workload: &Workload) -> Imprint<'m> {
        let Look { is_host, ports, addresses, .. } = look;
        let selected = self.selected(workload);
        let (blocks, plugin) = (&self.blocks, self.plugin);
        let matched = self.matched.entry((is_host, addresses)).or_insert_with(|| {
            Family::ALL.map(|family| {
                let blocks = blocks
                    .iter()
                    .enumerate()
                    .filter(|(_, block)| evaluate::block_matches(plugin, block, workload, family));
                blocks.map(|(number, _)| number).collect()
            })
        });
        Imprint {
            is_host,
            is_dns: dns::is_labelled(workload),
            selected,
            ports,
            // In a cluster without IPv6, who may speak it has nobody to talk to.
            speaks: Family::ALL.map(|family| !self.has_ipv6 || workload.speaks(family)),
            matched: matched.clone(),
        }
    }

    /// The selectors that select a workload's pods, of those that look into its namespace.
    fn selected(&self, workload: &Workload) -> Vec<usize> {
        let Some(own) = self.scopes.get(workload.namespace.as_str()) else { return Vec::new() };
        let index = own.index.get_or_init(|| {
            let labels = self.cluster.namespace_labels(&workload.namespace);
            let abroad = self.abroad.iter().filter(|(namespaces, _)| namespaces.matches(labels));
            Index::new(own.selectors.iter().copied().chain(abroad.map(|(_, pods)| *pods)))
        });
        index.selecting(&workload.labels)
    }
}

impl<'m> Index<'m> {
    fn new(selectors: impl Iterator<Item = &'m Selector>) -> Self {
        // Of several that are equal, one tells all.
        let selectors: BTreeSet<_> = selectors.filter(|s| !s.is_everything()).collect();
        let selectors: Vec<_> = selectors.into_iter().collect();
        let (mut by_value, mut rest) = (BTreeMap::new(), Vec::new());
        for (number, selector) in selectors.iter().enumerate() {
            let values = selector.requirements().iter().find_map(|requirement| match requirement {
                Requirement::In(key, values) => Some((key, values)),
                _ => None,
            });
            match values {
                None => rest.push(number),
                Some((key, values)) => values.iter().for_each(|value| {
                    let numbers: &mut Vec<usize> =
                        by_value.entry((key.as_str(), value.as_str())).or_default();
                    numbers.push(number);
                }),
            }
        }
        Index { selectors, by_value, rest }
    }

    /// The numbers of the selectors that select an object with these labels.
    fn selecting(&self, labels: &Labels) -> Vec<usize> {
        let valued = labels
            .iter()
            .filter_map(|(key, value)| self.by_value.get(&(key.as_str(), value.as_str())));
        let candidates = valued.flatten().chain(&self.rest).copied();
        let mut numbers: Vec<usize> =
            candidates.filter(|number| self.selectors[*number].matches(labels)).collect();
        numbers.sort_unstable();
        numbers
    }
}
