//! Places in a text, and what is said of them.

use netpol_engine::diagnostic::{Diagnostic, Location};

/// The name under which texts are read.
pub const FILE: &str = "fuzz.yaml";

/// The characters of each line. YAML and editors know three ways to end one.
pub fn lines(text: &str) -> Vec<Vec<char>> {
    let text = text.replace("\r\n", "\n");
    text.split(['\n', '\r']).map(|line| line.chars().collect()).collect()
}

/// The line of a place, up to it and from it on; none where the text has no such place.
fn split<'t>(lines: &'t [Vec<char>], location: &Location) -> Option<(&'t [char], &'t [char])> {
    let line = lines.get((location.line as usize).checked_sub(1)?)?;
    let column = (location.column as usize).checked_sub(1)?;
    (&*location.file == FILE && column <= line.len()).then(|| line.split_at(column))
}

/// Whether something begins at a place.
pub fn is_beginning(lines: &[Vec<char>], location: &Location) -> bool {
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let halves = split(lines, location);
    halves.is_some_and(|(before, after)| !(word(before.last()) && word(after.first())))
}

/// All that is said has a place in the text, and is said in one line.
///
/// # Panics
///
/// Where it does not hold.
pub fn assert_said(lines: &[Vec<char>], diagnostics: &[Diagnostic]) {
    for Diagnostic { location, message, .. } in diagnostics {
        assert!(split(lines, location).is_some(), "no such place: {location}: {message}");
        assert_one_line(message);
    }
}

/// # Panics
///
/// Where a sentence is none.
pub fn assert_one_line(sentence: &str) {
    assert!(!sentence.trim().is_empty(), "nothing is said");
    assert!(!sentence.contains(char::is_control), "more than a line: {sentence:?}");
}
