//! What is explained is what was found: every sentence comes down to a verdict, and leaves no policy out.

use std::collections::BTreeSet;

use netpol_playground::analysis::{self, Request, analyze};
use netpol_playground::end::{self, Port};
use netpol_playground::evaluate::{
    self, Dependence, DirectionVerdict, HostNetwork, IpBlockPods, Model, Peer, Plugin, Traffic,
    Verdict,
};
use netpol_playground::explain::{About, Explanation, Part, Passage, Section, Stance, explain};
use netpol_playground::manifest::Source;
use netpol_playground::policy::{Direction, PolicyRef, RuleRef};
use netpol_playground::probe::{self, Call, Reply};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::engine::plugin;
use crate::generated::{Draft, Known, Naming, OUTSIDE, PORTS, Shape, draft, policy};
use crate::properties::{config, settings};

const NAMING: Naming = Naming("a");

/// Words for those who can call, and for whom they can call besides.
fn ends(draft: &Draft) -> (Vec<String>, Vec<String>) {
    let mut callers = vec!["internet".to_owned()];
    let mut others = vec!["s0".to_owned(), "none.ans0".to_owned(), "www.example.com".to_owned()];
    callers.extend(OUTSIDE.map(str::to_owned));
    for (index, workload) in draft.workloads.iter().enumerate() {
        let name = NAMING.workload(draft, index);
        match workload.shape {
            Shape::Pod(Known::Ipv4 | Known::Both) => {
                callers.push(format!("10.244.1.{}", index + 1))
            }
            Shape::Pod(Known::Ipv6) => callers.push(format!("fd00::{}", index + 1)),
            Shape::Pod(Known::Neither) | Shape::HostNetwork => {}
            Shape::Replicated => others.push(format!("{name}#2")),
        }
        callers.push(name);
    }
    others.extend((0..draft.services.len()).map(|index| NAMING.service(draft, index)));
    (callers, others)
}

/// The two sides of a connection, and the sections that tell of them.
struct Told<'a> {
    traffic: Traffic,
    verdict: &'a Verdict,
    parts: [Vec<&'a Part>; 2],
}

/// The lookup and the connections of a call. What stops a call is said to stop it, and nothing else is.
fn told<'a>(reply: &'a Reply, explanation: &'a Explanation) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    let section = |about| {
        let mut of = explanation.sections.iter().filter(move |section| section.about == about);
        let first: Option<&Section> = of.next();
        assert!(of.next().is_none(), "{about:?} is explained twice");
        first
    };
    let stops = |section: &Section| section.passage == Passage::Stops;
    if let Some(lookup) = &reply.lookup {
        let section = section(About::Lookup).expect("the lookup");
        assert_eq!(stops(section), !lookup.resolves());
        let parts = Direction::ALL.map(|direction| {
            section.parts.iter().filter(|part| part.direction == direction).collect()
        });
        told.push(Told { traffic: lookup.traffic, verdict: &lookup.verdict, parts });
    }
    if let Some(service) = section(About::Service) {
        assert_eq!(stops(service), reply.attempts.is_empty());
    }
    for (attempt, of) in reply.attempts.iter().enumerate() {
        let apart = section(About::Addresses { attempt });
        assert_eq!(apart.is_some_and(stops), of.verdict.family.is_none());
        let parts = Direction::ALL.map(|direction| {
            let section = section(About::Side { attempt, direction }).expect("a side");
            assert_eq!(stops(section), !of.verdict.side(direction).admits());
            assert!(section.parts.iter().all(|part| part.direction == direction));
            section.parts.iter().collect()
        });
        told.push(Told { traffic: of.traffic, verdict: &of.verdict, parts });
    }
    told
}

/// The parts of the policies on a side are what was found there: all policies that select the pod, each
/// once; those isolate it that apply; the rules that admit are the verdict's.
fn check_side(model: &Model, told: &Told, direction: Direction) {
    let Told { traffic, verdict, parts } = told;
    let parts = &parts[direction as usize];
    let here = match direction {
        Direction::Egress => traffic.source,
        Direction::Ingress => traffic.destination,
    };
    let selects = |policy: &PolicyRef| match here {
        Peer::Pod(pod) => model.policy(*policy).selects(model.workload(pod)),
        Peer::External(_) => false,
    };
    let all = (0..model.policies.len()).map(PolicyRef);
    let named: Vec<PolicyRef> = parts.iter().map(|part| part.policy).collect();
    assert_eq!(named, all.filter(selects).collect::<Vec<_>>());

    let (isolated_by, by) = match verdict.side(direction) {
        DirectionVerdict::NotEnforced(_) | DirectionVerdict::NotIsolated => (&[][..], &[][..]),
        DirectionVerdict::Allowed { isolated_by, by } => (&isolated_by[..], &by[..]),
        DirectionVerdict::Denied { isolated_by } => (&isolated_by[..], &[][..]),
    };
    let applies = |part: &&&Part| part.assumed != Stance::DoesNotApply;
    let admits = |part: &&&Part| part.assumed == Stance::Admits;
    let refs = |parts: Vec<&&Part>| parts.into_iter().map(|part| part.policy).collect::<Vec<_>>();
    assert_eq!(refs(parts.iter().filter(applies).collect()), isolated_by);
    let admitting: BTreeSet<PolicyRef> = by.iter().map(|rule| rule.policy).collect();
    assert_eq!(refs(parts.iter().filter(admits).collect()), Vec::from_iter(admitting));

    let family = verdict.family.unwrap_or(netpol_playground::net::Family::V4);
    let Traffic { source, destination, .. } = *traffic;
    let matching = evaluate::matching_rules(model, direction, source, destination, family);
    let matching: BTreeSet<RuleRef> = matching.into_iter().map(|(rule, _)| rule).collect();
    for part in parts {
        check_part(part);
        for rule in &part.rules {
            assert_eq!(rule.admits, by.contains(&rule.rule));
            // Whatever does not admit fails on something; on its peers where none of them matches.
            assert_eq!(rule.misses.is_empty(), rule.admits, "{rule:#?}");
            assert_eq!(rule.nearest.is_none(), matching.contains(&rule.rule), "{rule:#?}");
        }
    }
}

