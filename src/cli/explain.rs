//! `netpol explain`: why a call gets through, or where it is stopped.

use std::collections::BTreeSet;
use std::io::Write;

use super::Failure;
use super::args::Explain;
use super::load::{Loaded, load};
use crate::end::{self, INTERNET};
use crate::explain::{Passage, Section, explain};
use crate::owners::By;
use crate::probe;

/// Writes the explanation: the outcome, then everything that the call has to pass with the part of
/// every policy, then what the answer depends on.
pub(super) fn run(args: &Explain, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, unevaluated, .. } = load(&args.input, By::Object)?;
    let call = end::call(&model, &args.from, &args.to, args.port, &args.input.namespace)?;
    let explanation = explain(&model, &call, &probe::call(&model, &call));
    writeln!(out, "{}", explanation.summary)?;
    for section in &explanation.sections {
        writeln!(out)?;
        write_section(section, out)?;
    }
    let mut notes = explanation.badges;
    let kinds: BTreeSet<&str> = unevaluated.iter().map(|mention| mention.kind.as_str()).collect();
    notes.extend(
        kinds.iter().map(|kind| {
            format!("the input holds policies of kind {kind}, which are not evaluated")
        }),
    );
    if [&args.from, &args.to].into_iter().any(|end| end.trim() == INTERNET) {
        notes.push(end::internet(&model).to_string());
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

fn write_section(section: &Section, out: &mut impl Write) -> Result<(), Failure> {
    let Section { title, passage, sentence, parts, .. } = section;
    let passage = match passage {
        Passage::Passes => "passes",
        Passage::Stops => "stops",
    };
    writeln!(out, "{title}: {passage}")?;
    writeln!(out, "  {sentence}")?;
    for part in parts {
        writeln!(out, "  - {} {}", part.path, part.says)?;
        writeln!(out, "    {}:{}", part.location.file, part.location.line)?;
    }
    Ok(())
}
