//! Which bonds are drawn, of more than there is room for.

use std::cmp::Reverse;

use super::tally::Tally;
use super::{Bond, Overview};

/// The bonds that rank first of all those that are added.
pub(super) struct Ranking {
    most: usize,
    /// The body that is looked at.
    focus: Option<usize>,
    added: usize,
    kept: Vec<Bond>,
}

/// How many more than are drawn may be kept before some are dropped.
const SLACK: usize = 1 << 14;

impl Ranking {
    /// Keeps so many, those of a body before all others.
    pub fn new(most: usize, focus: Option<usize>) -> Ranking {
        Ranking { most, focus, added: 0, kept: Vec::new() }
    }

    /// Adds the bond between two bodies, if there is any pair.
    pub fn add(&mut self, from: usize, to: usize, tally: Tally) {
        let Tally { open, partly, blocked } = tally;
        if tally == Tally::default() {
            return;
        }
        let (from, to) = (from as u32, to as u32);
        self.added += 1;
        self.kept.push(Bond { from, to, open, partly, blocked, stop: None });
        // Of many bodies there can be more bonds than memory.
        if self.kept.len() - SLACK.min(self.kept.len()) > self.most {
            self.cut();
        }
    }

    /// The first ones by position, and how many others there were.
    pub fn finish(mut self) -> (Vec<Bond>, usize) {
        self.cut();
        self.kept.sort_unstable_by_key(|bond| (bond.from, bond.to));
        (self.kept, self.added.saturating_sub(self.most))
    }

    fn cut(&mut self) {
        if self.kept.len() <= self.most {
            return;
        }
        let is_focus = |end| self.focus.is_some_and(|focus| focus as u32 == end);
        let rank = |bond: &Bond| rank(bond, is_focus(bond.from) || is_focus(bond.to));
        self.kept.select_nth_unstable_by_key(self.most, rank);
        self.kept.truncate(self.most);
    }
}

/// What of two bonds tells which is drawn, if there is room for one. What gets through is no part of
/// it, or bonds would come and go with every policy.
fn rank(bond: &Bond, is_first: bool) -> impl Ord + use<> {
    (Reverse(is_first), Reverse(bond.pairs()), bond.from, bond.to)
}

impl Overview {
    /// Leaves out bonds until there are at most so many: those of the fewest pairs first, and some of them last.
    pub fn cut(&mut self, most: usize, is_first: impl Fn(&Bond) -> bool) {
        let many = self.bonds.len();
        if many > most {
            self.bonds.select_nth_unstable_by_key(most, |bond| rank(bond, is_first(bond)));
            self.bonds.truncate(most);
            self.bonds.sort_unstable_by_key(|bond| (bond.from, bond.to));
            self.left_out.bonds += (many - most) as u32;
        }
    }
}
