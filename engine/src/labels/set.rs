//! Sets of small numbers, a bit each: of workloads and classes of them, of namespaces, of atoms.
//!
//! Words of nothing at either end are not kept. Workloads are numbered by namespace, so that most sets of
//! them are a word or two however many there are, and adding one to a row touches no more than that.
//! A set of a fixed size, as bit set crates have it, would touch the whole row.

use std::ops::Range;

/// How many numbers a word tells of.
pub(crate) const WORD: usize = u64::BITS as usize;

/// How many words tell of so many numbers.
pub(crate) fn words(numbers: usize) -> usize {
    numbers.div_ceil(WORD)
}

/// The numbers of the bits that are set in a word.
pub(crate) fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        bit
    })
}

/// A set of numbers. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Set {
    /// The position of the first word that is kept.
    start: usize,
    /// Neither the first nor the last of them is zero.
    words: Vec<u64>,
}

impl Set {
    /// All numbers of a range.
    pub fn of(range: Range<usize>) -> Set {
        if range.is_empty() {
            return Set::default();
        }
        let start = range.start / WORD;
        let mut words = vec![u64::MAX; words(range.end) - start];
        words[0] &= u64::MAX << (range.start % WORD);
        if let Some(last) = words.last_mut() {
            *last &= u64::MAX >> (WORD - 1 - (range.end - 1) % WORD);
        }
        Set { start, words }
    }

    /// Adds a number. Ascending ones cost least.
    pub fn insert(&mut self, number: usize) {
        let position = number / WORD;
        if self.words.is_empty() {
            self.start = position;
        }
        if position < self.start {
            let missing = std::iter::repeat_n(0, self.start - position);
            self.words.splice(0..0, missing);
            self.start = position;
        }
        let index = position - self.start;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        self.words[index] |= 1 << (number % WORD);
    }

    /// Whether no number is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a number is in the set.
    pub fn contains(&self, number: usize) -> bool {
        self.word(number / WORD) & (1 << (number % WORD)) != 0
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.words.iter().enumerate();
        words.flat_map(move |(i, &word)| bits(word).map(move |bit| (self.start + i) * WORD + bit))
    }

    /// Adds the numbers of another set.
    pub fn add(&mut self, other: &Set) {
        if self.is_empty() || other.is_empty() {
            if self.is_empty() {
                self.clone_from(other);
            }
            return;
        }
        let (start, end) = (self.start.min(other.start), self.end().max(other.end()));
        let missing = std::iter::repeat_n(0, self.start - start);
        self.words.splice(0..0, missing);
        self.words.resize(end - start, 0);
        self.start = start;
        other.add_to(&mut self.words, start);
    }

    /// The numbers in both sets.
    pub fn intersection(&self, other: &Set) -> Set {
        let (start, end) = (self.start.max(other.start), self.end().min(other.end()));
        Set::trimmed(start, (start..end).map(|i| self.word(i) & other.word(i)).collect())
    }

    /// The numbers that are not in the other set.
    pub fn without(&self, other: &Set) -> Set {
        let words = (self.start..self.end()).map(|i| self.word(i) & !other.word(i));
        Set::trimmed(self.start, words.collect())
    }

    /// Adds the numbers to words of a row, the first of which is at this position.
    pub fn add_to(&self, row: &mut [u64], position: usize) {
        let (start, end) = (self.start.max(position), self.end().min(position + row.len()));
        if start < end {
            let own = &self.words[start - self.start..end - self.start];
            let row = &mut row[start - position..end - position];
            row.iter_mut().zip(own).for_each(|(word, own)| *word |= own);
        }
    }

    fn trimmed(start: usize, mut words: Vec<u64>) -> Set {
        let Some(first) = words.iter().position(|word| *word != 0) else { return Set::default() };
        let last = words.iter().rposition(|word| *word != 0).unwrap_or(first);
        words.truncate(last + 1);
        words.drain(..first);
        Set { start: start + first, words }
    }

    fn end(&self) -> usize {
        self.start + self.words.len()
    }

    fn word(&self, position: usize) -> u64 {
        let index = position.checked_sub(self.start);
        index.and_then(|index| self.words.get(index)).copied().unwrap_or(0)
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Set {
        let mut set = Set::default();
        numbers.into_iter().for_each(|number| set.insert(number));
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Sets whose ends lie within, at and across words, and far apart.
    const SETS: [&[usize]; 7] =
        [&[], &[0], &[63], &[64, 65], &[0, 63, 64, 127, 128], &[200, 3], &[640, 700, 65]];

    fn numbers(set: &Set) -> Vec<usize> {
        set.iter().collect()
    }

    #[test]
    fn sets_do_what_sets_of_numbers_do() {
        for a in SETS {
            let (set, plain): (Set, BTreeSet<usize>) =
                (a.iter().copied().collect(), a.iter().copied().collect());
            assert_eq!(numbers(&set), plain.iter().copied().collect::<Vec<_>>());
            assert_eq!(set.is_empty(), plain.is_empty());
            for b in SETS {
                let (other, others): (Set, BTreeSet<usize>) =
                    (b.iter().copied().collect(), b.iter().copied().collect());
                let mut union = set.clone();
                union.add(&other);
                assert_eq!(union, &plain | &others, "{a:?} and {b:?}");
                assert_eq!(set.intersection(&other), &plain & &others, "{a:?} and {b:?}");
                assert_eq!(set.without(&other), &plain - &others, "{a:?} and {b:?}");
                assert!(b.iter().all(|number| set.contains(*number) == plain.contains(number)));
            }
        }
    }

    impl PartialEq<BTreeSet<usize>> for Set {
        fn eq(&self, plain: &BTreeSet<usize>) -> bool {
            *self == plain.iter().copied().collect::<Set>()
        }
    }

    #[test]
    fn a_range_is_all_of_its_numbers() {
        for range in [0..0, 0..1, 0..64, 1..64, 63..65, 64..128, 5..200] {
            assert_eq!(numbers(&Set::of(range.clone())), range.clone().collect::<Vec<_>>());
            assert_eq!(Set::of(range.clone()), range.collect::<Set>());
        }
    }

    #[test]
    fn a_set_is_added_to_the_part_of_a_row_that_is_there() {
        let set: Set = [3, 64, 200].into_iter().collect();
        for (position, length) in [(0, 4), (1, 1), (1, 2), (2, 5), (4, 2)] {
            let mut row = vec![0; length];
            set.add_to(&mut row, position);
            let expected = (position..position + length).map(|i| set.word(i));
            assert_eq!(row, expected.collect::<Vec<_>>(), "{length} words from {position}");
        }
    }
}
