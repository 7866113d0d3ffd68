//! Cases worked out by hand, one a rule of Kubernetes' network policies: `tests/cases/*.yaml`.
//!
//! The first document of a file says what is expected; the others are the manifests. A case is
//! added by adding a file. Both the engine and the naive statement of the rules must agree with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use netpol_playground::diagnostic::{Diagnostic, Severity};
use serde::Deserialize;

use crate::engine::Engine;
use crate::naive::{Outcome, Settings, World};

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
    /// Complaints about documents that are taken all the same; there may be others.
    #[serde(default)]
    warned: Vec<Complaint>,
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
    /// Policies, `namespace/name`.
    #[serde(default)]
    isolated_by: BySide,
    /// Rules, `namespace/name rule 1`.
    #[serde(default)]
    admitted_by: BySide,
}

/// All the names there are on a side, in any order; a side that is left out may have any.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BySide {
    egress: Option<Vec<String>>,
    ingress: Option<Vec<String>>,
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

/// Runs a file through the engine and the naive rules: all that comes out otherwise than expected.
fn check(file: &File) -> Vec<String> {
    let settings = &file.case.settings;
    let world = World::read(&file.accepted(), settings.clone());
    let engine = Engine::read(&file.text, settings);
    let mut wrong = complaints(file, engine.diagnostics());
    for expectation in &file.case.expect {
        let address = |end: &String| match end.as_str() {
            "internet" => world.internet().to_string(),
            _ => end.clone(),
        };
        let (from, to) = (address(&expectation.from), address(&expectation.to));
        let said = engine.ask(&from, &to, &expectation.port);
        let naively = world.ask(&from, &to, &expectation.port);
        for (who, outcome) in [("the engine", said), ("the naive rules", naively)] {
            if !expectation.is_met(&outcome) {
                wrong.push(format!("{expectation:#?}\n{who}: {outcome:#?}"));
            }
        }
    }
    wrong
}

impl Expectation {
    fn is_met(&self, outcome: &Outcome) -> bool {
        let Outcome { words, stopped, sides } = outcome;
        *words == self.outcome
            && (self.stopped.is_none() || *stopped == self.stopped)
            && self.isolated_by.is_met(&sides.egress.isolated_by, &sides.ingress.isolated_by)
            && self.admitted_by.is_met(&sides.egress.admitted_by, &sides.ingress.admitted_by)
    }
}

impl BySide {
    fn is_met(&self, egress: &[String], ingress: &[String]) -> bool {
        let is = |wanted: &Option<Vec<String>>, said: &[String]| {
            let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
            wanted.as_ref().is_none_or(|wanted| set(wanted) == set(said))
        };
        is(&self.egress, egress) && is(&self.ingress, ingress)
    }
}

/// What the engine ought to complain about and does not, and what it refuses without being asked.
fn complaints(file: &File, diagnostics: &[Diagnostic]) -> Vec<String> {
    let place = |d: &Diagnostic| format!("{}:{}", d.location.line, d.location.column);
    let mut wrong = Vec::new();
    let Case { refused, warned, .. } = &file.case;
    for (severity, wanted) in [(Severity::Error, refused), (Severity::Warning, warned)] {
        for Complaint { at, says } in wanted {
            let is_meant = |d: &&Diagnostic| d.severity == severity && place(d) == *at;
            if !diagnostics.iter().filter(is_meant).any(|d| d.message.contains(says)) {
                wrong.push(format!("no {severity} at {at} says {says}"));
            }
        }
    }
    let unasked = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let unasked = unasked.filter(|d| refused.iter().all(|complaint| complaint.at != place(d)));
    wrong.extend(unasked.map(|d| format!("unasked: {d}")));
    wrong
}

#[test]
fn every_case_comes_out_as_worked_out() {
    let mut report = String::new();
    for file in files() {
        for wrong in check(&file) {
            report += &format!("{}: {wrong}\n", file.name);
        }
    }
    assert!(report.is_empty(), "{report}");
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
