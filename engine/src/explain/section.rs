//! What a call has to pass, one section each: the lookup, the Service, and the two sides of every
//! connection that it comes down to.

use super::names::{door, host, name, policies, rules};
use super::part::parts;
use super::side::Side;
use super::{About, Part, Passage, Section, lookup, service};
use crate::evaluate::{self, DirectionVerdict, Model};
use crate::policy::Direction;
use crate::probe::{Attempt, Call, Lookup, Reply, Target};

/// The sections of a call.
pub(super) fn sections(model: &Model, call: &Call, reply: &Reply) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some(lookup) = &reply.lookup {
        sections.push(lookup_section(model, lookup));
    }
    if let Target::Service { namespace, name } = &call.to {
        sections.push(Section {
            about: About::Service,
            title: format!("Service {}", host(namespace, name)),
            passage: passage(!reply.attempts.is_empty()),
            sentence: service::sentence(model, call, namespace, name, &reply.attempts),
            parts: Vec::new(),
        });
    }
    for index in 0..reply.attempts.len() {
        sections.extend(no_family(model, reply, index));
        sections.extend(sides(model, reply, index));
    }
    sections
}

fn passage(passes: bool) -> Passage {
    if passes { Passage::Passes } else { Passage::Stops }
}

fn lookup_section(model: &Model, lookup: &Lookup) -> Section {
    let Lookup { traffic, verdict, .. } = lookup;
    let otherwise = evaluate::otherwise(model, *traffic);
    let sides =
        Direction::ALL.map(|direction| Side { model, direction, traffic: *traffic, verdict });
    Section {
        about: About::Lookup,
        title: "Lookup".to_owned(),
        passage: passage(lookup.resolves()),
        sentence: lookup::sentence(model, lookup),
        parts: told_apart(sides.iter().flat_map(|side| parts(side, &otherwise)).collect()),
    }
}

/// The parts of both sides of a lookup: a policy that selects the caller and the DNS says on which side it
/// does what.
fn told_apart(mut parts: Vec<Part>) -> Vec<Part> {
    let policies: Vec<_> = parts.iter().map(|part| part.policy).collect();
    let is_twice = |policy| policies.iter().filter(|other| **other == policy).count() > 1;
    for Part { policy, direction, says, .. } in &mut parts {
        if is_twice(*policy) {
            *says = format!("{says} ({direction})");
        }
    }
    parts
}

/// Ends that cannot talk, whatever policies say.
fn no_family(model: &Model, reply: &Reply, index: usize) -> Option<Section> {
    let attempt = &reply.attempts[index];
    let is_none = attempt.verdict.family.is_none();
    is_none.then(|| Section {
        about: About::Addresses { attempt: index },
        title: "Addresses".to_owned(),
        passage: Passage::Stops,
        sentence: family_sentence(model, attempt),
        parts: Vec::new(),
    })
}

/// That two ends cannot talk.
pub(super) fn family_sentence(model: &Model, attempt: &Attempt) -> String {
    let [source, destination] =
        [attempt.traffic.source, attempt.traffic.destination].map(|end| name(model, end));
    format!("{source} and {destination} share no address family")
}

/// The two sides of a connection.
fn sides(model: &Model, reply: &Reply, index: usize) -> [Section; 2] {
    let Attempt { traffic, verdict } = &reply.attempts[index];
    let otherwise = evaluate::otherwise(model, *traffic);
    let are_several = reply.attempts.len() > 1;
    Direction::ALL.map(|direction| {
        let side = Side { model, direction, traffic: *traffic, verdict };
        let here = side.here_name();
        let title = match direction {
            Direction::Egress if are_several => {
                format!("Egress of {here} to {}", side.there_name())
            }
            Direction::Egress => format!("Egress of {here}"),
            Direction::Ingress => format!("Ingress of {here}"),
        };
        Section {
            about: About::Side { attempt: index, direction },
            title,
            passage: passage(side.found().admits()),
            sentence: side_sentence(&side),
            parts: parts(&side, &otherwise),
        }
    })
}

fn side_sentence(side: &Side) -> String {
    let Side { model, direction, .. } = side;
    let isolated = |by: &[_]| {
        let door = door(&side.here_name(), *direction);
        format!("{door} is isolated by {}", policies(model, by))
    };
    match side.found() {
        DirectionVerdict::NotEnforced(exemption) => side.exempt(*exemption),
        DirectionVerdict::NotIsolated if model.policies.is_empty() => {
            "no NetworkPolicies are defined".to_owned()
        }
        DirectionVerdict::NotIsolated => {
            format!("nothing isolates {}", door(&side.here_name(), *direction))
        }
        DirectionVerdict::Allowed { isolated_by, by } => {
            let there = side.there_name();
            format!("{}; {there} is admitted by {}", isolated(isolated_by), rules(model, by))
        }
        DirectionVerdict::Denied { isolated_by } if side.has_no_rules() => {
            format!("{}, and no rules are defined", isolated(isolated_by))
        }
        DirectionVerdict::Denied { isolated_by } => {
            format!("{}, and no rule admits {}", isolated(isolated_by), side.unadmitted())
        }
    }
}
