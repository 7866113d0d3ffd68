//! The workshop under every combination of its switches.
//!
//! For each of the 2^7 sets of policies the engine and the naive rules must agree on every call
//! that a probe makes, on the ribbon drawn for it, and on what the management UI sees of both its
//! lists.

use netpol_playground::presets;
use netpol_playground::scenario::{Observer, PresetFile, Scenario};

use crate::engine::Engine;
use crate::naive::{Settings, Url, World, probes, sees};

fn scenario(slug: &str) -> (&'static Scenario, &'static Observer) {
    let scenario = presets::scenario(slug).expect("a scenario");
    (scenario, scenario.observer.as_ref().expect("an observer"))
}

/// The scenario's text with the policies switched on whose bits are set.
fn text(scenario: &Scenario, switches: usize) -> String {
    let on = scenario.policies.iter().enumerate().filter(|(i, _)| switches & (1 << i) != 0);
    let files = scenario.manifests.iter().chain(on.map(|(_, file)| file));
    files.map(|PresetFile { text, .. }| text.as_str()).collect::<Vec<_>>().join("\n---\n")
}

/// The calls of the probes among the application's services: caller, Service, port.
fn calls(world: &World, observer: &Observer) -> Vec<(String, String, String)> {
    let mut calls = Vec::new();
    for pod in &world.pods {
        let caller = format!("{}/{}", pod.namespace, pod.name);
        if caller != observer.workload {
            let others = probes(pod).into_iter().filter(|url| url.service != pod.name);
            calls.extend(others.map(|Url { service, namespace, port }| {
                (caller.clone(), format!("{service}.{namespace}"), format!("{port}/TCP"))
            }));
        }
    }
    calls
}

#[test]
fn every_combination_of_switches() {
    let (first, second) = (scenario("workshop-v1"), scenario("workshop-v2"));
    assert_eq!((first.0.policies.len(), second.0.policies.len()), (4, 7));
    for (scenario, observer) in [first, second] {
        for switches in 0..1 << scenario.policies.len() {
            let text = text(scenario, switches);
            let world = World::read(&text, Settings::default());
            let engine = Engine::read(&text, &Settings::default());
            let calls = calls(&world, observer);
            assert_eq!(calls.len(), 20, "with switches {switches:b}");
            for (from, to, port) in calls {
                let (said, expected) =
                    (engine.ask(&from, &to, &port), world.ask(&from, &to, &port));
                assert_eq!(said, expected, "{from} -> {to} with switches {switches:b}");
                let (service, namespace) = to.split_once('.').expect("service.namespace");
                let drawn = engine.ribbon(&from, &format!("{namespace}/{service}"));
                let state = if expected.words == "open" { "open" } else { "blocked" }.to_owned();
                assert_eq!(drawn, Some((state, expected.stopped)), "{from} -> {to}");
            }
            for target in first.1.targets.iter().chain(&second.1.targets) {
                let seen = sees(&world, &observer.workload, target);
                let said = engine.sees(&observer.workload, target);
                assert_eq!(said, seen, "{target} with switches {switches:b}");
            }
        }
    }
}

/// The tour: policies switched on, calls that get through, services that the UI of version 2 sees.
const TOUR: [(usize, usize, usize); 8] =
    [(0, 20, 5), (1, 0, 0), (2, 0, 5), (3, 1, 5), (4, 2, 5), (5, 2, 5), (6, 4, 5), (7, 5, 5)];

#[test]
fn naive_rules_know_the_tour() {
    let (scenario, observer) = scenario("workshop-v2");
    for (policies, open, seen) in TOUR {
        let world = World::read(&text(scenario, (1 << policies) - 1), Settings::default());
        let targets = observer.targets.iter();
        let counted = targets.filter(|target| sees(&world, &observer.workload, target)).count();
        assert_eq!(counted, seen, "seen with {policies} policies");
        let calls = calls(&world, observer);
        let counted =
            calls.iter().filter(|(from, to, port)| world.ask(from, to, port).words == "open");
        assert_eq!(counted.count(), open, "open with {policies} policies");
    }
}
