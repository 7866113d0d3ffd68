//! Manifests: all the way from reading to explaining.

mod grammar;

use netpol_engine::analysis::{Analysis, Request, analyze, read};
use netpol_engine::assemble::{Assembled, assemble};
use netpol_engine::change::{Change, change};
use netpol_engine::cluster::Cluster;
use netpol_engine::compare::compare;
use netpol_engine::connectivity::{End, Siblings, connectivity};
use netpol_engine::diagnostic::Location;
use netpol_engine::expect::{self, Reading, Standing};
use netpol_engine::explain::{Explanation, explain_link};
use netpol_engine::exposure::{Exposure, exposure, sentence};
use netpol_engine::fragment::{Declared, Fragment};
use netpol_engine::manifest::Source;
use netpol_engine::policy::{Direction, Policy, Rule};
use netpol_engine::probe::Link;
use netpol_engine::suggest::{Advice, suggest};
use netpol_engine::write;

use crate::mutate::Language;
use crate::place::{FILE, assert_one_line, assert_said, is_beginning, lines};

/// What manifests are made of.
pub const LANGUAGE: Language = Language {
    dictionary: include_str!("../manifest.dict"),
    text: grammar::document,
    more: grammar::document,
};

/// What is read after a text, whatever is wrong with it.
const NEXT: &str = "\n---\n{apiVersion: example.com/v1, kind: Next}\n";
/// What is between the two where the text may end in directives: they belong to what follows.
const NOTHING: &str = "\n---\n";
/// The most that is evaluated, in workloads, policies, rules and ports. What takes long is to go
/// through all pairs; it is the reading that has to stand up to anything.
const MOST_EVALUATED: usize = 60;
/// The most calls of which it is asked what would change them.
const MOST_ADVISED: usize = 4;

/// Takes a text all the way through the engine.
///
/// # Panics
///
/// Where something does not hold that must hold of every text.
pub fn check(text: &str) {
    let fragment = read(&Source::new(FILE, text));
    assert_eq!(fragment, read(&Source::new(FILE, text)), "reading again gives something else");
    check_places(text, &fragment);
    check_next_document(text, &fragment);
    check_round_trip(&fragment);
    check_writing(&fragment);
    let assembled = check_order(&fragment);
    if extent(&assembled) <= MOST_EVALUATED {
        check_analysis(&fragment);
    }
}

/// All that is said has a place in the text, and is said in one line; objects are where they begin.
fn check_places(text: &str, fragment: &Fragment) {
    let lines = lines(text);
    assert_said(&lines, &fragment.diagnostics);
    let objects = fragment.objects.iter().flat_map(locations);
    for location in objects
        .chain(fragment.strays.iter().map(|stray| &stray.location))
        .chain(&fragment.expectations)
    {
        assert!(is_beginning(&lines, location), "nothing begins at {location}");
    }
}

fn locations(object: &Declared) -> Vec<&Location> {
    match object {
        Declared::Namespace(namespace) => namespace.location.iter().collect(),
        Declared::Node(node) => vec![&node.location],
        Declared::Policy(policy) => {
            let rules = rules(policy).map(|rule| &rule.location);
            rules.chain([&policy.location]).collect()
        }
        Declared::Service(service) => vec![&service.location],
        Declared::Workload(workload) => workload.location.iter().collect(),
        Declared::Unevaluated(mention) | Declared::Other(mention) => vec![&mention.location],
    }
}

fn rules(policy: &Policy) -> impl Iterator<Item = &Rule> {
    Direction::ALL.into_iter().filter_map(|direction| policy.rules(direction)).flatten()
}

/// Whatever is wrong with a text, the document after it is read, and those before are as they were.
fn check_next_document(text: &str, fragment: &Fragment) {
    let between = if text.contains('%') { NOTHING } else { "" };
    let longer = read(&Source::new(FILE, format!("{text}{between}{NEXT}")));
    let is_next = |object: &Declared| matches!(object, Declared::Other(o) if o.kind == "Next");
    match longer.objects.split_last() {
        Some((last, others)) if is_next(last) => {
            assert_eq!(others, fragment.objects, "a document changes those before it");
        }
        _ => panic!("the document after it is lost: {:?}", longer.diagnostics),
    }
}

/// A fragment comes back as it was from where it is sent: a worker, or the build of the page.
fn check_round_trip(fragment: &Fragment) {
    let bytes = postcard::to_stdvec(fragment).expect("a fragment is plain data");
    let back: Fragment = postcard::from_bytes(&bytes).expect("what was written can be read");
    assert_eq!(&back, fragment, "it comes back as something else");
}

