//! Where a text can be taken apart, so that its parts are read by themselves.

use std::borrow::Cow;
use std::ops::Range;

/// A part of a text that is a document, or an item of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Counted from 1.
    pub first_line: u32,
    pub bytes: Range<usize>,
    is_item: bool,
}

/// What makes a document of an item.
const LIST: &str = "apiVersion: v1\nkind: List\nitems:\n";

/// From how many bytes on a `List` is taken apart. In a smaller one, the places of messages are told by
/// the numbers of items, which is worth more than a millisecond.
const LARGE: usize = 100_000;

impl Piece {
    /// The text of it.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.bytes.clone()]
    }

    /// What is to be read for it, and in which line of that it begins.
    pub fn source<'t>(&self, text: &'t str) -> (Cow<'t, str>, u32) {
        match self.is_item {
            true => (Cow::Owned(format!("{LIST}{}", self.text(text))), 4),
            false => (Cow::Borrowed(self.text(text)), 1),
        }
    }
}

/// The documents of a text: `---` begins a line only between two of them. A text with directives, which
/// stand before the document that they are for, is one piece.
pub(super) fn split(text: &str) -> Vec<Piece> {
    let (mut pieces, mut start, mut first_line, mut at) = (Vec::new(), 0, 1, 0);
    let has_directives = text.starts_with('%') || text.contains("\n%");
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let after = line.strip_prefix("---");
        let begins =
            after.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
        if begins && at > 0 && !has_directives {
            document(text, first_line, start..at, &mut pieces);
            (start, first_line) = (at, number);
        }
        at += line.len();
    }
    document(text, first_line, start..text.len(), &mut pieces);
    pieces
}

/// Adds a document, as one piece or by its items.
fn document(text: &str, first_line: u32, bytes: Range<usize>, pieces: &mut Vec<Piece>) {
    let whole = Piece { first_line, bytes, is_item: false };
    match items(whole.text(text), &whole) {
        Some(items) => pieces.extend(items),
        None => pieces.push(whole),
    }
}

/// The items of a `List` in block style that holds nothing else, at the margin as kubectl writes them. None
/// of anything that might be read otherwise in parts, as where an item refers to another by an alias.
fn items(text: &str, whole: &Piece) -> Option<Vec<Piece>> {
    if text.len() < LARGE || text.contains(": &") || text.contains("- &") {
        return None;
    }
    let mut found: Vec<Piece> = Vec::new();
    let (mut at, mut is_in_items, mut is_list) = (whole.bytes.start, false, false);
    for (number, line) in (whole.first_line..).zip(text.split_inclusive('\n')) {
        let end = at + line.len();
        let content = line.trim_end();
        if is_in_items && line.starts_with("- ") {
            found.push(Piece { first_line: number, bytes: at..end, is_item: true });
        } else if is_in_items && (line.starts_with(' ') || content.is_empty()) {
            found.last_mut()?.bytes.end = end;
        } else {
            is_in_items = content == "items:" && found.is_empty();
            is_list |= content == "kind: List";
            let is_known = is_in_items
                || matches!(content, "---" | "apiVersion: v1" | "kind: List" | "metadata:" | "")
                || line.starts_with("  ");
            if !is_known {
                return None;
            }
        }
        at = end;
    }
    (is_list && !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis;
    use crate::manifest::Source;

    fn pod(i: usize) -> String {
        format!(
            "- apiVersion: v1\n  kind: Pod\n  metadata:\n    labels:\n      app: app-{i}\n    name: pod-{i}\n    namespace: shop\n  spec:\n    containers:\n    - name: app\n"
        )
    }

    fn list(head: &str, tail: &str) -> String {
        head.to_owned() + &(0..1500).map(pod).collect::<String>() + tail
    }

    const HEAD: &str = "apiVersion: v1\nitems:\n";
    const TAIL: &str = "kind: List\nmetadata:\n  resourceVersion: \"\"\n";

    #[test]
    fn the_items_of_a_large_list_come_to_what_the_list_does() {
        let text =
            format!("{}---\n{}---\n{{}}\n", list(HEAD, TAIL), &pod(7)[2..].replace("\n  ", "\n"));
        let whole = analysis::read(&Source::new("a.yaml", text.as_str()));
        let pieces = split(&text);
        assert_eq!(pieces.len(), 1502);
        let mut objects = Vec::new();
        for piece in pieces {
            let (source, first) = piece.source(&text);
            let mut fragment = analysis::read(&Source::new("a.yaml", source));
            fragment.move_lines(first, piece.first_line);
            objects.append(&mut fragment.objects);
        }
        assert_eq!(objects, whole.objects);
    }

    #[test]
    fn what_may_be_read_otherwise_in_parts_is_read_as_one() {
        for text in [
            HEAD.to_owned() + &pod(1) + TAIL,
            list(HEAD, "kind: PodList\n"),
            list(HEAD, ""),
            list("apiVersion: v1\nother: 1\nitems:\n", TAIL),
            list(HEAD, TAIL).replacen("    labels:", "    labels: &shop", 1),
            list("apiVersion: v1\nitems: # all\n", TAIL),
        ] {
            assert_eq!(split(&text).len(), 1, "{}", &text[..60]);
        }
    }
}
