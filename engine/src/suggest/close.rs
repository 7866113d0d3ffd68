//! The ways to close a call that gets through.
//!
//! A connection is closed at one of its doors: where no policy isolates the pod, by one that does; where
//! rules admit it, by all of these admitting less. The same is done for every backend, at the same side. A
//! rule that is for many pods can be closed to one end without loss for the others, if another policy gives it
//! back to them. Which way is best is for `plan` to see.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{self, Change, Edit, new_policy, new_rule, rules_mut};
use super::narrow::{Admitting, Kind, Narrowing, narrowed, narrowings};
use super::plan::{Plan, Step};
use super::telling::{Ground, are_alike, complement};
use super::words::{self, Names, end_name};
use crate::cluster::Workload;
use crate::evaluate::{self, DirectionVerdict, Peer, Traffic};
use crate::explain::{door, list};
use crate::labels::Selector;
use crate::net::PortRange;
use crate::policy::{Direction, Policy, PolicyRef, PortMatcher, PortSpec, Rule};
use crate::probe::{Attempt, Reply};

/// Where something has to admit less.
#[derive(Clone, Copy)]
enum Place {
    /// A rule of a policy.
    Rule(PolicyRef, usize),
    /// A policy to be, which selects this workload and admits everybody as yet.
    New(usize),
}

/// A place, and the ways to admit less there.
struct Choices {
    place: Place,
    direction: Direction,
    barred: Vec<Traffic>,
    /// Each with about the number of lines that it takes.
    narrowings: Vec<(Narrowing, usize)>,
}

/// The most ways that are thought of where several rules admit a call. Where there are more, all rules
/// are narrowed alike.
const THOUGHT_OF: usize = 40;

/// The ways to close a call; none where no policy is asked about it at either side.
pub(super) fn plans(ground: &Ground, reply: &Reply) -> Vec<Plan> {
    // Of two that are alike otherwise, the one at the target: it leaves the source its other calls.
    let directions = [Direction::Ingress, Direction::Egress];
    directions.into_iter().flat_map(|direction| at(ground, direction, reply)).collect()
}

/// The ways to close it at one side, and at the other one where this one cannot be closed.
fn at(ground: &Ground, preferred: Direction, reply: &Reply) -> Vec<Plan> {
    let other = match preferred {
        Direction::Egress => Direction::Ingress,
        Direction::Ingress => Direction::Egress,
    };
    let door = |attempt: &Attempt| {
        let is_asked = |direction: &Direction| {
            !matches!(attempt.verdict.side(*direction), DirectionVerdict::NotEnforced(_))
        };
        let direction = [preferred, other].into_iter().find(is_asked)?;
        Some((direction, attempt.traffic))
    };
    let doors: Option<Vec<_>> = reply.attempts.iter().map(door).collect();
    let places = doors.map_or_else(Vec::new, |doors| places(ground, &doors));
    let mut plans = Vec::new();
    for way in ways(&places) {
        let chosen: Vec<(&Choices, &Narrowing)> = places
            .iter()
            .zip(way)
            .map(|(choices, way)| (choices, &choices.narrowings[way].0))
            .collect();
        let mut names = Names::new(ground.model);
        let mut steps: Vec<Step> = chosen
            .iter()
            .flat_map(|(choices, narrowing)| steps(ground, &mut names, choices, narrowing))
            .collect();
        plans.push(Plan { steps: steps.clone() });
        steps.extend(giving_back(ground, &mut names, &chosen));
        plans.push(Plan { steps });
    }
    plans
}

/// Which narrowing to take at each place: all of them, or all that narrow alike.
fn ways(places: &[Choices]) -> Vec<Vec<usize>> {
    if places.is_empty() {
        return Vec::new();
    }
    let counts = places.iter().map(|choices| choices.narrowings.len());
    let all = counts.clone().try_fold(1usize, usize::checked_mul);
    if all.is_some_and(|all| all <= THOUGHT_OF) {
        return counts.fold(vec![Vec::new()], |ways, count| {
            let longer = |way: &Vec<usize>| {
                let way = way.clone();
                (0..count).map(move |next| [way.as_slice(), &[next]].concat())
            };
            ways.iter().flat_map(longer).collect()
        });
    }
    let kinds =
        [Kind::Rule, Kind::Ports, Kind::Peers, Kind::OtherPorts, Kind::OtherPeers, Kind::Exact];
    let alike = kinds.into_iter().map(|kind| {
        // The finest that is no finer; of two of a kind, the one that comes later.
        let narrowing = |choices: &Choices| {
            let narrowings = choices.narrowings.iter().enumerate();
            let fitting = narrowings.filter(|(_, (narrowing, _))| narrowing.kind <= kind);
            fitting.max_by_key(|(_, (narrowing, _))| narrowing.kind).map_or(0, |(index, _)| index)
        };
        places.iter().map(narrowing).collect()
    });
    let shortest = |choices: &Choices| {
        let narrowings = choices.narrowings.iter().enumerate();
        narrowings.min_by_key(|(_, (_, lines))| *lines).map_or(0, |(index, _)| index)
    };
    std::iter::once(places.iter().map(shortest).collect()).chain(alike).collect()
}

