//! A `LabelSelector` to a [`Selector`].

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};

use crate::diagnostic::Quoted;
use crate::labels::{Requirement, Selector};
use crate::manifest::Path;

use super::findings::Findings;
use super::names::{check_label_key, check_label_value, check_labels};

/// The selector that a `LabelSelector` is; refused requirements are left out of it.
pub(super) fn selector(given: &LabelSelector, path: &Path, findings: &mut Findings) -> Selector {
    let mut requirements = Vec::new();
    if let Some(labels) = &given.match_labels {
        check_labels(labels, &path.key("matchLabels"), findings);
        requirements.extend(labels.iter().map(|(key, value)| Requirement::equals(key, value)));
    }
    let expressions = path.key("matchExpressions");
    for (i, expression) in given.match_expressions.iter().flatten().enumerate() {
        requirements.extend(requirement(expression, &expressions.index(i), findings));
    }
    Selector::new(requirements)
}

fn requirement(
    given: &LabelSelectorRequirement,
    path: &Path,
    findings: &mut Findings,
) -> Option<Requirement> {
    let key = given.key.clone();
    check_label_key(&key, findings, |findings, message| {
        findings.refuse(&path.key("key"), message);
    });
    let (operator, values) = (path.key("operator"), path.key("values"));
    let listed = given.values.iter().flatten();
    match (given.operator.as_str(), given.values.as_ref().is_none_or(Vec::is_empty)) {
        (set @ ("In" | "NotIn"), true) => {
            findings
                .refuse(&values, format!("`{values}` must hold at least one value for `{set}`"));
            None
        }
        (set @ ("In" | "NotIn"), false) => {
            for (i, value) in listed.clone().enumerate() {
                check_label_value(value, &values.index(i), findings);
            }
            // Collecting into a set would sort a list first, which takes more code than inserting.
            let mut set_of_values = BTreeSet::new();
            set_of_values.extend(listed.cloned());
            Some(match set {
                "In" => Requirement::In(key, set_of_values),
                _ => Requirement::NotIn(key, set_of_values),
            })
        }
        ("Exists", true) => Some(Requirement::Exists(key)),
        ("DoesNotExist", true) => Some(Requirement::DoesNotExist(key)),
        (presence @ ("Exists" | "DoesNotExist"), false) => {
            findings.refuse(&values, format!("`{values}` must be empty for `{presence}`"));
            None
        }
        (other, _) => {
            findings.refuse(
                &operator,
                format!(
                    "`{operator}` must be `In`, `NotIn`, `Exists` or `DoesNotExist`, not {}",
                    Quoted(other)
                ),
            );
            None
        }
    }
}
