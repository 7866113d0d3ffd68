//! A cluster to look at, whose policies can be turned on and off.

use std::cell::OnceCell;

use super::bodies::{self, Bodies};
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
        self.overview_by(lens, |whole| {
            whole.cut(lens.most.bonds as usize, |bodies, bond| {
                lens.focus.as_ref().is_some_and(|focus| bond.touches(bodies, focus))
            });
        })
    }

    /// The same, where somebody else says which bonds are left out.
    pub fn overview_by(&self, lens: &Lens, cut: impl FnOnce(&mut Overview)) -> Overview {
        let mut bodies = self.bodies(lens);
        bodies.cut(lens.most.bodies as usize);
        bodies.settle(lens);
        let workloads = &self.model().cluster.workloads;
        let mut overview = Overview {
            bonds: self.bonds(&bodies),
            found: bodies::count(bodies.found.iter().map(|i| &workloads[*i])),
            all: bodies::count(workloads.iter().filter(|workload| !workload.is_implicit())),
            left_out: Most { bodies: bodies.left_out as u32, bonds: 0 },
            bodies: std::mem::take(&mut bodies.all),
        };
        cut(&mut overview);
        let Overview { bodies: drawn, bonds, .. } = &mut overview;
        for bond in bonds.iter_mut().filter(|bond| bond.state() == LinkState::Blocked) {
            let ends = [bond.from, bond.to].map(|body| body as usize);
            if ends.iter().all(|body| drawn[*body].level != Level::Namespace) {
                let [from, to] = ends.map(|body| bodies.workloads(body)[0]);
                bond.stop = self.calls().stop(&self.all, &self.plan, from, to);
            }
        }
        overview
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

    /// The bonds between bodies, by position. Where calls are stopped is not said yet.
    fn bonds(&self, bodies: &Bodies) -> Vec<Bond> {
        let counter = Counter::new(&self.plan, self.calls(), bodies);
        let mut bonds = Vec::new();
        let mut tallies = vec![Tally::default(); bodies.all.len()];
        for from in (0..bodies.all.len()).filter(|body| !bodies.muted[*body]) {
            tallies.fill(Tally::default());
            counter.count(from, &mut tallies);
            if bodies.all[from].level == Level::Pod {
                // A pod's calls to itself are not drawn.
                tallies[from] = Tally::default();
            }
            let tallies = tallies.iter().enumerate();
            for (to, Tally { open, partly, blocked }) in
                tallies.filter(|(_, t)| **t != Tally::default())
            {
                let (from, to) = (from as u32, to as u32);
                bonds.push(Bond {
                    from,
                    to,
                    open: *open,
                    partly: *partly,
                    blocked: *blocked,
                    stop: None,
                });
            }
        }
        bonds
    }
}
