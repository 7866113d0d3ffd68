//! Texts to a model, with everything said that there is to say about them.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::args::Input;
use super::input::{self, Origin, Text, Texts};
use super::{Failure, report};
use crate::analysis;
use crate::assemble::{Assembled, assemble};
use crate::compile::{Defaults, compile};
use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluate::Model;
use crate::fragment::{Fragment, Mention};
use crate::manifest;
use crate::owners::By;

/// What the input comes to.
pub(super) struct Loaded {
    pub model: Model,
    /// Policies of kinds that are not evaluated.
    pub unevaluated: Vec<Mention>,
    /// The names of the files, in the order of the input.
    pub files: Vec<Arc<str>>,
}

/// Reads and compiles the input, and reports what is wrong with it.
///
/// # Errors
///
/// Something is refused, and is not to be set aside; or cannot be read at all.
pub(super) fn load(args: &Input, by: By) -> Result<Loaded, Failure> {
    load_but(args, by, None)
}

/// The same without a file that has been read apart, should the input hold it.
///
/// # Errors
///
/// As of [`load`].
pub(super) fn load_but(args: &Input, by: By, apart: Option<&Path>) -> Result<Loaded, Failure> {
    let Texts { texts, mut diagnostics, unreadable } = input::read(&args.paths, apart);
    let defaults = Defaults { namespace: args.namespace.clone() };
    let compile = |text: &Text| compile(&manifest::read(&text.source), &defaults);
    let fragments: Vec<Fragment> = texts.iter().map(compile).collect();
    for (text, fragment) in texts.iter().zip(&fragments) {
        let severity = match text.origin {
            Origin::Argument => Severity::Error,
            Origin::Folder => Severity::Warning,
        };
        diagnostics.extend(fragment.strays.iter().map(|stray| stray.diagnostic(severity)));
        diagnostics.extend(fragment.expectations.iter().cloned().map(manifest::expectations));
    }
    let mut assembled = analysis::group(assemble(&fragments, &[]), by, &args.plugin());
    diagnostics.append(&mut assembled.diagnostics);
    diagnostics.extend(assembled.unevaluated.iter().map(not_evaluated));
    sort(&mut diagnostics, &texts);
    report(&unreadable);
    report(&diagnostics);
    let is_refused = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if !unreadable.is_empty() || (!args.keep_going && diagnostics.iter().any(is_refused)) {
        return Err(Failure::Refused);
    }
    let Assembled { cluster, policies, unevaluated, .. } = assembled;
    let model =
        Model { cluster: Rc::new(cluster), policies: policies.into(), plugin: args.plugin() };
    let files = texts.into_iter().map(|text| text.source.name).collect();
    Ok(Loaded { model, unevaluated, files })
}

fn not_evaluated(mention: &Mention) -> Diagnostic {
    let (kind, path) = (&mention.kind, mention.path());
    let message = format!("{kind} `{path}` is not evaluated, and may change every answer");
    Diagnostic { location: mention.location.clone(), severity: Severity::Warning, message }
}

/// Puts diagnostics in the order of the input.
fn sort(diagnostics: &mut [Diagnostic], texts: &[Text]) {
    diagnostics.sort_by_key(|diagnostic| {
        let file = &diagnostic.location.file;
        let text = texts.iter().position(|text| text.source.name == *file);
        (text, diagnostic.location.line, diagnostic.location.column)
    });
}
