//! The ways to open a call that does not get through.
//!
//! Every door that stops it is a [`Need`]. A need is met by a port more in a rule that matches the other
//! end already, by a peer more in a rule on the right port, by a rule more in a policy that isolates the
//! pod, or by a policy more. Ways to meet all of them are put together with an eye on how many objects
//! and lines they come to; which of them is best is for `plan` to see.

use std::collections::BTreeSet;

use super::change::{Change, Edit, Splice, new_policy, new_rule, rules_mut};
use super::need::{Need, needs};
use super::plan::{Plan, Step};
use super::telling::Ground;
use super::words::{self, Names, end_name};
use crate::evaluate::{self, Peer, Pod};
use crate::explain::list;
use crate::labels::Selector;
use crate::policy::{Direction, PeerMatcher, PolicyRef, PortMatcher, Rule};
use crate::probe::Reply;
use crate::write;

/// What is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// A policy of the model.
    Written(PolicyRef),
    /// A policy to be, which selects this workload.
    New(usize),
}

/// What is put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Addition {
    Ports { rule: usize, ports: Vec<PortMatcher> },
    Peer { rule: usize, peer: PeerMatcher },
    Rule { peer: PeerMatcher, ports: Vec<PortMatcher> },
}

/// One way to meet a need.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    target: Target,
    direction: Direction,
    addition: Addition,
    /// The two ends.
    source: Peer,
    destination: Peer,
    /// About how many lines it takes.
    lines: usize,
}

/// The most candidates for a need in one policy, besides a rule of its own, and in all: those of the
/// fewest lines. A new policy always is one.
const IN_ONE: usize = 4;
const IN_ALL: usize = 24;
/// The most ways that are followed at a time while needs are met one after the other.
const FOLLOWED: usize = 32;
/// The lines of a policy without its rules, about.
const HEAD: usize = 12;

/// The ways to open a call.
///
/// # Errors
///
/// A sentence, when no policy can.
pub(super) fn plans(ground: &Ground, reply: &Reply) -> Result<Vec<Plan>, String> {
    let mut plans = Vec::new();
    let mut why = None;
    for needs in needs(ground.model, reply)? {
        match met(ground, &needs) {
            Ok(some) => plans.extend(some),
            Err(sentence) => _ = why.get_or_insert(sentence),
        }
    }
    match why {
        Some(sentence) if plans.is_empty() => Err(sentence),
        _ => Ok(plans),
    }
}

/// Some needs met, and about what that takes.
#[derive(Clone)]
struct Way<'c> {
    picks: Vec<&'c Candidate>,
    targets: BTreeSet<Target>,
    lines: usize,
}

/// The ways to meet needs.
fn met(ground: &Ground, needs: &[Need]) -> Result<Vec<Plan>, String> {
    let mut candidates = Vec::new();
    for need in needs {
        let (_, there) = need.ends();
        let of_need = candidates_for(ground, need);
        if of_need.is_empty() {
            return Err(words::cannot_be_named(ground, there));
        }
        candidates.push(of_need);
    }
    let mut ways = vec![Way { picks: Vec::new(), targets: BTreeSet::new(), lines: 0 }];
    for of_need in &candidates {
        let mut longer = Vec::new();
        for way in &ways {
            longer.extend(of_need.iter().map(|candidate| way.with(candidate)));
        }
        ways = longer;
        ways.sort_by_key(|way| (way.targets.len(), way.lines));
        ways.truncate(FOLLOWED);
    }
    // What opens least may take more lines, and not be among them: a rule for every need, and a policy.
    for is_it in [Candidate::is_rule, Candidate::is_new] {
        let picks = candidates.iter().map(|of_need| of_need.iter().find(|pick| is_it(pick)));
        if let Some(picks) = picks.collect() {
            ways.push(Way { picks, targets: BTreeSet::new(), lines: 0 });
        }
    }
    Ok(ways.iter().map(|way| plan(ground, &way.picks)).collect())
}

impl<'c> Way<'c> {
    fn with(&self, candidate: &'c Candidate) -> Way<'c> {
        let mut way = self.clone();
        let is_first = way.targets.insert(candidate.target);
        if is_first && candidate.is_new() {
            way.lines += HEAD;
        }
        if !way.picks.iter().any(|pick| pick.is_the_same(candidate)) {
            way.lines += candidate.lines;
        }
        way.picks.push(candidate);
        way
    }
}

impl Candidate {
    fn here(&self) -> Peer {
        match self.direction {
            Direction::Egress => self.source,
            Direction::Ingress => self.destination,
        }
    }

