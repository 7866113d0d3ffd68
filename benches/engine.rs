//! How long the engine takes: to read manifests, to compile them, and to evaluate every pair.
//!
//! Two inputs: the workshop with all of its policies, and a generated cluster of 100 workloads with
//! labels of their own and 100 policies. The generator is seeded, so that numbers compare.

use std::fmt::Write;
use std::hint::black_box;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use netpol_playground::assemble::assemble;
use netpol_playground::compile::{Defaults, compile};
use netpol_playground::connectivity::{Siblings, connectivity};
use netpol_playground::evaluate::{Model, Plugin};
use netpol_playground::manifest::{self, Reading, Source};
use netpol_playground::presets;

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

/// A cluster of so many workloads, each with a label of its own, and as many policies, in ten
/// namespaces.
fn generated(size: u64) -> Vec<Source> {
    let mut dice = Dice(1);
    let mut text = String::new();
    for i in 0..size {
        let (namespace, peer, app) = (dice.below(10), dice.below(10), dice.below(size));
        let (block, port) = (dice.below(256), 1024 + dice.below(1024));
        write!(
            text,
            "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app-{i}, namespace: ns-{namespace}}}
spec:
  selector: {{matchLabels: {{app: app-{i}}}}}
  template:
    metadata: {{labels: {{app: app-{i}, tier: tier-{peer}}}}}
    spec: {{containers: [{{name: app, ports: [{{name: http, containerPort: {port}}}]}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy-{i}, namespace: ns-{namespace}}}
spec:
  podSelector: {{matchLabels: {{app: app-{i}}}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: ns-{peer}}}}}
          podSelector: {{matchExpressions: [{{key: tier, operator: NotIn, values: [tier-{peer}]}}]}}
        - podSelector: {{matchLabels: {{app: app-{app}}}}}
      ports: [{{port: http}}, {{port: 8000, endPort: 8999}}]
  egress:
    - to: [{{ipBlock: {{cidr: 10.{block}.0.0/16, except: [10.{block}.1.0/24]}}}}]
    - to: [{{namespaceSelector: {{}}}}]
      ports: [{{port: 53, protocol: UDP}}, {{port: {port}}}]
"
        )
        .expect("a string takes whatever is written to it");
    }
    vec![Source::new("generated.yaml", text)]
}

fn engine(criterion: &mut Criterion) {
    for (name, sources) in [("workshop", workshop()), ("generated-100", generated(100))] {
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

criterion_group!(benches, engine);
criterion_main!(benches);
