//! Ports as one class sees them: all atoms, in slots that none of its terms tells apart.

use std::collections::{BTreeMap, HashMap};

use crate::labels::set::Set;

/// All atoms in slots.
#[derive(Default)]
pub(super) struct Slots {
    /// The atoms of each slot; none is empty.
    pub atoms: Vec<Set>,
    /// The slot of each atom.
    pub of: Vec<usize>,
}

/// The slots of many classes, which are often alike.
#[derive(Default)]
pub(super) struct Cuts<'t> {
    /// Sets of atoms that terms are about, by number.
    about: HashMap<&'t Set, usize>,
    /// The slots that some of these make, by their numbers.
    known: HashMap<Vec<usize>, usize>,
    pub all: Vec<Slots>,
}

impl<'t> Cuts<'t> {
    /// The number of the slots into which the atoms of some terms cut so many.
    pub fn number(&mut self, atoms: usize, terms: impl Iterator<Item = &'t Set>) -> usize {
        let mut about = BTreeMap::new();
        for atoms in terms {
            let next = self.about.len();
            about.insert(*self.about.entry(atoms).or_insert(next), atoms);
        }
        let numbers: Vec<usize> = about.keys().copied().collect();
        if let Some(known) = self.known.get(&numbers) {
            return *known;
        }
        // Which of the terms are about each of the atoms.
        let mut users = vec![Vec::new(); atoms];
        for (number, atoms) in &about {
            atoms.iter().for_each(|atom| users[atom].push(*number));
        }
        let (mut slots, mut by_users) = (Slots::default(), HashMap::new());
        for (atom, users) in users.into_iter().enumerate() {
            let slot = *by_users.entry(users).or_insert_with(|| {
                slots.atoms.push(Set::default());
                slots.atoms.len() - 1
            });
            slots.atoms[slot].insert(atom);
            slots.of.push(slot);
        }
        self.known.insert(numbers, self.all.len());
        self.all.push(slots);
        self.all.len() - 1
    }
}
