//! How long all pairs take at once, by the size of the cluster and the number of atoms: to cut and compile
//! (`build`), to make all rows (`rows`), to put those of sources and destinations together (`reached`), to
//! turn one policy off or on (`switch`), to list what that changes as well (`changes`), and to look at what
//! the sources of one word reach (`look`), which is all that is done at a time where rows are not kept. By
//! workload: to turn one policy off or on and say what there is to draw (`overview`, and with all namespaces
//! unfolded `overview-unfolded`), and to say it again as it was (`overview-again`).

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use netpol_kernels::generator::PLANS;
use netpol_kernels::kernels;
use netpol_playground::policy::PolicyRef;
use netpol_playground::reachability::Switch;

fn reachability(criterion: &mut Criterion) {
    for (name, plan) in PLANS {
        for atoms in [5, 200] {
            let fragment = kernels::read(&plan.with_atoms(atoms).text());
            let model = kernels::model(&fragment);
            let mut all = kernels::build(&model);
            let mut group = criterion.benchmark_group(format!("reachability-{name}-{atoms}"));
            group.bench_function("build", |bencher| {
                bencher.iter_batched(|| (), |()| kernels::build(&model), BatchSize::PerIteration);
            });
            group.bench_function("look", |bencher| bencher.iter(|| kernels::look(&all)));
            if all.keeps_rows() {
                group.bench_function("rows", |bencher| bencher.iter(|| kernels::rows(&mut all)));
                let mut reached = kernels::reach(&all);
                group.bench_function("reached", |bencher| {
                    bencher.iter(|| kernels::reached(&all, &mut reached));
                });
            }
            // Each policy in turn, off and on again.
            let turns =
                (0..plan.policies).flat_map(|i| [Switch::Off, Switch::On].map(|to| (i, to)));
            let mut turns = turns.cycle();
            let mut turn = move || turns.next().unwrap_or((0, Switch::On));
            let mut next = || {
                let (i, to) = turn();
                (PolicyRef(i), to)
            };
            group.bench_function("switch", |bencher| {
                bencher.iter(|| {
                    let (policy, to) = next();
                    all.switch(policy, to)
                });
            });
            group.bench_function("changes", |bencher| {
                bencher.iter(|| {
                    let (policy, to) = next();
                    all.switch(policy, to).changes(&all)
                });
            });
            let mut census = kernels::census(&fragment);
            for (name, is_unfolded) in [("overview", false), ("overview-unfolded", true)] {
                let lens = kernels::lens(&census, is_unfolded);
                group.bench_function(name, |bencher| {
                    bencher.iter(|| kernels::overview(&mut census, &lens, turn()));
                });
            }
            let lens = kernels::lens(&census, false);
            group.bench_function("overview-again", |bencher| {
                bencher.iter(|| kernels::overview_again(&census, &lens));
            });
            group.finish();
        }
    }
}

criterion_group!(benches, reachability);
criterion_main!(benches);
