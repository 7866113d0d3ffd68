//! The lookup of a name at the cluster DNS: a connection like any other.

use super::{Attempt, attempt};
use crate::dns;
use crate::evaluate::{Model, Peer, Pod, Traffic, Verdict};
use crate::net::Protocol;

/// What became of the lookup of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The question, UDP, at the DNS pods; the one that gets through when there is any.
    pub traffic: Traffic,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Whether long answers, which need TCP, get through as well. Their lack stops no lookup.
    pub long_answers: bool,
}

impl Lookup {
    /// Whether names can be looked up.
    pub fn resolves(&self) -> bool {
        self.verdict.is_open()
    }
}

/// Looks a name up from a pod; `None` in a cluster without any DNS.
pub(super) fn lookup(model: &Model, from: Pod) -> Option<Lookup> {
    let ask = |protocol| {
        let asked =
            dns::servers(&model.cluster, protocol).into_iter().map(move |(server, port)| {
                attempt(model, Peer::Pod(from), Peer::pod(server), protocol, port)
            });
        let asked: Vec<_> = asked.collect();
        let answered = asked.iter().position(|attempt| attempt.verdict.is_open());
        asked.into_iter().nth(answered.unwrap_or(0))
    };
    let Attempt { traffic, verdict } = ask(Protocol::Udp)?;
    let long_answers = ask(Protocol::Tcp).is_some_and(|attempt| attempt.verdict.is_open());
    Some(Lookup { traffic, verdict, long_answers })
}

/// Where names can be looked up: the workloads, each with a protocol and a port on which it answers. UDP
/// comes first, and TCP, which long answers need, after it.
pub fn lookups(model: &Model) -> Vec<(usize, Protocol, u16)> {
    let answers = |protocol| {
        let servers = dns::servers(&model.cluster, protocol).into_iter();
        servers.map(move |(server, port)| (server, protocol, port))
    };
    answers(Protocol::Udp).chain(answers(Protocol::Tcp)).collect()
}
