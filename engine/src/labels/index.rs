//! Which numbered things a selector means: an index from labels to the things that have them.
//!
//! The same questions as [`Selector::matches`], asked of all things at once.

use std::collections::{BTreeSet, HashMap};

use super::set::Set;
use super::{Requirement, Selector};

/// Things by their labels.
#[derive(Default)]
pub(crate) struct Index<'m> {
    things: Set,
    keys: HashMap<&'m str, Key<'m>>,
}

/// The things that have a label of one key.
#[derive(Default)]
struct Key<'m> {
    present: Set,
    values: HashMap<&'m str, Set>,
}

impl<'m> Index<'m> {
    /// Adds a thing that has these labels.
    pub fn insert(
        &mut self,
        thing: usize,
        labels: impl IntoIterator<Item = (&'m String, &'m String)>,
    ) {
        self.things.insert(thing);
        for (key, value) in labels {
            let key = self.keys.entry(key).or_default();
            key.present.insert(thing);
            key.values.entry(value).or_default().insert(thing);
        }
    }

    /// The things that a selector means.
    pub fn select(&self, selector: &Selector) -> Set {
        let requirements = selector.requirements().iter();
        requirements.fold(self.things.clone(), |selected, requirement| match requirement {
            Requirement::In(key, values) => selected.intersection(&self.listed(key, values)),
            Requirement::NotIn(key, values) => selected.without(&self.listed(key, values)),
            Requirement::Exists(key) => match self.keys.get(key.as_str()) {
                Some(key) => selected.intersection(&key.present),
                None => Set::default(),
            },
            Requirement::DoesNotExist(key) => match self.keys.get(key.as_str()) {
                Some(key) => selected.without(&key.present),
                None => selected,
            },
        })
    }

    /// The things that have one of these values.
    fn listed(&self, key: &str, values: &BTreeSet<String>) -> Set {
        let mut listed = Set::default();
        if let Some(key) = self.keys.get(key) {
            let sets = values.iter().filter_map(|value| key.values.get(value.as_str()));
            sets.for_each(|set| listed.add(set));
        }
        listed
    }
}
