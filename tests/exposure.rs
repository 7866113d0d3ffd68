//! What strangers could reach, in cases worked out by hand: the files of `tests/exposure`.
//!
//! The first document of a file says what is expected, the others are manifests, beside those of the
//! folders and files of `manifests`. Of every stranger of `of`, `rows` are all pairs between which
//! something can pass; `says` are sentences about them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use netpol_playground::analysis::{self, Request, analyze};
use netpol_playground::evaluate::{Model, Plugin};
use netpol_playground::exposure::{Exposure, Row, Variation, Way, exposure, sentence};
use netpol_playground::manifest::Source;
use netpol_playground::policy::Direction;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    #[serde(rename = "about")]
    _about: String,
    /// Paths in the repository.
    #[serde(default)]
    manifests: Vec<String>,
    /// Where pods of unknown address lie.
    pod_cidr: Option<String>,
    of: BTreeSet<String>,
    rows: Vec<Expected>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    named_ports: BTreeSet<String>,
}

/// A row. `atMost` is `unnamed` where it is not there.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Expected {
    from: String,
    to: String,
    #[serde(default = "nothing")]
    unnamed: String,
    at_most: Option<String>,
    /// Whether labels make no difference.
    #[serde(default)]
    settled: bool,
    /// What for each example: `labels app=web: TCP 80`.
    #[serde(default)]
    ways: Vec<String>,
}

fn nothing() -> String {
    "no connections".to_owned()
}

fn expected(model: &Model, row: &Row) -> Expected {
    let (stranger, workload) =
        (row.stranger.to_string(), model.cluster.workloads[row.workload].id());
    let (from, to) = match row.direction {
        Direction::Egress => (workload, stranger),
        Direction::Ingress => (stranger, workload),
    };
    let (unnamed, at_most) = (row.unnamed.to_string(), row.at_most.to_string());
    let way = |Way { example, connections }: &Way| format!("{example}: {connections}");
    Expected {
        from,
        to,
        at_most: (at_most != unnamed).then_some(at_most),
        unnamed,
        settled: row.variation == Variation::Settled,
        ways: row.ways.iter().map(way).collect(),
    }
}

/// The manifests of a folder or a file of the repository.
fn manifests(path: &str) -> Vec<Source> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut files = vec![full.clone()];
    if full.is_dir() {
        files = fs::read_dir(full).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
    }
    let source =
        |file: &PathBuf| Source::new(file.to_string_lossy(), fs::read_to_string(file).unwrap());
    files.iter().map(source).collect()
}

fn check(path: &Path) {
    let (name, text) = (path.display().to_string(), fs::read_to_string(path).unwrap());
    let (head, own) = text.split_once("\n---\n").unwrap_or((&text, ""));
    let case: Case = serde_norway::from_str(head).unwrap_or_else(|error| panic!("{name}: {error}"));
    let own = Source::new(&*name, own);
    let sources = case.manifests.iter().flat_map(|path| manifests(path)).chain([own]);
    let fragments: Vec<_> = sources.map(|source| analysis::read(&source)).collect();
    let mut plugin = Plugin::default();
    if let Some(pod_cidr) = &case.pod_cidr {
        plugin.pod_cidr = pod_cidr.parse().unwrap();
    }
    let analysis = analyze(&fragments, &Request { plugin, ..Request::default() });
    assert_eq!(analysis.diagnostics, [], "{name}");
    let model = &analysis.model;
    let Exposure { rows, named_ports } = exposure(model);
    assert_eq!(named_ports, case.named_ports, "{name}");
    let asked = |row: &&Row| case.of.contains(&row.stranger.to_string());
    let passing = rows.iter().filter(asked).filter(|row| !row.at_most.is_empty());
    let mut said: Vec<Expected> = passing.map(|row| expected(model, row)).collect();
    said.sort();
    let mut wanted = case.rows.clone();
    wanted.sort();
    assert_eq!(said, wanted, "{name}");
    let sentences: Vec<String> = rows
        .chunk_by(|a, b| (&a.stranger, a.direction) == (&b.stranger, b.direction))
        .map(|rows| sentence(model, rows))
        .collect();
    for wanted in &case.says {
        assert!(sentences.contains(wanted), "{name}: {wanted}\nnot in {sentences:#?}");
    }
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exposure");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files.iter().for_each(|file| check(file));
}
