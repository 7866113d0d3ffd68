//! A rule that does not admit a connection any more: the ways to write it.
//!
//! In: a rule that admits connections, and these. Out: edits of the rule, from those that take most away
//! to the one that takes nothing but the connections. Whether the peers and ports of a rule match is for
//! `evaluate` to say.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::change::{Edit, Splice, new_rule};
use super::telling::{Ground, complement, everything, only};
use crate::cluster::PodNetwork;
use crate::evaluate::{self, IpBlockPods, Model, Peer, Pod, Traffic};
use crate::labels::{NAMESPACE_NAME_LABEL, Requirement, Selector};
use crate::net::{AddressRange, Family, IpBlock, PortRange, PortSet, Protocol};
use crate::outside::external_ranges;
use crate::policy::{Direction, NamespaceMatcher, PeerMatcher, PortMatcher, PortSpec, Rule};

/// A rule of a policy that admits connections which it shall not admit.
pub(super) struct Admitting<'a> {
    /// The policy's namespace.
    pub namespace: &'a str,
    pub direction: Direction,
    /// Its place among the rules.
    pub index: usize,
    pub rule: &'a Rule,
    /// The connections, after translation.
    pub barred: Vec<Traffic>,
}

/// A way to write the rule.
pub(super) struct Narrowing {
    pub kind: Kind,
    /// One after the other; none of them moves the rules before this one.
    pub edits: Vec<Edit>,
}

/// What a narrowing does, from what takes most away to what takes least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The rule is taken away.
    Rule,
    /// The ports that match are.
    Ports,
    /// The peers that match are.
    Peers,
    /// All other ports stay.
    OtherPorts,
    /// All other peers stay.
    OtherPeers,
    /// All other peers stay, and the other ports of these.
    Exact,
}

/// How far a peer that is left out reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Its labels, wherever they are found.
    Everywhere,
    /// Its labels in its own namespace.
    Namespace,
}

/// The ways to write a rule so that it does not admit the connections.
pub(super) fn narrowings(ground: &Ground, of: &Admitting) -> Vec<Narrowing> {
    let index = of.index;
    let rules = |removed, added| Edit::Rules(Splice { at: index, removed, added });
    let mut all = vec![Narrowing { kind: Kind::Rule, edits: vec![rules(1, Vec::new())] }];
    let mut push = |kind, edits: Option<Vec<Edit>>| {
        all.extend(edits.map(|edits| Narrowing { kind, edits }));
    };
    let ports = |pieces: Option<Pieces<PortMatcher>>| {
        Some(pieces?.into_iter().map(|splice| Edit::Ports { rule: index, splice }).collect())
    };
    let peers = |pieces: Option<Pieces<PeerMatcher>>| -> Option<Vec<Edit>> {
        Some(pieces?.into_iter().map(|splice| Edit::Peers { rule: index, splice }).collect())
    };
    push(Kind::Ports, ports(port_pieces(ground, of, |_| Vec::new())));
    if !of.rule.peers.is_empty() {
        push(Kind::Peers, peers(peer_pieces(ground, of, |_| Vec::new())));
    }
    push(Kind::OtherPorts, ports(port_pieces(ground, of, |port| other_ports(port, &of.barred))));
    for reach in [Reach::Everywhere, Reach::Namespace] {
        let others = |peer: &PeerMatcher| other_peers(ground, of, peer, reach);
        let edits = peers(peer_pieces(ground, of, others));
        push(Kind::OtherPeers, edits.clone());
        let exact = edits.and_then(|mut edits| {
            edits.push(rules_for_the_rest(ground, of)?);
            Some(edits)
        });
        push(Kind::Exact, exact);
    }
    all
}

/// Items of a list taken out and others put in their place, from the end of the list to its beginning.
type Pieces<T> = Vec<Splice<T>>;

/// The items of a list that match, each with what is put in its place; none where nothing matches or
/// nothing would be left.
fn pieces<T: Clone>(
    list: &[T],
    matches: impl Fn(&T) -> bool,
    instead: impl Fn(&T) -> Vec<T>,
) -> Option<Pieces<T>> {
    let matching: Vec<usize> = (0..list.len()).filter(|i| matches(&list[*i])).collect();
    let replaced =
        matching.iter().rev().map(|&at| Splice { at, removed: 1, added: instead(&list[at]) });
    let pieces: Pieces<T> = replaced.collect();
    let left = list.len() - matching.len() + pieces.iter().map(|p| p.added.len()).sum::<usize>();
    (!pieces.is_empty() && left > 0).then_some(pieces)
}

