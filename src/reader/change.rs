//! What is other in what is seen of many workloads.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::overview::{Bond, Overview};

/// What is other than it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// How many pairs of bodies are more open, and the names of the first of them.
    more: (usize, Vec<String>),
    /// How many are less open, likewise.
    less: (usize, Vec<String>),
    /// Those that are most other, by the positions of their ends.
    most: BTreeSet<(u32, u32)>,
    /// Whether there was nothing before.
    is_first: bool,
}

/// How many pairs of bodies are shown by themselves: of more, nobody sees what is other in the frame in which
/// they come.
const SHOWN: usize = 24;

/// How many pairs of bodies are named.
const NAMED: usize = 3;

impl Change {
    /// What is other in the second, of the bonds that are in both.
    pub fn between(before: &Overview, after: &Overview) -> Change {
        let places: HashMap<&str, u32> =
            (0..).zip(&after.bodies).map(|(place, body)| (body.id.as_str(), place)).collect();
        let place = |body: u32| places.get(before.bodies[body as usize].id.as_str()).copied();
        let was: HashMap<(u32, u32), (u32, u32)> = before
            .bonds
            .iter()
            .filter_map(|bond| Some(((place(bond.from)?, place(bond.to)?), passing(bond))))
            .collect();
        let mut change = Change { is_first: before.bodies.is_empty(), ..Change::default() };
        let mut differences = Vec::new();
        for bond in &after.bonds {
            let ends = (bond.from, bond.to);
            let Some(was) = was.get(&ends).filter(|was| **was != passing(bond)) else { continue };
            differences.push((was.0.abs_diff(passing(bond).0), ends));
            let is_more = passing(bond) > *was;
            let (count, named) = if is_more { &mut change.more } else { &mut change.less };
            *count += 1;
            if named.len() < NAMED {
                let [from, to] = [ends.0, ends.1].map(|body| &after.bodies[body as usize].id);
                named.push(format!("{from} → {to}"));
            }
        }
        differences.sort_by_key(|(difference, ends)| (Reverse(*difference), *ends));
        change.most = differences.into_iter().take(SHOWN).map(|(_, ends)| ends).collect();
        change
    }

    /// Whether a bond of the second is other than it was, and one of those that are most so.
    pub fn shows(&self, bond: &Bond) -> bool {
        self.most.contains(&(bond.from, bond.to))
    }
}

/// Between how many pairs something gets through, and everything.
fn passing(bond: &Bond) -> (u32, u32) {
    (bond.open + bond.partly, bond.open)
}

impl fmt::Display for Change {
    /// `2 more open: a → b, a → c; 1 less open: d → e`, by pair of bodies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |(count, named): &(usize, Vec<String>), words: &str| {
            let rest = if *count > named.len() { ", …" } else { "" };
            (*count > 0).then(|| format!("{count} {words}: {}{rest}", named.join(", ")))
        };
        let parts = [part(&self.more, "more open"), part(&self.less, "less open")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true if self.is_first => f.write_str("read"),
            true => f.write_str("nothing in the picture changed"),
            false => f.write_str(&parts.join("; ")),
        }
    }
}
