//! Texts that are nearly right, from those that are.
//!
//! Bytes changed at random seldom leave YAML that is still read. These changes are made along its
//! lines: a block is a line with all that is indented more deeply below it.

use std::ops::Range;

use super::dice::Dice;

/// What texts are made of.
pub struct Language {
    /// The fuzzer's dictionary: words to put where values and keys are.
    pub dictionary: &'static str,
    /// The lines of a text from nothing.
    pub text: fn(&mut Dice) -> Vec<String>,
    /// Lines that make a text longer.
    pub more: fn(&mut Dice) -> Vec<String>,
}

/// How many changes are made at once, at most.
const MOST_CHANGES: u64 = 4;

/// Another text, of at most so many bytes. None where this change comes to nothing, and now and then,
/// so that the fuzzer makes a change of its own.
pub fn mutate(text: &str, longest: usize, seed: u32, language: &Language) -> Option<String> {
    let mut dice = Dice(u64::from(seed));
    if dice.once_in(4) {
        return None;
    }
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..=dice.below(MOST_CHANGES) {
        change(&mut lines, &mut dice, language);
    }
    let mutated = lines.join("\n");
    (mutated != text && mutated.len() <= longest).then_some(mutated)
}

fn change(lines: &mut Vec<String>, dice: &mut Dice, language: &Language) {
    let from = block(lines, dice);
    let to = dice.index(lines.len() + 1);
    match dice.below(12) {
        0 => drop(lines.drain(from)),
        1 => {
            let copy = lines[from].to_vec();
            lines.splice(to..to, copy);
        }
        2 => {
            let other = block(lines, dice);
            let copy = indented(&lines[from], indentation(&lines[other.start]));
            lines.splice(other, copy);
        }
        3 => {
            let deeper = indentation(&lines[from.start]) + 2;
            let moved = indented(&lines[from.clone()], deeper);
            lines.splice(from, moved);
        }
        4 => {
            let shallower = indentation(&lines[from.start]).saturating_sub(2);
            let moved = indented(&lines[from.clone()], shallower);
            lines.splice(from, moved);
        }
        5 => lines.insert(to, "---".to_owned()),
        6 => lines.extend((language.more)(dice)),
        7 => *lines = (language.text)(dice),
        8 => {
            let item = format!("{}- ", " ".repeat(indentation(&lines[from.start])));
            let line = &mut lines[from.start];
            *line = match line.trim_start().strip_prefix("- ") {
                Some(rest) => format!("{}  {rest}", &item[..item.len() - 2]),
                None => format!("{item}{}", line.trim_start()),
            };
        }
        _ => {
            let word = match dice.below(2) {
                0 => dictionary_word(dice, language.dictionary),
                _ => {
                    let line = lines[dice.index(lines.len())].clone();
                    let words: Vec<_> = words(&line).collect();
                    words.get(dice.index(words.len())).map(|word| line[word.clone()].to_owned())
                }
            };
            let line = &mut lines[from.start];
            let places: Vec<_> = words(line).collect();
            if let (Some(place), Some(word)) = (places.get(dice.index(places.len())), word) {
                line.replace_range(place.clone(), &word);
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
}

/// A block, by its lines; never none.
fn block(lines: &[String], dice: &mut Dice) -> Range<usize> {
    let start = dice.index(lines.len());
    let depth = indentation(&lines[start]);
    let is_inside = |line: &&String| line.trim().is_empty() || indentation(line) > depth;
    start..start + 1 + lines[start + 1..].iter().take_while(is_inside).count()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A block, moved so that its first line is indented this deeply.
fn indented(block: &[String], depth: usize) -> Vec<String> {
    let first = block.first().map_or(0, |line| indentation(line));
    let moved = |line: &String| {
        let deeper = indentation(line).saturating_sub(first);
        format!("{}{}", " ".repeat(depth + deeper), line.trim_start_matches(' '))
    };
    block.iter().map(moved).collect()
}

/// Where the keys and values of a line are.
fn words(line: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "{}[],".contains(c);
    let mut start = 0;
    line.split(ends).filter_map(move |word| {
        let at = start;
        // All that ends a word is one byte long, but for spaces of other scripts.
        start += word.len() + line[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        let word = word.strip_suffix(':').unwrap_or(word);
        (!word.is_empty()).then(|| at..at + word.len())
    })
}

fn dictionary_word(dice: &mut Dice, dictionary: &str) -> Option<String> {
    let quoted = dictionary.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let plain: Vec<_> = quoted.filter(|word| !word.contains('\\')).collect();
    plain.get(dice.index(plain.len())).map(|&word| word.to_owned())
}
