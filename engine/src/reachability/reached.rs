//! The rows of both doors put together: whom some sources reach, atom by atom.
//!
//! The rows of ingress are kept by destination. Those of 64 destinations, a word of each, are the
//! rows of the 64 sources of that word once they are transposed.

use std::collections::HashMap;
use std::rc::Rc;

use super::atoms::Atoms;
use super::set::{Set, WORD, bits, words};
use super::{Class, Reachability};
use crate::net::Connections;

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
        let [egress, ingress] = &self.doors;
        let (first, atoms, width) = (word * WORD, self.atoms.len(), self.classes.words());
        let (families, pods) = (self.classes.families.len(), self.classes.members.len());
        let is_outside = first >= self.classes.outside;
        let end = if is_outside { self.classes.outside + self.classes.ranges.len() } else { pods };
        let sources = (end - first).min(WORD);
        let mut rows = vec![0; sources * atoms * width];
        let mut leaving: Vec<Vec<u64>> = vec![Vec::new(); if is_outside { 0 } else { sources }];
        for (source, own) in leaving.iter_mut().enumerate() {
            egress.read(first + source, &self.on, 0..width, own);
        }
        // By family and atom: for each destination a word of sources, then the other way round.
        let mut entering = vec![[0; WORD]; families * atoms];
        let mut own = Vec::new();
        for there in 0..width {
            let destinations = there * WORD..(there * WORD + WORD).min(pods);
            if there * WORD < self.classes.outside {
                entering.fill([0; WORD]);
                for destination in destinations {
                    own.clear();
                    ingress.read(destination, &self.on, word..word + 1, &mut own);
                    for (atom, admitted) in spread(ingress.slots(destination), &own, atoms) {
                        entering[atom][destination % WORD] = admitted;
                    }
                }
                entering.iter_mut().for_each(transpose);
            } else if is_outside {
                break;
            } else {
                // Hosts outside have no door.
                entering.fill([u64::MAX; WORD]);
            }
            for source in 0..sources {
                let mut put = |atom: usize, passing: u64| {
                    rows[(source * atoms + atom % atoms) * width + there] |= passing;
                };
                match leaving.get(source) {
                    Some(own) => {
                        let own = own.iter().skip(there).step_by(width);
                        for (atom, admitted) in spread(egress.slots(first + source), own, atoms) {
                            put(atom, admitted & entering[atom][source]);
                        }
                    }
                    None => (0..entering.len()).for_each(|atom| put(atom, entering[atom][source])),
                }
            }
        }
        Reached { first, sources, atoms, width, rows }
    }
}

/// The classes that a source reaches, ascending, and what passes to each.
pub type Passes = Vec<(Class, Rc<Connections>)>;

/// What passes between pairs, each of the sets of ports that occur made once.
pub struct Passing<'r> {
    atoms: &'r Atoms,
    /// By the bits of their atoms.
    known: HashMap<Vec<u64>, Rc<Connections>>,
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
        let mut key = vec![0; words(self.atoms.len())];
        for word in 0..width {
            let column = || rows.iter().skip(word).step_by(width);
            for bit in bits(column().fold(0, |any, row| any | row)) {
                key.fill(0);
                for (atom, row) in column().enumerate() {
                    key[atom / WORD] |= (row >> bit & 1) << (atom % WORD);
                }
                list.push((Class(word * WORD + bit), self.connections(&key)));
            }
        }
        list
    }

    fn connections(&mut self, key: &[u64]) -> Rc<Connections> {
        if let Some(known) = self.known.get(key) {
            return Rc::clone(known);
        }
        let atoms = key.iter().enumerate();
        let atoms = atoms.flat_map(|(word, &key)| bits(key).map(move |bit| word * WORD + bit));
        let connections = Rc::new(self.atoms.connections(&atoms.collect()));
        self.known.insert(key.to_vec(), Rc::clone(&connections));
        connections
    }
}

impl Reached {
    /// The rows of a source, by its place among the sources.
    fn of(&self, source: usize) -> &[u64] {
        let rows = self.atoms * self.width;
        &self.rows[source * rows..][..rows]
    }

    /// How many pairs of a source, a destination and an atom pass.
    pub fn count(&self) -> u64 {
        self.rows.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

/// What a word of each row of a class says, atom by atom, those of the second family after those of
/// the first.
fn spread<'d>(
    slots: impl ExactSizeIterator<Item = &'d Set> + Clone,
    rows: impl IntoIterator<Item = &'d u64>,
    atoms: usize,
) -> impl Iterator<Item = (usize, u64)> {
    let count = slots.len();
    let rows = rows.into_iter().enumerate();
    rows.zip(slots.cycle()).filter(|((_, word), _)| **word != 0).flat_map(
        move |((row, word), slot)| slot.iter().map(move |atom| (row / count * atoms + atom, *word)),
    )
}

/// Turns rows into columns.
fn transpose(square: &mut [u64; WORD]) {
    let (mut half, mut mask) = (WORD / 2, u64::MAX >> (WORD / 2));
    while half != 0 {
        // Swaps the upper right with the lower left quarter of every square of twice this size.
        for row in (0..WORD).filter(|row| row & half == 0) {
            let swapped = ((square[row] >> half) ^ square[row + half]) & mask;
            square[row] ^= swapped << half;
            square[row + half] ^= swapped;
        }
        half /= 2;
        mask ^= mask << half;
    }
}
