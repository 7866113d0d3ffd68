//! Does this connection pass? The only place that decides.
//!
//! A connection needs two doors open: egress at its source and ingress at its destination. Each
//! door is judged by `door`, from the policies that select the pod standing in it; everything
//! else here combines the two. The code follows the API's own words and is the reference for
//! anything that is ever faster.
//!
//! Where Kubernetes leaves a question to the network plugin, the answer is taken from [`Plugin`],
//! and [`dependences`] tells when another answer would have changed a verdict.

mod plugin;

use std::net::IpAddr;
use std::rc::Rc;

use ipnet::IpNet;

use crate::cluster::{Cluster, PodNetwork, Workload};
use crate::labels::Selector;
use crate::net::{Connections, Family, IpBlock, PortRange, Protocol};
use crate::policy::{
    Direction, NamespaceMatcher, PeerMatcher, Policies, Policy, PolicyRef, PortMatcher, PortSpec,
    Rule, RuleRef,
};

pub use plugin::{Dependence, HostNetwork, IpBlockPods, Plugin};

/// A cluster, the policies in it, and the network plugin that enforces them. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// What the policies act upon.
    pub cluster: Rc<Cluster>,
    /// Their order never matters to a verdict.
    pub policies: Policies,
    /// The choices that Kubernetes leaves open.
    pub plugin: Plugin,
}

impl Model {
    /// The policy that a reference means.
    pub fn policy(&self, policy: PolicyRef) -> &Policy {
        &self.policies[policy.0]
    }

    /// The workload that a pod belongs to.
    pub fn workload(&self, pod: Pod) -> &Workload {
        &self.cluster.workloads[pod.workload]
    }
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// A pod of the cluster.
    Pod(Pod),
    /// A host outside the cluster.
    External(IpAddr),
}

/// One pod of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pod {
    /// The workload's position in [`Cluster::workloads`].
    pub workload: usize,
    /// Which of its pods, from 0. All are alike; the number tells a pod from its siblings.
    pub replica: usize,
}

impl Peer {
    /// The first pod of a workload.
    pub fn pod(workload: usize) -> Peer {
        Peer::Pod(Pod { workload, replica: 0 })
    }

    /// Another pod of the same workload.
    pub fn sibling(workload: usize) -> Peer {
        Peer::Pod(Pod { workload, replica: 1 })
    }
}

/// A connection that somebody tries to make, after any translation by a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Traffic {
    /// Who connects.
    pub source: Peer,
    /// To whom.
    pub destination: Peer,
    /// By which protocol.
    pub protocol: Protocol,
    /// To which port of the destination.
    pub port: u16,
}

/// What becomes of a connection, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The door of the source.
    pub egress: DirectionVerdict,
    /// The door of the destination.
    pub ingress: DirectionVerdict,
    /// The address family in which the verdict holds: one that admits the connection when there
    /// is one. `None` when the ends share no family, so that they cannot talk at all.
    pub family: Option<Family>,
}

/// What becomes of a connection at one of its two doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectionVerdict {
    /// No policy is asked.
    NotEnforced(Exemption),
    /// No policy selects the pod for this direction: everything passes.
    NotIsolated,
    /// Policies isolate the pod and these rules admit the connection.
    Allowed {
        /// Every policy that isolates the pod in this direction.
        isolated_by: Vec<PolicyRef>,
        /// Every rule that admits the connection; never empty.
        by: Vec<RuleRef>,
    },
    /// Policies isolate the pod and no rule of theirs admits the connection.
    Denied {
        /// Every policy that isolates the pod in this direction; never empty.
        isolated_by: Vec<PolicyRef>,
    },
}

/// Why no policy is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exemption {
    /// This end is outside the cluster.
    Outside,
    /// This end is a pod on its node's network, and counts as the node.
    HostNetwork,
    /// One end is the node on which the other one runs.
    SameNode,
    /// A pod cannot be cut off from itself.
    Itself,
}

impl DirectionVerdict {
    /// Whether the connection passes this door.
    pub fn admits(&self) -> bool {
        !matches!(self, DirectionVerdict::Denied { .. })
    }
}

