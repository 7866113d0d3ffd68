//! Which objects a selector means.
//!
//! A [`Selector`] is what is left of the API's `LabelSelector` once it has been validated:
//! requirements that must all hold. Matching cannot fail; `compile` refuses what the API server
//! refuses before a selector exists. [`satisfying`] goes the other way, from requirements to labels.
//!
//! `index` answers for many things at once which of them a selector means, by their numbers, in a `set`.

pub(crate) mod index;
pub(crate) mod set;

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

    /// What is met by exactly the labels that do not meet this one.
    pub fn opposite(&self) -> Self {
        match self.clone() {
            Requirement::In(key, values) => Requirement::NotIn(key, values),
            Requirement::NotIn(key, values) => Requirement::In(key, values),
            Requirement::Exists(key) => Requirement::DoesNotExist(key),
            Requirement::DoesNotExist(key) => Requirement::Exists(key),
        }
    }
}

/// Labels with which all these requirements are met: as few of them as possible, and of several
/// values the first in the alphabet. None where the requirements contradict each other.
pub fn satisfying<'r>(requirements: impl IntoIterator<Item = &'r Requirement>) -> Option<Labels> {
    let mut keys: BTreeMap<&str, Vec<&Requirement>> = BTreeMap::new();
    for requirement in requirements {
        keys.entry(requirement.key()).or_default().push(requirement);
    }
    let mut labels = Labels::new();
    for (key, requirements) in keys {
        // No key is about another: each is absent, or has a value, on its own.
        let meets = |labels: &Labels| requirements.iter().all(|r| r.matches(labels));
        if meets(&Labels::new()) {
            continue;
        }
        let with = |value: String| Labels::from([(key.to_owned(), value)]);
        let wanted = requirements.iter().find_map(|requirement| match requirement {
            Requirement::In(_, values) => Some(values),
            _ => None,
        });
        let label = match wanted {
            Some(values) => values.iter().cloned().map(with).find(meets),
            // If any value does, one that is not named does.
            None => {
                let names = |r: &&Requirement, value: &str| match r {
                    Requirement::In(_, values) | Requirement::NotIn(_, values) => {
                        values.contains(value)
                    }
                    Requirement::Exists(_) | Requirement::DoesNotExist(_) => false,
                };
                let value = unnamed(|value| requirements.iter().any(|r| names(r, value)));
                Some(with(value)).filter(meets)
            }
        };
        labels.extend(label?);
    }
    Some(labels)
}

/// A value that stands for all that are not named: `any`, with a number where that is named itself.
pub(crate) fn unnamed(is_named: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u64..).map(|number| format!("any-{number}"));
    let mut values = std::iter::once("any".to_owned()).chain(numbered);
    values.find(|value| !is_named(value)).unwrap_or_default()
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

    #[test]
    fn labels_that_satisfy() {
        let r#in = |values: &[&str]| {
            Requirement::In("app".into(), values.iter().map(|v| v.to_string()).collect())
        };
        let not_in = |values: &[&str]| r#in(values).opposite();
        let exists = Requirement::Exists("app".into());
        let check = |requirements: &[Requirement], expected: Option<&str>| {
            let labels = satisfying(requirements);
            let written = labels.map(|labels| Selector::from(&labels).to_string());
            assert_eq!(written.as_deref(), expected, "{requirements:?}");
        };
        check(&[], Some("{}"));
        check(&[r#in(&["b", "a"])], Some("app=a"));
        check(&[r#in(&["a", "b"]), not_in(&["a"])], Some("app=b"));
        check(&[r#in(&["a", "b"]), r#in(&["b", "c"])], Some("app=b"));
        check(&[r#in(&["a"]), r#in(&["b"])], None);
        check(&[r#in(&["a"]), exists.opposite()], None);
        check(&[r#in(&["a"]), Requirement::Exists("b".into())], Some("app=a,b=any"));
        check(&[not_in(&["a"]), exists.opposite()], Some("{}"));
        check(&[not_in(&["any", "any-2"]), exists.clone()], Some("app=any-3"));
        check(&[exists.opposite(), exists], None);
    }
}
