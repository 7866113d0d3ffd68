//! Expectations: read, judged by a small cluster, and read again as they were.

mod grammar;

use netpol_engine::analysis::{Request, analyze, read as manifests};
use netpol_engine::evaluate::Model;
use netpol_engine::expect::{self, Expectation, Expected, Judgement, Reading, Standing};
use netpol_engine::manifest::{Source, string};

use crate::mutate::Language;
use crate::place::{FILE, assert_one_line, assert_said, is_beginning, lines};

/// What expectations are made of.
pub const LANGUAGE: Language = Language {
    dictionary: include_str!("../expect.dict"),
    text: grammar::text,
    more: grammar::items,
};

/// A cluster in which every outcome can be met.
const CLUSTER: &str = include_str!("expect/cluster.yaml");
/// The most expectations that are judged. It is the reading that has to stand up to anything.
const MOST_JUDGED: usize = 60;

thread_local! {
    static MODEL: Model = {
        let fragment = manifests(&Source::new("cluster.yaml", CLUSTER));
        analyze([&fragment], &Request::default()).model
    };
}

/// Reads a text as expectations, and judges them.
///
/// # Panics
///
/// Where something does not hold that must hold of every text.
pub fn check(text: &str) {
    let reading = expect::read(&Source::new(FILE, text));
    let again = expect::read(&Source::new(FILE, text));
    assert_eq!(reading, again, "reading again gives something else");
    let Reading { expectations, diagnostics } = reading;
    let lines = lines(text);
    assert_said(&lines, &diagnostics);
    for Expectation { location, .. } in &expectations {
        assert!(is_beginning(&lines, location), "nothing begins at {location}");
    }
    check_round_trip(&expectations);
    MODEL.with(|model| {
        expectations
            .iter()
            .take(MOST_JUDGED)
            .for_each(|expectation| check_judgement(model, expectation));
    });
}

/// Expectations are read as they were where somebody writes them again.
fn check_round_trip(expectations: &[Expectation]) {
    let mut text = "expect:\n".to_owned();
    for Expectation { from, to, port, verdict, .. } in expectations {
        let [from, to] = [from, to].map(|end| string(end));
        let port = port.map_or_else(|| "null".to_owned(), |port| port.to_string());
        text += &format!("- {{verdict: {verdict}, port: {port}, from: {from}, to: {to}}}\n");
    }
    if expectations.is_empty() {
        return;
    }
    let back = expect::read(&Source::new(FILE, text.as_str()));
    assert_eq!(back.diagnostics, [], "{text}");
    let is_same = |(a, b): (&Expectation, &Expectation)| {
        (&a.from, &a.to, a.port, a.verdict) == (&b.from, &b.to, b.port, b.verdict)
    };
    let same = expectations.iter().zip(&back.expectations).all(is_same);
    assert!(
        same && back.expectations.len() == expectations.len(),
        "read as something else: {text}"
    );
}

/// Every expectation comes to something, at most one of the two verdicts is met, and why is told.
fn check_judgement(model: &Model, expectation: &Expectation) {
    let standings = Expected::ALL.map(|verdict| {
        let expectation = Expectation { verdict, ..expectation.clone() };
        let Judgement { standing, sentence, notes } = expect::judge(model, &expectation, "default");
        assert_one_line(&sentence);
        notes.iter().for_each(|note| assert_one_line(note));
        standing
    });
    let failed = standings.map(|standing| standing == Standing::Failed);
    assert_eq!(
        failed[0], failed[1],
        "{expectation}: whether it can be judged is no matter of the verdict"
    );
    assert_ne!(standings, [Standing::Met; 2], "{expectation}: both verdicts are met");
}
