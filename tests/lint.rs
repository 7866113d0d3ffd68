//! What `lint` finds and what it leaves alone. Every file of `tests/lint/cases` says in comments what is
//! found in it: `# finds: ID LINE:COLUMN` for each finding, in order, and `# fixed:` where there is a fix that
//! leaves nothing of it. `tests/lint/quiet` holds correct, sensible policies, of which nothing is said.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use netpol_playground::analysis::{self, Request};
use netpol_playground::assemble::assemble;
use netpol_playground::evaluate::Model;
use netpol_playground::fragment::Fragment;
use netpol_playground::lint::{Finding, Rule, lint};
use netpol_playground::manifest::Source;
use netpol_playground::owners::By;
use netpol_playground::presets;
use netpol_playground::scenario::PresetFile;

fn folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint").join(name);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

fn model<'f>(fragments: impl IntoIterator<Item = &'f Fragment>, name: &str) -> Model {
    let request = Request::default();
    let assembled = analysis::group(assemble(fragments, &[]), By::Workload, &request.plugin);
    assert_eq!(assembled.diagnostics, [], "{name}");
    analysis::analyze_assembled(assembled, &request).model
}

fn found(text: &str, name: &str) -> Vec<Finding> {
    let mut findings = lint(&model([&analysis::read(&Source::new(name, text))], name));
    findings.sort_by_key(|finding| (finding.location.line, finding.location.column));
    findings
}

fn said(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let Finding { rule, location, .. } = finding;
        format!("{} {}:{}", rule.id(), location.line, location.column)
    };
    findings.iter().map(line).collect()
}

#[test]
fn cases() {
    for path in folder("cases") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let expected: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("# finds: ")).collect();
        let findings = found(&text, name);
        assert_eq!(said(&findings), expected, "{name}: {findings:#?}");
        let mends = text.lines().any(|line| line == "# fixed:");
        let fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        assert_eq!(!fixes.is_empty(), mends, "{name}: has a fix");
        for fix in fixes {
            let fixed = fix.apply(&text).unwrap_or_else(|| panic!("{name}: {fix:?} does not fit"));
            let left = found(&fixed, name);
            assert_eq!(left.len(), findings.len() - 1, "{name}: {left:#?} of\n{fixed}");
        }
    }
}

#[test]
fn every_kind_has_cases_of_both_sorts() {
    let named = |prefix: &str, finds: bool| {
        folder("cases").into_iter().any(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            name.starts_with(prefix) && text.contains("# finds: ") == finds
        })
    };
    for rule in Rule::ALL {
        let prefix = format!("{}-", rule.id());
        assert!(named(&prefix, true), "{} is found nowhere", rule.id());
        assert!(named(&prefix, false), "{} is left alone nowhere", rule.id());
    }
}

#[test]
fn sensible_policies_are_left_alone() {
    let files = folder("quiet");
    assert!(files.len() >= 25, "{} sets", files.len());
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let findings = found(&fs::read_to_string(&path).unwrap(), name);
        assert_eq!(findings, [], "{name}");
    }
}

/// The steps of the tour have the one finding that the workshop teaches: pci-policy admits port 53 of
/// anybody.
#[test]
fn the_tour_has_the_finding_that_it_teaches() {
    for step in presets::tours().iter().flat_map(|tour| &tour.steps) {
        let scenario = presets::scenario(&step.scenario).unwrap();
        let is_on = |file: &&PresetFile| step.applied.iter().any(|name| name == file.stem());
        let files = scenario.manifests.iter().chain(scenario.policies.iter().filter(is_on));
        let fragments = files.map(|file| &file.fragment);
        let assembled = assemble(fragments, &step.delete);
        let model = analysis::analyze_assembled(assembled, &Request::default()).model;
        let rules: Vec<_> = lint(&model).iter().map(|finding| finding.rule).collect();
        let teaches =
            step.applied.iter().any(|name| name == "pci-policy") && step.delete.is_empty();
        let expected: &[Rule] = if teaches { &[Rule::DnsToTheWorld] } else { &[] };
        assert_eq!(rules, expected, "{}", step.title);
    }
}

#[test]
fn names_are_known_again_and_no_two_are_alike() {
    let ids: BTreeSet<_> = Rule::ALL.into_iter().map(Rule::id).collect();
    assert_eq!(ids.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert_eq!(Rule::of(rule.id()), Some(rule));
    }
    assert_eq!(Rule::of("no-such-finding"), None);
}

/// docs/findings.md tells of every kind.
#[test]
fn every_kind_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let text = fs::read_to_string(path).unwrap();
    for rule in Rule::ALL {
        let row = format!("| `{}` | {} |", rule.id(), rule.severity());
        assert!(text.contains(&row), "no row {row}");
    }
}
