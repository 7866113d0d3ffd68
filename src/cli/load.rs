//! Texts to a model, with everything said that there is to say about them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

use super::args::{Input, Terms};
use super::input::{self, Origin, Text, Texts};
use super::{Failure, report};
use crate::analysis;
use crate::assemble::{Assembled, assemble};
use crate::compile::{self, Defaults};
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
    let (texts, assembled) = read(&args.paths, apart, &args.terms);
    let assembled = analysis::group(assembled, by, &args.terms.plugin());
    conclude(texts, assembled, &args.terms)
}

/// The same of two inputs, both of which are reported on, whatever is wrong with the first.
///
/// # Errors
///
/// As of [`load`], for either of the two.
pub(super) fn load_both(
    paths: [&PathBuf; 2],
    terms: &Terms,
    by: By,
) -> Result<[Loaded; 2], Failure> {
    let [(before, before_assembled), (after, after_assembled)] =
        paths.map(|path| read(slice::from_ref(path), None, terms));
    let [before_assembled, after_assembled] =
        analysis::group_both([before_assembled, after_assembled], by, &terms.plugin());
    let before = conclude(before, before_assembled, terms);
    let after = conclude(after, after_assembled, terms);
    Ok([before?, after?])
}

/// Texts, with what is wrong with them as texts, and what they declare together.
fn read(paths: &[PathBuf], apart: Option<&Path>, terms: &Terms) -> (Texts, Assembled) {
    let mut texts = input::read(paths, apart);
    let defaults = Defaults { namespace: terms.namespace.clone() };
    let compiled = |text: &Text| compile::read(&text.source, &defaults);
    let fragments: Vec<Fragment> = texts.texts.iter().map(compiled).collect();
    let Texts { texts: read, diagnostics, .. } = &mut texts;
    for (text, fragment) in read.iter().zip(&fragments) {
        let severity = match text.origin {
            Origin::Argument => Severity::Error,
            Origin::Folder => Severity::Warning,
        };
        diagnostics.extend(fragment.strays.iter().map(|stray| stray.diagnostic(severity)));
        diagnostics.extend(fragment.expectations.iter().cloned().map(manifest::expectations));
    }
    (texts, assemble(&fragments, &[]))
}

/// Reports what is wrong, and makes a model of the rest.
fn conclude(texts: Texts, mut assembled: Assembled, terms: &Terms) -> Result<Loaded, Failure> {
    let Texts { texts, mut diagnostics, unreadable } = texts;
    diagnostics.append(&mut assembled.diagnostics);
    diagnostics.extend(assembled.unevaluated.iter().map(not_evaluated));
    sort(&mut diagnostics, &texts);
    report(&unreadable);
    report(&diagnostics);
    let is_refused = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    if !unreadable.is_empty() || (!terms.keep_going && diagnostics.iter().any(is_refused)) {
        return Err(Failure::Refused);
    }
    let Assembled { cluster, policies, unevaluated, .. } = assembled;
    let model =
        Model { cluster: Rc::new(cluster), policies: policies.into(), plugin: terms.plugin() };
    let files = texts.into_iter().map(|text| text.source.name).collect();
    Ok(Loaded { model, unevaluated, files })
}

/// The kinds of policies that are not evaluated.
pub(super) fn kinds<'m>(unevaluated: impl IntoIterator<Item = &'m Mention>) -> BTreeSet<&'m str> {
    unevaluated.into_iter().map(|mention| mention.kind.as_str()).collect()
}

/// What an answer has to say of policies of a kind that is not evaluated.
pub(super) fn note_on(kind: &str) -> String {
    format!("the input holds policies of kind {kind}, which are not evaluated")
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
