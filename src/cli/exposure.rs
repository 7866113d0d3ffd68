//! `netpol exposure`: what a pod that is not there yet could reach, and be reached by.

use std::io::{self, Write};

use serde::Serialize;

use super::Failure;
use super::args::{Exposure, ExposureFormat};
use super::connectivity::Ports;
use super::load::{Loaded, kinds, load, note_on};
use super::table::{json_list, table};
use crate::evaluate::Model;
use crate::exposure::{self, Row, Variation, Way};
use crate::labels::Labels;
use crate::net::Connections;
use crate::policy::Direction;

/// An entry of the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'r> {
    src: String,
    dst: String,
    unnamed: Ports,
    at_most: Ports,
    variation: String,
    ways: Vec<WayEntry<'r>>,
}

#[derive(Serialize)]
struct WayEntry<'r> {
    #[serde(skip_serializing_if = "Labels::is_empty")]
    labels: &'r Labels,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    namespace: &'r Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'r str>,
    conns: Ports,
}

impl<'r> Entry<'r> {
    fn new(model: &Model, row: &'r Row) -> Self {
        let [src, dst] = ends(model, row);
        let way = |Way { example, connections }: &'r Way| WayEntry {
            labels: &example.labels,
            namespace: &example.namespace,
            address: example.address.map(|range| range.to_string()),
            node: example.node.as_deref(),
            conns: connections.into(),
        };
        Entry {
            src,
            dst,
            unnamed: (&row.unnamed).into(),
            at_most: (&row.at_most).into(),
            variation: row.variation.to_string(),
            ways: row.ways.iter().map(way).collect(),
        }
    }
}

/// Writes the answer. Pairs between which nothing can pass are left out of all but the sentences.
pub(super) fn run(args: &Exposure, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, unevaluated, .. } = load(&args.input, args.by.into())?;
    let not_evaluated = kinds(&unevaluated);
    let exposure::Exposure { rows, named_ports } = exposure::exposure(&model);
    let may_pass = |row: &&Row| !row.at_most.is_empty() || row.variation == Variation::CutShort;
    let mut listed: Vec<&Row> = rows.iter().filter(may_pass).collect();
    listed.sort_by_cached_key(|row| ends(&model, row));
    match args.format {
        ExposureFormat::Json => {
            write!(out, "{{\n\"exposure\":")?;
            json_list(listed.into_iter().map(|row| Entry::new(&model, row)), out)?;
            let lists =
                [("namedPorts", json(&named_ports)?), ("notEvaluated", json(&not_evaluated)?)];
            for (name, list) in lists {
                write!(out, ",\n\"{name}\":{list}")?;
            }
            writeln!(out, "\n}}")?;
            return Ok(());
        }
        ExposureFormat::Table => {
            let lines: Vec<_> = listed.into_iter().map(|row| line(&model, row)).collect();
            table(["FROM", "TO", "UNNAMED", "AT MOST", "WITH"], &lines, out)?;
        }
        ExposureFormat::Text => {
            let alike = |a: &Row, b: &Row| (&a.stranger, a.direction) == (&b.stranger, b.direction);
            for rows in rows.chunk_by(alike) {
                writeln!(out, "{}", exposure::sentence(&model, rows))?;
            }
        }
    }
    let mut notes: Vec<String> = not_evaluated.into_iter().map(note_on).collect();
    if !named_ports.is_empty() {
        let names: Vec<&str> = named_ports.iter().map(String::as_str).collect();
        let names = names.join(", ");
        notes
            .push(format!("rules name ports, {names}: a new pod is taken to declare none of them"));
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

fn json(names: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(names)?)
}

/// Who connects, and to whom.
fn ends(model: &Model, row: &Row) -> [String; 2] {
    let (stranger, workload) =
        (row.stranger.to_string(), model.cluster.workloads[row.workload].id());
    match row.direction {
        Direction::Egress => [workload, stranger],
        Direction::Ingress => [stranger, workload],
    }
}

fn line(model: &Model, row: &Row) -> [String; 5] {
    let [source, destination] = ends(model, row);
    let ports = |connections: &Connections| match connections.is_empty() {
        true => "-".to_owned(),
        false => connections.to_string(),
    };
    let at_most = match row.variation {
        Variation::CutShort => format!("{} or more", ports(&row.at_most)),
        Variation::Settled | Variation::Varies => ports(&row.at_most),
    };
    let way = |Way { example, connections }: &Way| format!("{example}: {}", ports(connections));
    let ways: Vec<String> = row.ways.iter().map(way).collect();
    let ways = if ways.is_empty() { "-".to_owned() } else { ways.join("; ") };
    [source, destination, ports(&row.unnamed), at_most, ways]
}
