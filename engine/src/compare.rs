//! What passes in one state of a cluster and not in another, pair by pair of ends and port by port.
//!
//! In: a model before and one after, which may come of a change or of two folders of files. Out: a
//! [`Comparison`]: the workloads of both, and a [`Difference`] for every ordered pair of ends between
//! which something else passes now. Knows no texts: what a manifest says in other words is no
//! difference. `change` tells the same of the calls that a picture shows, in people's names.
//!
//! Workloads are compared by `ns/name[Kind]`. Nothing passes to or from one that is not there, so that
//! all that an added workload can do is opened, and all that a removed one could do is closed. Hosts
//! outside the cluster are compared in ranges that neither state tells apart, and neighbours of which
//! the same is said are one. A workload that has several pods in either state is compared as if it
//! had in both: to scale it opens and closes nothing. A pod and itself are left out, since nothing
//! can come between them, and so is the DNS pod that every cluster is taken to have.

mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::connectivity::{End, towards_outside};
use crate::evaluate::{self, Model, Peer};
use crate::net::{self, Connections};
use crate::outside::common_ranges;
use crate::policy::Direction;
use crate::reachability::{Passing, Reachability};

pub use table::{Row, markdown, rows};

/// The difference between two states of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The workloads of either state, sorted bytewise by their names; [`End`]s refer to them by
    /// position.
    pub workloads: Vec<Compared>,
    /// The pairs between which something else passes now, sorted bytewise by the names of their ends:
    /// the source's, then the destination's.
    pub differences: Vec<Difference>,
}

/// A workload of one state or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// `ns/name[Kind]`.
    pub id: String,
    /// Its position in the cluster before; none where it is added.
    pub before: Option<usize>,
    /// Its position in the cluster after; none where it is removed.
    pub after: Option<usize>,
}

/// An ordered pair of ends between which something else passes now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Who connects.
    pub source: End,
    /// To whom.
    pub destination: End,
    /// What has become of the pair.
    pub kind: Kind,
    /// The ports of the destination that the source gets through to now and did not.
    pub gained: Connections,
    /// Those that it got through to and does not now.
    pub lost: Connections,
}

/// What can become of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nothing passed before.
    Opened,
    /// More passes than before.
    Widened,
    /// Something passes that did not, and something does not that did.
    Changed,
    /// Less passes than before.
    Narrowed,
    /// Nothing passes now.
    Closed,
}

impl Kind {
    /// Every kind, from what gives most to what takes most.
    pub const ALL: [Kind; 5] =
        [Kind::Opened, Kind::Widened, Kind::Changed, Kind::Narrowed, Kind::Closed];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Opened => "opened",
            Kind::Widened => "widened",
            Kind::Changed => "changed",
            Kind::Narrowed => "narrowed",
            Kind::Closed => "closed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Compares two states of a cluster.
pub fn compare(before: &Model, after: &Model) -> Comparison {
    let workloads = workloads(before, after);
    let all = [before, after].map(Reachability::new);
    let [known_before, known_after] = all.each_ref().map(Passing::of);
    let position = |place: fn(&Compared) -> Option<usize>| workloads.iter().map(place).collect();
    let mut states = [
        State { model: before, passing: known_before, positions: position(|w| w.before) },
        State { model: after, passing: known_after, positions: position(|w| w.after) },
    ];
    let ranges = common_ranges(&[before, after]);
    let mut differences = Vec::new();
    for from in 0..workloads.len() {
        let here = End::Workload(from);
        let others = (0..workloads.len()).filter(|to| *to != from).map(End::Workload);
        let has_siblings = states.iter().any(|state| state.has_siblings(from));
        for to in others.chain(has_siblings.then_some(End::Sibling(from))) {
            let delta = Delta::between(&mut states, (here, to));
            differences.extend(delta.map(|delta| delta.at((here, to))));
        }
        for direction in Direction::ALL {
            let towards = |range| towards_outside(from, direction, range);
            let states = &mut states;
            let deltas =
                ranges.iter().map(|range| (*range, Delta::between(states, towards(*range))));
            for (range, delta) in net::join_adjacent(deltas) {
                differences.extend(delta.map(|delta| delta.at(towards(range))));
            }
        }
    }
    differences.sort_by_cached_key(|difference| {
        [difference.source, difference.destination].map(|end| name(&workloads, end))
    });
    Comparison { workloads, differences }
}

fn name(workloads: &[Compared], end: End) -> String {
    end.name_by(|workload| workloads[workload].id.clone())
}

/// The workloads of both states, by name.
fn workloads(before: &Model, after: &Model) -> Vec<Compared> {
    let mut positions: BTreeMap<String, [Option<usize>; 2]> = BTreeMap::new();
    for (state, model) in [before, after].into_iter().enumerate() {
        let workloads = model.cluster.workloads.iter().enumerate();
        for (position, workload) in workloads.filter(|(_, workload)| !workload.is_implicit()) {
            positions.entry(workload.id()).or_default()[state] = Some(position);
        }
    }
    let positions = positions.into_iter();
    positions.map(|(id, [before, after])| Compared { id, before, after }).collect()
}

/// One of the two states.
struct State<'m> {
    model: &'m Model,
    passing: Passing<'m>,
    /// Where each of the workloads is in it.
    positions: Vec<Option<usize>>,
}

