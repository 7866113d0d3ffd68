//! What holds of every cluster and every set of policies.
//!
//! The engine is compared with the naive rules, and with itself after a change whose effect is
//! known without judging anything.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use crate::engine::Engine;
use crate::generated::{Draft, Naming, OUTSIDE, PORTS, Shape, draft, policy, rule};
use crate::naive::{HostNetwork, IpBlockPods, Settings, Side, Sides, World};

/// The names that drafts get, unless they are renamed.
const PLAIN: Naming = Naming("a");

/// Who calls whom, on which port.
type Question = (String, String, String);

/// Every pair of ends on every port that matters.
fn questions(draft: &Draft, naming: Naming) -> Vec<Question> {
    let names = (0..draft.workloads.len()).map(|index| naming.workload(draft, index));
    let callers: Vec<String> = names.chain(OUTSIDE.map(str::to_owned)).collect();
    let mut targets = callers.clone();
    for (index, workload) in draft.workloads.iter().enumerate() {
        if workload.shape == Shape::Replicated {
            targets.push(format!("{}#2", naming.workload(draft, index)));
        }
    }
    let mut questions = Vec::new();
    for from in &callers {
        for to in targets.iter().filter(|to| from.contains('/') || to.contains('/')) {
            for port in PORTS {
                questions.push((from.clone(), to.clone(), format!("{port}/TCP")));
            }
            questions.push((from.clone(), to.clone(), "80/UDP".to_owned()));
            questions.push((from.clone(), to.clone(), "80/SCTP".to_owned()));
        }
    }
    questions
}

/// What the engine answers to the questions about a draft.
fn answers(draft: &Draft, naming: Naming, settings: &Settings) -> Vec<Sides> {
    let engine = Engine::read(&draft.text(naming), settings);
    questions(draft, naming)
        .iter()
        .map(|(from, to, port)| engine.ask(from, to, port).sides)
        .collect()
}

pub fn settings() -> impl Strategy<Value = Settings> {
    (
        select(vec![IpBlockPods::Ip, IpBlockPods::Never]),
        select(vec![HostNetwork::Node, HostNetwork::Pod]),
        select(vec!["10.244.0.0/16", "10.244.1.0/24", "172.16.0.0/12"]),
    )
        .prop_map(|(ipblock_pods, host_network, pod_cidr)| Settings {
            ipblock_pods,
            host_network,
            pod_cidr: pod_cidr.to_owned(),
        })
}

/// Each side of two answers to one question.
fn sides<'a>(a: &'a Sides, b: &'a Sides) -> [(&'a Side, &'a Side); 2] {
    [(&a.egress, &b.egress), (&a.ingress, &b.ingress)]
}

