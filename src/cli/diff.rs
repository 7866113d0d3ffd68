//! `netpol diff`: what is different between two states, as a table, as JSON or as Markdown.

use std::io::Write;

use serde::Serialize;

use super::args::{Diff, DiffFormat};
use super::connectivity::Ports;
use super::load::{load_both, notes_on};
use super::{Answer, Failure, input};
use crate::compare::{self, Comparison, Difference, Presence, Row};

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
    match args.format {
        DiffFormat::Table => table(&comparison, out)?,
        DiffFormat::Json => json(&comparison, out)?,
        DiffFormat::Markdown => {
            let notes = notes_on(before.unevaluated.iter().chain(&after.unevaluated));
            out.write_all(compare::markdown(&comparison, &notes).as_bytes())?;
        }
    }
    Ok(if comparison.is_empty() { Answer::Clean } else { Answer::Found })
}

/// One entry a line, as in the list of the connectivity.
fn json(comparison: &Comparison, out: &mut impl Write) -> Result<(), Failure> {
    let names = |presence| comparison.present(presence).map(line).collect();
    let entry = |difference| line(&Entry::new(comparison, difference));
    let lists: [(&str, Result<Vec<String>, Failure>); 3] = [
        ("added", names(Presence::Added)),
        ("removed", names(Presence::Removed)),
        ("differences", comparison.differences.iter().map(entry).collect()),
    ];
    let mut start = "{";
    for (name, lines) in lists {
        let lines = lines?.join(",\n");
        let end = if lines.is_empty() { "" } else { "\n" };
        write!(out, "{start}\n\"{name}\":[{end}{lines}{end}]")?;
        start = ",";
    }
    Ok(writeln!(out, "\n}}")?)
}

fn line(entry: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    serde_json::to_string(entry).map_err(|error| Failure::Output(error.into()))
}

fn table(comparison: &Comparison, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{comparison}")?;
    for (presence, word) in [(Presence::Added, "added"), (Presence::Removed, "removed")] {
        for workload in comparison.present(presence) {
            writeln!(out, "{word} {workload}")?;
        }
    }
    let rows = compare::rows(comparison);
    if rows.is_empty() {
        return Ok(());
    }
    let heading = ["CHANGE", "FROM", "TO", "GAINED", "LOST"];
    let cells = rows.iter().map(|Row { kind, source, destination, gained, lost }| {
        [kind.as_str(), source, destination, gained, lost]
    });
    let lines: Vec<[&str; 5]> = [heading].into_iter().chain(cells).collect();
    let width = |column: usize| lines.iter().map(|cells| cells[column].len()).max().unwrap_or(0);
    let widths: [usize; 4] = std::array::from_fn(width);
    writeln!(out)?;
    for cells in &lines {
        for (cell, width) in cells.iter().zip(widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{}", cells[4])?;
    }
    Ok(())
}
