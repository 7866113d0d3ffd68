//! The part that each policy plays at one of the two doors of a connection.

#[cfg(test)]
mod tests;

use super::names::rule_numbers;
use super::rule::{self, Peers};
use super::side::Side;
use super::{Part, RuleAnswer, Stance, workload_of};
use crate::evaluate::{Dependence, DirectionVerdict, Verdict};
use crate::policy::{Direction, Policy, PolicyRef, Rule, RuleRef};

/// The most rules of a policy that are told one by one.
const TOLD: usize = 3;

/// The part of every policy that selects the pod at a door. `otherwise` are the verdicts that other
/// answers to open questions would bring.
pub(super) fn parts(side: &Side, otherwise: &[(Dependence, Verdict)]) -> Vec<Part> {
    let Some(workload) = workload_of(side.model, side.here()) else { return Vec::new() };
    let matching = side.matching_rules().into_iter().map(|(rule, _)| rule).collect();
    let door = Door { side, matching, otherwise };
    let policies = side.model.policies.of(&workload.namespace);
    policies
        .filter(|(_, policy)| policy.selects(workload))
        .map(|(reference, policy)| part(&door, reference, policy))
        .collect()
}

/// What was found at a door, and what would have been found there otherwise.
struct Door<'a> {
    side: &'a Side<'a>,
    /// The rules that match the other end, on whatever ports.
    matching: Vec<RuleRef>,
    otherwise: &'a [(Dependence, Verdict)],
}

impl Door<'_> {
    /// The questions whose other answer would change what is read off the verdict.
    fn depends_on<T: PartialEq>(&self, read: impl Fn(&DirectionVerdict) -> T) -> Vec<Dependence> {
        let here = read(self.side.found());
        let changes = |other: &Verdict| read(other.side(self.side.direction)) != here;
        let others = self.otherwise.iter().filter(|(_, other)| changes(other));
        others.map(|(question, _)| *question).collect()
    }
}

fn part(door: &Door, reference: PolicyRef, policy: &Policy) -> Part {
    let Door { side, .. } = door;
    let rules = policy.rules(side.direction);
    let stand = |found: &DirectionVerdict| match rules {
        Some(_) => stance(found, reference),
        None => Stance::DoesNotApply,
    };
    let assumed = stand(side.found());
    let depends_on = door.depends_on(stand);
    let rules = rules.filter(|_| assumed != Stance::DoesNotApply).unwrap_or_default();
    let answers = rules.iter().enumerate().map(|(index, rule)| {
        let reference = RuleRef { policy: reference, direction: side.direction, index };
        answer(door, &policy.namespace, reference, rule)
    });
    let answers: Vec<RuleAnswer> = answers.collect();
    let stance = if depends_on.is_empty() { assumed } else { Stance::CannotDecide };
    let cited = match stance {
        Stance::CannotDecide => answers.iter().find(|answer| turns_with(answer, &depends_on)),
        _ => answers.iter().find(|answer| answer.admits),
    };
    let says = match stance {
        Stance::DoesNotApply => format!("{stance}: {}", inapplicable(side, policy)),
        Stance::Admits => format!("{stance} by {}", numbers(&answers, |answer| answer.admits)),
        Stance::DoesNotAdmit => format!("{stance}: {}", why_not(side, rules, &answers)),
        Stance::CannotDecide => {
            format!("{stance}: {}; here it {assumed}", undecided(&depends_on, &answers))
        }
    };
    Part {
        policy: reference,
        path: policy.path(),
        direction: side.direction,
        stance,
        assumed,
        says,
        location: cited.map_or(&policy.location, |answer| &answer.location).clone(),
        depends_on,
        rules: answers,
    }
}

/// How a policy that governs the direction stands to a connection, by what was found.
fn stance(found: &DirectionVerdict, policy: PolicyRef) -> Stance {
    match found {
        DirectionVerdict::NotEnforced(_) | DirectionVerdict::NotIsolated => Stance::DoesNotApply,
        DirectionVerdict::Allowed { by, .. } if by.iter().any(|rule| rule.policy == policy) => {
            Stance::Admits
        }
        DirectionVerdict::Allowed { .. } | DirectionVerdict::Denied { .. } => Stance::DoesNotAdmit,
    }
}

