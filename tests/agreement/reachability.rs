//! All pairs at once say what verdicts on single pairs say: for every two ends of every generated
//! cluster, whatever was switched or replaced before, and the differences are what has changed.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::rc::Rc;

use netpol_kernels::generator::PLANS;
use netpol_kernels::kernels;
use netpol_playground::analysis;
use netpol_playground::assemble::assemble;
use netpol_playground::connectivity::{End, Siblings, connectivity};
use netpol_playground::evaluate::{self, Model, Peer};
use netpol_playground::manifest::Source;
use netpol_playground::net::{AddressRange, Connections};
use netpol_playground::outside::external_ranges;
use netpol_playground::policy::{Direction, Policy, PolicyRef};
use netpol_playground::reachability::{Reachability, Rows, Switch};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::engine;
use crate::generated::{Draft, Naming, OUTSIDE, crowd, policy};
use crate::naive::Settings;
use crate::properties::{config, settings};

/// The names that drafts get.
const NAMING: Naming = Naming("a");

fn model(draft: &Draft, settings: &Settings) -> Model {
    let fragment = analysis::read(&Source::new("draft.yaml", draft.text(NAMING)));
    let assembled = assemble([&fragment], &[]);
    Model {
        cluster: Rc::new(assembled.cluster),
        policies: assembled.policies.into(),
        plugin: engine::plugin(settings),
    }
}

/// Every end there is: the pods, another pod of each workload, and hosts at both ends of every range.
fn ends(model: &Model) -> Vec<Peer> {
    let workloads = 0..model.cluster.workloads.len();
    let pods = workloads.clone().map(Peer::pod).chain(workloads.map(Peer::sibling));
    let outside = OUTSIDE.map(|text| text.parse::<IpAddr>().expect("an address"));
    let edges = external_ranges(model).into_iter().flat_map(|range| [range.first, range.last]);
    pods.chain(outside.into_iter().chain(edges).map(Peer::External)).collect()
}

/// Every pair of ends of which one is a pod.
fn pairs(ends: &[Peer]) -> impl Iterator<Item = (Peer, Peer)> {
    let pairs = ends.iter().flat_map(move |a| ends.iter().map(move |b| (*a, *b)));
    pairs.filter(|ends| !matches!(ends, (Peer::External(_), Peer::External(_))))
}

/// The same model with only those policies.
fn with(model: &Model, policies: impl Iterator<Item = Policy>) -> Model {
    Model { policies: policies.collect::<Vec<_>>().into(), ..model.clone() }
}

/// What is different after a switch, or a replacement.
#[derive(Clone, Debug)]
enum Step {
    Switch(Index, bool),
    Replace(Index, Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<Index>(), any::<bool>()).prop_map(|(policy, on)| Step::Switch(policy, on)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(policy, by)| Step::Replace(policy, by)),
    ]
}

fn rows() -> impl Strategy<Value = Rows> {
    prop_oneof![Just(Rows::Kept), Just(Rows::Made)]
}

/// The list of pairs, pair by pair.
fn plainly(model: &Model) -> BTreeMap<(String, String), Connections> {
    let mut list = BTreeMap::new();
    let mut put = |source: End, destination: End| {
        let connections = evaluate::connections(model, source.peer(), destination.peer());
        let names = (source.name(model).to_string(), destination.name(model).to_string());
        if !connections.is_empty() {
            list.insert(names, connections);
        }
    };
    let listed = |i: &usize| !model.cluster.workloads[*i].is_implicit();
    let workloads: Vec<usize> = (0..model.cluster.workloads.len()).filter(listed).collect();
    for &from in &workloads {
        for &to in &workloads {
            put(End::Workload(from), End::Workload(to));
        }
        if model.cluster.workloads[from].has_siblings() {
            put(End::Workload(from), End::Sibling(from));
        }
        for range in merged(model, from, Direction::Egress) {
            put(End::Workload(from), End::External(range));
        }
        for range in merged(model, from, Direction::Ingress) {
            put(End::External(range), End::Workload(from));
        }
    }
    list
}

/// The ranges outside, those that adjoin and with which the workload's calls fare alike as one.
fn merged(model: &Model, workload: usize, direction: Direction) -> Vec<AddressRange> {
    let passing = |range: &AddressRange| {
        let (pod, host) = (Peer::pod(workload), Peer::External(range.first));
        match direction {
            Direction::Egress => evaluate::connections(model, pod, host),
            Direction::Ingress => evaluate::connections(model, host, pod),
        }
    };
    let mut merged: Vec<AddressRange> = Vec::new();
    for range in external_ranges(model) {
        match merged.last_mut() {
            Some(last) if last.adjoins(&range) && passing(last) == passing(&range) => {
                last.last = range.last;
            }
            _ => merged.push(range),
        }
    }
    merged
}

