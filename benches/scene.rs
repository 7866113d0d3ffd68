//! How long a crowd takes to be laid out (`ground`) and drawn (`draw`), by how many stars there are: a thousand
//! ribbons each, as many as the page draws.

use criterion::{Criterion, criterion_group, criterion_main};
use netpol_playground::scene::{
    self, Kind, Moved, Pair, RibbonSpec, Role, Size, StandsFor, StarSpec, State, Stop,
};

/// As many as the page draws.
const RIBBONS: usize = 1000;

const SIZE: Size = Size { width: 1100.0, height: 760.0 };

/// So many stars, in namespaces that are folded if they hold one.
fn stars(namespaces: usize, each: usize) -> Vec<StarSpec> {
    let star = |i: usize| {
        let namespace = format!("department-{}", i / each);
        let (kind, name) = match each {
            1 => (Kind::Namespace, namespace.clone()),
            _ => (Kind::Workload, format!("service-{}", i % each)),
        };
        let id = if each == 1 { namespace.clone() } else { format!("{namespace}/{name}") };
        let pods = 1 + i as u32 % 40;
        let stands_for = Some(StandsFor { id, kind, pods });
        StarSpec { namespace, name, code: None, role: Role::Service, stands_for }
    };
    (0..namespaces * each).map(star).collect()
}

fn ribbons(stars: usize) -> Vec<RibbonSpec> {
    let ribbon = |i: usize| {
        let blocked = i.is_multiple_of(3);
        RibbonSpec {
            from: i % stars,
            to: (i * 7 + i / stars * 11) % stars,
            state: if blocked { State::Blocked } else { State::Open },
            stop: blocked.then_some(Stop::Egress),
            label: format!("{} of 400", i % 400),
        }
    };
    (0..RIBBONS).map(ribbon).collect()
}

fn crowds(criterion: &mut Criterion) {
    for (namespaces, each) in [(50, 1), (10, 20), (50, 6)] {
        let stars = stars(namespaces, each);
        let ribbons = ribbons(stars.len());
        let pair = |ribbon: &RibbonSpec| Pair { from: ribbon.from, to: ribbon.to };
        let pairs: Vec<Pair> = ribbons.iter().map(pair).collect();
        let mut group = criterion.benchmark_group(format!("scene-{}", stars.len()));
        group.bench_function("ground", |bencher| {
            bencher.iter(|| scene::ground(SIZE, &stars, &pairs, &Moved::new()));
        });
        let ground = scene::ground(SIZE, &stars, &pairs, &Moved::new());
        group.bench_function("draw", |bencher| bencher.iter(|| scene::draw(&ground, &ribbons)));
        group.finish();
    }
}

criterion_group!(benches, crowds);
criterion_main!(benches);