    fn there(&self) -> Peer {
        match self.direction {
            Direction::Egress => self.destination,
            Direction::Ingress => self.source,
        }
    }

    /// Whether it is a rule of its own in a policy that is there.
    fn is_rule(&self) -> bool {
        matches!(self.addition, Addition::Rule { .. }) && !self.is_new()
    }

    /// Whether it is a policy of its own.
    fn is_new(&self) -> bool {
        matches!(self.target, Target::New(_))
    }

    fn is_the_same(&self, other: &Candidate) -> bool {
        (self.target, self.direction, &self.addition)
            == (other.target, other.direction, &other.addition)
    }
}

/// The ways to meet a need, the shortest first.
fn candidates_for(ground: &Ground, need: &Need) -> Vec<Candidate> {
    let model = ground.model;
    let (Peer::Pod(Pod { workload: here, .. }), there) = need.ends() else { return Vec::new() };
    let workload = &model.cluster.workloads[here];
    let names = ground.naming(&workload.namespace, there, need.family);
    let ports = need.matchers();
    let mut candidates = Vec::new();
    let mut add = |target, addition: Addition| {
        let lines = addition.lines(need.direction);
        let Need { direction, source, destination, .. } = *need;
        candidates.push(Candidate { target, direction, addition, source, destination, lines });
    };
    let matching =
        evaluate::matching_rules(model, need.direction, need.source, need.destination, need.family);
    for (policy, rules) in evaluate::isolating(model, need.direction, workload) {
        let target = Target::Written(policy);
        for (index, rule) in rules.iter().enumerate() {
            if matching.iter().any(|(found, _)| (found.policy, found.index) == (policy, index)) {
                add(target, Addition::Ports { rule: index, ports: ports.clone() });
                continue;
            }
            let admitted = evaluate::ports_admitted(model, rule, need.destination);
            if need.ports.iter().all(|(protocol, port)| admitted.contains(*protocol, *port)) {
                for peer in &names {
                    add(target, Addition::Peer { rule: index, peer: peer.clone() });
                }
            }
        }
        for peer in &names {
            add(target, Addition::Rule { peer: peer.clone(), ports: ports.clone() });
        }
    }
    for peer in names {
        add(Target::New(here), Addition::Rule { peer, ports: ports.clone() });
    }
    candidates.sort_by_key(|candidate| candidate.lines);
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let others = kept.iter().filter(|other| other.target == candidate.target);
        let is_another_rule = candidate.is_rule() && !others.clone().any(Candidate::is_rule);
        let is_of_few = others.count() < IN_ONE || is_another_rule;
        if candidate.is_new() || is_of_few && kept.len() < IN_ALL {
            kept.push(candidate);
        }
    }
    kept
}

impl Addition {
    fn lines(&self, direction: Direction) -> usize {
        match self {
            Addition::Ports { ports, .. } => {
                ports.iter().map(|p| write::port(p).block().len()).sum()
            }
            Addition::Peer { peer, .. } => write::peer(peer).block().len(),
            Addition::Rule { peer, ports } => {
                let rule = new_rule(vec![peer.clone()], ports.clone());
                write::rule(direction, &rule).block().len()
            }
        }
    }
}

/// What picks come to: those of one object together, in the order of the needs.
fn plan(ground: &Ground, picks: &[&Candidate]) -> Plan {
    let mut targets: Vec<Target> = Vec::new();
    for pick in picks {
        if !targets.contains(&pick.target) {
            targets.push(pick.target);
        }
    }
    let of = |target: Target| -> Vec<&Candidate> {
        picks.iter().copied().filter(|pick| pick.target == target).collect()
    };
    let mut names = Names::new(ground.model);
    let steps = targets.into_iter().flat_map(|target| match target {
        Target::Written(policy) => edits(ground, policy, &of(target)),
        Target::New(workload) => vec![policy(ground, &mut names, workload, &of(target))],
    });
    Plan { steps: steps.collect() }
}

