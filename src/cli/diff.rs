//! `netpol diff`: what is different between two states, as a table, as JSON or as Markdown.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::args::{Diff, DiffFormat};
use super::connectivity::Ports;
use super::load::{kinds, load_both, note_on};
use super::table::{json_list, table};
use super::{Answer, Failure, input};
use crate::compare::{self, Comparison, Difference, Kind, Presence, Row};

/// An entry of the list of differences.
#[derive(Serialize)]
struct Entry {
    src: String,
    dst: String,
    change: &'static str,
    gained: Ports,
    lost: Ports,
}

impl Entry {
    fn new(comparison: &Comparison, difference: &Difference) -> Self {
        Entry {
            src: comparison.name(difference.source),
            dst: comparison.name(difference.destination),
            change: difference.kind.as_str(),
            gained: (&difference.gained).into(),
            lost: (&difference.lost).into(),
        }
    }
}

/// Writes the differences.
pub(super) fn run(args: &Diff, out: &mut impl Write) -> Result<Answer, Failure> {
    let paths = [&args.before, &args.after];
    if paths.iter().all(|path| input::is_stdin(path)) {
        let sentence = "standard input can be the manifests before or after, not both";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    let [before, after] = load_both(paths, &args.terms, args.by.into())?;
    let comparison = compare::compare(&before.model, &after.model);
    let not_evaluated = kinds(before.unevaluated.iter().chain(&after.unevaluated));
    match args.format {
        DiffFormat::Table => write_table(&comparison, out)?,
        DiffFormat::Json => write_json(&comparison, &not_evaluated, out)?,
        DiffFormat::Markdown => {
            let notes: Vec<String> = not_evaluated.into_iter().map(note_on).collect();
            out.write_all(compare::markdown(&comparison, &notes).as_bytes())?;
        }
    }
    Ok(if comparison.is_empty() { Answer::Clean } else { Answer::Found })
}

fn write_json(
    comparison: &Comparison,
    not_evaluated: &BTreeSet<&str>,
    out: &mut impl Write,
) -> io::Result<()> {
    write!(out, "{{\n\"added\":")?;
    json_list(comparison.present(Presence::Added), out)?;
    write!(out, ",\n\"removed\":")?;
    json_list(comparison.present(Presence::Removed), out)?;
    write!(out, ",\n\"differences\":")?;
    json_list(comparison.differences.iter().map(|d| Entry::new(comparison, d)), out)?;
    writeln!(out, ",\n\"notEvaluated\":{}\n}}", serde_json::to_string(not_evaluated)?)
}

fn write_table(comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{comparison}")?;
    for (presence, word) in [(Presence::Added, "added"), (Presence::Removed, "removed")] {
        for workload in comparison.present(presence) {
            writeln!(out, "{word} {workload}")?;
        }
    }
    let cells = |Row { kind, source, destination, gained, lost }| {
        [Kind::to_string(&kind), source, destination, gained, lost]
    };
    let lines: Vec<_> = compare::rows(comparison).into_iter().map(cells).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    table(["CHANGE", "FROM", "TO", "GAINED", "LOST"], &lines, out)
}
