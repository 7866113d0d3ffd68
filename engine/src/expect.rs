//! Does what should pass, pass, and is what should be blocked, blocked?
//!
//! In: [`Expectation`]s, [read](read()) from a file or [written](of()) from what is so now, and a
//! [`Model`](crate::evaluate::Model). Out: for each of them a [`Judgement`]. Nothing is decided here:
//! `end` says whom the words mean, `probe` what becomes of the call, and `explain` why. Knows neither
//! page nor terminal.
//!
//! A file is a list, an item a call:
//!
//! ```
//! use netpol_engine::analysis::{Request, analyze, read as manifest};
//! use netpol_engine::expect::{Standing, judge, read};
//! use netpol_engine::manifest::Source;
//!
//! let pods = "
//! {kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop}}
//! ---
//! {kind: Pod, apiVersion: v1, metadata: {name: stock, namespace: shop}}
//! ";
//! let model = analyze([&manifest(&Source::new("pods.yaml", pods))], &Request::default()).model;
//! let reading = read(&Source::new("expect.yaml", "
//! expect:
//!   - {from: shop/till, to: shop/stock, port: 5432/TCP, verdict: open}
//!   - {from: internet, to: shop/stock, verdict: blocked}
//! "));
//! assert_eq!(reading.diagnostics, []);
//! let standings = reading.expectations.iter().map(|e| judge(&model, e, "default").standing);
//! assert_eq!(standings.collect::<Vec<_>>(), [Standing::Met, Standing::Missed]);
//! ```
//!
//! **Outcomes.** `open` is met by the outcome `open`; `blocked` by `blocked` and by `not resolved`. `no such
//! service`, `no endpoints` and `some backends` meet neither.
//!
//! **Without a port** an expectation is about all of them: `open` is met when something passes, and
//! `blocked` when nothing does. By the name of a Service they are the ports of the Service, and
//! the one counts that lets most through; a port that leads nowhere keeps `blocked` from being met.

mod judge;
mod of;
mod read;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Location};
use crate::end::Port;

pub use judge::judge;
pub use of::of;
pub use read::read;

/// What somebody expects of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// Who calls, as [`end::call`](crate::end::call) takes it: `ns/name`, `ns/name[Kind]`, an address or
    /// `internet`.
    pub from: String,
    /// Whom; also a Service by name, `service.namespace`, whose lookup is part of the call.
    pub to: String,
    /// On which port: the Service's when the call is by its name, else the target's own. None stands
    /// for all.
    pub port: Option<Port>,
    /// What should become of it.
    pub verdict: Expected,
    /// Where it is written.
    pub location: Location,
}

impl fmt::Display for Expectation {
    /// The call: `frontend/client -> facade.backend on 80/TCP`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expectation { from, to, port, .. } = self;
        match port {
            Some(port) => write!(f, "{from} -> {to} on {port}"),
            None => write!(f, "{from} -> {to} on any port"),
        }
    }
}

/// What should become of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Expected {
    /// It gets through.
    Open,
    /// Policies stop it, or the lookup of its name.
    Blocked,
}

impl Expected {
    /// Both, in the order in which they are told.
    pub const ALL: [Expected; 2] = [Expected::Open, Expected::Blocked];

    /// The word in a file: `open` or `blocked`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Expected::Open => "open",
            Expected::Blocked => "blocked",
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was found in a file of expectations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Those that were taken, in the order of the text.
    pub expectations: Vec<Expectation>,
    /// What was refused, and what would be accepted, in the order of the text; errors all.
    pub diagnostics: Vec<Diagnostic>,
}

/// What an expectation comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether it is met.
    pub standing: Standing,
    /// What was found, in a line that begins with the outcome (`partly` where a call on no port in
    /// particular gets through on some); of one that failed, why.
    pub sentence: String,
    /// What the answer depends on: questions that Kubernetes or the input leaves open, and which
    /// address stands for the internet.
    pub notes: Vec<String>,
}

/// Whether an expectation is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// It is.
    Met,
    /// Something else was found.
    Missed,
    /// It cannot be judged: one of its ends is not in the model.
    Failed,
}

impl Standing {
    /// All of them, the best first.
    pub const ALL: [Standing; 3] = [Standing::Met, Standing::Missed, Standing::Failed];

    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Met => "met",
            Standing::Missed => "missed",
            Standing::Failed => "failed",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
