//! The workloads that can be called, as bits of rows: one for all that are alike.
//!
//! Whom a class of pods reaches is a row with a bit for each class, for every atom of ports. Workloads of
//! one class may offer different ports, so rows here have a bit for each class and offer. The words of the
//! first offers of all classes come in the order of the classes, and a word for second offers only where
//! some class has one: most often, the words are those of the classes.

use std::collections::{BTreeMap, HashMap};

use super::offers::Offer;
use crate::reachability::{Class, Reachability};

/// All workloads that can be called, by what they offer.
#[derive(Default)]
pub(super) struct Columns {
    /// The word of classes that each word stands for.
    classes: Vec<usize>,
    /// Where each workload of the cluster is; nowhere if there is nothing to call.
    pub spots: Vec<Option<Spot>>,
    /// Those that are called by name.
    named: Vec<u64>,
    /// Those that offer ports of an atom, with the words in which there are any.
    offered: Vec<(usize, Vec<(usize, u64)>)>,
}

/// One bit of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub word: usize,
    pub bit: u64,
}

/// To whom everything passes, and to whom some of it. To the others nothing does.
pub(super) struct Row<'r> {
    pub open: &'r mut [u64],
    pub partly: &'r mut [u64],
}

/// The atoms of an offer, and whether it is by name.
type Sort = (bool, Vec<usize>);

impl Columns {
    /// `offers` are those of the workloads, by position: none of one that takes no part.
    pub fn new(all: &Reachability, offers: &[Option<Offer>]) -> Columns {
        let mut columns = Columns::default();
        let mut numbers = HashMap::new();
        let mut sorts: HashMap<Class, Vec<Sort>> = HashMap::new();
        let mut offered: BTreeMap<usize, BTreeMap<usize, u64>> = BTreeMap::new();
        for (workload, offer) in offers.iter().enumerate() {
            let sort = offer.as_ref().map(|offer| (offer.is_by_name(), atoms(all, offer)));
            let Some(sort) = sort.filter(|(_, atoms)| !atoms.is_empty()) else {
                columns.spots.push(None);
                continue;
            };
            let class = all.class_of(workload);
            let known = sorts.entry(class).or_default();
            let number = known.iter().position(|other| *other == sort).unwrap_or_else(|| {
                known.push(sort.clone());
                known.len() - 1
            });
            let (of_classes, bit) = class.bit();
            let word = *numbers.entry((number, of_classes)).or_insert_with(|| {
                columns.classes.push(of_classes);
                columns.named.push(0);
                columns.classes.len() - 1
            });
            columns.spots.push(Some(Spot { word, bit }));
            let (by_name, atoms) = sort;
            if by_name {
                columns.named[word] |= bit;
            }
            for atom in atoms {
                *offered.entry(atom).or_default().entry(word).or_default() |= bit;
            }
        }
        let offered = offered.into_iter().map(|(atom, words)| (atom, words.into_iter().collect()));
        columns.offered = offered.collect();
        columns
    }

    /// How many words a row has.
    pub fn width(&self) -> usize {
        self.classes.len()
    }

    /// Makes the row of callers: `reached` are the classes that they reach on an atom, and they may be able
    /// to look names up or not.
    pub fn fill<'a>(&self, reached: impl Fn(usize) -> &'a [u64], resolves: bool, row: &mut Row) {
        // Until they are told apart: who lets some pass, and who keeps some out.
        let (some, lacking) = (&mut *row.open, &mut *row.partly);
        for (atom, words) in &self.offered {
            let reached = reached(*atom);
            for (word, offering) in words {
                let reached = reached[self.classes[*word]];
                some[*word] |= reached & offering;
                lacking[*word] |= !reached & offering;
            }
        }
        if !resolves {
            some.iter_mut().zip(&self.named).for_each(|(some, named)| *some &= !named);
        }
        for (some, lacking) in some.iter_mut().zip(lacking) {
            (*some, *lacking) = (*some & !*lacking, *some & *lacking);
        }
    }
}

/// The atoms of the ports of an offer, ascending.
fn atoms(all: &Reachability, offer: &Offer) -> Vec<usize> {
    let Some(ports) = offer.ports() else { return (0..all.atoms()).collect() };
    let atoms = ports.iter().filter_map(|(protocol, port)| all.atom(*protocol, *port));
    let mut atoms: Vec<usize> = atoms.collect();
    atoms.sort_unstable();
    atoms.dedup();
    atoms
}
