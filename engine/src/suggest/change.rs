//! A change of policies: what it is, what comes of it, and how it is told.

use std::collections::BTreeMap;

use crate::diagnostic::Location;
use crate::policy::{
    Direction, PeerMatcher, Policies, Policy, PolicyRef, PortMatcher, Rule, Written,
};
use crate::write::{self, Yaml};

/// One change of the policies of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A policy that was not there.
    New(Box<Policy>),
    /// Another list in a policy.
    Edit {
        /// The policy of the model.
        policy: PolicyRef,
        /// Among its rules of this direction, which it governs.
        direction: Direction,
        /// What becomes of them.
        edit: Edit,
    },
}

/// Other items in one of the lists of a policy. Numbers count from 0, in the policy as the changes
/// before this one have left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Among the rules.
    Rules(Splice<Rule>),
    /// Among the peers of a rule: never so that none are left of some, which would admit everybody.
    Peers {
        /// The rule.
        rule: usize,
        /// The items.
        splice: Splice<PeerMatcher>,
    },
    /// Among the ports of a rule: never so that none are left of some, which would admit every port.
    Ports {
        /// The rule.
        rule: usize,
        /// The items.
        splice: Splice<PortMatcher>,
    },
}

/// Some items of a list taken out, and others put in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice<T> {
    /// The first item that is taken out, and where the new ones go; the length of the list is its end.
    pub at: usize,
    /// How many are taken out.
    pub removed: usize,
    /// What is put there.
    pub added: Vec<T>,
}

impl<T: Clone> Splice<T> {
    /// An item that is put somewhere.
    pub(super) fn put(at: usize, item: T) -> Self {
        Splice { at, removed: 0, added: vec![item] }
    }

    /// The list with the items changed; as it is where it is too short for that.
    fn apply(&self, list: &[T]) -> Vec<T> {
        match (list.get(..self.at), list.get(self.at + self.removed..)) {
            (Some(before), Some(after)) => [before, self.added.as_slice(), after].concat(),
            _ => list.to_vec(),
        }
    }
}

/// Where what is not written yet is said to be.
fn nowhere() -> Location {
    Location { file: "".into(), line: 1, column: 1 }
}

/// A rule that is not written yet.
pub(super) fn new_rule(peers: Vec<PeerMatcher>, ports: Vec<PortMatcher>) -> Rule {
    let peer_locations = vec![nowhere(); peers.len()];
    let port_locations = vec![nowhere(); ports.len()];
    Rule { peers, ports, location: nowhere(), peer_locations, port_locations }
}

/// A policy that is not written yet, and governs nothing.
pub(super) fn new_policy(namespace: &str, name: String) -> Policy {
    Policy {
        namespace: namespace.to_owned(),
        name,
        selector: Default::default(),
        ingress: None,
        egress: None,
        location: nowhere(),
        written: Written {
            selector: nowhere(),
            types: 0,
            ingress: None,
            egress: None,
            ignore: None,
        },
    }
}

/// The rules of a direction, to be changed.
pub(super) fn rules_mut(policy: &mut Policy, direction: Direction) -> &mut Option<Vec<Rule>> {
    match direction {
        Direction::Egress => &mut policy.egress,
        Direction::Ingress => &mut policy.ingress,
    }
}

impl Edit {
    /// The policy that this makes of one. Its places are those from before.
    pub fn apply(&self, policy: &Policy, direction: Direction) -> Policy {
        let mut policy = policy.clone();
        let Some(rules) = rules_mut(&mut policy, direction) else { return policy };
        match self {
            Edit::Rules(splice) => *rules = splice.apply(rules),
            Edit::Peers { rule, splice } => {
                if let Some(rule) = rules.get_mut(*rule) {
                    let peers = splice.apply(&rule.peers);
                    *rule = Rule {
                        location: rule.location.clone(),
                        ..new_rule(peers, rule.ports.clone())
                    };
                }
            }
            Edit::Ports { rule, splice } => {
                if let Some(rule) = rules.get_mut(*rule) {
                    let ports = splice.apply(&rule.ports);
                    *rule = Rule {
                        location: rule.location.clone(),
                        ..new_rule(rule.peers.clone(), ports)
                    };
                }
            }
        }
        policy
    }

    /// Where it is made, in words, and what is taken out and put in, as YAML.
    fn told(&self, policy: &Policy, direction: Direction) -> (String, Vec<Yaml>, Vec<Yaml>) {
        fn items<T>(
            list: &[T],
            splice: &Splice<T>,
            yaml: impl Fn(&T) -> Yaml,
        ) -> (Vec<Yaml>, Vec<Yaml>) {
            let removed = list.iter().skip(splice.at).take(splice.removed);
            (removed.map(&yaml).collect(), splice.added.iter().map(yaml).collect())
        }
        let rules = policy.rules(direction).unwrap_or_default();
        let of_rule =
            |rule: &usize, field: &str| format!("`{field}` of {direction} rule {}", rule + 1);
        match self {
            Edit::Rules(splice) => {
                let (removed, added) = items(rules, splice, |rule| write::rule(direction, rule));
                (format!("`{direction}`"), removed, added)
            }
            Edit::Peers { rule, splice } => {
                let peers = rules.get(*rule).map_or(&[][..], |rule| &rule.peers);
                let (removed, added) = items(peers, splice, write::peer);
                (of_rule(rule, write::peers_field(direction)), removed, added)
            }
            Edit::Ports { rule, splice } => {
                let ports = rules.get(*rule).map_or(&[][..], |rule| &rule.ports);
                let (removed, added) = items(ports, splice, write::port);
                (of_rule(rule, "ports"), removed, added)
            }
        }
    }
}

