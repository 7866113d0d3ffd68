//! Items put into a list of a text and taken out of it, in the style in which it is written.
//!
//! In: a text, the object in it, the path of a list, and what to splice. Out: the text with nothing else
//! touched; nothing where the list is written in a way that is not understood. What the text means then is
//! for who asks to see.

use std::ops::Range;

use super::super::relabel::offset;
use crate::diagnostic::Location;
use crate::manifest::{Object, Path};
use crate::write::{Style, Yaml};

/// A list of an object, which may not be there.
pub(super) struct List<'a> {
    pub object: &'a Object,
    /// Its path, of which `key` is the last step.
    pub path: &'a Path<'a>,
    pub key: &'a str,
    /// How many items it has.
    pub count: usize,
}

/// Takes items out of a list, beginning at one, and puts others in their place.
pub(super) fn splice(
    text: &str,
    list: &List,
    (at, removed): (usize, usize),
    added: &[Yaml],
) -> Option<String> {
    let parent = list.path.parent()?;
    let (place, around) = (list.object.locate(list.path), list.object.locate(parent));
    if place == around {
        return insert_key(text, &around, list.key, added);
    }
    let start = offset(text, (place.line, place.column))?;
    match text[start..].chars().next()? {
        '-' => block(text, list, &place, (at, removed), added),
        '[' if list.count == 0 => fill(text, list, start, added),
        '[' => flow(text, list, start, (at, removed), added),
        _ => None,
    }
}

/// A text by its lines, with their ends.
struct Lines<'t> {
    lines: Vec<&'t str>,
    /// How a line ends that is added.
    end: &'static str,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Lines { lines: text.split_inclusive('\n').collect(), end }
    }

    /// The index of a line that is counted from 1.
    fn index(line: u32) -> Option<usize> {
        (line as usize).checked_sub(1)
    }

    /// The last line of what begins at a line and goes on as long as lines belong to it; blank lines and
    /// comments after that do not.
    fn last(&self, first: usize, belongs: impl Fn(usize, &str) -> bool) -> usize {
        let mut last = first;
        for (index, line) in self.lines.iter().enumerate().skip(first + 1) {
            let content = line.trim_start_matches(' ');
            let is_filler = content.trim().is_empty() || content.starts_with('#');
            let is_mark = line.starts_with("---") || line.starts_with("...");
            if is_mark || !is_filler && !belongs(line.len() - content.len(), content) {
                break;
            }
            if !is_filler {
                last = index;
            }
        }
        last
    }

    /// The text in which some lines are others.
    fn with(&self, range: Range<usize>, added: &[String]) -> String {
        let mut text: String = self.lines[..range.start].concat();
        let after: String = self.lines[range.end..].concat();
        if !added.is_empty() && !text.is_empty() && !text.ends_with('\n') {
            text += self.end;
        }
        for line in added {
            text += line;
            text += self.end;
        }
        // A text that did not end its last line does not do so now.
        if after.is_empty() && !self.lines.last().is_some_and(|last| last.ends_with('\n')) {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text + &after
    }
}

/// Whether a line of a block list begins an item.
fn is_item(content: &str) -> bool {
    content
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with([' ', '\r', '\n']) || rest.is_empty())
}

/// Changes a list in block style.
fn block(
    text: &str,
    list: &List,
    place: &Location,
    (at, removed): (usize, usize),
    added: &[Yaml],
) -> Option<String> {
    let lines = Lines::of(text);
    let column = Lines::index(place.column)?;
    let first = Lines::index(place.line)?;
    let in_list =
        |indent: usize, content: &str| indent > column || indent == column && is_item(content);
    let end = lines.last(first, in_list);
    let begins = |index: &usize| {
        let content = lines.lines[*index].get(column..).unwrap_or_default();
        let indent = lines.lines[*index].len() - lines.lines[*index].trim_start_matches(' ').len();
        // The first item may stand behind something else.
        is_item(content) && (indent == column || *index == first)
    };
    let starts: Vec<usize> = (first..=end).filter(begins).collect();
    if starts.len() != list.count || at + removed > list.count {
        return None;
    }
    let last_of = |item: usize| {
        let until = starts.get(item + 1).map_or(end, |next| next - 1);
        last_content(&lines, starts[item], until)
    };
    let indent = " ".repeat(column);
    let items: Vec<String> =
        added.iter().flat_map(Yaml::item).map(|line| format!("{indent}{line}")).collect();
    if removed == list.count && added.is_empty() {
        // A key without items would be null.
        let key = list.object.locate_key(list.path);
        let line = lines.lines.get(Lines::index(key.line)?)?;
        let cut = lines.with(starts[0]..last_of(list.count - 1) + 1, &[]);
        let colon = line.find(':')? + 1;
        let at = offset(&cut, (key.line, 1))? + colon;
        let is_apart = Lines::index(key.line)? < first;
        return is_apart.then(|| [&cut[..at], " []", &cut[at..]].concat());
    }
    let start = match at {
        0 => starts[0],
        at => last_of(at - 1) + 1,
    };
    match removed {
        0 => Some(lines.with(start..start, &items)),
        _ => {
            let end = last_of(at + removed - 1) + 1;
            Some(lines.with(starts[at]..end, &items))
        }
    }
}

/// The last line up to another one that is neither blank nor a comment.
fn last_content(lines: &Lines, first: usize, until: usize) -> usize {
    let is_content = |index: &usize| {
        let content = lines.lines[*index].trim();
        !content.is_empty() && !content.starts_with('#')
    };
    (first..=until).rev().find(is_content).unwrap_or(first)
}

