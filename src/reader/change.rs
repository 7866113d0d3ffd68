//! What is other in what is seen of many workloads.

use std::collections::BTreeMap;
use std::fmt;

use crate::overview::{Bond, Overview};

/// What is other than it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// The pairs of bodies between which something else gets through, and whether it is more.
    pairs: BTreeMap<(String, String), bool>,
    /// Whether there was anything before.
    is_first: bool,
}

/// How many pairs of bodies are named.
const NAMED: usize = 3;

impl Change {
    /// What is other in the second, of the bonds that are in both.
    pub fn between(before: &Overview, after: &Overview) -> Change {
        let was: BTreeMap<(&str, &str), &Bond> =
            before.bonds.iter().map(|bond| (ends(before, bond), bond)).collect();
        let passing = |bond: &Bond| (bond.open + bond.partly, bond.open);
        let other = after.bonds.iter().filter_map(|bond| {
            let ends = ends(after, bond);
            let was = passing(was.get(&ends)?);
            let more = passing(bond) > was;
            (passing(bond) != was).then(|| ((ends.0.to_owned(), ends.1.to_owned()), more))
        });
        Change { pairs: other.collect(), is_first: before.bodies.is_empty() }
    }

    /// Whether a bond is other than it was.
    pub fn has(&self, overview: &Overview, bond: &Bond) -> bool {
        let (from, to) = ends(overview, bond);
        !self.pairs.is_empty() && self.pairs.contains_key(&(from.to_owned(), to.to_owned()))
    }
}

fn ends<'o>(overview: &'o Overview, bond: &Bond) -> (&'o str, &'o str) {
    let id = |body: u32| overview.bodies[body as usize].id.as_str();
    (id(bond.from), id(bond.to))
}

impl fmt::Display for Change {
    /// `2 more open: a → b, a → c; 1 less open: d → e`, by pair of bodies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pairs.is_empty() {
            return f.write_str(if self.is_first {
                "read"
            } else {
                "nothing in the picture changed"
            });
        }
        let mut separator = "";
        for (is_more, words) in [(true, "more open"), (false, "less open")] {
            let pairs: Vec<_> = self.pairs.iter().filter(|(_, more)| **more == is_more).collect();
            if pairs.is_empty() {
                continue;
            }
            write!(f, "{separator}{} {words}: ", pairs.len())?;
            for (i, ((from, to), _)) in pairs.iter().take(NAMED).enumerate() {
                write!(f, "{}{from} → {to}", if i > 0 { ", " } else { "" })?;
            }
            f.write_str(if pairs.len() > NAMED { ", …" } else { "" })?;
            separator = "; ";
        }
        Ok(())
    }
}
