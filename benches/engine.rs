//! How long the engine takes: to read manifests, to compile them, to evaluate every pair, to make one
//! workload of what a cluster gives twice, to look for mistakes, to say what would change a call, and to
//! answer a keystroke in a file of 2,000 lines.
//!
//! Two inputs: the workshop with all of its policies, and a generated cluster of 100 pods with labels of
//! their own and 100 policies. Suggestions are also made where 100 pods and 20 policies share a namespace,
//! and mistakes looked for in the largest generated cluster. What is merged is a live cluster of 1,000 Deployments with
//! 10,000 pods, some of them told apart by 1,000 policies. The generator is seeded, so that numbers
//! compare.

use std::fmt::Write;
use std::hint::black_box;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use netpol_kernels::generator::PLANS;
use netpol_kernels::kernels;
use netpol_playground::analysis;
use netpol_playground::assemble::{Assembled, assemble};
use netpol_playground::compile::{Defaults, compile};
use netpol_playground::connectivity::{Siblings, connectivity};
use netpol_playground::evaluate::{Model, Peer, Plugin};
use netpol_playground::lint::lint;
use netpol_playground::manifest::{self, Reading, Source};
use netpol_playground::message::{self, Ask, Files, Text};
use netpol_playground::net::Protocol;
use netpol_playground::owners::{By, merge};
use netpol_playground::presets;
use netpol_playground::probe::{Call, Target};
use netpol_playground::reader::Reader;
use netpol_playground::suggest::suggest;

fn read(sources: &[Source]) -> Vec<Reading> {
    sources.iter().map(manifest::read).collect()
}

fn model(readings: &[Reading]) -> Model {
    let defaults = Defaults::default();
    let fragments: Vec<_> = readings.iter().map(|reading| compile(reading, &defaults)).collect();
    let assembled = assemble(&fragments, &[]);
    Model {
        cluster: Rc::new(assembled.cluster),
        policies: assembled.policies.into(),
        plugin: Plugin::default(),
    }
}

fn workshop() -> Vec<Source> {
    let scenario = presets::scenario("workshop-v2").expect("the workshop is a preset");
    let files = scenario.manifests.iter().chain(&scenario.policies);
    files.map(|file| Source::new(file.path.as_str(), file.text.as_str())).collect()
}

/// Numbers that look random and are the same every time: Knuth's linear congruential generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

/// A cluster of 100 pods, each with labels of its own, and as many policies.
fn generated() -> Vec<Source> {
    let plan = PLANS.iter().find(|(name, _)| *name == "100").map(|(_, plan)| plan);
    vec![Source::new("generated.yaml", plan.expect("a plan of 100").text())]
}

/// A live cluster: ten pods of each owner, one of them a canary, with addresses of their own; and as
/// many policies as owners, by labels of their own, some of canaries and some of addresses.
fn live(owners: u64) -> Vec<Source> {
    let mut dice = Dice(1);
    let mut text = String::new();
    for i in 0..owners {
        let (namespace, peer) = (i % 20, dice.below(20));
        let (app, track) = (dice.below(owners), dice.below(2));
        write!(
            text,
            "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app-{i}, namespace: ns-{namespace}, uid: d-{i}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: app-{i}-5d59
  namespace: ns-{namespace}
  uid: r-{i}
  ownerReferences: [{{kind: Deployment, name: app-{i}, uid: d-{i}, controller: true}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy-{i}, namespace: ns-{namespace}}}
spec:
  podSelector: {{matchLabels: {{app: app-{i}}}}}
  ingress:
    - from:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: ns-{peer}}}}}
          podSelector: {{matchLabels: {{app: app-{app}, track: track-{track}}}}}
        - ipBlock: {{cidr: 10.244.{peer}.0/24}}
      ports: [{{port: http}}]
"
        )
        .expect("a string takes whatever is written to it");
        for pod in 0..10 {
            let (track, third) = (u8::from(pod == 0), dice.below(40));
            write!(
                text,
                "---
apiVersion: v1
kind: Pod
metadata:
  name: app-{i}-5d59-{pod}
  namespace: ns-{namespace}
  labels: {{app: app-{i}, track: track-{track}, pod-template-hash: 5d59, pod: app-{i}-{pod}}}
  ownerReferences: [{{kind: ReplicaSet, name: app-{i}-5d59, uid: r-{i}, controller: true}}]
spec: {{nodeName: node-{third}, containers: [{{name: app, ports: [{{name: http, containerPort: 80}}]}}]}}
status: {{podIP: 10.244.{third}.{pod}}}
"
            )
            .expect("a string takes whatever is written to it");
        }
    }
    vec![Source::new("live.yaml", text)]
}