/// Changes a list in flow style that has items.
fn flow(
    text: &str,
    list: &List,
    start: usize,
    (at, removed): (usize, usize),
    added: &[Yaml],
) -> Option<String> {
    let close = closing(text, start)?;
    let span = |item: usize| {
        let place = list.object.locate(&list.path.index(item));
        let from = offset(text, (place.line, place.column))?;
        let to = item_end(text, from)?;
        (start < from && to <= close).then_some(from..to)
    };
    let spans: Vec<Range<usize>> = (0..list.count).map(span).collect::<Option<_>>()?;
    let is_in_order = spans.windows(2).all(|two| two[0].end <= two[1].start);
    if !is_in_order || at + removed > list.count {
        return None;
    }
    let style = style_of(text, list)?;
    let items: Vec<String> = added.iter().map(|item| item.flow(style)).collect();
    let items = items.join(", ");
    let cut =
        |range: Range<usize>, put: &str| [&text[..range.start], put, &text[range.end..]].concat();
    Some(match (removed, items.is_empty()) {
        (0, true) => text.to_owned(),
        (0, false) if at == 0 => cut(spans[0].start..spans[0].start, &format!("{items}, ")),
        (0, false) => cut(spans[at - 1].end..spans[at - 1].end, &format!(", {items}")),
        (_, false) => cut(spans[at].start..spans[at + removed - 1].end, &items),
        (_, true) if removed == list.count => cut(start + 1..close, ""),
        (_, true) => match spans.get(at + removed) {
            Some(next) => cut(spans[at].start..next.start, ""),
            None => cut(spans[at - 1].end..spans[at + removed - 1].end, ""),
        },
    })
}

/// Puts items into `[]`: as lines below its key, where that is written so.
fn fill(text: &str, list: &List, start: usize, added: &[Yaml]) -> Option<String> {
    let close = closing(text, start)?;
    let parent = list.object.locate(list.path.parent()?);
    let is_block = !text[offset(text, (parent.line, parent.column))?..].starts_with('{');
    let key = list.object.locate_key(list.path);
    let line_end = text[close..].find('\n').map_or(text.len(), |at| close + at);
    let rest = text[close + 1..line_end].trim();
    let is_alone = rest.is_empty() || rest.starts_with('#');
    if is_block && is_alone && !text[start..close].contains('\n') {
        let before = text[..start].trim_end_matches(' ');
        let emptied = [before, &text[close + 1..]].concat();
        let lines = Lines::of(&emptied);
        let indent = " ".repeat(Lines::index(key.column)? + 2);
        let items: Vec<String> =
            added.iter().flat_map(Yaml::item).map(|line| format!("{indent}{line}")).collect();
        let at = key.line as usize;
        return Some(lines.with(at..at, &items));
    }
    let style = style_of(text, list)?;
    let items: Vec<String> = added.iter().map(|item| item.flow(style)).collect();
    Some([&text[..start + 1], &items.join(", "), &text[close..]].concat())
}

/// Adds a key with a list to the mapping at a place.
fn insert_key(text: &str, place: &Location, key: &str, added: &[Yaml]) -> Option<String> {
    let start = offset(text, (place.line, place.column))?;
    let value = Yaml::List(added.to_vec());
    if text[start..].starts_with('{') {
        let close = closing(text, start)?;
        let inside = text[start + 1..close].trim_end();
        let is_json = match inside.trim_start().chars().next() {
            Some(first) => first == '"',
            None => text.trim_start().starts_with('{') && text.contains("\"kind\""),
        };
        let style = if is_json { Style::Json } else { Style::Plain };
        let separator = match inside.trim() {
            "" => "",
            inside if inside.ends_with(',') => " ",
            _ => ", ",
        };
        let at = start + 1 + inside.len();
        let entry = value.flow_entry(key, style);
        return Some([&text[..at], separator, &entry, &text[at..]].concat());
    }
    let lines = Lines::of(text);
    let column = Lines::index(place.column)?;
    let last = lines.last(Lines::index(place.line)?, |indent, _| indent >= column);
    let indent = " ".repeat(column);
    let entry: Vec<String> =
        value.entry(key).into_iter().map(|line| format!("{indent}{line}")).collect();
    Some(lines.with(last + 1..last + 1, &entry))
}

/// How strings are written in a list in flow style: as its key is.
fn style_of(text: &str, list: &List) -> Option<Style> {
    let key = list.object.locate_key(list.path);
    let is_json = text[offset(text, (key.line, key.column))?..].starts_with('"');
    Some(if is_json { Style::Json } else { Style::Plain })
}

/// The place of the bracket that closes the one at a place.
fn closing(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0;
    walk(text, start, |_, byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// Where an item of a list in flow style ends.
fn item_end(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0;
    let stop = walk(text, start, |_, byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return true,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return true,
            _ => {}
        }
        false
    })?;
    Some(start + text[start..stop].trim_end().len())
}

/// The first place, from one on, at which something holds of a byte that is in no quotes and no comment.
fn walk(text: &str, start: usize, mut holds: impl FnMut(usize, u8) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    // Quotes open a string only where a value can begin.
    let mut begins = true;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' if begins => at = quoted_end(bytes, at)?,
            b'#' if at > start && bytes[at - 1].is_ascii_whitespace() => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n')?;
                continue;
            }
            _ if holds(at, byte) => return Some(at),
            _ => {}
        }
        begins = b"{[,:".contains(&byte) || byte.is_ascii_whitespace() && begins;
        at += 1;
    }
    None
}

/// The quote that closes the one at a place.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            // Two of them are one that is meant.
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}
