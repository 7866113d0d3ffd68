//! Which objects a selector means.
//!
//! A [`Selector`] is what is left of the API's `LabelSelector` once it has been validated:
//! requirements that must all hold. Matching cannot fail; `compile` refuses what the API server
//! refuses before a selector exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// The labels of one object: `metadata.labels`.
pub type Labels = BTreeMap<String, String>;

/// The label that the API server sets on every namespace to the namespace's own name.
pub const NAMESPACE_NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// A validated `LabelSelector`: all requirements must hold, so none at all selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

/// One entry of `matchExpressions`; an entry of `matchLabels` is an [`In`](Requirement::In) with
/// one value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Requirement {
    /// The key is present and its value is listed.
    In(String, BTreeSet<String>),
    /// The key is absent, or its value is not listed.
    NotIn(String, BTreeSet<String>),
    /// The key is present, with whatever value: the empty string is one too.
    Exists(String),
    /// The key is absent.
    DoesNotExist(String),
}

impl Selector {
    /// The selector `{}`: everything in its scope.
    pub fn everything() -> Self {
        Selector::default()
    }

    /// The selector of these requirements, all of which must hold.
    pub fn new(requirements: Vec<Requirement>) -> Self {
        Selector { requirements }
    }

    /// Whether this is `{}`.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The requirements, all of which must hold.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    /// An entry of `matchLabels`, or of a Service's `selector`.
    pub fn equals(key: &str, value: &str) -> Self {
        let mut values = BTreeSet::new();
        values.insert(value.to_owned());
        Requirement::In(key.to_owned(), values)
    }

    /// The key that it is about.
    pub fn key(&self) -> &str {
        match self {
            Requirement::In(key, _)
            | Requirement::NotIn(key, _)
            | Requirement::Exists(key)
            | Requirement::DoesNotExist(key) => key,
        }
    }

    /// Whether an object with these labels meets the requirement. Comparison is exact.
    pub fn matches(&self, labels: &Labels) -> bool {
        match self {
            Requirement::In(key, values) => {
                labels.get(key).is_some_and(|value| values.contains(value))
            }
            Requirement::NotIn(key, values) => {
                labels.get(key).is_none_or(|value| !values.contains(value))
            }
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::DoesNotExist(key) => !labels.contains_key(key),
        }
    }
}

impl From<&Labels> for Selector {
    /// Plain equality on every label, as `matchLabels` and a Service's `selector` mean it.
    fn from(labels: &Labels) -> Self {
        let requirements = labels.iter().map(|(key, value)| Requirement::equals(key, value));
        Selector::new(requirements.collect())
    }
}

impl fmt::Display for Selector {
    /// The form that `kubectl get --selector` takes; `{}` for everything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everything() {
            return f.write_str("{}");
        }
        for (i, requirement) in self.requirements.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            write!(f, "{requirement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(",");
        match self {
            Requirement::In(key, values) if values.len() == 1 => {
                write!(f, "{key}={}", list(values))
            }
            Requirement::In(key, values) => write!(f, "{key} in ({})", list(values)),
            Requirement::NotIn(key, values) => write!(f, "{key} notin ({})", list(values)),
            Requirement::Exists(key) => f.write_str(key),
            Requirement::DoesNotExist(key) => write!(f, "!{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_read_as_kubectl_writes_them() {
        let values = |list: &[&str]| list.iter().map(|v| v.to_string()).collect();
        let selector = Selector::new(vec![
            Requirement::In("app".into(), values(&["queue"])),
            Requirement::NotIn("tier".into(), values(&["a", "b"])),
            Requirement::DoesNotExist("legacy".into()),
        ]);
        assert_eq!(selector.to_string(), "app=queue,tier notin (a,b),!legacy");
        assert_eq!(Selector::everything().to_string(), "{}");
    }
}
