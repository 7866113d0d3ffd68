//! An expectation against a model.

use super::{Expectation, Expected, Judgement, Standing};
use crate::end::{self, INTERNET, Port, Unknown};
use crate::evaluate::Model;
use crate::explain::{Explanation, explain, explain_link};
use crate::net::Protocol;
use crate::probe::{self, Call, Outcome, Target};

/// Judges an expectation. `namespace` is that of the names of Services without one, where the caller is
/// outside the cluster; the names that a pod calls are those of its own.
pub fn judge(model: &Model, expectation: &Expectation, namespace: &str) -> Judgement {
    let Expectation { from, to, port, verdict, .. } = expectation;
    let found = match port {
        Some(port) => on_port(model, from, to, *port, namespace),
        None => on_any_port(model, from, to, namespace),
    };
    let Explanation { outcome, summary, badges, .. } = match found {
        Ok(explanation) => explanation,
        Err(unknown) => {
            let (standing, sentence) = (Standing::Failed, unknown.to_string());
            return Judgement { standing, sentence, notes: Vec::new() };
        }
    };
    let mut notes = badges;
    if [from, to].into_iter().any(|end| end == INTERNET) {
        notes.push(end::internet(model).to_string());
    }
    let standing = if is_met(*verdict, outcome) { Standing::Met } else { Standing::Missed };
    Judgement { standing, sentence: summary, notes }
}

fn is_met(expected: Expected, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Open => expected == Expected::Open,
        Outcome::Blocked | Outcome::NotResolved => expected == Expected::Blocked,
        Outcome::NoSuchService | Outcome::NoEndpoints | Outcome::SomeBackends => false,
    }
}

fn on_port(
    model: &Model,
    from: &str,
    to: &str,
    port: Port,
    namespace: &str,
) -> Result<Explanation, Unknown> {
    let call = end::call(model, from, to, port, namespace)?;
    Ok(explained(model, &call))
}

fn explained(model: &Model, call: &Call) -> Explanation {
    explain(model, call, &probe::call(model, call))
}

/// What becomes of a call on no port in particular: of those on the ports of a Service, the one counts
/// that lets most through.
fn on_any_port(
    model: &Model,
    from: &str,
    to: &str,
    namespace: &str,
) -> Result<Explanation, Unknown> {
    // Whom the words mean does not depend on the port.
    let some = Port { number: 80, protocol: Protocol::Tcp };
    let call = end::call(model, from, to, some, namespace)?;
    let (namespace, name) = match &call.to {
        Target::Peer(to) => {
            return Ok(explain_link(model, &probe::any_port(model, call.from, *to)));
        }
        Target::Service { namespace, name } => (namespace, name),
    };
    let ports = probe::ports(model, call.from, namespace, name);
    let several = ports.len() > 1;
    let explanations = ports.into_iter().map(|(protocol, port)| {
        let mut explanation = explained(model, &Call { protocol, port, ..call.clone() });
        if several {
            explanation.summary += &format!(" ({})", Port { number: port, protocol });
        }
        explanation
    });
    // Of equals the first counts.
    let most = explanations.reduce(|most, next| {
        if passing(next.outcome) > passing(most.outcome) { next } else { most }
    });
    Ok(most.unwrap_or_else(|| explained(model, &call)))
}

/// How much passes of a call, to compare it with others.
fn passing(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Blocked | Outcome::NotResolved => 0,
        Outcome::NoSuchService | Outcome::NoEndpoints => 1,
        Outcome::SomeBackends => 2,
        Outcome::Open => 3,
    }
}