/// Additions to a policy that is there.
fn edits(ground: &Ground, policy: PolicyRef, picks: &[&Candidate]) -> Vec<Step> {
    let before = ground.model.policy(policy);
    let path = before.path();
    let mut grown = before.clone();
    let mut steps = Vec::new();
    let mut put = |direction: Direction, edit: Edit, title: String| {
        grown = edit.apply(&grown, direction);
        steps.push(Step { change: Change::Edit { policy, direction, edit }, title });
        grown.clone()
    };
    let mut now = before.clone();
    for pick in picks {
        let direction = pick.direction;
        let lists = |rule: &usize| {
            let rule = now.rules(direction).and_then(|rules| rules.get(*rule));
            rule.map_or((&[][..], &[][..]), |rule| (&rule.peers, &rule.ports))
        };
        let mut edits = Vec::new();
        match &pick.addition {
            Addition::Ports { rule, ports } => {
                let (_, has) = lists(rule);
                let lacking = ports.iter().filter(|port| !has.contains(port));
                for (at, port) in (has.len()..).zip(lacking) {
                    let edit = Edit::Ports { rule: *rule, splice: Splice::put(at, port.clone()) };
                    let title = format!("admit {port} by {direction} rule {} of {path}", rule + 1);
                    edits.push((edit, title));
                }
            }
            Addition::Peer { rule, peer } => {
                let (has, _) = lists(rule);
                if !has.contains(peer) {
                    let splice = Splice::put(has.len(), peer.clone());
                    let there = end_name(ground, pick.there());
                    let title = format!("admit {there} by {direction} rule {} of {path}", rule + 1);
                    edits.push((Edit::Peers { rule: *rule, splice }, title));
                }
            }
            Addition::Rule { .. } => {}
        }
        for (edit, title) in edits {
            now = put(direction, edit, title);
        }
    }
    for New { direction, rule, theirs, .. } in new_rules(ground, picks) {
        let at = now.rules(direction).map_or(0, <[Rule]>::len);
        let title = format!(
            "add an {direction} rule to {path} that admits {} on {}",
            list(theirs),
            list(&rule.ports)
        );
        now = put(direction, Edit::Rules(Splice::put(at, rule)), title);
    }
    steps
}

/// A policy that is not there yet.
fn policy(ground: &Ground, names: &mut Names, workload: usize, picks: &[&Candidate]) -> Step {
    let model = ground.model;
    let selected = &model.cluster.workloads[workload];
    let directions: BTreeSet<Direction> = picks.iter().map(|pick| pick.direction).collect();
    let wanted = words::policy_name("allow", selected, &directions);
    let name = names.free(&selected.namespace, &wanted);
    let mut policy = new_policy(&selected.namespace, name);
    policy.selector = Selector::new(ground.telling(workload));
    let mut says = Vec::new();
    for New { direction, rule, here, theirs } in new_rules(ground, picks) {
        let (here, theirs) = (end_name(ground, here), list(theirs));
        let (source, destination) = match direction {
            Direction::Egress => (here, theirs),
            Direction::Ingress => (theirs, here),
        };
        says.push(format!("{source} to {destination} on {}", list(&rule.ports)));
        rules_mut(&mut policy, direction).get_or_insert_default().push(rule);
    }
    let title = format!("add a policy {} that admits {}", policy.path(), list(says));
    Step { change: Change::New(policy.into()), title }
}

/// A rule to be.
struct New {
    direction: Direction,
    rule: Rule,
    /// The end whose door it is at.
    here: Peer,
    /// What those are called that it admits.
    theirs: Vec<String>,
}

/// The rules that picks add: one for all that is on the same ports.
fn new_rules(ground: &Ground, picks: &[&Candidate]) -> Vec<New> {
    let mut all: Vec<New> = Vec::new();
    for pick in picks {
        let Addition::Rule { peer, ports } = &pick.addition else { continue };
        let there = end_name(ground, pick.there());
        let is_it = |new: &&mut New| new.direction == pick.direction && new.rule.ports == *ports;
        match all.iter_mut().find(is_it) {
            Some(new) if new.rule.peers.contains(peer) => {}
            Some(new) => {
                let peers = [new.rule.peers.as_slice(), std::slice::from_ref(peer)].concat();
                new.rule = new_rule(peers, ports.clone());
                new.theirs.push(there);
            }
            None => all.push(New {
                direction: pick.direction,
                rule: new_rule(vec![peer.clone()], ports.clone()),
                here: pick.here(),
                theirs: vec![there],
            }),
        }
    }
    all
}
