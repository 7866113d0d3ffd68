//! Which one to three letters stand for a workload in its disc?
//!
//! In: names. Out: one code a name, the same for the same names whatever their order. A scenario's
//! own codes come first; they are the caller's business, except that no code made here repeats one.

use std::collections::{BTreeMap, BTreeSet};

/// The longest code a disc has room for.
const LONGEST: usize = 3;

/// A code for every name: the shortest prefix that tells it from the other names, its first letter
/// capitalised. Where that would not fit a disc, the first letter and a later one that tells.
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
    for (name, chosen) in &mut codes {
        *chosen = prefixes(name, &names)
            .chain(abbreviations(name, &names))
            .chain(numbered(name))
            .find(|code| !used.contains(code))
            .unwrap_or_default();
        used.insert(chosen.clone());
    }
    codes
}

/// The prefixes that fit and that no other name begins with, shortest first.
fn prefixes<'a>(name: &'a str, names: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    let shortest = telling(name, names).unwrap_or(usize::MAX);
    let longest = LONGEST.min(name.chars().count());
    (shortest..=longest).map(|length| capitalised(name.chars().take(length)))
}

/// The first letter and a later one: those that tell the name from the others first.
fn abbreviations(name: &str, names: &[&str]) -> impl Iterator<Item = String> {
    let length = telling(name, names).unwrap_or(1).max(2);
    let first = name.chars().next();
    let letters = name.chars().skip(length - 1).chain(name.chars().skip(1).take(length - 2));
    letters
        .filter(|letter| letter.is_alphanumeric())
        .filter_map(move |letter| Some(capitalised([first?, letter])))
}

/// How many letters it takes to tell the name from the others; none if one of them continues it.
fn telling(name: &str, names: &[&str]) -> Option<usize> {
    (1..=name.chars().count()).find(|length| {
        let prefix: String = name.chars().take(*length).collect();
        let mut others = names.iter().filter(|other| **other != name);
        others.all(|other| !other.starts_with(&prefix))
    })
}

/// The first letter and a number, when the letters have run out.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    (1..).map(move |number: usize| {
        let first: String = name.chars().take(1).collect();
        capitalised(format!("{first}{number}").chars())
    })
}

fn capitalised(letters: impl IntoIterator<Item = char>) -> String {
    let mut letters = letters.into_iter();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
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
            (&["", "é"], &[], &["1", "É"]),
        ];
        for (names, taken, expected) in cases {
            let codes = codes(names.iter().copied(), taken);
            let codes: Vec<&str> = codes.values().map(String::as_str).collect();
            assert_eq!(codes, *expected, "{names:?}");
        }
    }
}