impl State<'_> {
    fn has_siblings(&self, workload: usize) -> bool {
        let position = self.positions[workload];
        position.is_some_and(|position| self.model.cluster.workloads[position].has_siblings())
    }

    /// What passes from one end to another; nothing where one of them is not there.
    fn passing(&mut self, source: End, destination: End) -> Rc<Connections> {
        let peer = |end| match end {
            End::Workload(workload) => self.positions[workload].map(Peer::pod),
            End::Sibling(workload) => self.positions[workload].map(Peer::sibling),
            End::External(_) => Some(end.peer()),
        };
        match (peer(source), peer(destination)) {
            (Some(source), Some(destination)) => {
                let passing = self.passing.between(source, destination);
                // The other state may have addresses of a family that is not in use in this one.
                let judged = || evaluate::connections(self.model, source, destination).into();
                passing.unwrap_or_else(judged)
            }
            _ => Connections::none().into(),
        }
    }
}

/// A difference, of whatever ends.
#[derive(PartialEq, Eq)]
struct Delta {
    kind: Kind,
    gained: Connections,
    lost: Connections,
}

impl Delta {
    /// What is different between two ends in the one state and in the other, if anything is.
    fn between(states: &mut [State; 2], (source, destination): (End, End)) -> Option<Delta> {
        let [before, after] = states.each_mut().map(|state| state.passing(source, destination));
        if before == after {
            return None;
        }
        let (gained, lost) = (after.difference(&before), before.difference(&after));
        let kind = match (gained.is_empty(), lost.is_empty()) {
            (false, _) if before.is_empty() => Kind::Opened,
            (_, false) if after.is_empty() => Kind::Closed,
            (false, true) => Kind::Widened,
            (true, false) => Kind::Narrowed,
            _ => Kind::Changed,
        };
        Some(Delta { kind, gained, lost })
    }

    fn at(self, (source, destination): (End, End)) -> Difference {
        let Delta { kind, gained, lost } = self;
        Difference { source, destination, kind, gained, lost }
    }
}

impl Compared {
    /// Whether it is in both states, or only in one of them.
    pub fn presence(&self) -> Presence {
        match (self.before, self.after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Kept,
        }
    }
}

/// In which of the two states a workload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// In both.
    Kept,
    /// In the later one only.
    Added,
    /// In the earlier one only.
    Removed,
}

impl Comparison {
    /// Whether the two states have the same workloads, and the same passes between them.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.workloads.iter().all(|w| w.presence() == Presence::Kept)
    }

    /// The names of the workloads that are only in one of the states.
    pub fn present(&self, presence: Presence) -> impl Iterator<Item = &str> {
        let workloads = self.workloads.iter().filter(move |w| w.presence() == presence);
        workloads.map(|workload| workload.id.as_str())
    }

    /// An end's name: `ns/name[Kind]`, `ns/name[Kind]#2`, `external:FIRST-LAST`.
    pub fn name(&self, end: End) -> String {
        name(&self.workloads, end)
    }

    /// Whether both ends of a pair are in both states, or which is not.
    pub fn presence(&self, difference: &Difference) -> Presence {
        let of = |end| match end {
            End::Workload(workload) | End::Sibling(workload) => self.workloads[workload].presence(),
            End::External(_) => Presence::Kept,
        };
        of(difference.source).max(of(difference.destination))
    }
}

impl fmt::Display for Comparison {
    /// `2 opened, 1 closed, 1 workload added (12 pairs opened)`, or `nothing differs`. Pairs are counted
    /// with the workload where that is what makes the difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |presence, kind: Option<Kind>| {
            let is_counted = |difference: &&Difference| {
                self.presence(difference) == presence && kind.is_none_or(|k| difference.kind == k)
            };
            self.differences.iter().filter(is_counted).count()
        };
        let mut parts: Vec<String> = Vec::new();
        for kind in Kind::ALL {
            match count(Presence::Kept, Some(kind)) {
                0 => {}
                some => parts.push(format!("{some} {kind}")),
            }
        }
        for (presence, word, kind) in
            [(Presence::Added, "added", Kind::Opened), (Presence::Removed, "removed", Kind::Closed)]
        {
            let workloads = match self.present(presence).count() {
                0 => continue,
                1 => "1 workload".to_owned(),
                many => format!("{many} workloads"),
            };
            let pairs = match count(presence, None) {
                0 => String::new(),
                1 => format!(" (1 pair {kind})"),
                many => format!(" ({many} pairs {kind})"),
            };
            parts.push(format!("{workloads} {word}{pairs}"));
        }
        f.write_str(if parts.is_empty() { "nothing differs" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}
