//! All of an explanation in one line, which begins with the words of the outcome.

use super::names::{door, host, name, policies, rules};
use super::section::family_sentence;
use super::side::Side;
use super::{lookup, service};
use crate::evaluate::{DirectionVerdict, Exemption, Model};
use crate::policy::Direction;
use crate::probe::{Attempt, Call, Outcome, Reply, Stop, Target};

/// The line: `blocked at queue: its ingress is isolated by …, and no rule admits client`.
pub(super) fn summary(model: &Model, call: &Call, reply: &Reply) -> String {
    let Reply { outcome, attempts, .. } = reply;
    match (outcome, attempts.as_slice()) {
        (Outcome::NotResolved, _) => {
            let why = reply.lookup.as_ref().map(|lookup| lookup::sentence(model, lookup));
            format!("{outcome}: {}", why.unwrap_or_default())
        }
        (Outcome::NoSuchService | Outcome::NoEndpoints, _) | (_, []) => {
            format!("{outcome}: {}", nowhere(model, call))
        }
        (_, [attempt]) => of_connection(model, attempt),
        (_, attempts) => {
            let count = attempts.len();
            let reached = attempts.iter().filter(|attempt| attempt.verdict.is_open()).count();
            let reached = match reached {
                0 => "none".to_owned(),
                _ if reached == count => "each".to_owned(),
                some => some.to_string(),
            };
            let stopped = attempts.iter().find(|attempt| !attempt.verdict.is_open());
            let example = stopped.map(|attempt| format!("; {}", of_connection(model, attempt)));
            let service = match &call.to {
                Target::Service { namespace, name } => host(namespace, name),
                Target::Peer(to) => name(model, *to),
            };
            format!(
                "{outcome}: {reached} of the {count} workloads behind {service} can be reached{}",
                example.unwrap_or_default()
            )
        }
    }
}

/// Why a call by name comes down to no connection.
fn nowhere(model: &Model, call: &Call) -> String {
    match &call.to {
        Target::Service { namespace, name } => service::sentence(model, call, namespace, name, &[]),
        Target::Peer(to) => name(model, *to),
    }
}

fn of_connection(model: &Model, attempt: &Attempt) -> String {
    let Attempt { traffic, verdict } = attempt;
    let [egress, ingress] =
        Direction::ALL.map(|direction| Side { model, direction, traffic: *traffic, verdict });
    match Stop::of(verdict) {
        None => format!("open: {}", admitting(&egress, &ingress)),
        Some(_) if verdict.family.is_none() => {
            format!("blocked: {}", family_sentence(model, attempt))
        }
        Some(Stop::Both) => {
            let both = [&egress, &ingress].map(|side| {
                format!("{} {}", door(&side.here_name(), side.direction), unadmitted(side))
            });
            format!("blocked at both ends: {}", both.join("; "))
        }
        Some(stop) => {
            let side = if stop == Stop::Egress { egress } else { ingress };
            let Side { direction, .. } = side;
            format!("blocked at {}: its {direction} {}", side.here_name(), unadmitted(&side))
        }
    }
}

/// `is isolated by …, and no rule admits client`.
fn unadmitted(side: &Side) -> String {
    let isolated_by = match side.found() {
        DirectionVerdict::Denied { isolated_by } => policies(side.model, isolated_by),
        _ => String::new(),
    };
    format!("is isolated by {isolated_by}, and no rule admits {}", side.unadmitted())
}

/// Why both doors are open.
fn admitting(egress: &Side, ingress: &Side) -> String {
    use DirectionVerdict::{NotEnforced, NotIsolated};
    match (egress.found(), ingress.found()) {
        (NotEnforced(Exemption::Itself), _) => egress.exempt(Exemption::Itself),
        _ if egress.model.policies.is_empty() => "no NetworkPolicies are defined".to_owned(),
        (NotEnforced(Exemption::Outside), _) => open(ingress),
        (_, NotEnforced(Exemption::Outside)) => open(egress),
        (NotIsolated, NotIsolated) => {
            let [source, target] =
                [egress, ingress].map(|side| door(&side.here_name(), side.direction));
            format!("nothing isolates {source} or {target}")
        }
        _ => format!("{}; {}", open(egress), open(ingress)),
    }
}

/// Why one door is open.
fn open(side: &Side) -> String {
    let here = side.here_name();
    match (side.found(), side.direction) {
        (DirectionVerdict::NotEnforced(exemption), _) => side.exempt(*exemption),
        (DirectionVerdict::Allowed { by, .. }, Direction::Egress) => {
            format!("{} admits it by {}", door(&here, Direction::Egress), rules(side.model, by))
        }
        (DirectionVerdict::Allowed { by, .. }, Direction::Ingress) => {
            format!("{here} admits it by {}", rules(side.model, by))
        }
        (_, direction) => format!("nothing isolates {}", door(&here, direction)),
    }
}
