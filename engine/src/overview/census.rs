//! A cluster to look at, whose policies can be turned on and off.

use super::bodies::{self, Bodies};
use super::bonds::{Ranking, Tally};
use super::calls::Calls;
use super::filter::Filter;
use super::{Bond, Lens, Level, Most, Overview};
use crate::evaluate::{self, Model};
use crate::policy::{Direction, Policy, PolicyRef};
use crate::probe::LinkState;
use crate::reachability::Switch;

/// A cluster that can be looked at through lenses, and whose policies can be turned on and off.
pub struct Census {
    model: Model,
    on: Vec<bool>,
    /// The model with only the policies that are on.
    plain: Model,
    calls: Calls,
    /// What the workloads are called in lenses.
    ids: Vec<String>,
}

impl Census {
    /// All policies of the model are on.
    pub fn new(model: &Model) -> Census {
        Census {
            on: vec![true; model.policies.len()],
            calls: Calls::new(model),
            ids: bodies::ids(&model.cluster),
            plain: model.clone(),
            model: model.clone(),
        }
    }

    /// Turns policies of the model on or off, all at once.
    pub fn switch(&mut self, turns: &[(PolicyRef, Switch)]) {
        for (PolicyRef(policy), to) in turns {
            self.on[*policy] = *to == Switch::On;
        }
        let policies = self.model.policies.iter().zip(&self.on);
        let on: Vec<Policy> = policies.filter(|(_, on)| **on).map(|(p, _)| p.clone()).collect();
        self.plain = Model { policies: on.into(), ..self.model.clone() };
        self.calls = Calls::new(&self.plain);
    }

    /// What there is to draw.
    pub fn overview(&self, lens: &Lens) -> Overview {
        let mut bodies = self.bodies(lens);
        bodies.cut(lens.most.bodies as usize);
        bodies.settle();
        let workloads = &self.model.cluster.workloads;
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
        let (mut count, mut pairs) = (0, Vec::new());
        for &from in bodies.workloads(source) {
            for &to in bodies.workloads(destination) {
                let Some(state) = self.calls.state(from, to) else { continue };
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
        let workloads = self.model.cluster.workloads.iter().enumerate();
        let found = workloads.filter(|(_, w)| !w.is_implicit() && filter.admits(w));
        found.map(|(i, _)| i).collect()
    }

    /// The cluster, and all policies, on or not.
    pub fn model(&self) -> &Model {
        &self.model
    }

    fn bodies(&self, lens: &Lens) -> Bodies {
        let isolated = |workload| Direction::ALL.map(|d| self.is_isolated(workload, d));
        Bodies::new(&self.model.cluster, &self.ids, self.found(&lens.filter), lens, isolated)
    }

    fn is_isolated(&self, workload: usize, direction: Direction) -> bool {
        let workload = &self.model.cluster.workloads[workload];
        !evaluate::counts_as_node(&self.plain.plugin, workload)
            && evaluate::isolating(&self.plain, direction, workload).next().is_some()
    }

    /// The bonds that are drawn, and how many are too many.
    fn bonds(&self, lens: &Lens, bodies: &Bodies) -> (Vec<Bond>, usize) {
        let has_bonds: Vec<bool> =
            bodies.all.iter().map(|body| !lens.muted.contains(&body.id)).collect();
        let focus = lens.focus.as_ref();
        let focus = focus.and_then(|focus| bodies.all.iter().position(|body| body.id == *focus));
        let mut ranking = Ranking::new(lens.most.bonds as usize, focus);
        let mut tallies = vec![Tally::default(); bodies.all.len()];
        for from in (0..bodies.all.len()).filter(|body| has_bonds[*body]) {
            tallies.fill(Tally::default());
            self.calls.tally(bodies, from, &mut tallies);
            for (to, tally) in tallies.iter().enumerate() {
                let is_itself = from == to && bodies.all[from].level == Level::Pod;
                if has_bonds[to] && !is_itself {
                    ranking.add(from, to, *tally);
                }
            }
        }
        let (mut bonds, left_out) = ranking.finish();
        for bond in bonds.iter_mut().filter(|bond| bond.state() == LinkState::Blocked) {
            let ends = [bond.from, bond.to].map(|body| body as usize);
            if ends.iter().all(|body| bodies.all[*body].level != Level::Namespace) {
                let [from, to] = ends.map(|body| bodies.workloads(body)[0]);
                bond.stop = self.calls.stop(from, to);
            }
        }
        (bonds, left_out)
    }
}
