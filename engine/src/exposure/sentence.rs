//! An exposure in words.

use std::collections::BTreeMap;

use super::{Example, Row, Stranger, Variation};
use crate::evaluate::{Model, Peer};
use crate::explain::{list, name};
use crate::net::Connections;
use crate::policy::Direction;

/// A workload, and what passes between it and a stranger.
type Target<'a> = (usize, &'a Connections);

/// What a stranger reaches, or what it is reached by, in a sentence: `any new pod of frontend reaches
/// facade on TCP 80; with labels app=facade also backend on TCP 6379`.
///
/// In: rows of one stranger and one direction, of all workloads or of some. Nothing is said of none.
pub fn sentence(model: &Model, rows: &[Row]) -> String {
    let Some(Row { stranger, direction, .. }) = rows.first() else { return String::new() };
    let (verb, by) = match direction {
        Direction::Ingress => ("reaches", ""),
        Direction::Egress => ("is reached by", "by "),
    };
    let [any, unlabelled] = subjects(stranger);
    let (of_any, of_others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| is_of_any(row));
    let unnamed = |rows: &[&Row]| {
        targets(model, rows.iter().map(|row| (row.workload, &row.unnamed)).collect())
    };
    let (reached, reached_unlabelled) = (unnamed(&of_any), unnamed(&of_others));
    let begins_with_nothing = reached.is_none() && reached_unlabelled.is_none();
    let mut clauses = vec![match (reached, reached_unlabelled) {
        (Some(any_of), Some(others)) => {
            format!("{any} {verb} {any_of}; without labels also {by}{others}")
        }
        (Some(any_of), None) => format!("{any} {verb} {any_of}"),
        (None, Some(others)) => format!("{unlabelled} {verb} {others}"),
        (None, None) if of_others.is_empty() => format!("{any} {verb} nothing"),
        (None, None) => format!("{unlabelled} {verb} nothing"),
    }];
    for (example, Ways { more, other }) in ways(rows) {
        if let Some(more) = targets(model, more) {
            clauses.push(match begins_with_nothing {
                true => format!("with {example} it {verb} {more}"),
                false => format!("with {example} also {by}{more}"),
            });
        }
        if let Some(other) = targets(model, other) {
            clauses.push(format!("with {example} {by}{other} only"));
        }
    }
    if rows.iter().any(|row| row.variation == Variation::CutShort) {
        clauses.push("more may pass, because there was too much to try".to_owned());
    }
    clauses.join("; ")
}

/// What any stranger of a kind is called: `any new pod of frontend`.
pub fn subject(stranger: &Stranger) -> String {
    let [any, _] = subjects(stranger);
    any
}

/// What any stranger is called, and one that no rule names.
fn subjects(stranger: &Stranger) -> [String; 2] {
    match stranger {
        Stranger::NewPod(namespace) => {
            ["any", "an unlabelled"].map(|which| format!("{which} new pod of {namespace}"))
        }
        Stranger::NewNamespace => [
            "any pod of a new namespace".to_owned(),
            "an unlabelled pod of an unlabelled new namespace".to_owned(),
        ],
        Stranger::Internet => ["the internet".to_owned(), "the internet".to_owned()],
    }
}

/// Whether a row is about any stranger of its kind. The internet is what no `ipBlock` names.
fn is_of_any(row: &Row) -> bool {
    row.variation == Variation::Settled || row.stranger == Stranger::Internet
}

/// What passes for one example of a stranger.
#[derive(Default)]
struct Ways<'a> {
    /// Where that is all that passes for a stranger that no rule names, and more.
    more: Vec<Target<'a>>,
    /// Where something else passes for that one.
    other: Vec<Target<'a>>,
}

fn ways(rows: &[Row]) -> BTreeMap<&Example, Ways<'_>> {
    let mut examples: BTreeMap<&Example, Ways> = BTreeMap::new();
    for row in rows {
        for way in &row.ways {
            let ways = examples.entry(&way.example).or_default();
            let is_more = row.unnamed.difference(&way.connections).is_empty();
            let list = if is_more { &mut ways.more } else { &mut ways.other };
            list.push((row.workload, &way.connections));
        }
    }
    examples
}

/// `facade and queue on TCP 80, payments on all ports`, without those with which nothing passes; none
/// if that is none.
fn targets(model: &Model, mut targets: Vec<Target>) -> Option<String> {
    targets.retain(|(_, connections)| !connections.is_empty());
    let mut groups: Vec<(&Connections, Vec<usize>)> = Vec::new();
    for (workload, connections) in targets {
        match groups.iter_mut().find(|(of_group, _)| *of_group == connections) {
            Some((_, group)) => group.push(workload),
            None => groups.push((connections, vec![workload])),
        }
    }
    let all = model.cluster.workloads.iter().filter(|workload| !workload.is_implicit()).count();
    let phrase = |(connections, group): (&Connections, Vec<usize>)| {
        let names = match group.len() {
            several if several > 1 && several == all => "every workload".to_owned(),
            _ => list(group.into_iter().map(|workload| name(model, Peer::pod(workload)))),
        };
        match connections.is_all() {
            true => format!("{names} on all ports"),
            false => format!("{names} on {connections}"),
        }
    };
    let phrases: Vec<String> = groups.into_iter().map(phrase).collect();
    (!phrases.is_empty()).then(|| phrases.join(", "))
}
