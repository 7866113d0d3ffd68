//! The rows of both doors put together: whom some sources reach, atom by atom.
//!
//! The rows of ingress are kept by destination. Those of 64 destinations, a word of each, are the
//! rows of the 64 sources of that word once they are transposed.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::switch::Difference;
use super::{Class, Reachability};
use crate::evaluate::Peer;
use crate::labels::set::{Set, WORD, bits};
use crate::net::Connections;
use crate::policy::Direction;

/// What the sources of one word reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The position of the word.
    word: usize,
    /// The classes of the sources.
    sources: Range<usize>,
    atoms: usize,
    /// How many words a row has.
    width: usize,
    /// A row for every source and atom, source by source: a bit for every class of destinations.
    rows: Vec<u64>,
}

/// Whom a source reaches, atom by atom.
#[derive(Clone, Copy)]
pub(crate) struct AtomRows<'r> {
    rows: &'r [u64],
    width: usize,
}

impl<'r> AtomRows<'r> {
    /// The row of an atom.
    pub fn of(self, atom: usize) -> &'r [u64] {
        &self.rows[atom * self.width..][..self.width]
    }

    /// Whether a class is reached on an atom.
    pub fn contains(self, atom: usize, class: Class) -> bool {
        let (word, bit) = class.bit();
        self.of(atom)[word] & bit != 0
    }
}

impl Reachability {
    /// Whom pods reach, a word of sources at a time.
    pub fn reached_by_pods(&self) -> impl Iterator<Item = Reached> + '_ {
        (0..self.classes.outside / WORD).map(|word| self.reached_by(word))
    }

    /// Whom hosts outside reach, a word of sources at a time: pods, and never each other.
    pub fn reached_by_hosts(&self) -> impl Iterator<Item = Reached> + '_ {
        (self.classes.outside / WORD..self.classes.words()).map(|word| self.reached_by(word))
    }

    fn reached_by(&self, word: usize) -> Reached {
        let sources = self.classes.of_word(word);
        let (atoms, width) = (self.atoms.len(), self.classes.words());
        let rows = vec![0; sources.len() * atoms * width];
        let mut reached = Reached { word, sources, atoms, width, rows };
        reached.refill(self);
        reached
    }

    /// Makes rows of the sources of a word: whom they reach in a family, atom by atom.
    fn reach(&self, word: usize, family: usize, rows: &mut [u64]) {
        self.enter(word, family, rows);
        let of_source = self.atoms.len() * self.classes.words();
        for (source, rows) in self.classes.of_word(word).zip(rows.chunks_exact_mut(of_source)) {
            self.leave(source, family, rows);
        }
    }

    /// For each source of a word, and for each atom, those that let it in.
    fn enter(&self, word: usize, family: usize, rows: &mut [u64]) {
        let ingress = &self.doors[Direction::Ingress as usize];
        let (atoms, width) = (self.atoms.len(), self.classes.words());
        let sources = self.classes.of_word(word).len();
        // Hosts outside have no door.
        for row in rows.chunks_exact_mut(width) {
            row[self.classes.outside / WORD..].fill(u64::MAX);
        }
        let mut squares = vec![[0; WORD]; atoms];
        for there in 0..self.classes.outside / WORD {
            for destination in self.classes.of_word(there) {
                let row = destination % WORD;
                let put = |atom: usize, sources| squares[atom][row] = sources;
                ingress.spread(destination, &self.on, (family, word), put);
            }
            for (atom, square) in squares.iter_mut().enumerate() {
                if *square != [0; WORD] {
                    transpose(square);
                }
                for (source, row) in square[..sources].iter().enumerate() {
                    rows[(source * atoms + atom) * width + there] = *row;
                }
                *square = [0; WORD];
            }
        }
    }

    /// Leaves in the rows of a source, atom by atom, those whom it lets out to.
    fn leave(&self, source: usize, family: usize, rows: &mut [u64]) {
        let width = self.classes.words();
        if source >= self.classes.outside {
            // A host outside has no door: it calls all pods of its family, and no other hosts.
            let mut own = vec![0; width];
            if self.classes.speaking[family].contains(source) {
                self.classes.speaking[family].add_to(&mut own[..self.classes.outside / WORD], 0);
            }
            rows.chunks_exact_mut(width).for_each(|row| retain(row, &own));
            return;
        }
        let egress = &self.doors[Direction::Egress as usize];
        let own = egress.rows(source, &self.on);
        let slots = egress.slots(source);
        let own = own[family * slots.len() * width..].chunks_exact(width);
        for (atoms, own) in slots.iter().zip(own) {
            atoms.iter().for_each(|atom| retain(&mut rows[atom * width..][..width], own));
        }
    }
}