fn port_pieces(
    ground: &Ground,
    of: &Admitting,
    instead: impl Fn(&PortMatcher) -> Vec<PortMatcher>,
) -> Option<Pieces<PortMatcher>> {
    let matches = |port: &PortMatcher| {
        let alone = new_rule(Vec::new(), vec![port.clone()]);
        of.barred.iter().any(|traffic| {
            evaluate::ports_admitted(ground.model, &alone, traffic.destination)
                .contains(traffic.protocol, traffic.port)
        })
    };
    if !of.rule.ports.is_empty() {
        return pieces(&of.rule.ports, matches, instead);
    }
    let every = Protocol::ALL
        .map(|protocol| PortMatcher { protocol, port: PortSpec::Range(PortRange::ALL) });
    let left = |port: &PortMatcher| if matches(port) { instead(port) } else { vec![port.clone()] };
    let added: Vec<PortMatcher> = every.iter().flat_map(left).collect();
    // Every port is one entry: to take it out is to take the protocol out, which nobody asked for.
    let is_cut = added.iter().any(|port| !every.contains(port));
    is_cut.then(|| vec![Splice { at: 0, removed: 0, added }])
}

/// What is left of an entry of `ports`.
fn other_ports(port: &PortMatcher, barred: &[Traffic]) -> Vec<PortMatcher> {
    let PortSpec::Range(range) = port.port else { return Vec::new() };
    let mut left = PortSet::default();
    left.insert(range);
    for traffic in barred.iter().filter(|traffic| traffic.protocol == port.protocol) {
        let mut hole = PortSet::default();
        hole.insert(PortRange::single(traffic.port));
        left = left.difference(&hole);
    }
    let matcher = |range: &PortRange| PortMatcher { port: PortSpec::Range(*range), ..port.clone() };
    left.ranges().iter().map(matcher).collect()
}

fn peer_pieces(
    ground: &Ground,
    of: &Admitting,
    instead: impl Fn(&PeerMatcher) -> Vec<PeerMatcher>,
) -> Option<Pieces<PeerMatcher>> {
    let matches = |peer: &PeerMatcher| {
        of.barred.iter().any(|traffic| means(ground.model, of, peer, *traffic))
    };
    if !of.rule.peers.is_empty() {
        return pieces(&of.rule.peers, matches, instead);
    }
    let everybody = everybody(ground.model, of);
    let left = |peer: &PeerMatcher| if matches(peer) { instead(peer) } else { vec![peer.clone()] };
    let added: Vec<PeerMatcher> = everybody.iter().flat_map(left).collect();
    let is_some = added.iter().any(|peer| matches!(peer, PeerMatcher::Pods { .. }));
    is_some.then(|| vec![Splice { at: 0, removed: 0, added }])
}

/// Whether a peer means the other end of a connection, in some family.
fn means(model: &Model, of: &Admitting, peer: &PeerMatcher, traffic: Traffic) -> bool {
    match (of.there(traffic), peer) {
        (Peer::Pod(pod), _) => evaluate::means(model, of.namespace, peer, pod.workload),
        (Peer::External(address), PeerMatcher::Block(block)) => block.contains(address),
        (Peer::External(_), PeerMatcher::Pods { .. }) => false,
    }
}

impl Admitting<'_> {
    /// The end beyond the door.
    fn there(&self, traffic: Traffic) -> Peer {
        match self.direction {
            Direction::Egress => traffic.destination,
            Direction::Ingress => traffic.source,
        }
    }
}

/// The peers that mean everybody, as an empty list does: but for addresses in the pod network, where a
/// pod is to be left out that may have any of them. Other pods are meant by their labels.
fn everybody(model: &Model, of: &Admitting) -> Vec<PeerMatcher> {
    let pods = PeerMatcher::Pods {
        namespaces: NamespaceMatcher::Matching(Selector::everything()),
        pods: Selector::everything(),
    };
    let pod_cidr = model.plugin.pod_cidr.trunc();
    let may_have = |pod: Pod| {
        let workload = model.workload(pod);
        let within = |address: &IpAddr| pod_cidr.contains(address);
        workload.network == PodNetwork::Own
            && (workload.addresses.is_empty() || workload.addresses.iter().any(within))
    };
    let is_pod = |traffic: &Traffic| matches!(of.there(*traffic), Peer::Pod(pod) if may_have(pod));
    let has_holes = model.plugin.ip_block_pods == IpBlockPods::Ip && of.barred.iter().any(is_pod);
    let has = |family: &Family| {
        let is_it = |range: &AddressRange| Family::of(range.first) == *family;
        external_ranges(model).iter().any(is_it)
    };
    let block = |family| {
        let cidr = everything(family);
        let except =
            if has_holes && cidr.contains(&pod_cidr) { vec![pod_cidr] } else { Vec::new() };
        PeerMatcher::Block(IpBlock { cidr, except })
    };
    std::iter::once(pods).chain(Family::ALL.into_iter().filter(has).map(block)).collect()
}

/// What is left of a peer.
fn other_peers(
    ground: &Ground,
    of: &Admitting,
    peer: &PeerMatcher,
    reach: Reach,
) -> Vec<PeerMatcher> {
    let mut theirs: Vec<Peer> = of.barred.iter().map(|traffic| of.there(*traffic)).collect();
    theirs.dedup();
    theirs.into_iter().fold(vec![peer.clone()], |peers, end| {
        let left = peers.iter().map(|peer| without(ground, of.namespace, peer, end, reach));
        left.flatten().collect()
    })
}

