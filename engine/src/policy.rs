//! What a NetworkPolicy says, after the API's defaults.
//!
//! A policy isolates the pods it selects, in the directions it governs, and admits what its rules
//! describe. It never denies anything. Nothing here decides about traffic: see `evaluate`.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::cluster::Workload;
use crate::diagnostic::Location;
use crate::labels::Selector;
use crate::net::{IpBlock, PortRange, Protocol};

/// One NetworkPolicy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `metadata.namespace`: the policy acts on pods of this namespace only.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// `spec.podSelector`: whom it isolates.
    pub selector: Selector,
    /// `spec.ingress`; `None` when `policyTypes` leaves ingress out, so that it is not isolated.
    pub ingress: Option<Vec<Rule>>,
    /// `spec.egress`; `None` when `policyTypes` leaves egress out, so that it is not isolated.
    pub egress: Option<Vec<Rule>>,
    /// Where the object is.
    pub location: Location,
    /// How it is written.
    pub written: Written,
}

/// How a policy is written, beyond what it means: for what is said of it, never for a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Where `spec.podSelector` is, or the nearest thing around it.
    pub selector: Location,
    /// How many entries `policyTypes` has: none where the API's default holds.
    pub types: usize,
    /// How many rules `spec.ingress` has, and where it is; `None` where it is absent.
    pub ingress: Option<(usize, Location)>,
    /// How many rules `spec.egress` has, and where it is; `None` where it is absent.
    pub egress: Option<(usize, Location)>,
    /// What `metadata.annotations` tell to be silent about, as [`lint`](crate::lint) has it: the
    /// annotation's value, and where it is.
    pub ignore: Option<(String, Location)>,
}

/// The annotation of a policy that names the findings not to report on it.
pub const IGNORE_ANNOTATION: &str = "netpol-playground/ignore";

/// Seen from the pod: who may call it, or whom it may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Connections that the pod makes.
    Egress,
    /// Connections that the pod accepts.
    Ingress,
}

impl Direction {
    /// Both directions, in the order in which a connection meets them.
    pub const ALL: [Direction; 2] = [Direction::Egress, Direction::Ingress];

    /// What a connection in this direction is at its other end.
    pub fn opposite(self) -> Direction {
        match self {
            Direction::Egress => Direction::Ingress,
            Direction::Ingress => Direction::Egress,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Egress => "egress",
            Direction::Ingress => "ingress",
        })
    }
}

/// One entry of `spec.ingress` or `spec.egress`: admits any of its peers on any of its ports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `from` or `to`; empty admits everybody, addresses outside the cluster included.
    pub peers: Vec<PeerMatcher>,
    /// `ports`, always those of the destination; empty admits every port of every protocol.
    pub ports: Vec<PortMatcher>,
    /// Where the rule is.
    pub location: Location,
    /// Where each of the peers is.
    pub peer_locations: Vec<Location>,
    /// Where the `port` of each of the ports is, or the nearest thing around it.
    pub port_locations: Vec<Location>,
}

/// One entry of `from` or `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeerMatcher {
    /// Pods that `podSelector` selects, in the namespaces that `namespaceSelector` means.
    Pods {
        /// `namespaceSelector`.
        namespaces: NamespaceMatcher,
        /// `podSelector`; everything when absent.
        pods: Selector,
    },
    /// Addresses: `ipBlock`.
    Block(IpBlock),
}

/// The namespaces in which a peer looks for pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamespaceMatcher {
    /// The policy's own: what an absent `namespaceSelector` means.
    Own,
    /// Those with matching labels.
    Matching(Selector),
}

/// One entry of a rule's `ports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMatcher {
    /// `protocol`, TCP when absent.
    pub protocol: Protocol,
    /// `port` and `endPort`.
    pub port: PortSpec,
}

/// Which ports of its protocol a [`PortMatcher`] means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortSpec {
    /// Numbers: `port`, up to `endPort`; all of them when `port` is absent.
    Range(PortRange),
    /// A name, looked up among the container ports of each destination pod.
    Named(String),
}

/// Policies, sorted by namespace and name, so that those of a namespace are found at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies(Rc<[Policy]>);

impl Policies {
    /// The policies of a namespace.
    pub fn of(&self, namespace: &str) -> impl Iterator<Item = (PolicyRef, &Policy)> {
        let start = self.0.partition_point(|policy| *policy.namespace < *namespace);
        let count = self.0[start..].partition_point(|policy| policy.namespace == namespace);
        (start..start + count).map(|index| (PolicyRef(index), &self.0[index]))
    }
}

impl Deref for Policies {
    type Target = [Policy];

