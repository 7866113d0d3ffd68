//! One side of all connections: whom each class lets pass there, as rows of bits.
//!
//! A class's rows stand at its own door: those of egress are kept by source, those of ingress by
//! destination, so that a policy changes the rows of the classes that it selects and no others. A class
//! has a row for each of its slots, however many atoms there are; in every row a bit for each class at
//! the other end.

use std::borrow::Cow;
use std::ops::Range;

use super::Rows;
use super::classes::Classes;
use super::slots::{Cuts, Slots};
use super::switch::Switch;
use super::terms::{Sayings, Term};
use crate::labels::set::Set;

/// Beyond so many words (32 MiB), rows are not kept: they are made when they are looked at.
const KEPT: usize = 1 << 22;

/// Egress, or ingress.
pub(super) struct Door {
    selected: Vec<Set>,
    terms: Vec<Term>,
    sides: Vec<Side>,
    slots: Vec<Slots>,
    /// How many words a row has.
    width: usize,
    /// Who can talk, in each of the families in use.
    speaking: Vec<Set>,
    /// The rows of all classes one after the other, unless they are too many.
    rows: Option<Vec<u64>>,
}

/// The door of one class.
struct Side {
    /// How many of the policies that are on isolate it.
    isolating: usize,
    /// The terms that hold for it while their policies are on, each with a slot that it is about.
    terms: Vec<(usize, usize)>,
    /// The number of its slots.
    slots: usize,
    /// The number of its first row. It has a row for every slot in the first family in use, then
    /// those in the second.
    first: usize,
}

impl Door {
    /// The door of every class, all policies being off.
    pub fn new(classes: &Classes, atoms: usize, sayings: Sayings, rows: Rows) -> Door {
        let Sayings { selected, terms, here } = sayings;
        let mut terms_of = vec![Vec::new(); classes.members.len()];
        for (number, here) in here.iter().enumerate() {
            here.iter().for_each(|class| terms_of[class].push(number));
        }
        let mut cuts = Cuts::default();
        let (families, width) = (classes.families.len(), classes.words());
        let mut count = 0;
        let mut sides = Vec::new();
        for own in terms_of {
            let number = cuts.number(atoms, own.iter().map(|term| &terms[*term].atoms));
            let slots = &cuts.all[number];
            let mut about = Vec::new();
            for term in own {
                let mut of_term: Vec<usize> =
                    terms[term].atoms.iter().map(|atom| slots.of[atom]).collect();
                of_term.sort_unstable();
                of_term.dedup();
                about.extend(of_term.into_iter().map(|slot| (term, slot)));
            }
            sides.push(Side { isolating: 0, terms: about, slots: number, first: count });
            count += slots.atoms.len() * families;
        }
        let slots = cuts.all;
        let are_kept = rows == Rows::Kept && count * width <= KEPT;
        let rows = are_kept.then(|| vec![0; count * width]);
        let speaking = classes.speaking.clone();
        Door { selected, terms, sides, slots, width, speaking, rows }
    }

    /// Whether rows are kept.
    pub fn keeps_rows(&self) -> bool {
        self.rows.is_some()
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

    /// Whether any policy that is on isolates a class.
    pub fn is_isolated(&self, class: usize) -> bool {
        self.sides[class].isolating > 0
    }

    /// The atoms of each slot of a class.
    pub fn slots(&self, class: usize) -> &[Set] {
        &self.slots[self.sides[class].slots].atoms
    }

    /// How many rows a class has.
    pub fn count(&self, class: usize) -> usize {
        self.slots(class).len() * self.speaking.len()
    }

    /// Makes all rows anew, if rows are kept.
    pub fn fill(&mut self, on: &[bool]) {
        (0..self.sides.len()).for_each(|class| self.refill(class, on));
    }

    /// Makes the rows of a class anew, if rows are kept.
    pub fn refill(&mut self, class: usize, on: &[bool]) {
        let Some(mut rows) = self.rows.take() else { return };
        let start = self.sides[class].first * self.width;
        let own = start..start + self.count(class) * self.width;
        self.make(class, on, 0..self.width, &mut rows[own]);
        self.rows = Some(rows);
    }

    /// One word of each of the rows of a class.
    pub fn words(&self, class: usize, on: &[bool], word: usize) -> Vec<u64> {
        let mut words = vec![0; self.count(class)];
        match &self.rows {
            Some(rows) => {
                let own = rows[self.sides[class].first * self.width..].chunks_exact(self.width);
                words.iter_mut().zip(own).for_each(|(out, row)| *out = row[word]);
            }
            None => self.make(class, on, word..word + 1, &mut words),
        }
        words
    }

    /// One word of all rows of a class together: whom it lets pass on any port.
    pub fn any(&self, class: usize, on: &[bool], word: usize) -> u64 {
        match &self.rows {
            Some(rows) => {
                let own = self.sides[class].first..self.sides[class].first + self.count(class);
                own.fold(0, |any, row| any | rows[row * self.width + word])
            }
            None => self.words(class, on, word).into_iter().fold(0, |any, row| any | row),
        }
    }

    /// The rows of a class.
    pub fn rows(&self, class: usize, on: &[bool]) -> Cow<'_, [u64]> {
        let words = self.count(class) * self.width;
        match &self.rows {
            Some(rows) => Cow::Borrowed(&rows[self.sides[class].first * self.width..][..words]),
            None => {
                let mut rows = vec![0; words];
                self.make(class, on, 0..self.width, &mut rows);
                Cow::Owned(rows)
            }
        }
    }

    /// Puts one word of the rows of a class in a family in use into those of each atom.
    pub fn spread(
        &self,
        class: usize,
        on: &[bool],
        (family, word): (usize, usize),
        mut put: impl FnMut(usize, u64),
    ) {
        let of = &self.slots[self.sides[class].slots].of;
        let first = family * self.slots(class).len();
        match &self.rows {
            Some(rows) => {
                let rows = &rows[(self.sides[class].first + first) * self.width + word..];
                of.iter().enumerate().for_each(|(atom, slot)| put(atom, rows[slot * self.width]));
            }
            None => {
                let words = self.words(class, on, word);
                of.iter().enumerate().for_each(|(atom, slot)| put(atom, words[first + slot]));
            }
        }
    }

    /// Makes some words of the rows of a class: who may pass, of those that can talk at all.
    fn make(&self, class: usize, on: &[bool], words: Range<usize>, rows: &mut [u64]) {
        let (side, width) = (&self.sides[class], words.len());
        rows.fill(0);
        let of_family = width * self.slots(class).len();
        for (family, rows) in rows.chunks_exact_mut(of_family).enumerate() {
            let speaking = &self.speaking[family];
            if !speaking.contains(class) {
                continue;
            }
            if side.isolating == 0 {
                rows.chunks_exact_mut(width).for_each(|row| speaking.add_to(row, words.start));
                continue;
            }
            for (term, slot) in &side.terms {
                let term = &self.terms[*term];
                if on[term.policy] {
                    let row = &mut rows[slot * width..][..width];
                    term.there[family].add_to(row, words.start);
                }
            }
        }
    }
}