/// Fewer, because each of them is judged many times over.
fn fewer() -> ProptestConfig {
    let config = config();
    ProptestConfig { cases: config.cases.div_ceil(4), ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn all_pairs_are_what_each_pair_is(draft in crowd(), settings in settings(), rows in rows()) {
        let model = model(&draft, &settings);
        let all = Reachability::with(&model, rows);
        for (from, to) in pairs(&ends(&model)) {
            let Some(said) = all.connections(from, to) else {
                let is_ipv6 = |end| matches!(end, Peer::External(IpAddr::V6(_)));
                prop_assert!(is_ipv6(from) || is_ipv6(to));
                continue;
            };
            let expected = evaluate::connections(&model, from, to);
            prop_assert_eq!(said, expected, "{:?} {:?}\n{}", from, to, draft.text(NAMING));
        }
    }

    #[test]
    fn the_list_is_that_of_single_pairs(draft in crowd(), settings in settings()) {
        let model = model(&draft, &settings);
        let said: BTreeMap<_, _> = connectivity(&model, Siblings::Listed)
            .iter()
            .map(|pair| {
                let names = (pair.source.name(&model), pair.destination.name(&model));
                ((names.0.to_string(), names.1.to_string()), Connections::clone(&pair.connections))
            })
            .collect();
        prop_assert_eq!(said, plainly(&model), "{}", draft.text(NAMING));
    }

}

proptest! {
    #![proptest_config(fewer())]

    #[test]
    fn switches_change_what_the_difference_says(
        draft in crowd(), others in vec(policy(), 3), settings in settings(), rows in rows(),
        steps in vec(step(), 1..6),
    ) {
        let before = model(&draft, &settings);
        let others = model(&Draft { policies: others, ..draft.clone() }, &settings).policies;
        let mut policies: Vec<(Policy, bool)> =
            before.policies.iter().map(|policy| (policy.clone(), true)).collect();
        let ends = ends(&with(&before, before.policies.iter().chain(others.iter()).cloned()));
        let passing = |model: &Model| -> Vec<Connections> {
            pairs(&ends).map(|(from, to)| evaluate::connections(model, from, to)).collect()
        };
        let mut all = Reachability::with(&before, rows);
        let mut was = passing(&before);
        for step in steps {
            let difference = match &step {
                Step::Switch(policy, on) => {
                    let policy = policy.index(policies.len());
                    policies[policy].1 = *on;
                    all.switch(PolicyRef(policy), if *on { Switch::On } else { Switch::Off })
                }
                Step::Replace(policy, by) => {
                    let policy = policy.index(policies.len());
                    let by = &others[by.index(others.len())];
                    policies[policy] = (by.clone(), true);
                    all.replace(PolicyRef(policy), by.clone())
                }
            };
            let on = policies.iter().filter(|(_, on)| *on).map(|(policy, _)| policy.clone());
            let is = passing(&with(&before, on));
            let changes = difference.changes(&all);
            prop_assert!(changes.iter().all(|change| change.opened != change.closed));
            prop_assert!(!difference.is_empty() || changes.is_empty());
            for ((from, to), (old, new)) in pairs(&ends).zip(was.iter().zip(&is)) {
                let (Some(source), Some(destination)) = (all.class(from), all.class(to)) else {
                    continue;
                };
                prop_assert_eq!(all.connections(from, to), Some(new.clone()), "{:?}", step);
                let mut of_pair = changes.iter();
                let change = of_pair.find(|change| {
                    (change.source, change.destination) == (source, destination)
                });
                let change = change.filter(|_| !all.passes_anyway(from, to));
                let none = Connections::none();
                let (opened, closed) =
                    change.map_or((&none, &none), |change| (&*change.opened, &*change.closed));
                prop_assert!(opened.intersection(closed).is_empty());
                prop_assert!(opened.intersection(old).is_empty());
                prop_assert!(closed.intersection(new).is_empty());
                prop_assert_eq!(old.clone().union(opened), new.clone().union(closed), "{:?}", step);
            }
            was = is;
        }
    }
}

/// Rows of several words, which generated drafts are too small for.
#[test]
fn a_hundred_classes_are_what_each_pair_is() {
    let (_, plan) = PLANS.iter().find(|(name, _)| *name == "100").expect("a plan of 100");
    let model = kernels::model(&kernels::read(&plan.text()));
    let listed = connectivity(&model, Siblings::Omitted);
    let listed: BTreeMap<_, _> = listed
        .iter()
        .filter_map(|pair| match (pair.source, pair.destination) {
            (End::Workload(from), End::Workload(to)) => Some(((from, to), &*pair.connections)),
            _ => None,
        })
        .collect();
    for rows in [Rows::Kept, Rows::Made] {
        let all = Reachability::with(&model, rows);
        let hosts = external_ranges(&model).into_iter().step_by(9).map(|range| range.first);
        let pods = (0..model.cluster.workloads.len()).map(Peer::pod);
        let ends: Vec<Peer> = pods.chain(hosts.map(Peer::External)).collect();
        for (from, to) in pairs(&ends) {
            let expected = evaluate::connections(&model, from, to);
            if let (Peer::Pod(from), Peer::Pod(to)) = (from, to)
                && let Some(said) = listed.get(&(from.workload, to.workload))
            {
                assert_eq!(**said, expected, "{from:?} {to:?}");
            }
            assert_eq!(all.connections(from, to), Some(expected), "{from:?} {to:?}");
        }
    }
}