/// The policies with some changes made, one after the other.
pub fn apply(policies: &Policies, changes: &[Change]) -> Policies {
    let changed = changed(policies, changes);
    let mut all: Vec<Policy> = policies.to_vec();
    for (policy, after) in changed.edited {
        if let Some(place) = all.get_mut(policy.0) {
            *place = after;
        }
    }
    all.extend(changed.new);
    all.into()
}

/// What is other than before.
pub(super) struct Changed {
    /// The policies that read otherwise.
    pub edited: BTreeMap<PolicyRef, Policy>,
    /// Those that were not there.
    pub new: Vec<Policy>,
}

impl Changed {
    /// The policies that would not govern egress any more if they were only written with the rules that
    /// are left: without `policyTypes`, the last egress rule is what tells.
    pub fn untyped<'a>(&'a self, policies: &'a Policies) -> impl Iterator<Item = String> + 'a {
        let edited = self.edited.iter();
        let is_untyped = |(policy, after): &(&PolicyRef, &Policy)| {
            policies.get(policy.0).is_some_and(|before| needs_types(before, after))
        };
        edited.filter(is_untyped).map(|(_, after)| after.path())
    }

    /// How many objects are touched.
    pub fn objects(&self) -> usize {
        self.edited.len() + self.new.len()
    }

    /// How many lines of YAML are other than before, those that are gone and those that are new: of
    /// policies written in block style.
    pub fn lines(&self, policies: &Policies) -> usize {
        let edited = self
            .edited
            .iter()
            .map(|(policy, after)| policies.get(policy.0).map_or(0, |before| lines(before, after)));
        let new = self.new.iter().map(|policy| write::policy(policy).block().len());
        edited.chain(new).sum()
    }
}

pub(super) fn changed(policies: &Policies, changes: &[Change]) -> Changed {
    let mut changed = Changed { edited: BTreeMap::new(), new: Vec::new() };
    for change in changes {
        match change {
            Change::New(policy) => changed.new.push(Policy::clone(policy)),
            Change::Edit { policy, direction, edit } => {
                let Some(written) = policies.get(policy.0) else { continue };
                let before = changed.edited.get(policy).unwrap_or(written);
                let after = edit.apply(before, *direction);
                changed.edited.insert(*policy, after);
            }
        }
    }
    changed
}

/// Whether a policy has to list its types where it did not before, so as to govern the same directions.
pub fn needs_types(before: &Policy, after: &Policy) -> bool {
    let has_rules = |policy: &Policy| policy.egress.as_ref().is_some_and(|rules| !rules.is_empty());
    before.written.types == 0 && has_rules(before) && !has_rules(after)
}

/// How many lines of YAML are other in a policy than before.
pub(super) fn lines(before: &Policy, after: &Policy) -> usize {
    differing(&write::policy(before).block(), &write::policy(after).block())
}

/// The most comparisons of lines for one difference.
const COMPARED: usize = 1 << 20;

/// How many lines have to be taken out of a text and put into it to make it another one.
pub fn differing<T: PartialEq>(before: &[T], after: &[T]) -> usize {
    let same = |(a, b): &(&T, &T)| a == b;
    let start = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before.iter().rev().zip(after.iter().rev()).take_while(same).count();
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    let all = before.len() + after.len();
    if before.len().saturating_mul(after.len()) > COMPARED {
        return all;
    }
    // The lines that can stay, of what comes before each place of the two texts.
    let mut stay = vec![0; after.len() + 1];
    for line in before {
        let mut diagonal = 0;
        for (place, other) in after.iter().enumerate() {
            let above = stay[place + 1];
            stay[place + 1] = if line == other { diagonal + 1 } else { above.max(stay[place]) };
            diagonal = above;
        }
    }
    all - 2 * stay[after.len()]
}

/// The changes as YAML for people: policies as documents, and of others what is added to them and, as
/// comments, what is taken away, under a comment that says where.
pub(super) fn yaml(policies: &Policies, changes: &[Change]) -> String {
    let mut edited: BTreeMap<PolicyRef, Policy> = BTreeMap::new();
    let mut parts = Vec::new();
    for change in changes {
        match change {
            Change::New(policy) => parts.push(write::policy(policy).text()),
            Change::Edit { policy, direction, edit } => {
                let Some(written) = policies.get(policy.0) else { continue };
                let before = edited.get(policy).unwrap_or(written);
                parts.push(snippet(before, *direction, edit));
                let after = edit.apply(before, *direction);
                if needs_types(before, &after) {
                    let types = write::types([Direction::Ingress, Direction::Egress]);
                    let headline = format!("# {}: add to `spec`\n", after.path());
                    parts.push(
                        types
                            .entry("policyTypes")
                            .into_iter()
                            .fold(headline, |text, line| text + &line + "\n"),
                    );
                }
                edited.insert(*policy, after);
            }
        }
    }
    parts.join("---\n")
}

fn snippet(policy: &Policy, direction: Direction, edit: &Edit) -> String {
    let (place, removed, added) = edit.told(policy, direction);
    let path = policy.path();
    let headline = match (removed.is_empty(), added.is_empty()) {
        (true, _) => format!("# {path}: add to {place}\n"),
        (_, true) => format!("# {path}: remove from {place}\n"),
        _ => format!("# {path}: replace in {place}\n"),
    };
    let removed = removed.iter().flat_map(Yaml::item).map(|line| format!("# {line}\n"));
    let added = added.iter().flat_map(Yaml::item).map(|line| line + "\n");
    std::iter::once(headline).chain(removed).chain(added).collect()
}
