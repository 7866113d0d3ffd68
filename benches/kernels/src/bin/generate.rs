//! Writes the cluster of a plan: `generate 1000`, or with so many atoms `generate 1000 200`.

use std::io::{self, Write};
use std::process::ExitCode;

use netpol_kernels::generator::PLANS;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some((_, plan)) = PLANS.iter().find(|(known, _)| *known == name) else {
        eprintln!(
            "usage: generate PLAN [ATOMS], where a plan is one of {:?}",
            PLANS.map(|(n, _)| n)
        );
        return ExitCode::FAILURE;
    };
    let atoms = arguments.next().and_then(|atoms| atoms.parse().ok()).filter(|atoms| *atoms >= 3);
    let text = plan.with_atoms(atoms.unwrap_or(plan.atoms)).text();
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