impl Verdict {
    /// Whether the connection gets through.
    pub fn is_open(&self) -> bool {
        self.family.is_some() && Direction::ALL.iter().all(|d| self.side(*d).admits())
    }

    /// The verdict of one door.
    pub fn side(&self, direction: Direction) -> &DirectionVerdict {
        match direction {
            Direction::Egress => &self.egress,
            Direction::Ingress => &self.ingress,
        }
    }
}

/// What becomes of one connection.
pub fn verdict(model: &Model, traffic: Traffic) -> Verdict {
    let Traffic { source, destination, protocol, port } = traffic;
    let within = |family| {
        let side =
            |direction| door(model, direction, source, destination, family).verdict(protocol, port);
        Verdict { egress: side(Direction::Egress), ingress: side(Direction::Ingress), family: None }
    };
    let mut first = None;
    for family in shared_families(model, source, destination) {
        let verdict = Verdict { family: Some(family), ..within(family) };
        if verdict.is_open() {
            return verdict;
        }
        first.get_or_insert(verdict);
    }
    first.unwrap_or_else(|| within(Family::V4))
}

/// Everything that can pass from one end to the other.
pub fn connections(model: &Model, source: Peer, destination: Peer) -> Connections {
    shared_families(model, source, destination)
        .map(|family| {
            let side = |direction| door(model, direction, source, destination, family).admitted();
            side(Direction::Egress).intersection(&side(Direction::Ingress))
        })
        .fold(Connections::none(), |all, some| all.union(&some))
}

/// Everything that one of the two doors lets pass, whatever the other one does.
pub fn admitted(
    model: &Model,
    direction: Direction,
    source: Peer,
    destination: Peer,
) -> Connections {
    shared_families(model, source, destination)
        .map(|family| door(model, direction, source, destination, family).admitted())
        .fold(Connections::none(), |all, some| all.union(&some))
}

/// The rules at one of the two doors that have a peer matching the other end, in one address family,
/// and what each of them admits: nothing where it names ports that the destination does not declare.
/// None at a door that no policy isolates.
pub fn matching_rules(
    model: &Model,
    direction: Direction,
    source: Peer,
    destination: Peer,
    family: Family,
) -> Vec<(RuleRef, Connections)> {
    match door(model, direction, source, destination, family) {
        Door::Isolated { admits, .. } => admits,
        Door::NotEnforced(_) | Door::NotIsolated => Vec::new(),
    }
}

/// What would become of a connection if one question had its other answer, question by question.
pub fn otherwise(model: &Model, traffic: Traffic) -> [(Dependence, Verdict); 3] {
    Dependence::ALL.map(|question| {
        let other = Model { plugin: model.plugin.otherwise(question), ..model.clone() };
        (question, verdict(&other, traffic))
    })
}

/// The questions that decide the verdict: those whose other answer would have reversed it.
pub fn dependences(model: &Model, traffic: Traffic) -> Vec<Dependence> {
    let open = verdict(model, traffic).is_open();
    let others = otherwise(model, traffic).into_iter();
    others.filter(|(_, other)| other.is_open() != open).map(|(question, _)| question).collect()
}

/// The policies that isolate a workload's pods in a direction: those of its namespace that select
/// it and govern the direction.
pub fn isolating<'a>(
    model: &'a Model,
    direction: Direction,
    workload: &'a Workload,
) -> impl Iterator<Item = (PolicyRef, &'a [Rule])> {
    model.policies.of(&workload.namespace).filter_map(move |(policy, written)| {
        let rules = written.rules(direction)?;
        written.selects(workload).then_some((policy, rules))
    })
}

/// Whether a peer of a rule of a policy in this namespace means a workload's pods: by their labels, or by
/// an address in one of their families.
pub fn means(model: &Model, namespace: &str, matcher: &PeerMatcher, workload: usize) -> bool {
    let pod = Peer::pod(workload);
    let speaks = |family: &Family| model.cluster.workloads[workload].speaks(*family);
    let mut families = Family::ALL.into_iter().filter(speaks);
    families.any(|family| peer_matches(model, namespace, matcher, pod, family))
}

