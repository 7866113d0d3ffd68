//! The kernels for JavaScript: `../wasm.mjs` times them.
//!
//! Functions of numbers alone, so that no bindings stand between what is timed and who times it. There is
//! one cluster at a time.

use std::cell::RefCell;

use netpol_engine::evaluate::Model;
use netpol_engine::reachability::Reachability;

use crate::generator::PLANS;
use crate::kernels;

struct Bench {
    policies: usize,
    model: Model,
    all: Reachability,
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
    let model = kernels::model(&kernels::read(&plan.text()));
    let all = kernels::build(&model);
    let classes = all.classes().0;
    BENCH.set(Some(Bench { policies: plan.policies, model, all }));
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
