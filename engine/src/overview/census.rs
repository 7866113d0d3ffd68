//! A cluster to look at, whose policies can be turned on and off.

use std::cell::OnceCell;

use super::bodies::{self, Bodies};
use super::bonds::Ranking;
use super::calls::Calls;
use super::filter::Filter;
use super::plan::Plan;
use super::tally::{Counter, Tally};
use super::{Bond, Lens, Level, Most, Overview};
use crate::evaluate::Model;
use crate::policy::{Direction, PolicyRef};
use crate::probe::LinkState;
use crate::reachability::{Reachability, Switch};

/// A cluster that can be looked at through lenses, and whose policies can be turned on and off.
pub struct Census {
    all: Reachability,
    plan: Plan,
    /// What becomes of all calls, once it is asked after a switch.
    calls: OnceCell<Calls>,
    /// What the workloads are called in lenses.
    ids: Vec<String>,
}

impl Census {
    /// All policies of the model are on.
    pub fn new(model: &Model) -> Census {
        let all = Reachability::new(model);
        let (plan, ids) = (Plan::new(&all), bodies::ids(&model.cluster));
        Census { all, plan, calls: OnceCell::new(), ids }
    }

    /// Turns policies of the model on or off, all at once.
    pub fn switch(&mut self, turns: &[(PolicyRef, Switch)]) {
        self.all.switch_all(turns);
        self.calls.take();
    }

    /// What there is to draw.
    pub fn overview(&self, lens: &Lens) -> Overview {
        let mut bodies = self.bodies(lens);
        bodies.cut(lens.most.bodies as usize);
        bodies.settle(lens);
        let workloads = &self.model().cluster.workloads;
        let (bonds, left_out) = self.bonds(lens, &bodies);
        Overview {
            bonds,
            found: bodies::count(bodies.found.iter().map(|i| &workloads[*i])),
            all: bodies::count(workloads.iter().filter(|workload| !workload.is_implicit())),
            left_out: Most { bodies: bodies.left_out as u32, bonds: left_out as u32 },
            bodies: bodies.all,
        }
    }

    /// The pairs of workloads behind a bond of an [`overview`](Census::overview) through that lens, be it
    /// left out or not: how many there are, and the first `most` of them, by position, with what gets
    /// through. Ends are [ids](super::Body::id) of bodies.
    pub fn pairs(
        &self,
        lens: &Lens,
        from: &str,
        to: &str,
        most: usize,
    ) -> (usize, Vec<(usize, usize, LinkState)>) {
        let bodies = self.bodies(lens);
        let body = |id: &str| bodies.all.iter().position(|body| body.id == id);
        let (Some(source), Some(destination)) = (body(from), body(to)) else {
            return (0, Vec::new());
        };
        if source == destination && bodies.all[source].level == Level::Pod {
            return (0, Vec::new());
        }
        let calls = self.calls();
        let (mut count, mut pairs) = (0, Vec::new());
        for &from in bodies.workloads(source) {
            for &to in bodies.workloads(destination) {
                let Some(state) = calls.state(&self.plan, from, to) else { continue };
                count += 1;
                if pairs.len() < most {
                    pairs.push((from, to, state));
                }
            }
        }
        (count, pairs)
    }

    /// The workloads, by position, that a [filter](Lens::filter) lets through.
    pub fn found(&self, filter: &str) -> Vec<usize> {
        let filter = Filter::new(filter);
        let workloads = self.model().cluster.workloads.iter().enumerate();
        let found = workloads.filter(|(_, w)| !w.is_implicit() && filter.admits(w));
        found.map(|(i, _)| i).collect()
    }

    /// The cluster, and all policies, on or not.
    pub fn model(&self) -> &Model {
        self.all.model()
    }

    fn calls(&self) -> &Calls {
        self.calls.get_or_init(|| Calls::new(&self.all, &self.plan))
    }

    fn bodies(&self, lens: &Lens) -> Bodies {
        let isolated =
            |workload| Direction::ALL.map(|d| self.all.is_isolated(self.all.class_of(workload), d));
        Bodies::new(&self.model().cluster, &self.ids, self.found(&lens.filter), lens, isolated)
    }

    /// The bonds that are drawn, and how many are too many.
    fn bonds(&self, lens: &Lens, bodies: &Bodies) -> (Vec<Bond>, usize) {
        let (all, plan, calls) = (&self.all, &self.plan, self.calls());
        let is_focus = |id: &String| lens.focus.as_ref() == Some(id);
        let focus = bodies.all.iter().position(|body| is_focus(&body.id));
        let mut ranking = Ranking::new(lens.most.bonds as usize, focus);
        let counter = Counter::new(plan, calls, bodies);
        let mut tallies = vec![Tally::default(); bodies.all.len()];
        for from in (0..bodies.all.len()).filter(|body| !bodies.muted[*body]) {
            tallies.fill(Tally::default());
            counter.count(from, &mut tallies);
            if bodies.all[from].level == Level::Pod {
                // A pod's calls to itself are not drawn.
                tallies[from] = Tally::default();
            }
            tallies.iter().enumerate().for_each(|(to, tally)| ranking.add(from, to, *tally));
        }
        let (mut bonds, left_out) = ranking.finish();
        for bond in bonds.iter_mut().filter(|bond| bond.state() == LinkState::Blocked) {
            let ends = [bond.from, bond.to].map(|body| body as usize);
            if ends.iter().all(|body| bodies.all[*body].level != Level::Namespace) {
                let [from, to] = ends.map(|body| bodies.workloads(body)[0]);
                bond.stop = calls.stop(all, plan, from, to);
            }
        }
        (bonds, left_out)
    }
}
