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
) -> BTreeMap<&'a str, String> {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let mut used: BTreeSet<String> = taken.iter().map(|code| (*code).to_owned()).collect();
    let mut codes = BTreeMap::new();
    for name in &names {
        let code = prefixes(name, &names)
            .chain(abbreviations(name))
            .chain(numbered(name))
            .find(|code| !used.contains(code))
            .unwrap_or_default();
        used.insert(code.clone());
        codes.insert(*name, code);
    }
    codes
}

/// The prefixes that no other name begins with, shortest first.
fn prefixes<'a>(name: &'a str, names: &'a BTreeSet<&str>) -> impl Iterator<Item = String> + 'a {
    name.char_indices()
        .take(LONGEST)
        .map(|(start, letter)| &name[..start + letter.len_utf8()])
        .filter(move |prefix| {
            let mut others = names.iter().filter(|other| **other != name);
            others.all(|other| !other.starts_with(prefix))
        })
        .map(capitalised)
}

/// The first letter and each later one.
fn abbreviations(name: &str) -> impl Iterator<Item = String> + '_ {
    let first = name.chars().next();
    name.chars()
        .skip(1)
        .filter(|letter| letter.is_alphanumeric())
        .filter_map(move |letter| first.map(|first| capitalised(&format!("{first}{letter}"))))
}

/// The first letter and a number, when the letters have run out.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    let first: String = name.chars().take(1).collect();
    (1..).map(move |number| capitalised(&format!("{first}{number}")))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
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
            (&["web", "web-2"], &[], &["We", "Web"]),
            (&["redis-a", "redis-b"], &[], &["Re", "Rd"]),
            (&["a", "aa", "aaa", "aaaa"], &[], &["A1", "Aa", "Aaa", "A2"]),
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
