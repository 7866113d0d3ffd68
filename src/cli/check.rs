//! `netpol check`: whether what is expected of calls is so, for people, as JSON or as JUnit's XML.

mod junit;

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Check, CheckFormat, Input};
use super::load::{Loaded, load_but};
use super::{Answer, Failure, input, report};
use crate::expect::{self, Expectation, Judgement, Reading, Standing};

/// An expectation, and what it comes to.
struct Item {
    expectation: Expectation,
    judgement: Judgement,
}

impl Item {
    /// What was found, after what was expected where that is something else.
    fn found(&self) -> String {
        let Judgement { standing, sentence, .. } = &self.judgement;
        match standing {
            Standing::Met | Standing::Failed => sentence.clone(),
            Standing::Missed => format!("expected {}, found {sentence}", self.expectation.verdict),
        }
    }
}

/// Writes what the expectations come to.
pub(super) fn run(args: &Check, out: &mut impl Write) -> Result<Answer, Failure> {
    let Check { file, input: Input { paths, terms }, .. } = args;
    if input::is_stdin(file) && paths.iter().any(|path| input::is_stdin(path)) {
        let sentence = "standard input can be the expectations or a manifest, not both";
        return Err(Failure::Usage(sentence.to_owned()));
    }
    let Reading { expectations, diagnostics } = match input::read_one(file) {
        Ok(source) => expect::read(&source),
        Err(diagnostic) => Reading { diagnostics: vec![diagnostic], ..Reading::default() },
    };
    report(&diagnostics);
    let Loaded { model, .. } = load_but(&args.input, args.by.into(), Some(file))?;
    // Of no expectations all are met: where all are wrong, that is no answer.
    let goes_on = terms.keep_going && !expectations.is_empty();
    if !diagnostics.is_empty() && !goes_on {
        return Err(Failure::Refused);
    }
    let judged = |expectation: Expectation| {
        let judgement = expect::judge(&model, &expectation, &terms.namespace);
        Item { expectation, judgement }
    };
    let items: Vec<Item> = expectations.into_iter().map(judged).collect();
    match args.format {
        CheckFormat::Text => text(&items, out)?,
        CheckFormat::Json => json(&items, out)?,
        CheckFormat::Junit => junit::write(&file.to_string_lossy(), &items, out)?,
    }
    Ok(if count(&items, Standing::Met) == items.len() { Answer::Clean } else { Answer::Found })
}

fn count(items: &[Item], standing: Standing) -> usize {
    items.iter().filter(|item| item.judgement.standing == standing).count()
}

fn text(items: &[Item], out: &mut impl Write) -> io::Result<()> {
    for item in items {
        let Item { expectation, judgement: Judgement { standing, notes, .. } } = item;
        let location = &expectation.location;
        writeln!(out, "{location}: {standing}: {expectation}: {}", item.found())?;
        for note in notes {
            writeln!(out, "  note: {note}")?;
        }
    }
    let word = if items.len() == 1 { "expectation" } else { "expectations" };
    let [met, missed, failed] = Standing::ALL.map(|standing| count(items, standing));
    writeln!(out, "{} {word}: {met} met, {missed} missed, {failed} failed", items.len())
}

/// An entry of the list.
#[derive(Serialize)]
struct Entry<'i> {
    file: &'i str,
    line: u32,
    column: u32,
    from: &'i str,
    to: &'i str,
    port: Option<String>,
    verdict: &'static str,
    standing: &'static str,
    sentence: &'i str,
    notes: &'i [String],
}

impl<'i> From<&'i Item> for Entry<'i> {
    fn from(item: &'i Item) -> Self {
        let Item { expectation, judgement } = item;
        let Expectation { from, to, port, verdict, location } = expectation;
        let Judgement { standing, sentence, notes } = judgement;
        Entry {
            file: &location.file,
            line: location.line,
            column: location.column,
            from,
            to,
            port: port.map(|port| port.to_string()),
            verdict: verdict.as_str(),
            standing: standing.as_str(),
            sentence,
            notes,
        }
    }
}

fn json(items: &[Item], out: &mut impl Write) -> io::Result<()> {
    let entries: Vec<Entry> = items.iter().map(Entry::from).collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}
