//! Which word was probably meant?
//!
//! In: a word that is not known, and those that are. Knows nothing of what they stand for.

/// The word that was probably meant: the same but for its case, or a slip or two away.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if let Some(same) = known.iter().find(|candidate| candidate.eq_ignore_ascii_case(word)) {
        return Some(same);
    }
    let slips = match word.len() {
        0..=2 => 0,
        3 => 1,
        _ => 2,
    };
    let distances = known.iter().map(|candidate| (distance(word, candidate), *candidate));
    distances.filter(|(distance, _)| *distance <= slips).min().map(|(_, candidate)| candidate)
}

/// The edit distance, case aside.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_ascii_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_ascii_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