/// Where something has to admit less so that none of these doors lets its connection pass, the last
/// rule of a policy first.
fn places(ground: &Ground, doors: &[(Direction, Traffic)]) -> Vec<Choices> {
    let model = ground.model;
    let mut of_rules: BTreeMap<(PolicyRef, Direction, usize), Vec<Traffic>> = BTreeMap::new();
    let mut of_pods: BTreeMap<(usize, Direction), Vec<Traffic>> = BTreeMap::new();
    for &(direction, barred) in doors {
        let Traffic { source, destination, protocol, port } = barred;
        let Peer::Pod(pod) = here(direction, barred) else { continue };
        let workload = &model.cluster.workloads[pod.workload];
        if evaluate::isolating(model, direction, workload).next().is_none() {
            of_pods.entry((pod.workload, direction)).or_default().push(barred);
        }
        for family in evaluate::shared_families(model, source, destination) {
            let rules = evaluate::matching_rules(model, direction, source, destination, family);
            for (rule, _) in rules.iter().filter(|(_, ports)| ports.contains(protocol, port)) {
                let of_rule = of_rules.entry((rule.policy, direction, rule.index)).or_default();
                if !of_rule.contains(&barred) {
                    of_rule.push(barred);
                }
            }
        }
    }
    let rules = of_rules.into_iter().rev().filter_map(|((policy, direction, index), barred)| {
        let written = model.policy(policy);
        let rule = written.rules(direction)?.get(index)?;
        Some(choices(ground, Place::Rule(policy, index), written, (index, rule), direction, barred))
    });
    let pods = of_pods.into_iter().map(|((workload, direction), barred)| {
        let policy = isolating_policy(ground, String::new(), workload, direction);
        let rule = new_rule(Vec::new(), Vec::new());
        choices(ground, Place::New(workload), &policy, (0, &rule), direction, barred)
    });
    rules.chain(pods).collect()
}

fn choices(
    ground: &Ground,
    place: Place,
    policy: &Policy,
    (index, rule): (usize, &Rule),
    direction: Direction,
    barred: Vec<Traffic>,
) -> Choices {
    let of = Admitting { namespace: &policy.namespace, direction, index, rule, barred };
    let measured = |narrowing: Narrowing| {
        let edits = narrowing.edits.iter();
        let after = edits.fold(policy.clone(), |policy, edit| edit.apply(&policy, direction));
        let lines = change::lines(policy, &after);
        (narrowing, lines)
    };
    let narrowings = narrowings(ground, &of).into_iter().map(measured).collect();
    Choices { place, direction, narrowings, barred: of.barred }
}

/// A policy that isolates a workload in one direction, and admits everybody.
fn isolating_policy(
    ground: &Ground,
    name: String,
    workload: usize,
    direction: Direction,
) -> Policy {
    let model = ground.model;
    let selected = &model.cluster.workloads[workload];
    let mut policy = new_policy(&selected.namespace, name);
    policy.selector = Selector::new(ground.telling(workload));
    *rules_mut(&mut policy, direction) = Some(vec![new_rule(Vec::new(), Vec::new())]);
    policy
}

/// The end whose door it is.
fn here(direction: Direction, traffic: Traffic) -> Peer {
    match direction {
        Direction::Egress => traffic.source,
        Direction::Ingress => traffic.destination,
    }
}

/// The end beyond the door.
fn there(direction: Direction, traffic: Traffic) -> Peer {
    match direction {
        Direction::Egress => traffic.destination,
        Direction::Ingress => traffic.source,
    }
}

