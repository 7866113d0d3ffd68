//! `netpol explain`: why a call gets through, or where it is stopped, for people or as JSON.

mod json;

use std::collections::BTreeSet;
use std::io::Write;

use super::Failure;
use super::args::{Explain, ExplainFormat};
use super::load::{Loaded, kinds, load, note_on};
use crate::end::{self, INTERNET, Internet};
use crate::evaluate::Model;
use crate::explain::{Explanation, Passage, Section, explain};
use crate::owners::By;
use crate::probe::{self, Call, Reply};

/// A call, what became of it, and why.
struct Explained<'a> {
    args: &'a Explain,
    model: &'a Model,
    call: Call,
    reply: Reply,
    explanation: Explanation,
    /// The address that stands for the internet, where it is an end of the call.
    internet: Option<Internet>,
    /// The kinds of policy in the input that are not evaluated.
    not_evaluated: BTreeSet<&'a str>,
}

/// Writes the explanation.
pub(super) fn run(args: &Explain, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { model, unevaluated, .. } = load(&args.input, By::Object)?;
    let call = end::call(&model, &args.from, &args.to, args.port, &args.input.terms.namespace)?;
    let reply = probe::call(&model, &call);
    let is_internet = [&args.from, &args.to].into_iter().any(|end| end.trim() == INTERNET);
    let explained = Explained {
        args,
        model: &model,
        explanation: explain(&model, &call, &reply),
        call,
        reply,
        internet: is_internet.then(|| end::internet(&model)),
        not_evaluated: kinds(&unevaluated),
    };
    match args.format {
        ExplainFormat::Text => text(&explained, out),
        ExplainFormat::Json => json::write(&explained, out),
    }
}

/// The outcome, then everything that the call has to pass with the part of every policy, then what the
/// answer depends on.
fn text(explained: &Explained, out: &mut impl Write) -> Result<(), Failure> {
    let Explained { explanation, internet, not_evaluated, .. } = explained;
    writeln!(out, "{}", explanation.summary)?;
    for section in &explanation.sections {
        writeln!(out)?;
        write_section(section, out)?;
    }
    let mut notes = explanation.badges.clone();
    notes.extend(not_evaluated.iter().map(|kind| note_on(kind)));
    notes.extend(internet.map(|internet| internet.to_string()));
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
