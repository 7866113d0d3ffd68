//! Cases worked out by hand, one a rule of Kubernetes' network policies: `tests/cases/*.yaml`.
//!
//! The first document of a file says what is expected; the others are the manifests. A case is
//! added by adding a file. Both the engine and the naive statement of the rules must agree with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::naive::{self, End, Settings, Span, World};

/// What a file expects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The number of the rule, or `9.` and a word for what a server refuses.
    rule: String,
    /// The rule in a sentence.
    about: String,
    #[serde(default)]
    settings: Settings,
    /// Every complaint that sets a document aside.
    #[serde(default)]
    refused: Vec<Complaint>,
    /// Verdicts on what is left.
    expect: Vec<Expectation>,
}

/// A complaint: where, as `line:column` of the file, and a word of what it says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    at: String,
    says: String,
}

/// What becomes of a call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Expectation {
    /// `namespace/name`, `namespace/name[Kind]`, an address, or `internet`.
    from: String,
    /// The same, or `namespace/name#2` for another replica, or `service.namespace`.
    to: String,
    /// `80/TCP`.
    port: String,
    outcome: String,
    stopped: Option<String>,
    /// Policies by direction, in any order.
    #[serde(default)]
    isolated_by: BTreeMap<String, Vec<String>>,
    /// Rules by direction, in any order.
    #[serde(default)]
    admitted_by: BTreeMap<String, Vec<String>>,
}

/// A case and the text it is in.
struct File {
    name: String,
    text: String,
    case: Case,
}

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<File> = fs::read_dir(folder)
        .expect("tests/cases")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a readable file");
            let first = serde_norway::Deserializer::from_str(&text).next().expect("a document");
            let case = Case::deserialize(first).unwrap_or_else(|error| panic!("{name}: {error}"));
            File { name, text, case }
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

impl File {
    /// The manifests without the documents that are refused, which the naive rules cannot judge.
    fn accepted(&self) -> String {
        let refused: Vec<usize> = self
            .case
            .refused
            .iter()
            .map(|c| c.at.split(':').next().and_then(|line| line.parse().ok()).expect("a line"))
            .collect();
        let mut documents: Vec<(usize, String)> = vec![(1, String::new())];
        for (line, text) in (1..).zip(self.text.lines()) {
            if text == "---" {
                documents.push((line, String::new()));
            }
            let (_, document) = documents.last_mut().expect("a document");
            document.push_str(text);
            document.push('\n');
        }
        let ends: Vec<usize> =
            documents.iter().skip(1).map(|(start, _)| *start).chain([usize::MAX]).collect();
        let accepted =
            documents.into_iter().zip(ends).skip(1).filter(|((start, _), end)| {
                !refused.iter().any(|line| (start..end).contains(&line))
            });
        accepted.map(|((_, text), _)| text).collect()
    }
}

/// The end of a connection that an expectation names.
fn end<'w>(world: &'w World, name: &str) -> End<'w> {
    match (name, name.parse()) {
        ("internet", _) => End::Outside(world.internet()),
        (_, Ok(address)) => End::Outside(Span::of(address)),
        _ => match name.strip_suffix("#2") {
            Some(workload) => End::Replica(world.pod(workload)),
            None => End::Pod(world.pod(name)),
        },
    }
}

/// What the naive rules say to an expectation.
fn naively(world: &World, expectation: &Expectation) -> naive::Outcome {
    let (port, protocol) = expectation.port.split_once('/').expect("port/protocol");
    let port = port.parse().expect("a port");
    let from = end(world, &expectation.from);
    match expectation.to.split_once('.') {
        Some((service, home))
            if !expectation.to.contains('/')
                && home.parse::<f64>().is_err()
                && !home.contains('.') =>
        {
            naive::call(world, from, service, home, protocol, port)
        }
        _ => naive::call_address(world, from, end(world, &expectation.to), protocol, port),
    }
}

#[test]
fn naive_rules_agree_with_every_case() {
    let mut wrong = Vec::new();
    for file in files() {
        let world = World::read(&file.accepted(), file.case.settings.clone());
        for expectation in &file.case.expect {
            let outcome = naively(&world, expectation);
            let of = |names: &BTreeMap<String, Vec<String>>, direction: &str, said: &[String]| {
                names.get(direction).is_none_or(|names| {
                    names.iter().collect::<BTreeSet<_>>() == said.iter().collect()
                })
            };
            let sides = &outcome.sides;
            let right = outcome.words == expectation.outcome
                && expectation
                    .stopped
                    .as_deref()
                    .is_none_or(|stopped| outcome.stopped == Some(stopped))
                && [("egress", &sides.egress), ("ingress", &sides.ingress)].iter().all(
                    |(direction, side)| {
                        of(&expectation.isolated_by, direction, &side.isolated_by)
                            && of(&expectation.admitted_by, direction, &side.admitted_by)
                    },
                );
            if !right {
                wrong.push(format!("{}: {expectation:?}\n    but {outcome:?}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rules that say what a verdict is, and what a server refuses.
const RULES: &str = "
    1.1 1.2 1.3 1.5 1.6 1.7 1.8 1.13
    2.1 2.2 2.3 2.4 2.5 2.6 2.7
    3.1 3.2 3.3 3.4 3.5 3.6 3.7
    4.1 4.2 4.3 4.4 4.5 4.6 4.7 4.8
    5.1 5.2 5.3 5.4 5.5 5.6 5.7 5.8 5.9 5.10
    6.1 6.2 6.3 6.4 6.5 6.7 6.8
    7
    8.1 8.2 8.3 8.4 8.5 8.6
    9.endPort 9.port 9.protocol 9.peer 9.ipBlock 9.selectors 9.policyTypes 9.names 9.labels
    9.scalars 9.strictness 9.fields 9.yaml 9.apiVersion 9.odd";

#[test]
fn every_rule_has_a_case() {
    let mut rules = BTreeSet::new();
    for File { name, case, .. } in files() {
        assert!(
            name.starts_with(&format!("{}-", case.rule)),
            "{name} is named by its rule, {}",
            case.rule
        );
        assert!(
            !case.about.is_empty() && !case.about.ends_with('.'),
            "{name}: a sentence, no full stop"
        );
        rules.insert(case.rule);
    }
    assert_eq!(rules, RULES.split_whitespace().map(str::to_owned).collect());
}
