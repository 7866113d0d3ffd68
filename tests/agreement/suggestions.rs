//! What is suggested does what it says, and nothing else, on every generated cluster.
//!
//! The policies of a suggestion are written down and read again, as if somebody had applied them, and
//! everything that passes between any two ends is compared with what passed before.

use netpol_playground::analysis::{self, Request, analyze};
use netpol_playground::assemble::assemble;
use netpol_playground::connectivity::{End, Pair};
use netpol_playground::evaluate::{self, Model, Peer};
use netpol_playground::manifest::Source;
use netpol_playground::net::{Connections, PortRange, Protocol};
use netpol_playground::outside::common_ranges;
use netpol_playground::policy::{Policies, Policy};
use netpol_playground::probe::{self, Call, Outcome, Reply, Target};
use netpol_playground::suggest::{self, Suggestion, suggest};
use netpol_playground::write;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::engine;
use crate::generated::{Naming, OUTSIDE, draft};
use crate::properties::{config, settings};

/// The names that drafts get.
const NAMING: Naming = Naming("a");

/// Every call among the pods of a cluster, by name too, and with hosts outside, on one port.
fn calls(model: &Model, protocol: Protocol, port: u16) -> Vec<Call> {
    let workloads = || 0..model.cluster.workloads.len();
    let outside = OUTSIDE.map(|address| Peer::External(address.parse().expect("an address")));
    let siblings = workloads().filter(|i| model.cluster.workloads[*i].has_siblings());
    let pods = || workloads().map(Peer::pod);
    let targets = pods().chain(siblings.map(Peer::sibling)).chain(outside).map(Target::Peer);
    let services = model.cluster.services.iter().map(|service| Target::Service {
        namespace: service.namespace.clone(),
        name: service.name.clone(),
    });
    let targets: Vec<Target> = targets.chain(services).collect();
    let mut calls = Vec::new();
    for from in pods().chain(outside) {
        for to in &targets {
            let is_outside = |end: &Peer| matches!(end, Peer::External(_));
            let is_among = matches!(to, Target::Peer(to) if is_outside(&from) && is_outside(to));
            if !is_among {
                calls.push(Call { from, to: to.clone(), protocol, port });
            }
        }
    }
    calls
}

/// What passes between two ends that a call does not ask for itself: all but its connections, and the
/// lookup of its name where that is what stops it.
fn besides(model: &Model, reply: &Reply, (source, destination): (Peer, Peer)) -> Connections {
    let mut own = Connections::none();
    let stands_for = |asked: (Peer, Peer)| {
        // Another pod of a workload is told from the first only to that one.
        let first = |end| match end {
            Peer::Pod(pod) => Peer::pod(pod.workload),
            outside => outside,
        };
        let is_among_siblings = first(asked.0) == first(asked.1);
        let asked = if is_among_siblings { asked } else { (first(asked.0), first(asked.1)) };
        asked == (source, destination)
    };
    for traffic in reply.attempts.iter().map(|attempt| attempt.traffic) {
        if stands_for((traffic.source, traffic.destination)) {
            own.insert(traffic.protocol, PortRange::single(traffic.port));
        }
    }
    if let Some(lookup) = reply.lookup.as_ref().filter(|lookup| !lookup.resolves()) {
        for (server, protocol, port) in probe::lookups(model) {
            if (lookup.traffic.source, Peer::pod(server)) == (source, destination) {
                own.insert(protocol, PortRange::single(port));
            }
        }
    }
    Connections::all().difference(&own)
}

/// Every ordered pair of ends, hosts outside in ranges that neither model tells apart.
fn pairs(models: [&Model; 2]) -> Vec<(End, End)> {
    let workloads = &models[0].cluster.workloads;
    let ranges = common_ranges(&models).into_iter().map(End::External);
    let ends: Vec<End> = (0..workloads.len()).map(End::Workload).chain(ranges).collect();
    let both = ends.iter().flat_map(|a| ends.iter().map(move |b| (*a, *b)));
    let siblings = (0..workloads.len()).filter(|i| workloads[*i].has_siblings());
    both.chain(siblings.map(|i| (End::Workload(i), End::Sibling(i)))).collect()
}