/// One of the two doors of a connection, for all protocols and ports at once.
enum Door {
    /// Open, whatever the policies say.
    NotEnforced(Exemption),
    /// Open: no policy isolates the pod.
    NotIsolated,
    /// Open as far as rules admit.
    Isolated { by: Vec<PolicyRef>, admits: Vec<(RuleRef, Connections)> },
}

impl Door {
    fn admitted(&self) -> Connections {
        match self {
            Door::NotEnforced(_) | Door::NotIsolated => Connections::all(),
            Door::Isolated { admits, .. } => {
                admits.iter().fold(Connections::none(), |all, (_, some)| all.union(some))
            }
        }
    }

    fn verdict(self, protocol: Protocol, port: u16) -> DirectionVerdict {
        match self {
            Door::NotEnforced(exemption) => DirectionVerdict::NotEnforced(exemption),
            Door::NotIsolated => DirectionVerdict::NotIsolated,
            Door::Isolated { by: isolated_by, admits } => {
                let admits = admits.into_iter().filter(|(_, some)| some.contains(protocol, port));
                let by: Vec<_> = admits.map(|(rule, _)| rule).collect();
                if by.is_empty() {
                    DirectionVerdict::Denied { isolated_by }
                } else {
                    DirectionVerdict::Allowed { isolated_by, by }
                }
            }
        }
    }
}

/// Judges one door: the source's for egress, the destination's for ingress.
fn door(
    model: &Model,
    direction: Direction,
    source: Peer,
    destination: Peer,
    family: Family,
) -> Door {
    let (here, there) = match direction {
        Direction::Egress => (source, destination),
        Direction::Ingress => (destination, source),
    };
    let pod = match (here, exemption(model, here, there)) {
        (_, Some(exemption)) => return Door::NotEnforced(exemption),
        (Peer::External(_), None) => return Door::NotEnforced(Exemption::Outside),
        (Peer::Pod(pod), None) => pod,
    };
    let mut isolating = isolating(model, direction, model.workload(pod)).peekable();
    if isolating.peek().is_none() {
        return Door::NotIsolated;
    }
    let (mut by, mut admits) = (Vec::new(), Vec::new());
    for (policy, rules) in isolating {
        by.push(policy);
        for (index, rule) in rules.iter().enumerate() {
            let namespace = &model.policy(policy).namespace;
            // An empty list of peers is no list at all: everybody, outside addresses included.
            let admitted = rule.peers.is_empty()
                || rule
                    .peers
                    .iter()
                    .any(|peer| peer_matches(model, namespace, peer, there, family));
            if admitted {
                let rule_ref = RuleRef { policy, direction, index };
                admits.push((rule_ref, ports_admitted(model, rule, destination)));
            }
        }
    }
    Door::Isolated { by, admits }
}

/// Why policies are not asked at `here` about a connection with `there`, if they are not.
fn exemption(model: &Model, here: Peer, there: Peer) -> Option<Exemption> {
    if here == there {
        return Some(Exemption::Itself);
    }
    let (Peer::Pod(a), Peer::Pod(b)) = (here, there) else {
        return is_node(model, here).then_some(Exemption::HostNetwork);
    };
    let node_of = |pod: Pod| model.workload(pod).node.as_deref();
    let same_node = node_of(a).is_some() && node_of(a) == node_of(b);
    if is_node(model, here) {
        Some(Exemption::HostNetwork)
    } else if is_node(model, there) && same_node {
        Some(Exemption::SameNode)
    } else {
        None
    }
}

/// Whether this end is a pod that counts as its node.
pub fn is_node(model: &Model, peer: Peer) -> bool {
    let Peer::Pod(pod) = peer else { return false };
    counts_as_node(&model.plugin, model.workload(pod))
}

