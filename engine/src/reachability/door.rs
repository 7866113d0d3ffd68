//! One side of all connections: whom each class lets pass there, as rows of bits.
//!
//! A class's rows stand at its own door: those of egress are kept by source, those of ingress by
//! destination, so that a policy changes the rows of the classes that it selects and no others. A class
//! has a row for every set of ports that the policies which select it tell apart, its slots, however
//! many atoms there are; in each of them a bit for every class at the other end.

use std::ops::Range;

use super::Rows;
use super::classes::Classes;
use super::set::Set;
use super::switch::Switch;
use super::terms::{Sayings, Term};

/// Beyond so many words (32 MiB), rows are not kept: they are made when they are looked at.
const KEPT: usize = 1 << 22;

/// Egress, or ingress.
pub(super) struct Door {
    selected: Vec<Set>,
    terms: Vec<Term>,
    sides: Vec<Side>,
    /// How many words a row has.
    width: usize,
    /// Who can talk, in each of the families in use.
    speaking: Vec<Set>,
    /// The rows of all classes one after the other, unless they are too many.
    rows: Option<Vec<u64>>,
}

/// The door of one class.
#[derive(Clone, Default)]
struct Side {
    /// How many of the policies that are on isolate it.
    isolating: usize,
    /// The terms that hold for it while their policies are on.
    terms: Vec<usize>,
    /// All atoms, in sets that no term tells apart; never none.
    slots: Vec<Slot>,
    /// Where its rows begin: those of the first family, slot by slot, then those of the second.
    start: usize,
}

/// Atoms that the policies of a class do not tell apart.
#[derive(Clone)]
struct Slot {
    first: usize,
    atoms: Set,
}

/// Which of the rows of a class: a family in use and a slot, both by number.
pub(super) type Row = (usize, usize);

impl Door {
    /// The door of every class, all policies being off.
    pub fn new(classes: &Classes, all_atoms: &Set, sayings: Sayings, rows: Rows) -> Door {
        let Sayings { selected, terms, here } = sayings;
        let mut sides = vec![Side::default(); classes.members.len()];
        for (number, here) in here.iter().enumerate() {
            here.iter().for_each(|class| sides[class].terms.push(number));
        }
        let width = classes.words();
        let mut end = 0;
        for side in &mut sides {
            side.slots = slots(all_atoms, side.terms.iter().map(|term| &terms[*term].atoms));
            side.start = end;
            end += side.slots.len() * width * classes.families.len();
        }
        let speaking = classes.speaking.clone();
        let mut door = Door { selected, terms, sides, width, speaking, rows: None };
        if rows == Rows::Kept && end <= KEPT {
            door.rows = Some(vec![0; end]);
        }
        door
    }

    /// The classes that a policy selects here.
    pub fn selected(&self, policy: usize) -> &Set {
        &self.selected[policy]
    }

    /// Counts a policy that is on now, or is no longer, with the classes that it isolates.
    pub fn isolate(&mut self, policy: usize, to: Switch) {
        for class in self.selected[policy].iter() {
            let isolating = &mut self.sides[class].isolating;
            *isolating = match to {
                Switch::On => *isolating + 1,
                Switch::Off => *isolating - 1,
            };
        }
    }

    /// The atoms of each slot of a class.
    pub fn slots(&self, class: usize) -> impl ExactSizeIterator<Item = &Set> + Clone {
        self.sides[class].slots.iter().map(|slot| &slot.atoms)
    }

    /// Makes all rows anew, those that are kept.
    pub fn fill(&mut self, on: &[bool]) {
        let Some(mut rows) = self.rows.take() else { return };
        let mut rest = &mut rows[..];
        for class in 0..self.sides.len() {
            let (own, others) = rest.split_at_mut(self.len(class));
            self.make(class, on, 0..self.width, own);
            rest = others;
        }
        self.rows = Some(rows);
    }

    /// Makes the rows of a class anew, if rows are kept.
    pub fn refill(&mut self, class: usize, on: &[bool]) {
        let Some(mut rows) = self.rows.take() else { return };
        let start = self.sides[class].start;
        let own = start..start + self.len(class);
        self.make(class, on, 0..self.width, &mut rows[own]);
        self.rows = Some(rows);
    }

    /// How many words the rows of a class have, all together.
    pub fn len(&self, class: usize) -> usize {
        self.sides[class].slots.len() * self.width * self.speaking.len()
    }

    /// Where a row is among the words of its class's.
    pub fn position(&self, class: usize, (family, slot): Row) -> usize {
        (family * self.sides[class].slots.len() + slot) * self.width
    }

    /// Adds some words of the rows of a class to `out`, row by row.
    pub fn read(&self, class: usize, on: &[bool], words: Range<usize>, out: &mut Vec<u64>) {
        let side = &self.sides[class];
        let rows = side.slots.len() * self.speaking.len();
        match &self.rows {
            Some(kept) => {
                for row in 0..rows {
                    let start = side.start + row * self.width;
                    out.extend_from_slice(&kept[start + words.start..start + words.end]);
                }
            }
            None => {
                let start = out.len();
                out.resize(start + rows * words.len(), 0);
                self.make(class, on, words, &mut out[start..]);
            }
        }
    }

    /// Makes some words of the rows of a class: who may pass, of those that can talk at all.
    fn make(&self, class: usize, on: &[bool], words: Range<usize>, rows: &mut [u64]) {
        let side = &self.sides[class];
        let width = words.len();
        rows.fill(0);
        for (family, rows) in rows.chunks_exact_mut(width * side.slots.len()).enumerate() {
            let speaking = &self.speaking[family];
            if !speaking.contains(class) {
                continue;
            }
            if side.isolating == 0 {
                rows.chunks_exact_mut(width).for_each(|row| speaking.add_to(row, words.start));
                continue;
            }
            for term in side.terms.iter().map(|term| &self.terms[*term]) {
                if !on[term.policy] {
                    continue;
                }
                for (slot, row) in side.slots.iter().zip(rows.chunks_exact_mut(width)) {
                    if term.atoms.contains(slot.first) {
                        term.there[family].add_to(row, words.start);
                    }
                }
            }
        }
    }
}

/// Cuts all atoms into sets that are in a term's atoms or not, as a whole.
fn slots<'t>(all: &Set, terms: impl Iterator<Item = &'t Set>) -> Vec<Slot> {
    let mut slots = vec![all.clone()];
    for atoms in terms {
        let cut = |slot: Set| [slot.intersection(atoms), slot.without(atoms)];
        slots = slots.into_iter().flat_map(cut).filter(|slot| !slot.is_empty()).collect();
    }
    let slot = |atoms: Set| Some(Slot { first: atoms.first()?, atoms });
    slots.into_iter().filter_map(slot).collect()
}
