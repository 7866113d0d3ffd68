//! What the editor is told, as JSON: marks in a text, and the words of the cluster for completion.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::cluster::Cluster;
use crate::diagnostic::Diagnostic;
use crate::lint::Finding;

/// A mark in a text.
#[derive(Serialize)]
struct Mark<'d> {
    line: u32,
    column: u32,
    severity: String,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

/// The marks of a file.
pub(super) fn marks(path: &str, diagnostics: &[Diagnostic], findings: &[Finding]) -> String {
    let of_file = diagnostics.iter().filter(|diagnostic| *diagnostic.location.file == *path);
    let marks = of_file.map(|Diagnostic { location, severity, message }| Mark {
        line: location.line,
        column: location.column,
        severity: severity.to_string(),
        message,
        id: None,
        why: None,
    });
    let of_file = findings.iter().filter(|finding| *finding.location.file == *path);
    let found = of_file.map(|Finding { rule, location, message, .. }| Mark {
        line: location.line,
        column: location.column,
        severity: rule.severity().to_string(),
        message,
        id: Some(rule.id()),
        why: Some(rule.why()),
    });
    json(&marks.chain(found).collect::<Vec<_>>())
}

/// What can be completed.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Vocabulary<'c> {
    namespaces: BTreeSet<&'c str>,
    pod_labels: Labels<'c>,
    namespace_labels: Labels<'c>,
    ports: BTreeSet<&'c str>,
}

/// Values by key.
type Labels<'c> = BTreeMap<&'c str, BTreeSet<&'c str>>;

/// The labels, namespaces and port names of a cluster.
pub(super) fn vocabulary(cluster: &Cluster) -> String {
    let mut words = Vocabulary::default();
    for namespace in cluster.namespaces.values() {
        words.namespaces.insert(&namespace.name);
        for (key, value) in &namespace.labels {
            words.namespace_labels.entry(key).or_default().insert(value);
        }
    }
    for workload in &cluster.workloads {
        for (key, value) in &workload.labels {
            words.pod_labels.entry(key).or_default().insert(value);
        }
        words.ports.extend(workload.ports.iter().filter_map(|port| port.name.as_deref()));
    }
    json(&words)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
