//! Which one to four letters stand for a workload in its disc?
//!
//! In: names. Out: one code a name, the same for the same names whatever their order. A scenario's
//! own codes come first; they are the caller's business, except that no code made here repeats one.

use std::collections::{BTreeMap, BTreeSet};

/// The longest code of letters a disc has room for.
const LONGEST: usize = 3;

/// The longest code with a name's own number in it: figures are narrow, and cut off they mislead.
const LONGEST_COUNTED: usize = 4;

/// A code for every name: the shortest prefix that tells it from the other names, its first letter
/// capitalised. Where that would not fit a disc, the first letter and the number that the name ends in, or a later
/// letter that tells.
///
/// ```
/// use netpol_playground::scene::codes;
///
/// let codes = codes(["client", "queue", "backend", "backup"], &[]);
/// assert_eq!(codes["client"], "C");
/// assert_eq!(codes["backend"], "Be");
/// assert_eq!(codes["backup"], "Bu");
/// ```
pub fn codes<'a>(
    names: impl IntoIterator<Item = &'a str>,
    taken: &[&str],
) -> BTreeMap<String, String> {
    // Not collected, here and elsewhere in the page: that would bring a sort of every type along.
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    codes.extend(names.into_iter().map(|name| (name.to_owned(), String::new())));
    let names: Vec<String> = codes.keys().cloned().collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    used.extend(taken.iter().map(|code| (*code).to_owned()));
    for (index, (name, chosen)) in codes.iter_mut().enumerate() {
        let telling = telling(index, &names);
        *chosen = prefixes(name, telling)
            .chain(counted(name))
            .chain(abbreviations(name, telling))
            .chain(numbered(name))
            .find(|code| !used.contains(code))
            .unwrap_or_default();
        used.insert(chosen.clone());
    }
    codes
}

/// The prefixes that fit and that no other name begins with, shortest first.
fn prefixes(name: &str, telling: Option<usize>) -> impl Iterator<Item = String> {
    let shortest = telling.unwrap_or(usize::MAX);
    let longest = LONGEST.min(name.chars().count());
    (shortest..=longest).map(|length| capitalised(name.chars().take(length)))
}

/// The last number in the name, after its first letter or after the first letters of the words before it.
fn counted(name: &str) -> impl Iterator<Item = String> {
    let is_figure = |letter: char| letter.is_ascii_digit();
    let counted = name.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let stem = counted.trim_end_matches(is_figure);
    let number = &counted[stem.len()..];
    let words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    let initials: String = words.filter_map(|word| word.chars().next()).collect();
    let fits = LONGEST_COUNTED.saturating_sub(number.len()).min(initials.chars().count());
    let most = if number.is_empty() { 0 } else { fits };
    (1..=most).map(move |letters| capitalised(initials.chars().take(letters).chain(number.chars())))
}

/// The first letter and a later one: those that tell the name from the others first.
fn abbreviations(name: &str, telling: Option<usize>) -> impl Iterator<Item = String> {
    let length = telling.unwrap_or(1).max(2);
    let first = name.chars().next();
    let letters = name.chars().skip(length - 1).chain(name.chars().skip(1).take(length - 2));
    letters
        .filter(|letter| letter.is_ascii_alphanumeric())
        .filter_map(move |letter| Some(capitalised([first?, letter])))
}

/// How many letters it takes to tell the name from the others, which are sorted; none if one of them continues it.
fn telling(index: usize, names: &[&str]) -> Option<usize> {
    let name = names[index];
    // Those that have the most in common with it are next to it.
    let next = names.get(index + 1).copied();
    let before = index.checked_sub(1).map(|before| names[before]);
    let shared = |other: &str| name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let shared = [before, next].into_iter().flatten().map(shared).max().unwrap_or(0);
    (shared < name.chars().count()).then_some(shared + 1)
}

/// The first letter and a number, when the letters have run out.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    (1..).map(move |number: usize| {
        let first: String = name.chars().take(1).collect();
        capitalised(format!("{first}{number}").chars())
    })
}

/// The names of Kubernetes are ASCII, and the tables of all other letters would cost the page several kilobytes.
fn capitalised(letters: impl IntoIterator<Item = char>) -> String {
    let mut letters = letters.into_iter();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_names_apart() {
        let cases: &[(&[&str], &[&str], &[&str])] = &[
            (&["client"], &[], &["C"]),
            (
                &["backend", "client", "facade", "payments", "queue"],
                &[],
                &["B", "C", "F", "P", "Q"],
            ),
            (&["cart", "checkout", "currency"], &[], &["Ca", "Ch", "Cu"]),
            (&["web", "web"], &[], &["W"]),
            (&["web", "web-2"], &[], &["We", "W2"]),
            (&["redis-a", "redis-b"], &[], &["Ra", "Rb"]),
            (&["a", "aa", "aaa", "aaaa"], &[], &["A1", "Aa", "A2", "A3"]),
            (&["queue"], &["Q"], &["Qu"]),
            (&["", "é"], &[], &["1", "é"]),
            (&["ns-1", "ns-10", "ns-11", "ns-2"], &[], &["N1", "N10", "N11", "N2"]),
            (&["a-team-10", "a-tool-10", "b-10"], &[], &["A10", "At10", "B"]),
            (&["team10-web", "team11-web"], &[], &["T10", "T11"]),
            (&["worker-1234", "worker-1235"], &[], &["W4", "W5"]),
        ];
        for (names, taken, expected) in cases {
            let codes = codes(names.iter().copied(), taken);
            let codes: Vec<&str> = codes.values().map(String::as_str).collect();
            assert_eq!(codes, *expected, "{names:?}");
        }
    }
}