/// Whether a workload's pods count as their nodes.
pub fn counts_as_node(plugin: &Plugin, workload: &Workload) -> bool {
    plugin.host_network == HostNetwork::Node && workload.network == PodNetwork::Host
}

/// Whether a peer of a rule matches, in one address family. `namespace` is the policy's.
fn peer_matches(
    model: &Model,
    namespace: &str,
    matcher: &PeerMatcher,
    peer: Peer,
    family: Family,
) -> bool {
    match (matcher, peer) {
        (PeerMatcher::Pods { .. }, Peer::External(_)) => false,
        (PeerMatcher::Pods { namespaces, pods }, Peer::Pod(pod)) => {
            let workload = model.workload(pod);
            !is_node(model, peer)
                && namespace_matches(model, namespaces, namespace, &workload.namespace)
                && pods.matches(&workload.labels)
        }
        (PeerMatcher::Block(block), Peer::External(address)) => block.contains(address),
        (PeerMatcher::Block(block), Peer::Pod(pod)) => {
            let workload = model.workload(pod);
            block_matches(&model.plugin, block, workload, family)
        }
    }
}

/// Whether a peer of a policy in the namespace `own` looks for pods in a namespace.
pub fn namespace_matches(
    model: &Model,
    matcher: &NamespaceMatcher,
    own: &str,
    namespace: &str,
) -> bool {
    let selects = |selector: &Selector| selector.matches(model.cluster.namespace_labels(namespace));
    match matcher {
        NamespaceMatcher::Own => namespace == own,
        NamespaceMatcher::Matching(selector) => selects(selector),
    }
}

/// Whether an `ipBlock` matches a workload's pods, in one address family.
pub fn block_matches(
    plugin: &Plugin,
    block: &IpBlock,
    workload: &Workload,
    family: Family,
) -> bool {
    if !counts_as_node(plugin, workload) && plugin.ip_block_pods == IpBlockPods::Never {
        return false;
    }
    if !workload.addresses.is_empty() {
        let mut addresses = workload.addresses.iter().filter(|a| Family::of(**a) == family);
        return addresses.any(|address| block.contains(*address));
    }
    // Without an address, only what holds for every address the pod may have is certain.
    let may_have = whereabouts(plugin, workload);
    Family::of(may_have.addr()) == family && block.coverage(&may_have) >= plugin.unknown_address
}

/// Where a workload's pods lie if the input tells no address: in the pod network, or anywhere in IPv4 on
/// a node's network, whatever the pod counts as.
pub fn whereabouts(plugin: &Plugin, workload: &Workload) -> IpNet {
    match workload.network {
        PodNetwork::Own => plugin.pod_cidr.trunc(),
        PodNetwork::Host => IpNet::new_assert([0, 0, 0, 0].into(), 0),
    }
}

/// The ports of the destination that a rule admits.
pub fn ports_admitted(model: &Model, rule: &Rule, destination: Peer) -> Connections {
    if rule.ports.is_empty() {
        return Connections::all();
    }
    let mut admitted = Connections::none();
    for PortMatcher { protocol, port } in &rule.ports {
        match (port, destination) {
            (PortSpec::Range(range), _) => admitted.insert(*protocol, *range),
            // A name means what the destination pod declares; a node or a host outside the
            // cluster declares nothing.
            (PortSpec::Named(name), Peer::Pod(pod)) if !is_node(model, destination) => {
                let workload = model.workload(pod);
                for number in workload.named_ports(name, *protocol) {
                    admitted.insert(*protocol, PortRange::single(number));
                }
            }
            (PortSpec::Named(_), _) => {}
        }
    }
    admitted
}

/// The address families in which two ends can talk to each other.
pub fn shared_families(
    model: &Model,
    source: Peer,
    destination: Peer,
) -> impl Iterator<Item = Family> + '_ {
    let speaks = move |peer: Peer, family: Family| match peer {
        Peer::External(address) => Family::of(address) == family,
        Peer::Pod(pod) => model.workload(pod).speaks(family),
    };
    Family::ALL.into_iter().filter(move |f| speaks(source, *f) && speaks(destination, *f))
}
