//! The command `netpol`: the same evaluator in a terminal.
//!
//! In: arguments, files and standard input. Out: answers on standard output, diagnostics on standard
//! error, and an exit code. Only this module and those below it touch files and streams; they decide
//! nothing about traffic and word no explanation.

mod args;
mod check;
mod connectivity;
mod diff;
mod expect;
mod explain;
mod exposure;
mod input;
mod lint;
mod load;
mod table;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::Diagnostic;
use crate::end::Unknown;
use args::{Args, Command};

/// The exit code of commands that look for something and find it.
const FOUND: u8 = 1;

/// The exit code of bad usage and of refused input, which is clap's as well.
const REFUSED: u8 = 2;

/// What a command comes to that answers.
enum Answer {
    /// There is nothing more to say.
    Clean,
    /// It has found what it looks for.
    Found,
}

/// Why a command gives no answer.
enum Failure {
    /// The input was refused; the diagnostics have said why.
    Refused,
    /// The arguments ask for something that is not there: a sentence.
    Usage(String),
    /// Standard output takes no more.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<Unknown> for Failure {
    fn from(error: Unknown) -> Self {
        Failure::Usage(error.to_string())
    }
}

/// Does what the arguments of this process ask for.
pub fn run() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let answer = match Args::parse().command {
        Command::Connectivity(args) => connectivity::run(&args, &mut out).map(|()| Answer::Clean),
        Command::Diff(args) => diff::run(&args, &mut out),
        Command::Explain(args) => explain::run(&args, &mut out).map(|()| Answer::Clean),
        Command::Exposure(args) => exposure::run(&args, &mut out).map(|()| Answer::Clean),
        Command::Lint(args) => lint::run(&args, &mut out),
        Command::Check(args) => check::run(&args, &mut out),
        Command::Expect(args) => expect::run(&args, &mut out).map(|()| Answer::Clean),
    };
    match answer.and_then(|answer| out.flush().map(|()| answer).map_err(Failure::from)) {
        Ok(Answer::Clean) => ExitCode::SUCCESS,
        Ok(Answer::Found) => ExitCode::from(FOUND),
        // Whoever reads the output has seen enough, as `head` has.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            match failure {
                Failure::Refused => {}
                Failure::Usage(sentence) => complain(&format!("error: {sentence}")),
                Failure::Output(error) => complain(&format!("error: cannot write: {error}")),
            }
            ExitCode::from(REFUSED)
        }
    }
}

/// Writes a line to standard error. Where that is closed, nobody wants to know.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn report(diagnostics: &[Diagnostic]) {
    diagnostics.iter().for_each(|diagnostic| complain(&diagnostic.to_string()));
}