/// What narrowing something comes to.
fn steps(
    ground: &Ground,
    names: &mut Names,
    choices: &Choices,
    narrowing: &Narrowing,
) -> Vec<Step> {
    let Choices { place, direction, barred, .. } = choices;
    let direction = *direction;
    let mut theirs: Vec<String> = Vec::new();
    let mut ports: Vec<String> = Vec::new();
    for traffic in barred {
        let name = end_name(ground, there(direction, *traffic));
        let port = format!("{} {}", traffic.protocol, traffic.port);
        for (names, name) in [(&mut theirs, name), (&mut ports, port)] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let (theirs, ports) = (list(theirs), list(ports));
    match *place {
        Place::Rule(policy, index) => {
            let path = ground.model.policy(policy).path();
            let rule = format!("{direction} rule {} of {path}", index + 1);
            let title = match narrowing.kind {
                Kind::Rule => format!("remove {rule}"),
                Kind::Ports => format!("remove {ports} from {rule}"),
                Kind::Peers => format!("remove the peers that match {theirs} from {rule}"),
                Kind::OtherPorts => format!("admit all but {ports} by {rule}"),
                Kind::OtherPeers => format!("admit all but {theirs} by {rule}"),
                Kind::Exact => format!("admit {theirs} on all but {ports} by {rule}"),
            };
            let step = |edit: &Edit| Step {
                change: Change::Edit { policy, direction, edit: edit.clone() },
                title: title.clone(),
            };
            narrowing.edits.iter().map(step).collect()
        }
        Place::New(workload) => {
            let selected = &ground.model.cluster.workloads[workload];
            let wanted = words::policy_name("isolate", selected, &BTreeSet::from([direction]));
            let name = names.free(&selected.namespace, &wanted);
            let policy = isolating_policy(ground, name, workload, direction);
            let edits = narrowing.edits.iter();
            let policy = edits.fold(policy, |policy, edit| edit.apply(&policy, direction));
            let admits = match narrowing.kind {
                Kind::Rule | Kind::Ports | Kind::Peers => "nobody".to_owned(),
                Kind::OtherPorts => format!("all but {ports}"),
                Kind::OtherPeers => format!("all but {theirs}"),
                Kind::Exact => format!("{theirs} on all but {ports}, and everybody else"),
            };
            let door = door(&end_name(ground, Peer::pod(workload)), direction);
            let path = policy.path();
            let title = format!("add a policy {path} that isolates {door} and admits {admits}");
            vec![Step { change: Change::New(policy.into()), title }]
        }
    }
}

/// Policies that give back to the other pods of a rule what it does not admit any more.
fn giving_back(ground: &Ground, names: &mut Names, chosen: &[(&Choices, &Narrowing)]) -> Vec<Step> {
    let model = ground.model;
    let mut back: BTreeMap<PolicyRef, Policy> = BTreeMap::new();
    for (Choices { place, direction, barred, .. }, narrowing) in chosen.iter().rev() {
        let Place::Rule(reference, index) = *place else { continue };
        let (written, direction) = (model.policy(reference), *direction);
        let Some(others) = others(ground, written, direction, barred) else { continue };
        let Some(rule) = written.rules(direction).and_then(|rules| rules.get(index)) else {
            continue;
        };
        let given = match narrowing.kind {
            Kind::Rule => rule.clone(),
            Kind::Ports | Kind::OtherPorts => new_rule(rule.peers.clone(), exact_ports(barred)),
            Kind::Peers | Kind::OtherPeers | Kind::Exact => {
                let named = |traffic: &Traffic| {
                    let Traffic { source, destination, .. } = *traffic;
                    let family = evaluate::shared_families(model, source, destination).next()?;
                    let names =
                        ground.naming(&written.namespace, there(direction, *traffic), family);
                    names.into_iter().next()
                };
                match barred.iter().map(named).collect::<Option<Vec<_>>>() {
                    Some(mut peers) => {
                        peers.dedup();
                        new_rule(peers, rule.ports.clone())
                    }
                    None => return Vec::new(),
                }
            }
        };
        let policy = back.entry(reference).or_insert_with(|| {
            let wanted = format!("{}-others", written.name);
            let name = names.free(&written.namespace, &wanted);
            Policy { selector: others, ..new_policy(&written.namespace, name) }
        });
        rules_mut(policy, direction).get_or_insert_default().push(given);
    }
    let step = |policy: Policy| {
        let title = format!("add a policy {} that admits it to the other pods", policy.path());
        Step { change: Change::New(policy.into()), title }
    };
    back.into_values().map(step).collect()
}

/// The ports of connections, each once.
fn exact_ports(traffic: &[Traffic]) -> Vec<PortMatcher> {
    let mut ports: Vec<PortMatcher> = Vec::new();
    for Traffic { protocol, port, .. } in traffic {
        let port = PortSpec::Range(PortRange::single(*port));
        let port = PortMatcher { protocol: *protocol, port };
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}

/// The selector of the pods that a policy selects besides those whose doors are to be closed; none where
/// there are no others.
fn others(
    ground: &Ground,
    policy: &Policy,
    direction: Direction,
    barred: &[Traffic],
) -> Option<Selector> {
    let workloads = &ground.model.cluster.workloads;
    let closed: BTreeSet<usize> = barred
        .iter()
        .filter_map(|traffic| match here(direction, *traffic) {
            Peer::Pod(pod) => Some(pod.workload),
            Peer::External(_) => None,
        })
        .collect();
    let is_closed =
        |other: &Workload| closed.iter().any(|closed| are_alike(&workloads[*closed], other));
    workloads.iter().find(|other| policy.selects(other) && !is_closed(other))?;
    closed.iter().try_fold(policy.selector.clone(), |selector, workload| {
        // Of labels that tell a pod only together, the first has to do.
        let part = complement(&ground.telling(*workload)).into_iter().next()?;
        narrowed(&selector, &part)
    })
}