/// One namespace of 100 pods and 20 policies: each selects the pods of one or two labels, which others
/// select too, and has rules by labels, by namespaces and by addresses.
fn crowded() -> Vec<Source> {
    let mut dice = Dice(1);
    let mut text = String::new();
    for pod in 0..100 {
        let (app, tier, zone) = (pod % 25, dice.below(5), dice.below(4));
        write!(
            text,
            "---
apiVersion: v1
kind: Pod
metadata:
  name: pod-{pod}
  namespace: shop
  labels: {{app: app-{app}, tier: tier-{tier}, zone: zone-{zone}, pod: pod-{pod}}}
spec: {{containers: [{{name: app, ports: [{{name: http, containerPort: 8080}}]}}]}}
status: {{podIP: 10.244.0.{pod}}}
"
        )
        .expect("a string takes whatever is written to it");
    }
    for policy in 0..20 {
        let (tier, zone) = (dice.below(5), dice.below(4));
        let selector = match policy % 3 {
            0 => format!("tier: tier-{tier}"),
            1 => format!("zone: zone-{zone}"),
            _ => format!("tier: tier-{tier}, zone: zone-{zone}"),
        };
        let (from, app, to, port) = (dice.below(4), dice.below(25), dice.below(5), dice.below(3));
        write!(
            text,
            "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy-{policy}, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{{selector}}}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{{podSelector: {{matchLabels: {{zone: zone-{from}}}}}}}]
      ports: [{{port: 808{port}}}, {{port: 9090}}]
    - from:
        - podSelector: {{matchLabels: {{app: app-{app}}}}}
        - ipBlock: {{cidr: 198.18.{policy}.0/24}}
      ports: [{{port: http}}]
  egress:
    - to: [{{podSelector: {{matchExpressions: [{{key: tier, operator: NotIn, values: [tier-{to}]}}]}}}}]
      ports: [{{port: 8080}}]
    - to: [{{namespaceSelector: {{}}}}]
      ports: [{{port: 53, protocol: UDP}}]
"
        )
        .expect("a string takes whatever is written to it");
    }
    vec![Source::new("crowded.yaml", text)]
}

fn owners(criterion: &mut Criterion) {
    let Model { cluster, policies, plugin } = model(&read(&live(1000)));
    criterion.bench_function("merge-10000", |bencher| {
        bencher.iter(|| merge(black_box(&cluster), black_box(&policies), &plugin));
    });
}

/// What the worker does for a reading of a large cluster, besides reading it: puts objects together, by
/// workload, and looks for mistakes in the policies.
fn large(criterion: &mut Criterion) {
    let plan = PLANS.iter().find(|(name, _)| *name == "10000").map(|(_, plan)| plan);
    let fragment = kernels::read(&plan.expect("a plan of 10000").text());
    let plugin = Plugin::default();
    let grouped = || analysis::group(assemble([black_box(&fragment)], &[]), By::Workload, &plugin);
    criterion.bench_function("group-10000", |bencher| bencher.iter(grouped));
    let Assembled { cluster, policies, .. } = grouped();
    let model = Model { cluster: Rc::new(cluster), policies: policies.into(), plugin };
    criterion.bench_function("lint-10000", |bencher| bencher.iter(|| lint(black_box(&model))));
}

fn engine(criterion: &mut Criterion) {
    for (name, sources) in [("workshop", workshop()), ("generated-100", generated())] {
        let readings = read(&sources);
        let compiled = model(&readings);
        let mut group = criterion.benchmark_group(name);
        group.bench_function("parse", |bencher| bencher.iter(|| read(black_box(&sources))));
        group.bench_function("compile", |bencher| bencher.iter(|| model(black_box(&readings))));
        group.bench_function("evaluate", |bencher| {
            bencher.iter(|| connectivity(black_box(&compiled), Siblings::Omitted));
        });
        group.finish();
    }
}

/// What would change a call, of calls between every workload and another one.
fn suggestions(criterion: &mut Criterion) {
    for (name, sources) in [("suggest-100", generated()), ("suggest-crowded", crowded())] {
        let model = model(&read(&sources));
        let call = |from: usize| Call {
            from: Peer::pod(from),
            to: Target::Peer(Peer::pod((7 * from + 3) % 100)),
            protocol: Protocol::Tcp,
            port: 8080,
        };
        let calls: Vec<Call> = (0..100).map(call).collect();
        let mut turn = calls.iter().cycle();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| turn.next().map(|call| suggest(black_box(&model), call)));
        });
    }
}

/// What the worker does for a keystroke: the file is read again, checked, and its answer written.
fn keystroke(criterion: &mut Criterion) {
    let [source] = &generated()[..] else { return };
    let edited = source.text.replacen("app: app-40", "app: app-4", 1);
    assert!(source.text.lines().count() > 2000, "the file has 2,000 lines");
    let ask = |text: &str| {
        let text = Text { id: 0, path: "generated.yaml".to_owned(), text: text.into() };
        let order = vec![(0, true)];
        Ask::Read(Files {
            serial: 0,
            changed: vec![text],
            order,
            shown: Some(0),
            ..Files::default()
        })
    };
    let asks = [ask(&edited), ask(&source.text)];
    let mut reader = Reader::default();
    let mut turn = asks.iter().cycle();
    criterion.bench_function("keystroke-2000", |bencher| {
        bencher.iter(|| turn.next().map(|ask| message::encode(&reader.answer(ask.clone()))));
    });
}

criterion_group!(benches, engine, owners, large, suggestions, keystroke);
criterion_main!(benches);
