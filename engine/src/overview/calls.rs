//! What becomes of the calls between any two workloads.

use std::collections::BTreeMap;

use super::bodies::Bodies;
use super::bonds::Tally;
use crate::evaluate::Model;
use crate::probe::{self, LinkState, Stop};

/// The pairs of workloads, and what gets through between them.
pub(super) struct Calls(BTreeMap<(usize, usize), (LinkState, Option<Stop>)>);

impl Calls {
    /// Those of a model all of whose policies are on.
    pub fn new(model: &Model) -> Calls {
        let links = probe::links(model, None).into_iter();
        Calls(links.map(|link| ((link.from, link.to), (link.state(), link.stop()))).collect())
    }

    /// What gets through from one workload to another; none if it calls it nowhere.
    pub fn state(&self, from: usize, to: usize) -> Option<LinkState> {
        Some(self.0.get(&(from, to))?.0)
    }

    /// Where the first of the calls is stopped.
    pub fn stop(&self, from: usize, to: usize) -> Option<Stop> {
        self.0.get(&(from, to))?.1
    }

    /// Counts the pairs from the workloads of a body to those of each body.
    pub fn tally(&self, bodies: &Bodies, body: usize, tallies: &mut [Tally]) {
        for &from in bodies.workloads(body) {
            for ((_, to), (state, _)) in self.0.range((from, 0)..(from + 1, 0)) {
                for place in bodies.places[*to].clone() {
                    *tallies[place].of(*state) += 1;
                }
            }
        }
    }
}
