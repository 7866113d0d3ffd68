//! A comparison as a table for people, and that as Markdown.

use super::{Comparison, Difference, Kind, Presence};
use crate::connectivity::End;
use crate::net::Connections;

/// A line of the table. What there is nothing of is a dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What has become of the pair.
    pub kind: Kind,
    /// Who connects, and whether that workload is `(added)` or `(removed)`.
    pub source: String,
    /// To whom, likewise.
    pub destination: String,
    /// What passes now and did not.
    pub gained: String,
    /// What passed and does not now.
    pub lost: String,
}

/// The differences as lines of a table: what policies do to workloads that are in both states
/// first, and what opens before what closes.
pub fn rows(comparison: &Comparison) -> Vec<Row> {
    let mut differences: Vec<&Difference> = comparison.differences.iter().collect();
    differences.sort_by_key(|difference| (comparison.presence(difference), difference.kind));
    let ports = |connections: &Connections| match connections.is_empty() {
        true => "-".to_owned(),
        false => connections.to_string(),
    };
    let row = |difference: &Difference| Row {
        kind: difference.kind,
        source: marked(comparison, difference.source),
        destination: marked(comparison, difference.destination),
        gained: ports(&difference.gained),
        lost: ports(&difference.lost),
    };
    differences.into_iter().map(row).collect()
}

/// An end's name, and whether it is new or gone.
fn marked(comparison: &Comparison, end: End) -> String {
    let name = comparison.name(end);
    let (End::Workload(workload) | End::Sibling(workload)) = end else { return name };
    match comparison.workloads[workload].presence() {
        Presence::Kept => name,
        Presence::Added => format!("{name} (added)"),
        Presence::Removed => format!("{name} (removed)"),
    }
}

/// A comparison as Markdown, as a pull request takes it: a heading that counts, the workloads that
/// are added or removed, the table, and notes, each a sentence.
pub fn markdown(comparison: &Comparison, notes: &[String]) -> String {
    let mut blocks = vec![format!("### Connectivity: {comparison}")];
    for (presence, word) in [(Presence::Added, "Added"), (Presence::Removed, "Removed")] {
        let names: Vec<String> = comparison.present(presence).map(code).collect();
        if !names.is_empty() {
            blocks.push(format!("{word}: {}", names.join(", ")));
        }
    }
    let rows = rows(comparison);
    if !rows.is_empty() {
        let mut table = "| | From | To | Gained | Lost |\n|---|---|---|---|---|".to_owned();
        for Row { kind, source, destination, gained, lost } in &rows {
            let (source, destination) = (code(source), code(destination));
            table += &format!("\n| {kind} | {source} | {destination} | {gained} | {lost} |");
        }
        blocks.push(table);
    }
    blocks.extend(notes.iter().map(|note| format!("Note: {note}")));
    blocks.join("\n\n") + "\n"
}

/// A name as code. The kinds of owners are anybody's words: they must not end the cell that they
/// are in.
fn code(name: &str) -> String {
    let name = name.replace(['`', '\n', '\r'], " ").replace('|', "\\|");
    format!("`{name}`")
}
