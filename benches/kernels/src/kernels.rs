//! What is measured. Each is a function of its own name in what is compiled, so that instructions are
//! counted by it.

use std::hint::black_box;
use std::rc::Rc;

use netpol_engine::analysis;
use netpol_engine::assemble::{Assembled, assemble};
use netpol_engine::connectivity::{Siblings, connectivity};
use netpol_engine::evaluate::{Model, Plugin};
use netpol_engine::fragment::Fragment;
use netpol_engine::manifest::Source;
use netpol_engine::overview::{Census, Lens};
use netpol_engine::owners::By;
use netpol_engine::policy::PolicyRef;
use netpol_engine::reachability::{Reachability, Reached, Switch};

/// Reads a text.
#[inline(never)]
pub fn read(text: &str) -> Fragment {
    analysis::read(&Source::new("cluster.yaml", text))
}

/// Puts together what was read, object by object.
#[inline(never)]
pub fn model(fragment: &Fragment) -> Model {
    model_of(assemble([fragment], &[]))
}

fn model_of(assembled: Assembled) -> Model {
    Model {
        cluster: Rc::new(assembled.cluster),
        policies: assembled.policies.into(),
        plugin: Plugin::default(),
    }
}

/// Cuts ends and ports, puts policies into sets, and evaluates for the first time.
#[inline(never)]
pub fn build(model: &Model) -> Reachability {
    Reachability::new(model)
}

/// Evaluates all rows anew, egress by source and ingress by destination.
#[inline(never)]
pub fn rows(all: &mut Reachability) {
    all.evaluate();
}

/// Puts the rows of sources and destinations together: for every source and atom a row of those that it
/// reaches.
#[inline(never)]
pub fn reach(all: &Reachability) -> Vec<Reached> {
    all.reached_by_pods().chain(all.reached_by_hosts()).collect()
}

/// The same once more, in the place of what was there.
#[inline(never)]
pub fn reached(all: &Reachability, reached: &mut [Reached]) {
    black_box(reached).iter_mut().for_each(|reached| reached.refill(all));
}

/// Looks at whom the sources of one word reach, of which rows are made for that if they are not kept. Says
/// how many sources these are.
#[inline(never)]
pub fn look(all: &Reachability) -> usize {
    all.reached_by_pods().next().map_or(0, |reached| black_box(&reached).len())
}

/// Turns each policy off and on again. Says how many classes let pass others than before.
#[inline(never)]
pub fn switches(all: &mut Reachability, policies: usize) -> usize {
    let both = [Switch::Off, Switch::On];
    let turns = (0..policies).flat_map(|policy| both.map(|to| (policy, to)));
    turns.map(|(policy, to)| all.switch(PolicyRef(policy), to).len()).sum()
}

/// Turns each policy off and on again, and lists what that changes. Says how many pairs it changes.
#[inline(never)]
pub fn changes(all: &mut Reachability, policies: usize) -> usize {
    let both = [Switch::Off, Switch::On];
    let turns = (0..policies).flat_map(|policy| both.map(|to| (policy, to)));
    turns.map(|(policy, to)| all.switch(PolicyRef(policy), to).changes(all).len()).sum()
}

/// Puts together what was read, by workload, and finds out who calls whom.
#[inline(never)]
pub fn census(fragment: &Fragment) -> Census {
    let assembled = assemble([fragment], &[]);
    Census::new(&model_of(analysis::group(assembled, By::Workload, &Plugin::default())))
}

/// A lens through which all namespaces are folded, or all are unfolded.
pub fn lens(census: &Census, is_unfolded: bool) -> Lens {
    let namespaces = census.model().cluster.namespaces.keys().filter(|_| is_unfolded);
    Lens { unfolded: namespaces.cloned().collect(), ..Lens::default() }
}

/// Turns a policy on or off, and says what there is to draw then. Says how many bonds there are.
#[inline(never)]
pub fn overview(census: &mut Census, lens: &Lens, (policy, to): (usize, Switch)) -> usize {
    census.switch(&[(PolicyRef(policy), to)]);
    overview_again(census, lens)
}

/// Says what there is to draw, policies being as they were. Says how many bonds there are.
#[inline(never)]
pub fn overview_again(census: &Census, lens: &Lens) -> usize {
    black_box(census.overview(lens)).bonds.len()
}

/// Lists all pairs, object by object.
#[inline(never)]
pub fn list(model: &Model) -> usize {
    connectivity(model, Siblings::Omitted).len()
}
