//! Tabs that indent the lines of a flow list or map: real files have them, JSON's way, and the
//! YAML library of kubectl takes them. Our parser takes them only outside block collections, so
//! that they are turned into spaces first. A tab and a space are both one byte and one column:
//! every place stays what it was.

/// The positions of the tabs that indent lines of the flow collection beginning at a position,
/// as far as it can be followed.
pub(super) fn indenting_tabs(text: &str, start: usize) -> Vec<usize> {
    let mut tabs = Vec::new();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut before = b' ';
    let mut bytes = text.bytes().enumerate().skip(start).peekable();
    while let Some((_, byte)) = bytes.next() {
        match (quote, byte) {
            (Some(b'"'), b'\\') => drop(bytes.next_if(|(_, escaped)| *escaped != b'\n')),
            // A single quote is written twice within single quotes.
            (Some(open), _) if byte == open => match bytes.next_if(|(_, b)| *b == b'\'') {
                Some(_) if open == b'\'' => {}
                _ => quote = None,
            },
            (_, b'\n') => {
                while let Some((at, blank)) = bytes.next_if(|(_, b)| matches!(b, b' ' | b'\t')) {
                    if blank == b'\t' {
                        tabs.push(at);
                    }
                }
                if bytes.peek().is_some_and(|(at, _)| text[*at..].starts_with("---")) {
                    break;
                }
                before = b' ';
                continue;
            }
            (Some(_), _) => {}
            (None, b'"' | b'\'') if b" \t[{,:".contains(&before) => quote = Some(byte),
            (None, b'#') if b" \t".contains(&before) => {
                while bytes.next_if(|(_, byte)| *byte != b'\n').is_some() {}
            }
            (None, b'[' | b'{') => depth += 1,
            (None, b']' | b'}') if depth > 1 => depth -= 1,
            (None, b']' | b'}') => break,
            (None, _) => {}
        }
        before = byte;
    }
    tabs
}

/// The text with spaces in place of the bytes at these positions.
pub(super) fn blank(text: &str, positions: &[usize]) -> String {
    let mut blanked = text.to_owned();
    positions.iter().for_each(|at| blanked.replace_range(*at..at + 1, " "));
    blanked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_indenting_tabs_of_the_collection_are_found() {
        let check = |text: &str, expected: &str| {
            let tabs = indenting_tabs(text, text.find('[').unwrap());
            assert_eq!(blank(text, &tabs), expected, "{text:?}");
        };
        check("\ta: [\n\t1,\n \t2\t] \n\tb", "\ta: [\n 1,\n  2\t] \n\tb");
        check(
            "[\n\t'it''s ]',\n\t\"\\\"]\",\n\tit's]\n\tb",
            "[\n 'it''s ]',\n \"\\\"]\",\n it's]\n\tb",
        );
        check("[ # ]\n\ta#]\n\tb", "[ # ]\n a#]\n\tb");
        check("[{\n\ta: [\n\t]}\n\t]\n\tb", "[{\n a: [\n ]}\n ]\n\tb");
        check("[\n\ta\n---\n\tb", "[\n a\n---\n\tb");
    }
}
