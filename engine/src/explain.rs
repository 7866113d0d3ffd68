//! Why does a call get through, or not, in sentences for people?
//!
//! In: a call and what became of it. Out: an [`Explanation`]: one line that says it all, a
//! [`Section`] for each thing that the call had to pass, and the [`Part`] that every policy plays in
//! it, rule by rule. Nothing is decided here; the sentences repeat what `probe` and `evaluate` found, and
//! selectors are compared only to tell what of a rule [fails](Miss). A policy never denies anything in
//! them: it isolates, and admits. Knows neither page nor terminal.

mod badge;
mod lookup;
mod miss;
mod names;
mod part;
mod rule;
mod section;
mod service;
mod side;
mod summary;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::cluster::Workload;
use crate::diagnostic::Location;
use crate::evaluate::{Dependence, Model, Peer};
use crate::net::Connections;
use crate::policy::{Direction, PolicyRef, RuleRef};
use crate::probe::{Call, LinkAttempt, Outcome, Reply};

pub use miss::Miss;
pub(crate) use names::{door, list};
pub use names::{host, name};

/// Why a call gets through, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What became of the call.
    pub outcome: Outcome,
    /// All of it in one line, which begins with the outcome's words; `partly` where a call on no
    /// port in particular gets through on some ports only.
    pub summary: String,
    /// What the call has to pass, in the order in which it meets it. What comes after the section
    /// that stops it is told too: it is what would stop it next.
    pub sections: Vec<Section>,
    /// Questions that Kubernetes or the input leaves open and whose answer decides, in plain words.
    pub badges: Vec<String>,
}

/// One thing that a call has to pass: the lookup of its name, the Service, a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is.
    pub about: About,
    /// What it is called: `Lookup`, `Service queue.infrastructure`, `Egress of client`.
    pub title: String,
    /// Whether the call passes it.
    pub passage: Passage,
    /// Why.
    pub sentence: String,
    /// The part of each policy that has one, in the order of the policies.
    pub parts: Vec<Part>,
}

/// What a [`Section`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// The lookup of the name at the cluster DNS, a connection of its own: both sides of it.
    Lookup,
    /// What the Service makes of the call.
    Service,
    /// That the ends of a connection share no address family.
    Addresses {
        /// The connection's position in [`Reply::attempts`].
        attempt: usize,
    },
    /// One side of a connection.
    Side {
        /// The connection's position in [`Reply::attempts`].
        attempt: usize,
        /// Which side.
        direction: Direction,
    },
}

/// Whether a call passes what a [`Section`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    /// It does.
    Passes,
    /// It is stopped there; or would be, had it not been stopped before.
    Stops,
}

/// What one policy that selects an end of a connection has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The policy.
    pub policy: PolicyRef,
    /// Its `ns/name`.
    pub path: String,
    /// On which side of the connection.
    pub direction: Direction,
    /// What it does, in a word.
    pub stance: Stance,
    /// What it does with the answers that are assumed of the network plugin: the stance itself, unless
    /// that is [`CannotDecide`](Stance::CannotDecide).
    pub assumed: Stance,
    /// The questions whose other answer would change the stance: none unless it is
    /// [`CannotDecide`](Stance::CannotDecide).
    pub depends_on: Vec<Dependence>,
    /// What each of its rules makes of the connection; none where it does not apply.
    pub rules: Vec<RuleAnswer>,
    /// What it does, and why: `admits by rule 1`, `does not apply: it governs ingress only`.
    pub says: String,
    /// Where to read it: the first rule that admits, or on which the stance depends, else the policy.
    pub location: Location,
}

/// What one rule of a policy makes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAnswer {
    /// The rule.
    pub rule: RuleRef,
    /// Whether it admits the connection, with the answers that are assumed of the network plugin.
    pub admits: bool,
    /// The questions whose other answer would change that.
    pub depends_on: Vec<Dependence>,
    /// Where none of its peers matches the other end: the position of the one that comes nearest.
    pub nearest: Option<usize>,
    /// What the connection does not fit: of that peer, and of the rule's ports. None where it admits.
    pub misses: Vec<Miss>,
    /// Where the rule is.
    pub location: Location,
}

/// How a policy stands to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stance {
    /// It isolates the pod, and a rule of it admits the connection.
    Admits,
    /// It isolates the pod, and no rule of it admits the connection; that of another may.
    DoesNotAdmit,
    /// It isolates nothing here.
    DoesNotApply,
    /// One of the others, and another one if what Kubernetes or the input leaves open were otherwise.
    CannotDecide,
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stance::Admits => "admits",
            Stance::DoesNotAdmit => "does not admit",
            Stance::DoesNotApply => "does not apply",
            Stance::CannotDecide => "cannot decide",
        })
    }
}

/// Explains what became of a call.
pub fn explain(model: &Model, call: &Call, reply: &Reply) -> Explanation {
    Explanation {
        outcome: reply.outcome,
        summary: summary::summary(model, call, reply),
        sections: section::sections(model, call, reply),
        badges: badge::badges(model, call, reply),
    }
}

/// Explains one call of a link: what it comes to at the link's target, whatever becomes of it at
/// other backends of the same Service.
pub fn explain_link(model: &Model, link: &LinkAttempt) -> Explanation {
    let explanation = explain(model, &link.call, &link.reply());
    Explanation { summary: on_ports(link, explanation.summary), ..explanation }
}

/// The summary of [`explain`] alone, for a tenth of its cost.
pub fn summarize(model: &Model, call: &Call, reply: &Reply) -> String {
    summary::summary(model, call, reply)
}

/// The summary of [`explain_link`] alone.
pub fn summarize_link(model: &Model, link: &LinkAttempt) -> String {
    on_ports(link, summarize(model, &link.call, &link.reply()))
}

/// The summary of a call, which tells the ports where a call on none in particular passes on some.
fn on_ports(link: &LinkAttempt, summary: String) -> String {
    let is_some = |ports: &&Connections| !ports.is_all() && !ports.is_empty();
    match link.any_port.as_ref().filter(is_some) {
        None => summary,
        Some(ports) => {
            let whole = summary.strip_prefix("open: ").unwrap_or_default();
            format!("partly: only {ports} passes; {whole}")
        }
    }
}

/// The pod that an end of a connection is; none outside the cluster.
fn workload_of(model: &Model, peer: Peer) -> Option<&Workload> {
    match peer {
        Peer::Pod(pod) => Some(model.workload(pod)),
        Peer::External(_) => None,
    }
}