/// What is announced of a pair of ends.
fn announced(pairs: &[Pair], (source, destination): (End, End)) -> Connections {
    let holds = |wide: End, end: End| match (wide, end) {
        (End::External(wide), End::External(range)) => {
            wide.first <= range.first && range.last <= wide.last
        }
        _ => wide == end,
    };
    let mut found = pairs
        .iter()
        .filter(|pair| holds(pair.source, source) && holds(pair.destination, destination));
    let connections =
        found.next().map_or_else(Connections::none, |pair| Connections::clone(&pair.connections));
    assert!(found.next().is_none(), "announced twice: {source:?} to {destination:?}");
    connections
}

/// The model in which a suggestion was written down and applied.
fn applied(model: &Model, suggestion: &Suggestion) -> Result<Model, TestCaseError> {
    let changed = suggest::apply(&model.policies, &suggestion.changes);
    let text: Vec<String> = changed.iter().map(|policy| write::policy(policy).text()).collect();
    let text = text.join("---\n");
    let fragment = analysis::read(&Source::new("suggested.yaml", text.as_str()));
    prop_assert_eq!(&fragment.diagnostics, &[], "in\n{}", text);
    let policies: Policies = assemble([&fragment], &[]).policies.into();
    let says_the_same = |(a, b): (&Policy, &Policy)| a.says_the_same(b);
    prop_assert_eq!(policies.len(), changed.len());
    prop_assert!(policies.iter().zip(changed.iter()).all(says_the_same), "in\n{}", text);
    Ok(Model { policies, ..model.clone() })
}

/// A suggestion does what it says.
fn check(model: &Model, call: &Call, reply: &Reply, it: &Suggestion) -> Result<(), TestCaseError> {
    let after = applied(model, it)?;
    let result = probe::call(&after, call);
    match reply.outcome {
        Outcome::Open => {
            prop_assert!(result.attempts.iter().all(|attempt| !attempt.verdict.is_open()));
            prop_assert!(it.opens.is_empty());
        }
        _ => {
            prop_assert_eq!(result.outcome, Outcome::Open);
            prop_assert!(it.closes.is_empty());
        }
    }
    for (source, destination) in pairs([model, &after]) {
        let ends = (source.peer(), destination.peer());
        let [was, is] = [model, &after].map(|model| evaluate::connections(model, ends.0, ends.1));
        let others = besides(model, reply, ends);
        let said = |pairs| announced(pairs, (source, destination)).intersection(&others);
        prop_assert_eq!(is.difference(&was).intersection(&others), said(&it.opens));
        prop_assert_eq!(was.difference(&is).intersection(&others), said(&it.closes));
    }
    Ok(())
}

proptest! {
    // Fewer cases than elsewhere: each looks at every pair of ends several times.
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(4), ..config() })]

    #[test]
    fn suggestions_do_what_they_say(
        draft in draft(),
        settings in settings(),
        protocol in select(&Protocol::ALL[..]),
        port in select(vec![79u16, 80, 90]),
        pick in any::<Index>(),
    ) {
        let text = draft.text(NAMING);
        let fragment = analysis::read(&Source::new("case.yaml", text.as_str()));
        let request = Request { plugin: engine::plugin(&settings), ..Request::default() };
        let model = analyze([&fragment], &request).model;
        let calls = calls(&model, protocol, port);
        let call = &calls[pick.index(calls.len())];
        let reply = probe::call(&model, call);
        let advice = suggest(&model, call);
        prop_assert_eq!(advice.outcome, reply.outcome);
        prop_assert!(!advice.suggestions.is_empty() || !advice.limits.is_empty());
        for suggestion in &advice.suggestions {
            let checked = check(&model, call, &reply, suggestion);
            prop_assert!(checked.is_ok(), "{checked:?}\n{call:?}\n{suggestion:#?}\nin\n{text}");
        }
        prop_assert_eq!(suggest(&model, call), advice);
    }
}
