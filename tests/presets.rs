//! Everything under `presets/` loads, and what names something names something that is there. The
//! page relies on it: embedded text that does not load is a panic.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use netpol_playground::assemble::assemble;
use netpol_playground::manifest::{self, Content, Object, Reading, Source};
use netpol_playground::presets;
use netpol_playground::scenario::{PresetFile, Scenario};

/// The paths under a folder, relative to it, of files with this ending.
fn files(folder: &Path, ending: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if relative.ends_with(ending) {
                found.insert(relative);
            }
        }
    }
    found
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("presets")
}

fn used(scenario: &Scenario) -> impl Iterator<Item = &PresetFile> {
    scenario.manifests.iter().chain(&scenario.policies)
}

fn reading(file: &PresetFile) -> Reading {
    manifest::read(&Source::new(file.path.as_str(), file.text.as_str()))
}

fn objects(file: &PresetFile) -> Vec<Object> {
    reading(file).objects
}

/// The container arguments of every workload, by `ns/name`.
fn workloads(scenario: &Scenario) -> BTreeMap<String, Vec<String>> {
    let mut workloads = BTreeMap::new();
    for object in scenario.manifests.iter().flat_map(objects) {
        if let Content::Workload(workload) = &object.content {
            let path = format!("{}/{}", object.namespace.as_deref().unwrap(), object.name);
            let containers = &workload.pod.spec.containers;
            let arguments = containers.iter().flat_map(|container| container.args.clone());
            workloads.insert(path, arguments.collect());
        }
    }
    workloads
}

#[test]
fn the_workshop_is_there() {
    let switches = |slug| -> Vec<_> {
        presets::scenario(slug).unwrap().policies.iter().map(PresetFile::stem).collect()
    };
    let v1 = ["default-deny", "allow-management-ui", "backend-policy", "facade-policy"];
    assert_eq!(switches("workshop-v1"), v1);
    let added = ["pci-policy", "queue-policy", "payments-policy"];
    assert_eq!(switches("workshop-v2"), [v1.as_slice(), added.as_slice()].concat());
    assert_eq!(presets::tour("workshop").unwrap().steps.len(), 10);
    assert_eq!(presets::scenario("workshop"), None);
    assert_eq!(presets::tour("workshop-v1"), None);
}

#[test]
fn an_address_has_a_bit_for_every_switch() {
    for scenario in presets::scenarios() {
        assert!(scenario.policies.len() <= 64, "{}", scenario.slug);
    }
}

#[test]
fn every_folder_is_loaded() {
    let slugs = |name: &str| -> BTreeSet<String> {
        let paths = files(&folder(), name);
        paths.iter().map(|path| path.strip_suffix(name).unwrap().into()).collect()
    };
    let loaded = presets::scenarios().iter().map(|scenario| scenario.slug.to_owned()).collect();
    assert_eq!(slugs("/scenario.yaml"), loaded);
    let loaded = presets::tours().iter().map(|tour| tour.slug.to_owned()).collect();
    assert_eq!(slugs("/tour.yaml"), loaded);
}

#[test]
fn every_file_is_used_and_whole() {
    let mut left = files(&folder(), "");
    left.retain(|path| !path.ends_with("/scenario.yaml") && !path.ends_with("/tour.yaml"));
    for file in presets::scenarios().iter().flat_map(used) {
        left.remove(&file.path);
        assert_eq!(file.text, fs::read_to_string(folder().join(&file.path)).unwrap());
        assert!(file.text.ends_with('\n'), "{} has no newline at its end", file.path);
        let padded = |line: &str| line.ends_with([' ', '\t']);
        assert!(!file.text.lines().any(padded), "{} has space at the end of a line", file.path);
    }
    assert_eq!(left, BTreeSet::new(), "files that no scenario uses");
}

#[test]
fn a_file_is_named_once_and_a_switch_has_one_name() {
    for scenario in presets::scenarios() {
        let paths: BTreeSet<_> = used(scenario).map(|file| &file.path).collect();
        assert_eq!(paths.len(), used(scenario).count(), "{}", scenario.slug);
        let names: BTreeSet<_> = scenario.policies.iter().map(PresetFile::stem).collect();
        assert_eq!(names.len(), scenario.policies.len(), "{}", scenario.slug);
    }
}