fn check_part(part: &Part) {
    assert!(part.says.starts_with(&part.stance.to_string()), "{part:#?}");
    let certain = part.stance == part.assumed;
    assert_eq!(certain, part.stance != Stance::CannotDecide, "{part:#?}");
    assert_eq!(certain, part.depends_on.is_empty(), "{part:#?}");
}

/// The same network plugin with another answer to a question, where it can be told.
fn otherwise(plugin: &Plugin, question: Dependence) -> Option<Plugin> {
    let Plugin { ip_block_pods, host_network, pod_cidr, .. } = *plugin;
    let (ip_block_pods, host_network) = match (question, ip_block_pods, host_network) {
        (Dependence::IpBlockPods, IpBlockPods::Ip, host) => (IpBlockPods::Never, host),
        (Dependence::IpBlockPods, IpBlockPods::Never, host) => (IpBlockPods::Ip, host),
        (Dependence::HostNetwork, blocks, HostNetwork::Node) => (blocks, HostNetwork::Pod),
        (Dependence::HostNetwork, blocks, HostNetwork::Pod) => (blocks, HostNetwork::Node),
        (Dependence::UnknownAddress, ..) => return None,
    };
    Some(Plugin::new(ip_block_pods, host_network, pod_cidr))
}

/// A policy cannot decide where it would stand otherwise if the plugin were another one; and where one
/// decides the verdict, some policy cannot.
fn check_dependences(model: &Model, call: &Call, told: &[Told]) {
    for question in Dependence::ALL {
        for Told { traffic, parts, .. } in told {
            let mut parts = parts.iter().flatten();
            let decides = evaluate::dependences(model, *traffic).contains(&question);
            assert!(!decides || parts.any(|part| part.depends_on.contains(&question)));
        }
        let Some(plugin) = otherwise(&model.plugin, question) else { continue };
        let other = Model { plugin, ..model.clone() };
        let reply = probe::call(&other, call);
        let explanation = explain(&other, call, &reply);
        for (here, there) in told.iter().zip(self::told(&reply, &explanation)) {
            let parts = |told: &Told| told.parts.iter().flatten().copied().cloned().collect();
            let (here, there): (Vec<Part>, Vec<Part>) = (parts(here), parts(&there));
            for (here, there) in here.iter().zip(&there) {
                let turns = here.assumed != there.assumed;
                assert_eq!(turns, here.depends_on.contains(&question), "{here:#?}\n{there:#?}");
            }
        }
    }
}

fn check(model: &Model, call: &Call) {
    let reply = probe::call(model, call);
    let explanation = explain(model, call, &reply);
    assert_eq!(explanation.outcome, reply.outcome);
    let words = format!("{}: ", reply.outcome);
    let at = format!("{} at ", reply.outcome);
    let summary = &explanation.summary;
    assert!(summary.starts_with(&words) || summary.starts_with(&at), "{summary}");
    let told = told(&reply, &explanation);
    for told in &told {
        Direction::ALL.into_iter().for_each(|direction| check_side(model, told, direction));
    }
    check_dependences(model, call, &told);
}

/// A caller, somebody called, and a port; each of those that a draft has.
fn question() -> impl Strategy<Value = (Index, Index, u16, &'static str)> {
    let port = select(&PORTS[..]);
    (any::<Index>(), any::<Index>(), port, select(vec!["TCP", "TCP", "UDP", "SCTP"]))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn explanations_are_what_was_found(
        draft in draft(), settings in settings(), more in vec(policy(), 4..8),
        questions in vec(question(), 32),
    ) {
        // The more policies select an end, the more there is to explain.
        let mut draft = draft;
        draft.policies.extend(more);
        let text = draft.text(NAMING);
        let fragment = analysis::read(&Source::new("generated.yaml", text));
        let request = Request { plugin: plugin(&settings), ..Request::default() };
        let model = analyze([&fragment], &request).model;
        let (callers, others) = ends(&draft);
        let called: Vec<&String> = callers.iter().chain(&others).collect();
        for (from, to, port, protocol) in questions {
            let (from, to) = (from.get(&callers), to.get(&called));
            let port: Port = format!("{port}/{protocol}").parse().unwrap();
            match end::call(&model, from, to, port, "ans0") {
                Ok(call) => check(&model, &call),
                Err(error) => {
                    let error = error.to_string();
                    prop_assert!(error.contains("both outside the cluster"), "{}", error);
                }
            }
        }
    }
}
