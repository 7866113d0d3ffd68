//! The kernels for JavaScript: `../wasm.mjs` times them.
//!
//! Functions of numbers alone, so that no bindings stand between what is timed and who times it. There is
//! one cluster at a time.

use std::cell::RefCell;

use netpol_engine::evaluate::Model;
use netpol_engine::fragment::Fragment;
use netpol_engine::overview::Census;
use netpol_engine::reachability::{Reachability, Reached, Switch};

use crate::generator::PLANS;
use crate::kernels;

#[derive(Default)]
struct Bench {
    policies: usize,
    text: String,
    fragment: Fragment,
    model: Model,
    all: Option<Reachability>,
    reached: Vec<Reached>,
    census: Option<Census>,
    /// Whether the first policy is off.
    is_off: bool,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

fn with(kernel: impl FnOnce(&mut Bench) -> usize) -> usize {
    BENCH.with_borrow_mut(kernel)
}

/// The kernels of what was [prepared](prepare).
fn with_all(kernel: impl FnOnce(usize, &mut Reachability, &mut [Reached]) -> usize) -> usize {
    with(|Bench { policies, all, reached, .. }| {
        all.as_mut().map_or(0, |all| kernel(*policies, all, reached))
    })
}

/// Writes the cluster of a plan, by its number. Says how many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn write(plan: usize, atoms: usize) -> usize {
    let plan = PLANS[plan].1.with_atoms(atoms);
    // What was there before must not take memory beside it.
    BENCH.take();
    BENCH.set(Bench { policies: plan.policies, text: plan.text(), ..Bench::default() });
    with(|bench| bench.text.len())
}

/// [`kernels::read`]. Says how many objects there are.
#[unsafe(no_mangle)]
pub extern "C" fn read() -> usize {
    with(|bench| {
        bench.fragment = kernels::read(&bench.text);
        bench.fragment.objects.len()
    })
}

/// [`kernels::model`]. Says how many workloads there are.
#[unsafe(no_mangle)]
pub extern "C" fn model() -> usize {
    with(|bench| {
        bench.model = kernels::model(&bench.fragment);
        bench.model.cluster.workloads.len()
    })
}

/// Builds, and keeps what is built for the other kernels. Says how many classes of pods there are.
#[unsafe(no_mangle)]
pub extern "C" fn prepare() -> usize {
    with(|bench| bench.all.insert(kernels::build(&bench.model)).classes().0)
}

/// [`kernels::reach`], kept for [`reached`]. Says how many words of sources there are.
#[unsafe(no_mangle)]
pub extern "C" fn reach() -> usize {
    with(|bench| {
        bench.reached = bench.all.as_ref().map(kernels::reach).unwrap_or_default();
        bench.reached.len()
    })
}

/// [`kernels::build`].
#[unsafe(no_mangle)]
pub extern "C" fn build() -> usize {
    with(|bench| kernels::build(&bench.model).atoms())
}

/// [`kernels::rows`].
#[unsafe(no_mangle)]
pub extern "C" fn rows() -> usize {
    with_all(|_, all, _| {
        kernels::rows(all);
        all.atoms()
    })
}

/// [`kernels::reached`].
#[unsafe(no_mangle)]
pub extern "C" fn reached() -> usize {
    with_all(|_, all, reached| {
        kernels::reached(all, reached);
        reached.len()
    })
}

/// [`kernels::switches`].
#[unsafe(no_mangle)]
pub extern "C" fn switches() -> usize {
    with_all(|policies, all, _| kernels::switches(all, policies))
}

/// [`kernels::changes`].
#[unsafe(no_mangle)]
pub extern "C" fn changes() -> usize {
    with_all(|policies, all, _| kernels::changes(all, policies))
}

/// [`kernels::look`].
#[unsafe(no_mangle)]
pub extern "C" fn look() -> usize {
    with_all(|_, all, _| kernels::look(all))
}

/// [`kernels::overview`] of the first policy, with all namespaces folded (0) or unfolded. The first time also
/// takes the census.
#[unsafe(no_mangle)]
pub extern "C" fn overview(is_unfolded: usize) -> usize {
    with(|bench| {
        bench.is_off = !bench.is_off;
        let census = bench.census.get_or_insert_with(|| kernels::census(&bench.fragment));
        let lens = kernels::lens(census, is_unfolded != 0);
        let to = if bench.is_off { Switch::Off } else { Switch::On };
        kernels::overview(census, &lens, (0, to))
    })
}
