//! What is different between two analyses, call by call and sight by sight, in words.
//!
//! Compared are names, not positions: the two may hold different workloads. A call that is no longer
//! made counts as closed.

use std::fmt;

use crate::analysis::{Analysis, Visibility};
use crate::evaluate::Peer;
use crate::explain;
use crate::probe::LinkState;

/// The difference between an earlier and a later analysis. Names are those of people: see
/// [`explain::name`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Calls that get through now and did not.
    pub opened: Vec<Ends>,
    /// Calls of which more gets through than did.
    pub widened: Vec<Ends>,
    /// Calls of which less gets through than did.
    pub narrowed: Vec<Ends>,
    /// Calls that got through and do not now.
    pub closed: Vec<Ends>,
    /// Workloads that the observer sees now and did not.
    pub appeared: Vec<String>,
    /// Workloads that the observer saw and does not now.
    pub vanished: Vec<String>,
}

/// Who calls whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ends {
    /// The caller's name.
    pub from: String,
    /// The called one's name.
    pub to: String,
}

/// Compares two analyses.
pub fn change(before: &Analysis, after: &Analysis) -> Change {
    let mut change = Change::default();
    let (earlier, later) = (states(before), states(after));
    let is_new = |of: &&(Ends, LinkState)| state(&earlier, &of.0).is_none();
    let mut pairs: Vec<&Ends> = earlier.iter().map(|(ends, _)| ends).collect();
    for (ends, _) in later.iter().filter(is_new) {
        pairs.insert(pairs.partition_point(|other| *other < ends), ends);
    }
    for ends in pairs {
        let state = |states| state(states, ends).unwrap_or(LinkState::Blocked);
        let list = match (state(&earlier), state(&later)) {
            (LinkState::Blocked, LinkState::Open | LinkState::Partly) => &mut change.opened,
            (LinkState::Open | LinkState::Partly, LinkState::Blocked) => &mut change.closed,
            (LinkState::Partly, LinkState::Open) => &mut change.widened,
            (LinkState::Open, LinkState::Partly) => &mut change.narrowed,
            _ => continue,
        };
        list.push(ends.clone());
    }
    let (saw, sees) = (seen(before), seen(after));
    change.appeared = sees.iter().filter(|name| !saw.contains(name)).cloned().collect();
    change.vanished = saw.into_iter().filter(|name| !sees.contains(name)).collect();
    change
}

/// The state of every link, sorted by the names of its ends.
fn states(analysis: &Analysis) -> Vec<(Ends, LinkState)> {
    let name = |workload: usize| explain::name(&analysis.model, Peer::pod(workload));
    let mut states: Vec<(Ends, LinkState)> = Vec::with_capacity(analysis.links.len());
    for link in &analysis.links {
        let ends = Ends { from: name(link.from), to: name(link.to) };
        states.insert(states.partition_point(|(other, _)| *other < ends), (ends, link.state()));
    }
    states
}

fn state(states: &[(Ends, LinkState)], ends: &Ends) -> Option<LinkState> {
    let found = states.binary_search_by(|(other, _)| other.cmp(ends)).ok()?;
    Some(states[found].1)
}

fn seen(analysis: &Analysis) -> Vec<String> {
    let is_seen = |i: &usize| analysis.visibility(*i) == Some(Visibility::Seen);
    let workloads = analysis.workloads().map(|(i, _)| i).filter(is_seen);
    workloads.map(|i| explain::name(&analysis.model, Peer::pod(i))).collect()
}

impl fmt::Display for Change {
    /// `+2 opened: client→facade, facade→backend; 1 closed: …`, or `no call changed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = |words: &str, list: &[Ends]| {
            let names: Vec<_> = list.iter().map(Ends::to_string).collect();
            (!list.is_empty()).then(|| format!("{}{words}: {}", list.len(), names.join(", ")))
        };
        let sights = |words: &str, list: &[String]| {
            (!list.is_empty()).then(|| format!("{} {words}: {}", list.len(), list.join(", ")))
        };
        let parts = [
            calls(" opened", &self.opened).map(|text| format!("+{text}")),
            calls(" widened", &self.widened),
            calls(" narrowed", &self.narrowed),
            calls(" closed", &self.closed),
            sights("in sight", &self.appeared),
            sights("out of sight", &self.vanished),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(if parts.is_empty() { "no call changed" } else { "" })?;
        f.write_str(&parts.join("; "))
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}→{}", self.from, self.to)
    }
}
