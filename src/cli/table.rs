//! Tables for people, and lists for programs with one entry a line.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a heading and lines in columns as wide as what is in them; the last one is as wide as it is.
pub(super) fn table<const N: usize>(
    heading: [&str; N],
    lines: &[[String; N]],
    out: &mut impl Write,
) -> io::Result<()> {
    let widths: [usize; N] = std::array::from_fn(|column| match column + 1 == N {
        true => 0,
        false => {
            let cells = lines.iter().map(|cells| cells[column].len());
            cells.chain([heading[column].len()]).max().unwrap_or_default()
        }
    });
    let mut line = |cells: [&str; N]| {
        for (column, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            write!(out, "{gap}{cell:width$}")?;
        }
        writeln!(out)
    };
    line(heading)?;
    lines.iter().try_for_each(|cells| line(cells.each_ref().map(String::as_str)))
}

/// Writes a JSON list with one entry a line, so that a line-by-line diff of two lists is one of what
/// they say.
pub(super) fn json_list(
    entries: impl IntoIterator<Item = impl Serialize>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(b"[")?;
    let mut separator = "\n";
    for entry in entries {
        out.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut *out, &entry)?;
        separator = ",\n";
    }
    out.write_all(if separator == "\n" { b"]" } else { b"\n]" })
}
