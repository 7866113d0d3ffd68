//! JUnit's XML, as continuous integration reads it: a test case for each expectation.
//!
//! The elements and attributes are those of the schema of Jenkins, which GitLab and others read too. No
//! time is told, so that the same input gives the same report.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Item, count};
use crate::expect::Standing;

/// Writes the report.
pub(super) fn write(file: &str, items: &[Item], out: &mut impl Write) -> io::Result<()> {
    let file = plain(file);
    let [tests, failures] =
        [items.len(), items.len() - count(items, Standing::Met)].map(|count| count.to_string());
    let counts = [("tests", &*tests), ("failures", &*failures), ("errors", "0")];
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").with_attributes(counts).write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attribute(("name", &*file));
        suite
            .with_attributes(counts)
            .write_inner_content(|xml| items.iter().try_for_each(|item| case(&file, item, xml)))?;
        Ok(())
    })?;
    writeln!(out)
}

fn case(file: &str, item: &Item, xml: &mut Writer<impl Write>) -> io::Result<()> {
    let Item { expectation, judgement } = item;
    let name = plain(&format!("{expectation}: {}", expectation.verdict));
    let case = xml.create_element("testcase");
    let case = case.with_attributes([("classname", file), ("name", &*name)]);
    if judgement.standing == Standing::Met {
        case.write_empty()?;
        return Ok(());
    }
    let (found, standing) = (plain(&item.found()), judgement.standing.as_str());
    case.write_inner_content(|xml| {
        let mut lines = vec![format!("{}: {standing}", plain(&expectation.location.to_string()))];
        lines.extend(judgement.notes.iter().map(|note| plain(&format!("note: {note}"))));
        let failure = xml.create_element("failure");
        let failure = failure.with_attributes([("type", standing), ("message", &*found)]);
        failure.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })?;
    Ok(())
}

/// A text without the characters that XML cannot hold, escaped or not.
fn plain(text: &str) -> String {
    let is_held = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if is_held(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