/// The same drafts at every run, unless `PROPTEST_RNG_SEED` asks for others; `PROPTEST_CASES` asks
/// for more of them.
pub fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    let rng_seed = match given.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed => fixed,
    };
    ProptestConfig { rng_seed, failure_persistence: None, ..given }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn engine_and_naive_rules_agree(draft in draft(), settings in settings()) {
        let text = draft.text(PLAIN);
        let world = World::read(&text, settings.clone());
        let engine = Engine::read(&text, &settings);
        for (from, to, port) in questions(&draft, PLAIN) {
            let (said, expected) = (engine.ask(&from, &to, &port), world.ask(&from, &to, &port));
            prop_assert_eq!(said, expected, "{} -> {} {}\n{}", from, to, port, text);
        }
    }

    #[test]
    fn engine_and_naive_rules_agree_on_names(draft in draft(), settings in settings()) {
        let text = draft.text(PLAIN);
        let world = World::read(&text, settings.clone());
        let engine = Engine::read(&text, &settings);
        for caller in 0..draft.workloads.len() {
            for service in 0..draft.services.len() {
                let (from, to) = (PLAIN.workload(&draft, caller), PLAIN.service(&draft, service));
                let port = "80/TCP";
                let (said, expected) = (engine.ask(&from, &to, port), world.ask(&from, &to, port));
                prop_assert_eq!(said, expected, "{} -> {}\n{}", from, to, text);
            }
        }
    }

    #[test]
    fn the_list_of_pairs_says_what_verdicts_say(draft in draft(), settings in settings()) {
        let engine = Engine::read(&draft.text(PLAIN), &settings);
        let pairs = engine.connectivity();
        for (from, to, port) in questions(&draft, PLAIN) {
            let open = engine.ask(&from, &to, &port).sides.open;
            let listed = engine.lists(&pairs, &from, &to, &port);
            prop_assert!(listed.is_none_or(|listed| listed == open), "{} -> {} {}", from, to, port);
        }
    }

    #[test]
    fn the_order_of_policies_is_nothing(draft in draft(), settings in settings()) {
        let before = answers(&draft, PLAIN, &settings);
        let text = draft.text(PLAIN);
        let mut documents: Vec<&str> = text.split("---\n").collect();
        documents.reverse();
        let engine = Engine::read(&documents.join("---\n"), &settings);
        for ((from, to, port), before) in questions(&draft, PLAIN).iter().zip(before) {
            prop_assert_eq!(engine.ask(from, to, port).sides, before);
        }
    }

    #[test]
    fn another_policy_opens_for_the_isolated_and_closes_by_isolating(
        draft in draft(), settings in settings(), another in policy(),
    ) {
        let before = answers(&draft, PLAIN, &settings);
        let mut more = draft;
        more.policies.push(another);
        for (before, after) in before.iter().zip(&answers(&more, PLAIN, &settings)) {
            let sides = sides(before, after);
            let joins_others = |(before, after): &(&Side, &Side)| {
                !before.isolated_by.is_empty() && before.isolated_by != after.isolated_by
            };
            let isolates = |(before, after): &(&Side, &Side)| {
                before.isolated_by.is_empty() && !after.isolated_by.is_empty()
            };
            match (before.open, after.open) {
                (false, true) => prop_assert!(sides.iter().any(joins_others)),
                (true, false) => prop_assert!(sides.iter().any(isolates)),
                _ => {}
            }
        }
    }

    #[test]
    fn a_policy_isolates_only_in_its_own_namespace(
        draft in draft(), settings in settings(), another in policy(),
    ) {
        let before = answers(&draft, PLAIN, &settings);
        let home = format!("{}ns{}/", PLAIN.0, another.namespace);
        let mut more = draft;
        more.policies.push(another);
        let after = answers(&more, PLAIN, &settings);
        let questions = questions(&more, PLAIN);
        for (((from, to, _), before), after) in questions.iter().zip(before).zip(after) {
            for (end, (before, after)) in [from, to].into_iter().zip(sides(&before, &after)) {
                prop_assert!(end.starts_with(&home) || before.isolated_by == after.isolated_by);
            }
        }
    }

    #[test]
    fn another_rule_only_adds(
        draft in draft(), settings in settings(), policy in policy(), egress in any::<bool>(),
        another in rule(),
    ) {
        // Without a list of types the first egress rule would isolate.
        let mut policy = policy;
        policy.types = Some(vec!["Ingress", "Egress"]);
        let mut grown = policy.clone();
        let rules = if egress { &mut grown.egress } else { &mut grown.ingress };
        rules.get_or_insert_default().push(another);
        let with = |policy| {
            let mut more = draft.clone();
            more.policies.push(policy);
            answers(&more, PLAIN, &settings)
        };
        for (before, after) in with(policy).iter().zip(&with(grown)) {
            prop_assert!(after.open || !before.open);
            for (before, after) in sides(before, after) {
                prop_assert_eq!(&before.isolated_by, &after.isolated_by);
                prop_assert!(after.admits() || !before.admits());
            }
        }
    }

    #[test]
    fn names_are_nothing_but_names(draft in draft(), settings in settings()) {
        let renamed = answers(&draft, Naming("z"), &settings);
        for (plain, renamed) in answers(&draft, PLAIN, &settings).iter().zip(&renamed) {
            prop_assert_eq!(plain.open, renamed.open);
            for (plain, renamed) in sides(plain, renamed) {
                prop_assert_eq!(plain.isolated_by.len(), renamed.isolated_by.len());
                prop_assert_eq!(plain.admitted_by.len(), renamed.admitted_by.len());
            }
        }
    }
}
