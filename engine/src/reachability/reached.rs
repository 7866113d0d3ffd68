//! The rows of both doors put together: whom some sources reach, atom by atom.
//!
//! The rows of ingress are kept by destination. Those of 64 destinations, a word of each, are the
//! rows of the 64 sources of that word once they are transposed.

use std::collections::HashMap;
use std::mem;
use std::rc::Rc;

use super::atoms::Atoms;
use super::set::{Set, WORD, bits};
use super::{Class, Reachability};
use crate::net::Connections;
use crate::policy::Direction;

/// What the sources of one word reach.
pub struct Reached {
    /// The class of the first source.
    first: usize,
    sources: usize,
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
        let families = 0..self.classes.families.len();
        let mut of_families = families.map(|family| {
            let mut rows = self.entering(word, family);
            for (source, rows) in sources.clone().zip(rows.chunks_exact_mut(atoms * width)) {
                self.leave(source, family, rows);
            }
            rows
        });
        let mut rows = of_families.next().unwrap_or_default();
        for others in of_families {
            rows.iter_mut().zip(others).for_each(|(row, other)| *row |= other);
        }
        rows.truncate(sources.len() * atoms * width);
        Reached { first: sources.start, sources: sources.len(), atoms, width, rows }
    }

    /// For each source of a word, and for each atom, those that let it in.
    fn entering(&self, word: usize, family: usize) -> Vec<u64> {
        let ingress = &self.doors[Direction::Ingress as usize];
        let (atoms, width) = (self.atoms.len(), self.classes.words());
        let mut entering = vec![0; WORD * atoms * width];
        // Hosts outside have no door.
        for row in entering.chunks_exact_mut(width) {
            row[self.classes.outside / WORD..].fill(u64::MAX);
        }
        let mut squares = vec![[0; WORD]; atoms];
        for there in 0..self.classes.outside / WORD {
            for destination in self.classes.of_word(there) {
                let row = destination % WORD;
                let put = |atom: usize, sources| squares[atom][row] = sources;
                ingress.spread(destination, &self.on, (family, word), put);
            }
            let squares = squares.iter_mut().enumerate();
            for (atom, square) in squares.filter(|(_, square)| **square != [0; WORD]) {
                transpose(square);
                for (source, row) in square.iter_mut().enumerate() {
                    entering[(source * atoms + atom) * width + there] = mem::take(row);
                }
            }
        }
        entering
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
    atoms: &'r Atoms,
    known: HashMap<Set, Rc<Connections>>,
}

impl<'r> Passing<'r> {
    /// For the pairs of a reachability.
    pub fn of(all: &'r Reachability) -> Passing<'r> {
        Passing { atoms: &all.atoms, known: HashMap::new() }
    }

    /// What each of some sources reaches.
    pub fn list(&mut self, reached: &Reached) -> Vec<(Class, Passes)> {
        let sources = 0..reached.sources;
        let list =
            sources.map(|i| (Class(reached.first + i), self.from(reached.of(i), reached.width)));
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
        let all = self.atoms;
        let made = |atoms: &Set| Rc::new(all.connections(atoms));
        Rc::clone(self.known.entry(atoms).or_insert_with_key(made))
    }
}

impl Reached {
    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sources == 0
    }

    /// The sources, and the rows of each: for every [atom](Reachability::atom) a bit for every class of
    /// destinations, [where it is](Class::bit).
    pub(crate) fn sources(&self) -> impl Iterator<Item = (Class, AtomRows<'_>)> {
        (0..self.sources).map(|i| {
            let rows = AtomRows { rows: self.of(i), width: self.width };
            (Class(self.first + i), rows)
        })
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
