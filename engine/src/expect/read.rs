//! A file to expectations: strictly, and item by item.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use super::{Expectation, Expected, Reading};
use crate::diagnostic::{Diagnostic, Location, Quoted, Severity};
use crate::end::{Port, Unknown};
use crate::manifest::{self, EXPECT, Item, Items, Source};

/// An item as it is written; what is not there is empty.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    from: String,
    to: String,
    port: Option<WrittenPort>,
    verdict: String,
}

/// A port as it is written: a number, or a number and a protocol.
struct WrittenPort(String);

/// Ports that would be taken, for a hint.
const PORTS: &str = "`80`, `80/TCP` or `53/UDP`";

impl<'de> Deserialize<'de> for WrittenPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PortVisitor)
    }
}

struct PortVisitor;

impl Visitor<'_> for PortVisitor {
    type Value = WrittenPort;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a port such as {PORTS}")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<WrittenPort, E> {
        Ok(WrittenPort(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<WrittenPort, E> {
        Ok(WrittenPort(number.to_string()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<WrittenPort, E> {
        Ok(WrittenPort(text.to_owned()))
    }
}

/// Reads a file of expectations. One that is refused does not take the others with it.
pub fn read(source: &Source) -> Reading {
    let Items { items, mut diagnostics } = manifest::items::<Written>(source, EXPECT);
    let mut expectations = Vec::new();
    for item in items {
        let mut complaints = Vec::new();
        let expectation = expectation(&item, &mut complaints);
        if complaints.is_empty() {
            expectations.extend(expectation);
        }
        diagnostics.append(&mut complaints);
    }
    diagnostics.sort_by_key(|Diagnostic { location, .. }| (location.line, location.column));
    Reading { expectations, diagnostics }
}

/// What an item says; none when something is complained about.
fn expectation(item: &Item<Written>, complaints: &mut Vec<Diagnostic>) -> Option<Expectation> {
    let Written { from, to, port, verdict } = &item.value;
    let mut complain = |location: Location, field: &str, what: String| {
        let message = format!("`{EXPECT}[{}].{field}` {what}", item.index);
        complaints.push(Diagnostic { location, severity: Severity::Error, message });
    };
    for (field, end, accepted) in [
        ("from", from, "who calls, such as `frontend/client`, an address or `internet`"),
        ("to", to, "who is called, such as `backend/facade`, `facade.backend` or `internet`"),
    ] {
        if end.trim().is_empty() {
            complain(item.locate(field), field, format!("is missing: {accepted}"));
        } else if end.contains(char::is_control) {
            let what = format!("must be one line, not {}: {accepted}", Quoted(end));
            complain(item.locate(field), field, what);
        }
    }
    let port = match port.as_ref().map(|WrittenPort(text)| port_of(text)).transpose() {
        Ok(port) => port,
        Err(what) => {
            complain(item.locate("port"), "port", what);
            None
        }
    };
    let expected = Expected::ALL.into_iter().find(|expected| expected.as_str() == verdict);
    if expected.is_none() {
        let what = match verdict.is_empty() {
            true => "is missing: `open` or `blocked`".to_owned(),
            false => format!("must be `open` or `blocked`, not {}", Quoted(verdict)),
        };
        complain(item.locate("verdict"), "verdict", what);
    }
    let (from, to) = (from.trim().to_owned(), to.trim().to_owned());
    Some(Expectation { from, to, port, verdict: expected?, location: item.location() })
}

/// The port that a text means, or what is said of it.
fn port_of(text: &str) -> Result<Port, String> {
    text.parse().map_err(|error: Unknown| {
        let number = text.trim().split('/').next().unwrap_or_default();
        let is_range = number.split_once('-').is_some_and(|(first, last)| {
            [first, last].iter().all(|end| end.trim().parse::<u16>().is_ok())
        });
        match is_range {
            true => format!(
                "cannot be {}: ranges of ports are not supported, an item is about one port such \
                 as {PORTS}, or without one about all",
                Quoted(text)
            ),
            false => format!("cannot be {}: {error}", Quoted(text)),
        }
    })
}
