//! `netpol lint`: what in the policies is probably a mistake, for people or as JSON.

use std::io::Write;

use serde::Serialize;

use super::args::{Lint, LintFormat};
use super::load::{Loaded, load};
use super::{Answer, Failure};
use crate::diagnostic::Severity;
use crate::lint::{self, Finding};
use crate::owners::By;

/// An entry of the list.
#[derive(Serialize)]
struct Entry<'f> {
    id: &'static str,
    severity: String,
    file: &'f str,
    line: u32,
    column: u32,
    message: &'f str,
    why: &'static str,
    silence: String,
    fix: Option<Fix<'f>>,
}

#[derive(Serialize)]
struct Fix<'f> {
    title: &'f str,
    line: u32,
    column: u32,
    old: &'f str,
    new: &'f str,
}

impl<'f> From<&'f Finding> for Entry<'f> {
    fn from(finding: &'f Finding) -> Self {
        let Finding { rule, location, message, fix } = finding;
        Entry {
            id: rule.id(),
            severity: rule.severity().to_string(),
            file: &location.file,
            line: location.line,
            column: location.column,
            message,
            why: rule.why(),
            silence: rule.silence(),
            fix: fix.as_ref().map(|fix| Fix {
                title: &fix.title,
                line: fix.location.line,
                column: fix.location.column,
                old: &fix.old,
                new: &fix.new,
            }),
        }
    }
}

/// Writes the findings.
pub(super) fn run(args: &Lint, out: &mut impl Write) -> Result<Answer, Failure> {
    let Loaded { model, files, .. } = load(&args.input, By::Workload)?;
    let mut findings = lint::lint(&model);
    findings.sort_by_cached_key(|Finding { location, .. }| {
        let file = files.iter().position(|file| *file == location.file);
        (file, location.line, location.column)
    });
    match args.format {
        LintFormat::Text => {
            for Finding { rule, location, message, .. } in &findings {
                writeln!(out, "{location}: {}: {message} [{}]", rule.severity(), rule.id())?;
            }
        }
        LintFormat::Json => {
            let entries: Vec<Entry> = findings.iter().map(Entry::from).collect();
            serde_json::to_writer_pretty(&mut *out, &entries).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    let is_warning = |finding: &Finding| finding.rule.severity() != Severity::Info;
    let found = findings.iter().any(is_warning);
    Ok(if found { Answer::Found } else { Answer::Clean })
}
