//! The part of a long file that is in the editor: a browser takes its time with megabytes in a text field,
//! and more at every key.

use std::ops::Range;

/// From how many bytes on a file is long.
const LONG: usize = 500_000;

/// How many lines of a long file are in the editor.
const LINES: u32 = 800;

/// How many lines of them come before the one that is asked for.
const BEFORE: u32 = 200;

/// Some lines of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Counted from 1.
    pub first_line: u32,
    /// How many there are in the text.
    pub all: u32,
    bytes: Range<usize>,
}

impl Excerpt {
    /// The lines around one; none of a text that is short enough to be shown whole.
    pub fn around(line: u32, text: &str) -> Option<Excerpt> {
        (text.len() >= LONG).then(|| Excerpt::from(line.saturating_sub(BEFORE).max(1), text))
    }

    fn from(first_line: u32, text: &str) -> Excerpt {
        let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut first = (1, 0);
        for (line, at) in (1..=first_line).zip(&mut starts) {
            first = (line, at);
        }
        let end = starts.by_ref().nth(LINES as usize - 1);
        let rest = starts.count() as u32 + if end.is_some() { LINES } else { 0 };
        let end = end.unwrap_or(text.len());
        let shown = text[first.1..end].matches('\n').count() as u32;
        let all = first.0 + if rest > 0 { rest } else { shown };
        Excerpt { first_line: first.0, all, bytes: first.1..end }
    }

    /// The lines.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.bytes.clone()).unwrap_or_default()
    }

    /// The text with other lines in their place, which are the excerpt of it.
    pub fn replace(&mut self, text: &str, lines: &str) -> String {
        let (before, after) = (&text[..self.bytes.start], &text[self.bytes.end..]);
        let count = |text: &str| text.matches('\n').count() as u32;
        self.all = (self.all + count(lines)).saturating_sub(count(self.text(text)));
        self.bytes.end = self.bytes.start + lines.len();
        [before, lines, after].concat()
    }

    /// Whether it has a line.
    pub fn has(&self, line: u32, text: &str) -> bool {
        let count = self.text(text).matches('\n').count() as u32;
        (self.first_line..=self.first_line + count).contains(&line)
    }

    /// The line from which on there is as much as now before it, or behind it.
    pub fn beside(&self, is_later: bool) -> u32 {
        let middle = self.first_line + BEFORE;
        if is_later {
            middle + LINES - BEFORE
        } else {
            middle.saturating_sub(LINES - BEFORE).max(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: u32) -> String {
        (1..=lines).map(|line| format!("line {line} {}\n", "x".repeat(30))).collect()
    }

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(Excerpt::around(1, &text(100)), None);
    }

    #[test]
    fn a_long_text_is_shown_around_a_line() {
        let text = text(20_000);
        for (line, first) in [(1, 1), (150, 1), (5_000, 4_800), (20_000, 19_800), (90_000, 20_001)]
        {
            let excerpt = Excerpt::around(line, &text).unwrap();
            assert_eq!(excerpt.first_line, first, "{line}");
            assert_eq!(excerpt.all, 20_001, "{line}");
            let begins = format!("line {first} ");
            assert!(first == 20_001 || excerpt.text(&text).starts_with(&begins), "{line}");
            assert!(excerpt.text(&text).matches('\n').count() <= LINES as usize);
            assert_eq!(excerpt.has(line, &text), line <= 20_000);
        }
    }

    #[test]
    fn what_is_written_takes_the_place_of_the_lines() {
        let text = text(20_000);
        let mut excerpt = Excerpt::around(5_000, &text).unwrap();
        let lines = excerpt.text(&text).replacen("line 4801 ", "other\nline 4801 ", 1);
        let now = excerpt.replace(&text, &lines);
        assert_eq!(now, text.replacen("line 4801 ", "other\nline 4801 ", 1));
        assert_eq!((excerpt.text(&now), excerpt.all), (lines.as_str(), 20_002));
    }
}