/// Leaves in a row what is in the other one as well.
fn retain(row: &mut [u64], other: &[u64]) {
    row.iter_mut().zip(other).for_each(|(row, other)| *row &= other);
}

/// The classes that a source reaches, ascending, and what passes to each.
pub type Passes = Vec<(Class, Rc<Connections>)>;

/// What passes between pairs, each of the sets of ports that occur made once.
pub struct Passing<'r> {
    all: &'r Reachability,
    known: HashMap<Set, Rc<Connections>>,
}

impl<'r> Passing<'r> {
    /// For the pairs of a reachability.
    pub fn of(all: &'r Reachability) -> Passing<'r> {
        Passing { all, known: HashMap::new() }
    }

    /// What passes from one end to another, as [`Reachability::connections`] has it.
    pub fn between(&mut self, source: Peer, destination: Peer) -> Option<Rc<Connections>> {
        let all = self.all;
        let (Class(from), Class(to)) = (all.class(source)?, all.class(destination)?);
        Some(self.connections(match all.passes_anyway(source, destination) {
            true => all.atoms.all(),
            false => all.passing(from, to, &Difference::default()),
        }))
    }

    /// What each of some sources reaches.
    pub fn list(&mut self, reached: &Reached) -> Vec<(Class, Passes)> {
        let sources = reached.sources.clone().enumerate();
        let list =
            sources.map(|(i, source)| (Class(source), self.from(reached.of(i), reached.width)));
        list.collect()
    }

    /// `rows` are a source's, atom by atom.
    fn from(&mut self, rows: &[u64], width: usize) -> Passes {
        let mut list = Vec::new();
        let mut last: Option<(Set, Rc<Connections>)> = None;
        for word in 0..width {
            let column = || rows.iter().skip(word).step_by(width);
            for bit in bits(column().fold(0, |any, row| any | row)) {
                let passing = column().enumerate().filter(|(_, row)| *row >> bit & 1 != 0);
                let atoms: Set = passing.map(|(atom, _)| atom).collect();
                let connections = match &last {
                    Some((same, connections)) if *same == atoms => Rc::clone(connections),
                    _ => self.connections(atoms.clone()),
                };
                list.push((Class(word * WORD + bit), Rc::clone(&connections)));
                last = Some((atoms, connections));
            }
        }
        list
    }

    /// The ports of some atoms.
    pub(super) fn connections(&mut self, atoms: Set) -> Rc<Connections> {
        let all = self.all;
        let made = |atoms: &Set| Rc::new(all.atoms.connections(atoms));
        Rc::clone(self.known.entry(atoms).or_insert_with_key(made))
    }
}

impl Reached {
    /// Makes the rows anew, in the place of those from before: of the same reachability, after policies
    /// were turned on or off.
    pub fn refill(&mut self, all: &Reachability) {
        all.reach(self.word, 0, &mut self.rows);
        for family in 1..all.classes.families.len() {
            let mut others = vec![0; self.rows.len()];
            all.reach(self.word, family, &mut others);
            self.rows.iter_mut().zip(others).for_each(|(row, other)| *row |= other);
        }
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The sources, and the rows of each: for every [atom](Reachability::atom) a bit for every class of
    /// destinations, [where it is](Class::bit).
    pub(crate) fn sources(&self) -> impl Iterator<Item = (Class, AtomRows<'_>)> {
        self.sources
            .clone()
            .enumerate()
            .map(|(i, class)| (Class(class), AtomRows { rows: self.of(i), width: self.width }))
    }

    /// The rows of a source, by its place among the sources.
    fn of(&self, source: usize) -> &[u64] {
        let rows = self.atoms * self.width;
        &self.rows[source * rows..][..rows]
    }
}

/// Turns rows into columns.
fn transpose(square: &mut [u64; WORD]) {
    let (mut half, mut mask) = (WORD / 2, u64::MAX >> (WORD / 2));
    while half != 0 {
        // Swaps the upper right with the lower left quarter of every square of twice this size.
        for rows in square.chunks_exact_mut(2 * half) {
            let (upper, lower) = rows.split_at_mut(half);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let swapped = ((*upper >> half) ^ *lower) & mask;
                *upper ^= swapped << half;
                *lower ^= swapped;
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_transposed_has_its_rows_as_columns() {
        let square: [u64; WORD] = std::array::from_fn(|row| 0x9e37_79b9_7f4a_7c15 ^ 1 << row);
        let mut other = square;
        transpose(&mut other);
        for (row, word) in other.iter().enumerate() {
            let column = square.iter().enumerate().map(|(i, own)| (own >> row & 1) << i);
            assert_eq!(*word, column.sum::<u64>());
        }
    }
}
