//! Documents that cannot be read because they are templates, such as those of a Helm chart.

use super::tree::Place;
use super::{Reading, Source};
use crate::stray::{Kind, Stray};

/// Where an action begins, in Go's templates and in Jinja's.
const ACTION: &str = "{{";

/// Makes strays of the documents that are no YAML and hold an action. Called when nothing but the YAML has
/// been looked at: a document that can be read is what it says it is.
pub(super) fn set_aside(source: &Source, reading: &mut Reading) {
    if reading.diagnostics.is_empty() || !source.text.contains(ACTION) {
        return;
    }
    let (mut first, mut action) = (1, None);
    let mut documents = Vec::new();
    for (number, line) in (1..).zip(source.text.lines()) {
        if line.starts_with("---") {
            documents.push((first..number, action.take()));
            first = number;
        }
        let column = line.find(ACTION).map(|at| 1 + line[..at].chars().count() as u32);
        action = action.or(column.map(|column| Place { line: number, column }));
    }
    documents.push((first..u32::MAX, action));
    for (lines, action) in documents {
        let Some(action) = action else { continue };
        let before = reading.diagnostics.len();
        reading.diagnostics.retain(|said| !lines.contains(&said.location.line));
        if reading.diagnostics.len() < before {
            let location = source.location(action);
            reading.strays.push(Stray { location, what: Kind::Template });
        }
    }
}
