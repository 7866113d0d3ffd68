//! How many pairs of workloads are open, partly open and blocked between bodies.

use super::bodies::Bodies;
use super::calls::Calls;
use super::plan::Plan;
use crate::probe::LinkState;

/// How many pairs are open, partly open and blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub open: u32,
    pub partly: u32,
    pub blocked: u32,
}

impl Tally {
    /// The number of pairs in a state.
    fn of(&mut self, state: LinkState) -> &mut u32 {
        match state {
            LinkState::Open => &mut self.open,
            LinkState::Partly => &mut self.partly,
            LinkState::Blocked => &mut self.blocked,
        }
    }
}

/// Counts the pairs between bodies.
pub(super) struct Counter<'c> {
    plan: &'c Plan,
    calls: &'c Calls,
    bodies: &'c Bodies,
    masks: Vec<Mask>,
}

/// Workloads of a body in one word of a row.
struct Mask {
    body: usize,
    word: usize,
    /// The number of them in each spot, digit by digit: the first word has those that are odd.
    digits: Vec<u64>,
}

impl<'c> Counter<'c> {
    /// For bodies that are settled.
    pub fn new(plan: &'c Plan, calls: &'c Calls, bodies: &'c Bodies) -> Counter<'c> {
        let mut masks: Vec<Mask> = Vec::new();
        for body in (0..bodies.all.len()).filter(|body| !bodies.muted[*body]) {
            let first = masks.len();
            for workload in bodies.workloads(body) {
                let Some(spot) = plan.columns.spots[*workload] else { continue };
                // Most often, the word is that of the workload before.
                let known = masks[first..].iter().rposition(|mask| mask.word == spot.word);
                let mask = known.map_or_else(
                    || {
                        masks.push(Mask { body, word: spot.word, digits: Vec::new() });
                        masks.len() - 1
                    },
                    |known| first + known,
                );
                masks[mask].add(spot.bit);
            }
        }
        Counter { plan, calls, bodies, masks }
    }

    /// Adds to the tally of each body the pairs from a body.
    pub fn count(&self, body: usize, tallies: &mut [Tally]) {
        let workloads = self.bodies.workloads(body);
        let mut rows: Vec<usize> =
            workloads.iter().filter_map(|from| self.calls.row_of(*from)).collect();
        rows.sort_unstable();
        for alike in rows.chunk_by(|a, b| a == b) {
            let (open, partly) = self.calls.row(self.plan, alike[0]);
            let callers = alike.len() as u32;
            for mask in &self.masks {
                let (open, partly) = (open[mask.word], partly[mask.word]);
                let tally = &mut tallies[mask.body];
                tally.open += callers * mask.count(open);
                tally.partly += callers * mask.count(partly);
                tally.blocked += callers * mask.count(!(open | partly));
            }
        }
        for &from in workloads {
            match self.calls.intended(from) {
                Some(intended) => {
                    intended.iter().for_each(|(to, state)| self.put(*to, *state, tallies));
                }
                None => self.correct(from, tallies),
            }
        }
    }

    /// Counts a pair with every body of the workload that is called.
    fn put(&self, to: usize, state: LinkState, tallies: &mut [Tally]) {
        for place in self.bodies.places[to].clone().filter(|body| !self.bodies.muted[*body]) {
            *tallies[place].of(state) += 1;
        }
    }

    /// Counts what is no matter of classes as it is, instead of as rows have it.
    fn correct(&self, from: usize, tallies: &mut [Tally]) {
        let Counter { plan, calls, bodies, .. } = self;
        let Some(row) = calls.row_of(from) else { return };
        let itself = plan.alone[from].then_some(from);
        let beside = plan.beside[from].iter().copied().filter(|to| itself != Some(*to));
        for to in beside.chain(itself) {
            let Some(spot) = plan.columns.spots[to] else { continue };
            let (said, state) = (calls.at(plan, row, spot), calls.state(plan, from, to));
            for place in bodies.places[to].clone().filter(|body| !bodies.muted[*body]) {
                *tallies[place].of(said) -= 1;
                if let Some(state) = state {
                    *tallies[place].of(state) += 1;
                }
            }
        }
    }
}

impl Mask {
    /// Counts one more workload in a spot.
    fn add(&mut self, bit: u64) {
        let mut carried = bit;
        for digit in &mut self.digits {
            (*digit, carried) = (*digit ^ carried, *digit & carried);
        }
        if carried != 0 {
            self.digits.push(carried);
        }
    }

    /// How many workloads are in the spots of some bits.
    fn count(&self, bits: u64) -> u32 {
        let digits = self.digits.iter().enumerate();
        digits.map(|(i, digit)| (digit & bits).count_ones() << i).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_counts_workloads_that_are_alike() {
        let mut mask = Mask { body: 0, word: 0, digits: Vec::new() };
        for (bit, workloads) in [(0, 1), (3, 5), (63, 4)] {
            (0..workloads).for_each(|_| mask.add(1 << bit));
        }
        let counted = [0, 1 << 0, 1 << 3, 1 << 63, 1 << 3 | 1, !0].map(|bits| mask.count(bits));
        assert_eq!(counted, [0, 1, 5, 4, 6, 10]);
    }
}
