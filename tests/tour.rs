//! Every step of the workshop's tour shows what `tests/tour/expected.json` says, which the tests of
//! the page read too: what is watched, what the management UI sees, which calls get through, and
//! where some of the others are stopped. Workloads are `ns/name`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use netpol_playground::assemble::assemble;
use netpol_playground::evaluate::{Model, Plugin};
use netpol_playground::manifest::{self, Source};
use netpol_playground::presets;
use netpol_playground::probe::{Link, LinkState, Observer, Stop, links, sights};
use netpol_playground::scenario::{Scenario, Step};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    step: usize,
    watched: Vec<String>,
    /// What the management UI sees.
    visible: Vec<String>,
    /// Every call that gets through, watched or not: targets by source.
    open: BTreeMap<String, Vec<String>>,
    /// Where calls are stopped, as in the page's `data-stopped`: those that a step is about.
    stopped: BTreeMap<String, BTreeMap<String, String>>,
}

fn expected() -> Vec<Expected> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tour/expected.json");
    let source = Source::new("expected.json", fs::read_to_string(path).unwrap());
    manifest::from_text(&source).unwrap()
}

/// What is in the cluster at a step: deleting a namespace deletes what is in it.
fn model(scenario: &Scenario, step: &Step) -> Model {
    let applied =
        scenario.policies.iter().filter(|file| step.applied.iter().any(|p| p == file.stem()));
    let files = scenario.manifests.iter().chain(applied);
    let compiled = assemble(files.map(|file| &file.fragment), &step.delete);
    assert_eq!(compiled.diagnostics, []);
    Model {
        cluster: compiled.cluster.into(),
        policies: compiled.policies.into(),
        plugin: Plugin::default(),
    }
}

fn check(step: &Step, expected: &Expected) {
    let at = format!("step {}, {}", expected.step, step.title);
    let scenario = presets::scenario(&step.scenario).unwrap();
    let model = model(scenario, step);
    let workloads = &model.cluster.workloads;
    let watching = scenario.observer.as_ref().unwrap();
    let observer = Observer {
        workload: workloads.iter().position(|w| w.path() == watching.workload).unwrap(),
        targets: watching.targets.iter().map(|url| url.parse().unwrap()).collect(),
    };

    let watched = observer.targets.iter().map(|url| {
        let (name, namespace) = url.host.split_once('.').unwrap();
        format!("{namespace}/{name}")
    });
    assert_eq!(watched.collect::<Vec<_>>(), expected.watched, "{at}: watched");

    let sights = sights(&model, &observer);
    let seen = sights.iter().filter(|sight| sight.is_seen());
    let seen = seen.map(|sight| workloads.iter().enumerate().find(|(i, _)| sight.watches(*i)));
    let seen: Vec<_> = seen.map(|found| found.unwrap().1.path()).collect();
    assert_eq!(seen, expected.visible, "{at}: visible");

    let links = links(&model, Some(observer.workload));
    let ends = |link: &Link| (workloads[link.from].path(), workloads[link.to].path());
    let mut open: Vec<_> =
        links.iter().filter(|link| link.state() == LinkState::Open).map(ends).collect();
    open.sort();
    assert_eq!(open, pairs(&expected.open), "{at}: open");

    for (from, targets) in &expected.stopped {
        for (to, stop) in targets {
            let link = links.iter().find(|link| ends(link) == (from.clone(), to.clone())).unwrap();
            let found = link.stop().map(Stop::as_str);
            assert_eq!(found, Some(stop.as_str()), "{at}: {from} to {to}");
        }
    }
}

fn pairs(targets: &BTreeMap<String, Vec<String>>) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = targets
        .iter()
        .flat_map(|(from, to)| to.iter().map(|to| (from.clone(), to.clone())))
        .collect();
    pairs.sort();
    pairs
}

#[test]
fn every_step_shows_what_the_workshop_shows() {
    let tour = presets::tour("workshop").unwrap();
    let expected = expected();
    let numbers: Vec<_> = expected.iter().map(|expected| expected.step).collect();
    assert_eq!(numbers, (1..=tour.steps.len()).collect::<Vec<_>>());
    tour.steps.iter().zip(&expected).for_each(|(step, expected)| check(step, expected));
}
