//! What old manifests look like is taken as it is: the traps of `tests/fixtures/`.

use std::fs;
use std::path::Path;

use netpol_playground::compile::{Defaults, compile};
use netpol_playground::manifest::{self, Content, Object, Source};

/// The file still has its trap, which an editor may have tidied away, and all of it is read
/// without a word.
#[track_caller]
fn check(name: &str, has_trap: impl Fn(&str) -> bool, objects: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let path = folder.join("workshop-original-traps").join(name);
    let source = Source::new(name, fs::read_to_string(path).unwrap());
    assert!(has_trap(&source.text), "{name} has lost its trap");
    let reading = manifest::read(&source);
    assert_eq!(reading.diagnostics, [], "{name}");
    assert_eq!(reading.strays, [], "{name}");
    assert_eq!(compile(&reading, &Defaults::default()).diagnostics, [], "{name}");
    let found: Vec<_> = reading.objects.iter().map(|o| format!("{} {}", o.kind, o.name)).collect();
    assert_eq!(found, objects, "{name}");
    let read = |object: &Object| !matches!(object.content, Content::Other);
    assert!(reading.objects.iter().all(read), "{name} holds an object that is not read");
}

const CLIENT: [&str; 2] = ["Deployment client", "Service client"];
const UI: [&str; 1] = ["Service management-ui"];
const DENY: [&str; 2] =
    ["NetworkPolicy default-deny-frontend", "NetworkPolicy default-deny-backend"];

#[test]
fn old_api_versions() {
    check("client.yaml", |text| text.contains("apiVersion: apps/v1beta2"), &CLIENT);
}

#[test]
fn spaces_after_plain_scalars() {
    check("client.yaml", |text| text.contains("name: client   \n"), &CLIENT);
    check("client.yaml", |text| text.contains("/status  \n"), &CLIENT);
}

#[test]
fn no_newline_at_the_end() {
    check("client.yaml", |text| text.ends_with("9000   "), &CLIENT);
    check("management-ui.yaml", |text| text.ends_with("33002"), &UI);
}

#[test]
fn node_ports_out_of_range() {
    check("management-ui.yaml", |text| text.contains("nodePort: 33002"), &UI);
}

#[test]
fn empty_selectors_and_rules() {
    check("default-deny.yaml", |text| text.contains("podSelector: {matchLabels: {}}"), &DENY);
    check("default-deny.yaml", |text| text.contains("ingress: []"), &DENY);
}