/// A policy that is written down says what it said.
fn check_writing(fragment: &Fragment) {
    for object in &fragment.objects {
        let Declared::Policy(policy) = object else { continue };
        let text = write::policy(policy).text();
        let again = read(&Source::new(FILE, text.as_str()));
        let says_the_same = match again.objects.as_slice() {
            [Declared::Policy(again)] => policy.says_the_same(again),
            _ => false,
        };
        assert!(says_the_same, "{policy:?} is written as\n{text}");
    }
}

/// Objects that do not replace one another mean the same in any order.
fn check_order(fragment: &Fragment) -> Assembled {
    let assembled = assemble([fragment], &[]);
    let replaces = assembled.diagnostics.len() > fragment.diagnostics.len();
    if !replaces {
        let mut reversed = fragment.clone();
        reversed.objects.reverse();
        let reversed = assemble([&reversed], &[]);
        let Cluster { namespaces, workloads, services } = &reversed.cluster;
        assert_eq!(&assembled.cluster.namespaces, namespaces, "the order of documents matters");
        assert_eq!(&assembled.cluster.workloads, workloads, "the order of documents matters");
        assert_eq!(&assembled.cluster.services, services, "the order of documents matters");
        assert_eq!(assembled.policies, reversed.policies, "the order of documents matters");
    }
    assembled
}

/// How much there is to evaluate.
fn extent(assembled: &Assembled) -> usize {
    let Assembled { cluster, policies, .. } = assembled;
    let workloads = cluster.workloads.iter().map(|workload| 1 + workload.ports.len());
    let services = cluster.services.iter().map(|service| 1 + service.ports.len());
    let policies = policies.iter().map(|policy| {
        let rules = rules(policy).map(|rule| 1 + rule.peers.len() + rule.ports.len());
        1 + rules.sum::<usize>()
    });
    workloads.chain(services).chain(policies).sum()
}

/// There is a verdict on every pair, and a reason for it.
fn check_analysis(fragment: &Fragment) {
    let analysis = analyze([fragment], &Request::default());
    let pairs = connectivity(&analysis.model, Siblings::Listed);
    let to_itself = |workload| {
        let end = End::Workload(workload);
        pairs.iter().find(|pair| (pair.source, pair.destination) == (end, end))
    };
    for (workload, _) in analysis.workloads() {
        let open = to_itself(workload).is_some_and(|pair| pair.connections.is_all());
        assert!(open, "a pod cannot call itself");
    }
    for attempt in analysis.links.iter().flat_map(|link| &link.attempts) {
        let Explanation { summary, sections, .. } = explain_link(&analysis.model, attempt);
        assert_one_line(&summary);
        for section in &sections {
            assert_one_line(&section.sentence);
            section.parts.iter().for_each(|part| assert_one_line(&part.says));
        }
    }
    for attempt in analysis.links.iter().filter_map(Link::telling).take(MOST_ADVISED) {
        let Advice { why, limits, suggestions, .. } = suggest(&analysis.model, &attempt.call);
        let titles = suggestions.iter().map(|suggestion| &suggestion.title);
        limits.iter().chain(titles).chain([&why]).for_each(|sentence| assert_one_line(sentence));
        assert!(suggestions.iter().all(|it| !it.changes.is_empty()), "a suggestion of nothing");
    }
    assert_eq!(change(&analysis, &analysis), Change::default(), "nothing has changed");
    assert!(compare(&analysis.model, &analysis.model).is_empty(), "nothing differs");
    let Exposure { rows, .. } = exposure(&analysis.model);
    for row in &rows {
        assert!(row.unnamed.difference(&row.at_most).is_empty(), "more than can pass at most");
        assert_one_line(&sentence(&analysis.model, std::slice::from_ref(row)));
    }
    check_expectations(&analysis);
}

/// What is written of a state is met by it.
fn check_expectations(analysis: &Analysis) {
    let text = expect::of(&analysis.model, analysis.observer);
    let Reading { expectations, diagnostics } = expect::read(&Source::new(FILE, text.as_str()));
    assert_eq!(diagnostics, [], "{text}");
    for expectation in expectations {
        let judgement = expect::judge(&analysis.model, &expectation, "default");
        assert_eq!(judgement.standing, Standing::Met, "{expectation}: {}", judgement.sentence);
    }
}
