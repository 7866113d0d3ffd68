//! The kernels for JavaScript: `../wasm.mjs` times them.
//!
//! Functions of numbers alone, so that no bindings stand between what is timed and who times it. There is
//! one cluster at a time.

use std::cell::RefCell;

use netpol_engine::evaluate::Model;
use netpol_engine::overview::Census;
use netpol_engine::reachability::{Reachability, Switch};

use crate::generator::PLANS;
use crate::kernels;

struct Bench {
    policies: usize,
    model: Model,
    all: Reachability,
    census: Census,
    /// Whether the first policy is on.
    is_on: bool,
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

fn with(kernel: impl FnOnce(&mut Bench) -> usize) -> usize {
    BENCH.with_borrow_mut(|bench| bench.as_mut().map_or(0, kernel))
}

/// Makes the cluster of a plan, by its number. Says how many classes of pods it has.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(plan: usize, atoms: usize) -> usize {
    let plan = PLANS[plan].1.with_atoms(atoms);
    let fragment = kernels::read(&plan.text());
    let model = kernels::model(&fragment);
    let all = kernels::build(&model);
    let classes = all.classes().0;
    let census = kernels::census(&fragment);
    BENCH.set(Some(Bench { policies: plan.policies, model, all, census, is_on: true }));
    classes
}

/// [`kernels::build`].
#[unsafe(no_mangle)]
pub extern "C" fn build() -> usize {
    with(|bench| kernels::build(&bench.model).atoms())
}

/// [`kernels::rows`].
#[unsafe(no_mangle)]
pub extern "C" fn rows() -> usize {
    with(|bench| {
        kernels::rows(&mut bench.all);
        bench.all.atoms()
    })
}

/// [`kernels::reached`].
#[unsafe(no_mangle)]
pub extern "C" fn reached() -> usize {
    with(|bench| kernels::reached(&bench.all))
}

/// [`kernels::switches`].
#[unsafe(no_mangle)]
pub extern "C" fn switches() -> usize {
    with(|bench| kernels::switches(&mut bench.all, bench.policies))
}

/// [`kernels::changes`].
#[unsafe(no_mangle)]
pub extern "C" fn changes() -> usize {
    with(|bench| kernels::changes(&mut bench.all, bench.policies))
}

/// [`kernels::overview`] of the first policy, with all namespaces folded (0) or unfolded.
#[unsafe(no_mangle)]
pub extern "C" fn overview(is_unfolded: usize) -> usize {
    with(|bench| {
        bench.is_on = !bench.is_on;
        let lens = kernels::lens(&bench.census, is_unfolded != 0);
        let to = if bench.is_on { Switch::On } else { Switch::Off };
        kernels::overview(&mut bench.census, &lens, (0, to))
    })
}
