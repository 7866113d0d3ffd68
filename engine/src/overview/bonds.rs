//! Which bonds are drawn, of more than there is room for.

use std::cmp::Reverse;

use super::{Body, Bond, Overview};

impl Overview {
    /// Leaves out bonds until there are at most so many: those of the fewest pairs first, and some of them
    /// last. What gets through is no part of this, or bonds would come and go with every policy.
    pub fn cut(&mut self, most: usize, is_first: impl Fn(&[Body], &Bond) -> bool) {
        let Overview { bodies, bonds, left_out, .. } = self;
        let many = bonds.len();
        if many > most {
            bonds.select_nth_unstable_by_key(most, |bond| {
                (Reverse(is_first(bodies, bond)), Reverse(bond.pairs()), bond.from, bond.to)
            });
            bonds.truncate(most);
            bonds.sort_unstable_by_key(|bond| (bond.from, bond.to));
            left_out.bonds += (many - most) as u32;
        }
    }
}
