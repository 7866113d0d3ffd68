//! The command `netpol`: all of it is in [`netpol_playground::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    netpol_playground::cli::run()
}
