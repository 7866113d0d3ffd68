//! Texts to a model, with everything said that there is to say about them.

use std::rc::Rc;

use super::args::Input;
use super::input::{self, Origin, Text, Texts};
use super::{Failure, report};
use crate::compile::{Compiled, Defaults, Mention, compile};
use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Model;
use crate::manifest::{self, Reading};

/// What the input comes to.
pub(super) struct Loaded {
    pub model: Model,
    /// Policies of kinds that are not evaluated.
    pub unevaluated: Vec<Mention>,
}

/// Reads and compiles the input, and reports what is wrong with it.
///
/// # Errors
///
/// Something is refused, and is not to be set aside; or cannot be read at all.
pub(super) fn load(args: &Input) -> Result<Loaded, Failure> {
    let Texts { texts, mut diagnostics, unreadable } = input::read(&args.paths);
    let mut readings: Vec<Reading> =
        texts.iter().map(|text| manifest::read(&text.source)).collect();
    for (text, reading) in texts.iter().zip(&mut readings) {
        diagnostics.append(&mut reading.diagnostics);
        let severity = match text.origin {
            Origin::Argument => Severity::Error,
            Origin::Folder => Severity::Warning,
        };
        let strays = reading.strays.drain(..);
        diagnostics.extend(strays.map(|place| manifest::stray(place, severity)));
    }
    let defaults = Defaults { namespace: args.namespace.clone() };
    let objects = readings.iter().flat_map(|reading| &reading.objects);
    let mut compiled = compile(objects, &defaults);
    diagnostics.append(&mut compiled.diagnostics);
    diagnostics.extend(compiled.unevaluated.iter().map(not_evaluated));
    sort(&mut diagnostics, &texts);
    report(&unreadable);
    report(&diagnostics);
    let is_refused = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if !unreadable.is_empty() || (!args.keep_going && diagnostics.iter().any(is_refused)) {
        return Err(Failure::Refused);
    }
    let Compiled { cluster, policies, unevaluated, .. } = compiled;
    let model =
        Model { cluster: Rc::new(cluster), policies: policies.into(), plugin: args.plugin() };
    Ok(Loaded { model, unevaluated })
}

fn not_evaluated(mention: &Mention) -> Diagnostic {
    let Mention { kind, path, location, .. } = mention;
    let message = format!("{kind} `{path}` is not evaluated, and may change every answer");
    Diagnostic { location: location.clone(), severity: Severity::Warning, message }
}

/// Puts diagnostics in the order of the input.
fn sort(diagnostics: &mut [Diagnostic], texts: &[Text]) {
    diagnostics.sort_by_key(|diagnostic| {
        let file = &diagnostic.location.file;
        let text = texts.iter().position(|text| text.source.name == *file);
        (text, diagnostic.location.line, diagnostic.location.column)
    });
}
