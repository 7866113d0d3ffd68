//! Text to trees: one [`Node`] a document, and a diagnostic for each document that is none.
//!
//! A document that cannot be read does not take the others with it: reading goes on after the next
//! `---`. Each is handed over as soon as it is read, because the trees of a large text take several times
//! its size.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Parser, options};

use super::Source;
use super::build::{Builder, MAX_DEPTH, Refusal, Scope, Step, place, too_deep};
use super::tabs::{blank, indenting_tabs};
use super::tree::{Node, Place};
use crate::diagnostic::{Diagnostic, Severity};

/// The longest source that is read, in bytes.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// How often a text is read again after tabs in it have been replaced.
const MAX_REREADINGS: usize = 32;

/// Hands over every document of a source that holds anything. A document that cannot be read is left
/// out, with a diagnostic, and so is one with a key given twice.
pub(super) fn documents(source: &Source, take: &mut dyn FnMut(Node)) -> Parsed {
    let mut parsed = Parsed::default();
    if source.text.len() > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        let message = format!("the text is longer than {limit} MiB, the most that is read");
        parsed.refuse(source, START, message);
        return parsed;
    }
    if !source.text.contains('\t') {
        return attempt(&source.text, source, take);
    }
    // It may have to be read again: what it holds is not known before that.
    let mut documents = Vec::new();
    parsed = attempt(&source.text, source, &mut |document| documents.push(document));
    let mut blanked = Cow::Borrowed(&*source.text);
    for _ in 0..MAX_REREADINGS {
        let tabs: Vec<_> =
            parsed.tabbed.iter().flat_map(|start| indenting_tabs(&blanked, *start)).collect();
        if tabs.is_empty() {
            break;
        }
        blanked = Cow::Owned(blank(&blanked, &tabs));
        documents.clear();
        parsed = attempt(&blanked, source, &mut |document| documents.push(document));
    }
    documents.into_iter().for_each(take);
    parsed
}

/// What reading a source led to, beside its documents.
#[derive(Default)]
pub(super) struct Parsed {
    /// Documents that are left out for keys given twice.
    pub ambiguous: Vec<Node>,
    pub diagnostics: Vec<Diagnostic>,
    /// Where flow collections begin that tabs keep from being read.
    tabbed: Vec<usize>,
}

impl Parsed {
    fn refuse(&mut self, source: &Source, at: Place, message: String) {
        let location = source.location(at);
        self.diagnostics.push(Diagnostic { location, severity: Severity::Error, message });
    }
}

/// Reads a text that differs from its source's in blanks at most.
fn attempt(text: &str, source: &Source, take: &mut dyn FnMut(Node)) -> Parsed {
    let mut parsed = Parsed::default();
    let limits = options! { flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut parser = Parser::new_from_str_with_options(text, limits);
    let mut builder = Builder::new(text);
    while let Some(next) = parser.next_event() {
        let step = match next {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => {
                if is_about_tabs(error.kind()) {
                    parsed.tabbed.extend(builder.flow_start());
                }
                let message = syntax_error(error.kind());
                Err(Refusal::document(place(error.marker()), message))
            }
        };
        match step {
            Ok(Step::Within) => {}
            Ok(Step::Finished { document, duplicates }) => {
                match duplicates.is_empty() {
                    true => document.into_iter().for_each(&mut *take),
                    false => parsed.ambiguous.extend(document),
                }
                for (at, message) in duplicates {
                    parsed.refuse(source, at, message);
                }
            }
            Err(Refusal { at, message, scope }) => {
                parsed.refuse(source, at, message);
                builder.abandon();
                if scope == Scope::Rest || parser.proceed_next_document() != Ok(true) {
                    break;
                }
            }
        }
    }
    parsed
}

fn syntax_error(error: &ErrorKind) -> String {
    match error {
        ErrorKind::RecursionLimitExceeded => too_deep(),
        tab if is_about_tabs(tab) => "not valid YAML: indent with spaces, not with tabs".to_owned(),
        other => format!("not valid YAML: {other}"),
    }
}

fn is_about_tabs(error: &ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    )
}

/// Where a text begins.
pub(super) const START: Place = Place { line: 1, column: 1 };
