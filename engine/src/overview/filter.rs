//! The words that say which workloads are looked for.

use crate::cluster::Workload;

/// Words that must all hold of a workload.
pub(super) struct Filter<'t>(Vec<Word<'t>>);

enum Word<'t> {
    Label(&'t str, &'t str),
    OtherLabel(&'t str, &'t str),
    Namespace(&'t str),
    /// In small letters.
    Part(String),
}

impl<'t> Filter<'t> {
    /// Any text is a filter.
    pub fn new(text: &'t str) -> Filter<'t> {
        Filter(text.split_whitespace().map(Word::new).collect())
    }

    /// Whether all words hold of a workload.
    pub fn admits(&self, workload: &Workload) -> bool {
        self.0.iter().all(|word| word.holds(workload))
    }
}

impl<'t> Word<'t> {
    fn new(word: &'t str) -> Word<'t> {
        if let Some((key, value)) = word.split_once("!=") {
            Word::OtherLabel(key, value)
        } else if let Some((key, value)) = word.split_once('=') {
            Word::Label(key, value)
        } else if let Some(namespace) = word.strip_prefix("ns:") {
            Word::Namespace(namespace)
        } else {
            Word::Part(word.to_lowercase())
        }
    }

    fn holds(&self, workload: &Workload) -> bool {
        let label = |key: &str| workload.labels.get(key).map(String::as_str);
        match self {
            Word::Label(key, value) => label(key) == Some(value),
            // As in a selector, of a label that is not there as well.
            Word::OtherLabel(key, value) => label(key) != Some(value),
            Word::Namespace(namespace) => workload.namespace == *namespace,
            Word::Part(part) => workload.path().to_lowercase().contains(part),
        }
    }
}