    fn deref(&self) -> &[Policy] {
        &self.0
    }
}

impl From<Vec<Policy>> for Policies {
    fn from(policies: Vec<Policy>) -> Self {
        let mut sorted: Vec<Policy> = Vec::with_capacity(policies.len());
        for policy in policies {
            // Nearly always the end: `assemble` sorts. A real sort is kilobytes of the page.
            let name = (&policy.namespace, &policy.name);
            let at = sorted.partition_point(|other| (&other.namespace, &other.name) <= name);
            sorted.insert(at, policy);
        }
        Policies(sorted.into())
    }
}

/// Refers to a policy of a model by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyRef(pub usize);

/// Refers to a rule of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// The policy.
    pub policy: PolicyRef,
    /// Which of its lists the rule is in.
    pub direction: Direction,
    /// Its place in that list, counted from 0; people are told [`number`](RuleRef::number).
    pub index: usize,
}

impl RuleRef {
    /// Its place in the list, counted from 1.
    pub fn number(self) -> usize {
        self.index + 1
    }
}

impl Policy {
    /// The rules of a direction; `None` when the policy does not govern it.
    pub fn rules(&self, direction: Direction) -> Option<&[Rule]> {
        match direction {
            Direction::Egress => self.egress.as_deref(),
            Direction::Ingress => self.ingress.as_deref(),
        }
    }

    /// How many rules are written for a direction, and where; `None` where there is no list.
    pub fn written_rules(&self, direction: Direction) -> Option<&(usize, Location)> {
        match direction {
            Direction::Egress => self.written.egress.as_ref(),
            Direction::Ingress => self.written.ingress.as_ref(),
        }
    }

    /// Whether the policy selects the workload's pods: by labels, in its own namespace only.
    pub fn selects(&self, workload: &Workload) -> bool {
        self.namespace == workload.namespace && self.selector.matches(&workload.labels)
    }

    /// Visits every place that the policy knows of itself.
    pub(crate) fn locate(&mut self, visit: &mut impl FnMut(&mut Location)) {
        visit(&mut self.location);
        let Written { selector, types: _, ingress, egress, ignore } = &mut self.written;
        visit(selector);
        ingress.iter_mut().chain(egress).for_each(|(_, location)| visit(location));
        ignore.iter_mut().for_each(|(_, location)| visit(location));
        for rule in self.ingress.iter_mut().chain(&mut self.egress).flatten() {
            visit(&mut rule.location);
            rule.peer_locations.iter_mut().for_each(&mut *visit);
            rule.port_locations.iter_mut().for_each(&mut *visit);
        }
    }

    /// `ns/name`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Whether it says the same as another one, rule by rule and in the same order, however the two
    /// are written and wherever they are.
    pub fn says_the_same(&self, other: &Policy) -> bool {
        let alike = |direction| match (self.rules(direction), other.rules(direction)) {
            (Some(rules), Some(others)) => {
                rules.len() == others.len()
                    && rules.iter().zip(others).all(|(rule, other)| rule.says_the_same(other))
            }
            (None, None) => true,
            _ => false,
        };
        (&self.namespace, &self.name, &self.selector)
            == (&other.namespace, &other.name, &other.selector)
            && Direction::ALL.into_iter().all(alike)
    }
}

impl Rule {
    /// Whether it has the same peers and ports as another one, in the same order.
    pub fn says_the_same(&self, other: &Rule) -> bool {
        (&self.peers, &self.ports) == (&other.peers, &other.ports)
    }
}

impl fmt::Display for PortMatcher {
    /// `TCP 80`, `UDP all`, `TCP http`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.port {
            PortSpec::Range(PortRange::ALL) => write!(f, "{} all", self.protocol),
            PortSpec::Range(range) => write!(f, "{} {range}", self.protocol),
            PortSpec::Named(name) => write!(f, "{} {name}", self.protocol),
        }
    }
}

impl fmt::Display for PeerMatcher {
    /// For people: `pods app=facade of the same namespace`, `all pods of namespaces {}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (namespaces, pods) = match self {
            PeerMatcher::Block(block) => return write!(f, "addresses {block}"),
            PeerMatcher::Pods { namespaces, pods } => (namespaces, pods),
        };
        if pods.is_everything() {
            f.write_str("all pods")?;
        } else {
            write!(f, "pods {pods}")?;
        }
        match namespaces {
            NamespaceMatcher::Own => f.write_str(" of the same namespace"),
            NamespaceMatcher::Matching(selector) if selector.is_everything() => {
                f.write_str(" of any namespace")
            }
            NamespaceMatcher::Matching(selector) => write!(f, " of namespaces {selector}"),
        }
    }
}