fn without(
    ground: &Ground,
    own: &str,
    peer: &PeerMatcher,
    end: Peer,
    reach: Reach,
) -> Vec<PeerMatcher> {
    let model = ground.model;
    match (peer, end) {
        (PeerMatcher::Block(_), _) if ground.is_internet(end) => Vec::new(),
        (PeerMatcher::Block(block), _) => without_addresses(model, block, end),
        (PeerMatcher::Pods { namespaces, pods }, Peer::Pod(pod)) => {
            if !evaluate::means(model, own, peer, pod.workload) {
                return vec![peer.clone()];
            }
            let namespace = &model.workload(pod).namespace;
            let told = complement(&ground.telling(pod.workload));
            let by_labels = |namespaces: &NamespaceMatcher| -> Vec<PeerMatcher> {
                let parts = told.iter().filter_map(|part| narrowed(pods, part));
                let namespaces = || namespaces.clone();
                parts.map(|pods| PeerMatcher::Pods { namespaces: namespaces(), pods }).collect()
            };
            match (namespaces, reach) {
                (NamespaceMatcher::Matching(selector), Reach::Namespace) => {
                    let values = BTreeSet::from([namespace.clone()]);
                    let other = Requirement::NotIn(NAMESPACE_NAME_LABEL.to_owned(), values);
                    let others = narrowed(selector, &[other]).map(|namespaces| PeerMatcher::Pods {
                        namespaces: NamespaceMatcher::Matching(namespaces),
                        pods: pods.clone(),
                    });
                    let its_own = match namespace == own {
                        true => NamespaceMatcher::Own,
                        false => NamespaceMatcher::Matching(only(namespace)),
                    };
                    others.into_iter().chain(by_labels(&its_own)).collect()
                }
                _ => by_labels(namespaces),
            }
        }
        (PeerMatcher::Pods { .. }, Peer::External(_)) => vec![peer.clone()],
    }
}

/// A selector that requires more than before; none where nothing could meet it.
pub(super) fn narrowed(selector: &Selector, more: &[Requirement]) -> Option<Selector> {
    use Requirement::{DoesNotExist, Exists, In, NotIn};
    let mut requirements = selector.requirements().to_vec();
    for requirement in more {
        let same = requirements.iter_mut().find(|other| other.key() == requirement.key());
        match (same, requirement) {
            (Some(In(_, has)), NotIn(_, values)) => {
                has.retain(|value| !values.contains(value));
                if has.is_empty() {
                    return None;
                }
            }
            (Some(In(_, has)), In(_, values)) => {
                has.retain(|value| values.contains(value));
                if has.is_empty() {
                    return None;
                }
            }
            (Some(NotIn(_, has)), NotIn(_, values)) => has.extend(values.iter().cloned()),
            (Some(In(..) | Exists(_)), Exists(_)) => {}
            (Some(DoesNotExist(_)), DoesNotExist(_) | NotIn(..)) => {}
            (Some(In(..) | Exists(_)), DoesNotExist(_)) => return None,
            (Some(DoesNotExist(_)), In(..) | Exists(_)) => return None,
            _ => requirements.push(requirement.clone()),
        }
    }
    Some(Selector::new(requirements))
}

/// What is left of a block without the addresses that an end may have.
fn without_addresses(model: &Model, block: &IpBlock, end: Peer) -> Vec<PeerMatcher> {
    let holes: Vec<IpNet> = match end {
        Peer::External(address) => vec![address.into()],
        Peer::Pod(pod) => {
            let workload = model.workload(pod);
            match (workload.addresses.as_slice(), workload.network) {
                ([], PodNetwork::Own) => vec![model.plugin.pod_cidr.trunc()],
                // It may be anywhere.
                ([], PodNetwork::Host) => return Vec::new(),
                (addresses, _) => addresses.iter().map(|address| IpNet::from(*address)).collect(),
            }
        }
    };
    let mut except = block.except.clone();
    for hole in holes {
        if hole.contains(&block.cidr) {
            return Vec::new();
        }
        if block.cidr.contains(&hole) && !except.iter().any(|other| other.contains(&hole)) {
            except.retain(|other| !hole.contains(other));
            except.push(hole);
        }
    }
    vec![PeerMatcher::Block(IpBlock { cidr: block.cidr, except })]
}

/// The rule beside a narrowed one that admits what is barred on all the other ports; none where it has
/// no others.
fn rules_for_the_rest(ground: &Ground, of: &Admitting) -> Option<Edit> {
    let mut peers: Vec<PeerMatcher> = Vec::new();
    for traffic in &of.barred {
        let family =
            evaluate::shared_families(ground.model, traffic.source, traffic.destination).next()?;
        let peer = ground.naming(of.namespace, of.there(*traffic), family).into_iter().next()?;
        if !peers.contains(&peer) {
            peers.push(peer);
        }
    }
    let others = port_pieces(ground, of, |port| other_ports(port, &of.barred))?;
    let mut ports = of.rule.ports.clone();
    for splice in others {
        ports.splice(splice.at..splice.at + splice.removed, splice.added);
    }
    Some(Edit::Rules(Splice::put(of.index + 1, new_rule(peers, ports))))
}