/// What a rule of a policy in the namespace `own` makes of a connection.
fn answer(door: &Door, own: &str, reference: RuleRef, rule: &Rule) -> RuleAnswer {
    let is_admitting = |found: &DirectionVerdict| match found {
        DirectionVerdict::Allowed { by, .. } => by.contains(&reference),
        _ => false,
    };
    let admits = is_admitting(door.side.found());
    let peers = match door.matching.contains(&reference) {
        true => Peers::Match,
        false => Peers::Differ,
    };
    let (nearest, misses) = match admits {
        true => (None, Vec::new()),
        false => rule::misses(door.side, own, rule, peers),
    };
    let (depends_on, location) = (door.depends_on(is_admitting), rule.location.clone());
    RuleAnswer { rule: reference, admits, depends_on, nearest, misses, location }
}

fn inapplicable(side: &Side, policy: &Policy) -> String {
    match side.found() {
        DirectionVerdict::NotEnforced(exemption) if policy.rules(side.direction).is_some() => {
            side.exempt(*exemption)
        }
        _ => {
            let governed = match side.direction {
                Direction::Egress => Direction::Ingress,
                Direction::Ingress => Direction::Egress,
            };
            format!("it governs {governed} only")
        }
    }
}

/// Why none of a policy's rules admits a connection, by the rules that come nearest.
fn why_not(side: &Side, rules: &[Rule], answers: &[RuleAnswer]) -> String {
    if rules.is_empty() {
        return format!("it defines no {} rules", side.direction);
    }
    // The nearest, in their order: those that few others are nearer than, the first of equals first.
    let distance = |answer: &RuleAnswer| (rule::distance(&answer.misses), answer.rule.index);
    let is_near = |answer: &&RuleAnswer| {
        let nearer = answers.iter().filter(|other| distance(other) < distance(answer));
        nearer.count() < TOLD
    };
    let nearest: Vec<&RuleAnswer> = answers.iter().filter(is_near).collect();
    let told = nearest.iter().map(|answer| rule::sentence(side, &rules[answer.rule.index], answer));
    let mut reasons: Vec<String> = told.collect();
    match rules.len() - nearest.len() {
        0 => {}
        1 => reasons.push("its other rule comes no nearer".to_owned()),
        others => reasons.push(format!("none of its {others} other rules comes nearer")),
    }
    reasons.join("; ")
}

/// Whether one of the questions on which a policy depends would change what a rule of it admits.
fn turns_with(answer: &RuleAnswer, depends_on: &[Dependence]) -> bool {
    answer.depends_on.iter().any(|question| depends_on.contains(question))
}

/// What it is that an answer depends on: `rule 1 depends on an address that …`.
fn undecided(depends_on: &[Dependence], answers: &[RuleAnswer]) -> String {
    let what = depends_on.iter().map(|question| match question {
        Dependence::IpBlockPods => "whether the network plugin lets an ipBlock match pods",
        Dependence::HostNetwork => {
            "whether the network plugin takes a pod on its node's network for the node"
        }
        Dependence::UnknownAddress => "an address that the manifests do not give",
    });
    let what = what.collect::<Vec<_>>().join(" and on ");
    let turning = |answer: &RuleAnswer| turns_with(answer, depends_on);
    match answers.iter().filter(|answer| turning(answer)).count() {
        0 => format!("it depends on {what}"),
        1 => format!("{} depends on {what}", numbers(answers, turning)),
        _ => format!("{} depend on {what}", numbers(answers, turning)),
    }
}

/// `rules 1 and 3`: those of which something holds.
fn numbers(answers: &[RuleAnswer], holds: impl Fn(&RuleAnswer) -> bool) -> String {
    let numbers = answers.iter().filter(|answer| holds(answer)).map(|answer| answer.rule.number());
    rule_numbers(&numbers.collect::<Vec<_>>())
}
