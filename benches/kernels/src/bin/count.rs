//! Runs every kernel once on a cluster of 1,000 pods: for Callgrind, which counts their instructions.

use netpol_engine::reachability::Switch;
use netpol_kernels::generator::PLANS;
use netpol_kernels::kernels;

fn main() {
    let plan = PLANS.iter().find(|(name, _)| *name == "1000").map(|(_, plan)| plan);
    let plan = plan.expect("a plan of 1000");
    let fragment = kernels::read(&plan.text());
    let model = kernels::model(&fragment);
    let mut all = kernels::build(&model);
    kernels::rows(&mut all);
    let mut reached = kernels::reach(&all);
    kernels::reached(&all, &mut reached);
    println!("{} doors changed", kernels::switches(&mut all, plan.policies));
    println!("{} pairs changed", kernels::changes(&mut all, plan.policies));
    println!("{} pairs listed", kernels::list(&model));
    let mut census = kernels::census(&fragment);
    let lens = kernels::lens(&census, false);
    let bonds = kernels::overview(&mut census, &lens, (0, Switch::Off));
    println!("{bonds} bonds drawn");
}
