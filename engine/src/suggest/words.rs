//! What ends, policies and reasons are called in what is suggested.

use std::collections::BTreeSet;

use super::telling::Ground;
use crate::cluster::Workload;
use crate::evaluate::{self, Model, Peer};
use crate::explain::{list, name};
use crate::policy::Direction;

/// What an end is called.
pub(super) fn end_name(ground: &Ground, end: Peer) -> String {
    if ground.is_internet(end) { "the internet".to_owned() } else { name(ground.model, end) }
}

/// That two ends cannot talk at all.
pub(super) fn no_family(model: &Model, source: Peer, destination: Peer) -> String {
    format!("{} and {} share no address family", name(model, source), name(model, destination))
}

/// That a rule cannot name an end.
pub(super) fn cannot_be_named(ground: &Ground, end: Peer) -> String {
    format!(
        "no peer of a rule can mean {} alone: it is on its node's network, and the address of the \
         node is not known",
        end_name(ground, end)
    )
}

/// Why no selector can tell some pods apart.
pub(super) fn alike(ground: &Ground, pods: &[Peer]) -> String {
    let names = list(pods.iter().map(|pod| end_name(ground, *pod)));
    match pods.iter().any(|pod| evaluate::is_node(ground.model, *pod)) {
        true => {
            format!("{names} are on their nodes' network, and no addresses tell the nodes apart")
        }
        false => format!("{names} have the same labels"),
    }
}

/// What a policy that selects a workload would be called: `allow-queue-ingress`.
pub(super) fn policy_name(
    verb: &str,
    workload: &Workload,
    directions: &BTreeSet<Direction>,
) -> String {
    // Of a part of what an owner owns, the owner's; of a name that no policy can have, what can be.
    let owner = workload.name.split(' ').next().unwrap_or_default();
    let fits = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
    let word: String = owner.to_ascii_lowercase().chars().take(Names::LONGEST).map(fits).collect();
    let word = word.trim_matches('-');
    let word = if word.is_empty() { "pods" } else { word };
    // Ingress is first wherever policies name both.
    let directions: Vec<String> = directions.iter().rev().map(Direction::to_string).collect();
    format!("{verb}-{word}-{}", directions.join("-"))
}

/// The names that policies have, and those that are given to new ones.
pub(super) struct Names<'m> {
    model: &'m Model,
    given: BTreeSet<(String, String)>,
}

impl<'m> Names<'m> {
    /// A name has at most 253 characters: this leaves room for what stands around a part of it.
    const LONGEST: usize = 200;

    pub fn new(model: &'m Model) -> Self {
        Names { model, given: BTreeSet::new() }
    }

    /// A name that no policy of the namespace has: the one that is wanted, or that with a number.
    pub fn free(&mut self, namespace: &str, wanted: &str) -> String {
        let wanted: String = wanted.chars().take(Self::LONGEST + 40).collect();
        let is_free = |name: &String| {
            let mut written = self.model.policies.of(namespace);
            written.all(|(_, other)| other.name != *name)
                && !self.given.contains(&(namespace.to_owned(), name.clone()))
        };
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        let name = names.find(is_free).unwrap_or_default();
        self.given.insert((namespace.to_owned(), name.clone()));
        name
    }
}
