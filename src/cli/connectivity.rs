//! `netpol connectivity`: who can reach whom, as JSON or as a table.

use std::io::Write;

use serde::Serialize;

use super::Failure;
use super::args::{Connectivity, Format};
use super::load::{Loaded, load};
use super::table::{json_list, table};
use crate::connectivity::{Pair, connectivity};
use crate::evaluate::Model;
use crate::net::{Connections, Protocol};

/// An entry of the list.
#[derive(Serialize)]
struct Entry {
    src: String,
    dst: String,
    conns: Ports,
}

/// The ports of each protocol, in the order of [`Protocol::ALL`]; inclusive intervals.
#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) struct Ports {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tcp: Vec<(u16, u16)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    udp: Vec<(u16, u16)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sctp: Vec<(u16, u16)>,
}

impl From<&Connections> for Ports {
    fn from(connections: &Connections) -> Self {
        let intervals = |protocol| {
            let ranges = connections.ports(protocol).ranges().iter();
            ranges.map(|range| (range.first, range.last)).collect()
        };
        Ports {
            tcp: intervals(Protocol::Tcp),
            udp: intervals(Protocol::Udp),
            sctp: intervals(Protocol::Sctp),
        }
    }
}

/// Writes the list.
pub(super) fn run(args: &Connectivity, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, .. } = load(&args.input, args.by.into())?;
    let pairs = connectivity(&model, args.siblings());
    let mut rows: Vec<Row> = pairs.iter().map(|pair| row(&model, pair)).collect();
    rows.sort_by(|a, b| (&a.source, &a.destination).cmp(&(&b.source, &b.destination)));
    match args.format {
        Format::Json => {
            let entry = |Row { source: src, destination: dst, connections }| Entry {
                src,
                dst,
                conns: connections.into(),
            };
            json_list(rows.into_iter().map(entry), out)?;
            writeln!(out)?;
        }
        Format::Table => {
            let cells = |Row { source, destination, connections }| {
                [source, destination, Connections::to_string(connections)]
            };
            let lines: Vec<_> = rows.into_iter().map(cells).collect();
            table(["FROM", "TO", "CONNECTIONS"], &lines, out)?;
        }
    }
    Ok(())
}

/// A pair by the names of its ends.
struct Row<'a> {
    source: String,
    destination: String,
    connections: &'a Connections,
}

fn row<'a>(model: &Model, pair: &'a Pair) -> Row<'a> {
    Row {
        source: pair.source.name(model),
        destination: pair.destination.name(model),
        connections: &pair.connections,
    }
}