#[test]
fn manifests_hold_objects_and_no_mistakes() {
    for file in presets::scenarios().iter().flat_map(used) {
        let reading = reading(file);
        assert!(!reading.objects.is_empty(), "{} holds no object", file.path);
        assert_eq!(reading.diagnostics, [], "{}", file.path);
        assert_eq!(reading.strays, [], "{}", file.path);
        for object in &reading.objects {
            assert!(!matches!(object.content, Content::Other), "{object:?} is of no use");
        }
    }
}

#[test]
fn the_api_server_would_take_everything() {
    for scenario in presets::scenarios() {
        let compiled = assemble(used(scenario).map(|file| &file.fragment), &[]);
        assert_eq!(compiled.diagnostics, [], "{}", scenario.slug);
        for namespace in compiled.cluster.namespaces.values() {
            let declared = namespace.location.is_some() || namespace.name == "kube-system";
            assert!(declared, "{}: {} is only mentioned", scenario.slug, namespace.name);
        }
    }
}

#[test]
fn a_switch_is_policies_and_a_manifest_is_none() {
    for scenario in presets::scenarios() {
        let is_policy = |object: &Object| matches!(object.content, Content::NetworkPolicy(_));
        for file in &scenario.policies {
            assert!(objects(file).iter().all(is_policy), "{}", file.path);
        }
        for file in &scenario.manifests {
            assert!(!objects(file).iter().any(is_policy), "{}", file.path);
        }
    }
}

#[test]
fn codes_and_observers_name_workloads() {
    for scenario in presets::scenarios() {
        let workloads = workloads(scenario);
        for (workload, code) in &scenario.codes {
            assert!(workloads.contains_key(workload), "{}: no {workload}", scenario.slug);
            assert!((1..=2).contains(&code.chars().count()), "{}: {code}", scenario.slug);
        }
        let codes: BTreeSet<_> = scenario.codes.values().collect();
        assert_eq!(codes.len(), scenario.codes.len(), "{}: a code names one star", scenario.slug);
        if let Some(observer) = &scenario.observer {
            let watched = observer.targets.join(",");
            let arguments = workloads.get(&observer.workload).expect("the observer is deployed");
            assert!(
                arguments.contains(&format!("--urls={watched}")),
                "{}: the observer's own list is another",
                scenario.slug
            );
        }
    }
}

#[test]
fn every_step_can_be_shown() {
    for tour in presets::tours() {
        for (number, step) in (1..).zip(&tour.steps) {
            let at = format!("step {number} of {}", tour.slug);
            let scenario = presets::scenario(&step.scenario);
            let scenario = scenario.unwrap_or_else(|| panic!("{at}: no {}", step.scenario));
            for policy in &step.applied {
                let switch = scenario.policies.iter().find(|file| file.stem() == policy);
                assert!(switch.is_some(), "{at}: {} has no {policy}", step.scenario);
            }
            assert!((2..=4).contains(&step.text.lines().count()), "{at}: the narration's lines");
            assert!(!step.text.ends_with('\n'), "{at}: the narration ends in an empty line");
            assert_eq!(step.line.lines().count(), 1, "{at}: the projector's line");
        }
    }
}

/// The commands are for people to copy: the files they name are there, and what is applied on a
/// cluster by then is what the step shows.
#[test]
fn the_commands_apply_what_the_steps_show() {
    for tour in presets::tours() {
        let mut before: &[String] = &[];
        for (number, step) in (1..).zip(&tour.steps) {
            let at = format!("step {number} of {}: {}", tour.slug, step.command);
            let named: Vec<_> = step.command.split(" -f ").skip(1).collect();
            for path in &named {
                assert!(folder().join(&tour.slug).join(path).exists(), "{at}: no {path}");
            }
            let added: Vec<_> =
                step.applied.iter().filter(|policy| !before.contains(policy)).collect();
            let policies: Vec<_> = named
                .iter()
                .filter_map(|path| path.strip_prefix("policies/")?.strip_suffix(".yaml"))
                .collect();
            assert_eq!(policies, added, "{at}");
            if !step.delete.is_empty() {
                let deleted = step.command.strip_prefix("kubectl delete namespace ");
                let deleted: Vec<_> = deleted.unwrap_or_default().split(' ').collect();
                assert_eq!(deleted, step.delete, "{at}");
            }
            before = &step.applied;
        }
    }
}
