//! `netpol connectivity`: who can reach whom, as JSON or as a table.

use std::borrow::Cow;
use std::io::Write;

use serde::{Serialize, Serializer};

use super::Failure;
use super::args::{Connectivity, Format};
use super::load::{Loaded, load};
use crate::cluster::Workload;
use crate::connectivity::{End, Pair, connectivity};
use crate::net::{Connections, PortSet, Protocol};

/// Writes the list.
pub(super) fn run(args: &Connectivity, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, .. } = load(&args.input, args.by())?;
    let pairs = connectivity(&model, args.siblings());
    // Of pairs there are many, of workloads few.
    let names: Vec<String> = model.cluster.workloads.iter().map(Workload::id).collect();
    let name = |end: End| match end {
        End::Workload(workload) => Cow::Borrowed(names[workload].as_str()),
        End::Sibling(_) | End::External(_) => Cow::Owned(end.name(&model).to_string()),
    };
    let mut rows: Vec<Row> = pairs
        .iter()
        .map(|Pair { source, destination, connections }| Row {
            source: name(*source),
            destination: name(*destination),
            connections,
        })
        .collect();
    rows.sort_by(|a, b| (&a.source, &a.destination).cmp(&(&b.source, &b.destination)));
    match args.format {
        Format::Json => json(&rows, out),
        Format::Table => table(&rows, out),
    }
}

/// A pair by the names of its ends: an entry of the list.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "src")]
    source: Cow<'a, str>,
    #[serde(rename = "dst")]
    destination: Cow<'a, str>,
    #[serde(rename = "conns", serialize_with = "by_protocol")]
    connections: &'a Connections,
}

/// The ports of each protocol of which something passes, as inclusive intervals.
fn by_protocol<S: Serializer>(connections: &Connections, serializer: S) -> Result<S::Ok, S::Error> {
    let ports = Protocol::ALL.map(|protocol| (protocol.as_str(), connections.ports(protocol)));
    let passing = ports.into_iter().filter(|(_, ports)| !ports.is_empty());
    serializer.collect_map(passing.map(|(protocol, ports)| (protocol, Intervals(ports))))
}

struct Intervals<'a>(&'a PortSet);

impl Serialize for Intervals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.ranges().iter().map(|range| (range.first, range.last)))
    }
}

/// One entry a line, so that a line-by-line diff of two lists is a diff of the connectivity.
fn json(rows: &[Row], out: &mut impl Write) -> Result<(), Failure> {
    out.write_all(b"[")?;
    let mut separator = "\n";
    for row in rows {
        out.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut *out, row).map_err(std::io::Error::from)?;
        separator = ",\n";
    }
    let end = if separator == "\n" { "]\n" } else { "\n]\n" };
    Ok(out.write_all(end.as_bytes())?)
}

fn table(rows: &[Row], out: &mut impl Write) -> Result<(), Failure> {
    let width = |of: fn(&Row) -> usize, title: &str| {
        rows.iter().map(of).chain([title.len()]).max().unwrap_or_default()
    };
    let source = width(|row| row.source.len(), "FROM");
    let destination = width(|row| row.destination.len(), "TO");
    writeln!(out, "{:source$}  {:destination$}  CONNECTIONS", "FROM", "TO")?;
    for row in rows {
        writeln!(
            out,
            "{:source$}  {:destination$}  {}",
            row.source, row.destination, row.connections
        )?;
    }
    Ok(())
}
