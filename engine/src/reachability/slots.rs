//! Ports as one class sees them: all atoms, in slots that none of its terms tells apart.

use std::collections::HashMap;

use super::set::Set;

/// All atoms in slots: the atoms of each, never none.
pub(super) type Slots = Vec<Set>;

/// The slots of many classes, which are often alike.
#[derive(Default)]
pub(super) struct Cuts<'t> {
    /// Sets of atoms that terms are about, by number.
    atoms: HashMap<&'t Set, usize>,
    /// The slots that some of these make, by their numbers.
    known: HashMap<Vec<usize>, usize>,
    pub all: Vec<Slots>,
}

impl<'t> Cuts<'t> {
    /// The number of the slots into which the atoms of some terms cut all of them.
    pub fn number(&mut self, all: &Set, terms: impl Iterator<Item = &'t Set> + Clone) -> usize {
        let mut about: Vec<usize> = terms.clone().map(|atoms| self.number_of(atoms)).collect();
        about.sort_unstable();
        about.dedup();
        if let Some(known) = self.known.get(&about) {
            return *known;
        }
        let mut slots = vec![all.clone()];
        for atoms in terms {
            let cut = |slot: Set| [slot.intersection(atoms), slot.without(atoms)];
            slots = slots.into_iter().flat_map(cut).filter(|slot| !slot.is_empty()).collect();
        }
        self.known.insert(about, self.all.len());
        self.all.push(slots);
        self.all.len() - 1
    }

    fn number_of(&mut self, atoms: &'t Set) -> usize {
        let next = self.atoms.len();
        *self.atoms.entry(atoms).or_insert(next)
    }
}
