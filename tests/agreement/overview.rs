//! What is drawn of a large cluster is what its links come to: for every generated cluster, whatever is
//! switched, unfolded, looked for and muted, every bond counts the links between the workloads of its ends.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use netpol_playground::analysis;
use netpol_playground::assemble::assemble;
use netpol_playground::cluster::{
    Cluster, LivePod, Routing, Service, ServicePort, TargetPort, Workload,
};
use netpol_playground::evaluate::{Model, counts_as_node, isolating};
use netpol_playground::manifest::Source;
use netpol_playground::net::Protocol;
use netpol_playground::overview::{Bond, Census, Lens, Level, Most, Overview};
use netpol_playground::policy::{Direction, Policy, PolicyRef};
use netpol_playground::probe::{self, LinkState, Stop};
use netpol_playground::reachability::Switch;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::engine;
use crate::generated::{Naming, crowd};
use crate::properties::{config, settings};

/// What drafts do not have, and what is drawn may depend on.
#[derive(Clone, Debug)]
struct Extras {
    /// Whether one of the labels and namespaces are those of the cluster DNS.
    dns: bool,
    /// What probes call: the workload, and the URL.
    probes: Vec<(Index, &'static str)>,
    services: Vec<(Index, Tweak)>,
    /// How many live pods workloads have.
    pods: Vec<(Index, usize)>,
}

/// How a Service is not what drafts have.
#[derive(Clone, Copy, Debug)]
enum Tweak {
    NoPorts,
    AnotherPort(Protocol, u16, u16),
    NamedPort,
    Alias(&'static str),
}

const URLS: [&str; 9] = [
    "http://as0.ans0",
    "http://as1.ans1:80/status",
    "http://as2:80",
    "http://as0:81",
    "http://10.244.1.1:79",
    "http://10.244.1.3",
    "http://[fd00::2]:80",
    "http://192.168.0.1:90",
    "nowhere",
];

const FILTERS: [&str; 9] =
    ["", "", "", "ns:ans0", "ak0=av1", "ak1!=av0", "W1", "ans1/aw", "ak0!=av0 w"];

fn extras() -> impl Strategy<Value = Extras> {
    let tweak = prop_oneof![
        Just(Tweak::NoPorts),
        (select(&Protocol::ALL[..]), select(vec![80, 81, 90]), select(vec![79, 80, 90]))
            .prop_map(|(protocol, port, target)| Tweak::AnotherPort(protocol, port, target)),
        Just(Tweak::NamedPort),
        select(vec!["as0.ans0.svc.cluster.local", "as1.ans1", "example.org"])
            .prop_map(Tweak::Alias),
    ];
    let probes = prop_oneof![Just(0..1), Just(1..5)];
    (
        proptest::bool::weighted(0.3),
        probes.prop_flat_map(|count| vec((any::<Index>(), select(&URLS[..])), count)),
        vec((any::<Index>(), tweak), 0..3),
        vec((any::<Index>(), 0..4usize), 0..4),
    )
        .prop_map(|(dns, probes, services, pods)| Extras { dns, probes, services, pods })
}

/// Lenses, of which whatever is in them is picked among what there could be.
#[derive(Clone, Debug)]
struct Look {
    unfolded: Vec<Index>,
    filter: &'static str,
    muted: Vec<Index>,
    focus: Option<Index>,
    most: Most,
}

fn look() -> impl Strategy<Value = Look> {
    let most = (0..12u32, 0..40u32).prop_map(|(bodies, bonds)| Most { bodies, bonds });
    (
        vec(any::<Index>(), 0..12),
        select(&FILTERS[..]),
        prop_oneof![2 => vec(any::<Index>(), 0), 1 => vec(any::<Index>(), 0..4)],
        proptest::option::of(any::<Index>()),
        prop_oneof![2 => Just(Most::default()), 1 => most],
    )
        .prop_map(|(unfolded, filter, muted, focus, most)| Look {
            unfolded,
            filter,
            muted,
            focus,
            most,
        })
}

impl Extras {
    /// A text with the names of the cluster DNS in it, if they are wanted.
    fn rename(&self, text: &str) -> String {
        let names = [("ans0", "kube-system"), ("ak0", "k8s-app"), ("av0", "kube-dns")];
        let rename = |text: String, (old, new)| text.replace(old, new);
        if self.dns { names.into_iter().fold(text.to_owned(), rename) } else { text.to_owned() }
    }

    fn add_to(&self, cluster: &mut Cluster) {
        for (workload, url) in &self.probes {
            let workload = workload.get_mut(&mut cluster.workloads);
            workload.probes.push(self.rename(url));
        }
        for (workload, count) in &self.pods {
            let workload = workload.get_mut(&mut cluster.workloads);
            let pod = |i| LivePod { name: format!("{}-{i}", workload.name), location: None };
            workload.pods = (0..*count).map(pod).collect();
        }
        if cluster.services.is_empty() {
            return;
        }
        for (service, tweak) in &self.services {
            self.tweak(service.get_mut(&mut cluster.services), *tweak);
        }
    }

    fn tweak(&self, service: &mut Service, tweak: Tweak) {
        let protocol = Protocol::Tcp;
        match tweak {
            Tweak::NoPorts => service.ports.clear(),
            Tweak::AnotherPort(protocol, port, target) => {
                let target = TargetPort::Number(target);
                service.ports.push(ServicePort { protocol, port, target });
            }
            Tweak::NamedPort => {
                let target = TargetPort::Name("ap0".to_owned());
                service.ports.push(ServicePort { protocol, port: 81, target });
            }
            Tweak::Alias(host) => service.routing = Routing::Alias(self.rename(host)),
        }
    }
}

/// What a lens makes of a body: what it is called, what it is, and the workloads that it stands for.
type Expected = (String, Level, Vec<usize>);

fn admits(filter: &str, workload: &Workload) -> bool {
    filter.split(' ').all(|word| {
        let is = |key: &str, value: &str| workload.labels.get(key).is_some_and(|v| v == value);
        match (word.split_once("!="), word.split_once('='), word.strip_prefix("ns:")) {
            (Some((key, value)), _, _) => !is(key, value),
            (_, Some((key, value)), _) => is(key, value),
            (_, _, Some(namespace)) => workload.namespace == namespace,
            _ => workload.path().contains(&word.to_lowercase()),
        }
    })
}

fn bodies(cluster: &Cluster, lens: &Lens) -> Vec<Expected> {
    let mut bodies: Vec<Expected> = Vec::new();
    for (i, workload) in cluster.workloads.iter().enumerate() {
        if workload.is_implicit() || !admits(&lens.filter, workload) {
            continue;
        }
        let (namespace, path) = (workload.namespace.clone(), workload.path());
        if !lens.unfolded.contains(&namespace) {
            match bodies.iter_mut().find(|(id, _, _)| *id == namespace) {
                Some((_, _, workloads)) => workloads.push(i),
                None => bodies.push((namespace, Level::Namespace, vec![i])),
            }
        } else if lens.unfolded.contains(&path) && workload.pods.len() > 1 {
            let pods = 1..=workload.pods.len();
            bodies.extend(pods.map(|n| (format!("{path}#{n}"), Level::Pod, vec![i])));
        } else {
            bodies.push((path, Level::Workload, vec![i]));
        }
    }
    // Those that are folded stay longest.
    let mut kept: Vec<usize> = (0..bodies.len()).collect();
    kept.sort_by_key(|i| bodies[*i].1 != Level::Namespace);
    kept.truncate(lens.most.bodies as usize);
    let mut kept = (0..bodies.len()).map(|i| kept.contains(&i));
    bodies.retain(|_| kept.next() == Some(true));
    bodies
}

type Links = BTreeMap<(usize, usize), (LinkState, Option<Stop>)>;

/// Which of the links are between two bodies.
fn between(links: &Links, from: &Expected, to: &Expected) -> Vec<(usize, usize, LinkState)> {
    if from.1 == Level::Pod && from.0 == to.0 {
        return Vec::new();
    }
    let pairs = from.2.iter().flat_map(|from| to.2.iter().map(move |to| (*from, *to)));
    pairs.filter_map(|(from, to)| Some((from, to, links.get(&(from, to))?.0))).collect()
}

fn bonds(links: &Links, bodies: &[Expected], lens: &Lens) -> Vec<Bond> {
    let mut bonds = Vec::new();
    for (i, from) in bodies.iter().enumerate().filter(|(_, body)| !lens.muted.contains(&body.0)) {
        for (j, to) in bodies.iter().enumerate().filter(|(_, body)| !lens.muted.contains(&body.0)) {
            let pairs = between(links, from, to);
            let count = |state| pairs.iter().filter(|pair| pair.2 == state).count() as u32;
            let bond = Bond {
                from: i as u32,
                to: j as u32,
                open: count(LinkState::Open),
                partly: count(LinkState::Partly),
                blocked: count(LinkState::Blocked),
                stop: None,
            };
            let is_single = from.1 != Level::Namespace && to.1 != Level::Namespace;
            let is_blocked = is_single && bond.blocked > 0;
            let stop = is_blocked.then(|| links[&(from.2[0], to.2[0])].1).flatten();
            if !pairs.is_empty() {
                bonds.push(Bond { stop, ..bond });
            }
        }
    }
    bonds
}

/// The first bonds, and how many others there are.
fn first(mut bonds: Vec<Bond>, bodies: &[Expected], lens: &Lens) -> (Vec<Bond>, usize) {
    let is_focus = |end: u32| lens.focus.as_ref() == Some(&bodies[end as usize].0);
    bonds.sort_by_key(|bond| {
        let touches = is_focus(bond.from) || is_focus(bond.to);
        (Reverse(touches), Reverse(bond.open + bond.partly + bond.blocked))
    });
    let left_out = bonds.len().saturating_sub(lens.most.bonds as usize);
    bonds.truncate(lens.most.bonds as usize);
    bonds.sort_by_key(|bond| (bond.from, bond.to));
    (bonds, left_out)
}

/// Holds what is drawn against what the links of the same model come to.
fn check(census: &Census, plain: &Model, lens: &Lens) -> Result<(), TestCaseError> {
    let cluster = &plain.cluster;
    let links: Links = probe::links(plain, None)
        .iter()
        .map(|link| ((link.from, link.to), (link.state(), link.stop())))
        .collect();
    let bodies = bodies(cluster, lens);
    let Overview { bodies: drawn, bonds: said, left_out, found, .. } = census.overview(lens);
    let names = |level| move |(id, is, _): &Expected| (*is == level).then(|| id.clone());
    for level in [Level::Namespace, Level::Workload, Level::Pod] {
        let said: Vec<_> = drawn.iter().filter(|body| body.level == level).collect();
        let said: Vec<_> = said.iter().map(|body| body.id.clone()).collect();
        prop_assert_eq!(said, bodies.iter().filter_map(names(level)).collect::<Vec<_>>());
    }
    for (body, (_, _, workloads)) in drawn.iter().zip(&bodies) {
        prop_assert_eq!(body.count.workloads as usize, workloads.len());
        let isolated = Direction::ALL.map(|direction| {
            let is_isolated = |i: &&usize| {
                let workload = &cluster.workloads[**i];
                !counts_as_node(&plain.plugin, workload)
                    && isolating(plain, direction, workload).next().is_some()
            };
            workloads.iter().filter(is_isolated).count() as u32
        });
        prop_assert_eq!(body.isolated, isolated, "{}", body.id);
    }
    let listed = cluster.workloads.iter().filter(|w| !w.is_implicit() && admits(&lens.filter, w));
    prop_assert_eq!(found.workloads as usize, listed.count());
    let (expected, others) = first(self::bonds(&links, &bodies, lens), &bodies, lens);
    prop_assert_eq!(left_out.bonds as usize, others);
    for (said, expected) in said.iter().zip(&expected) {
        let [from, to] = [said.from, said.to].map(|end| &bodies[end as usize].0);
        prop_assert_eq!(said, expected, "{} {}", from, to);
    }
    prop_assert_eq!(said.len(), expected.len());
    for bond in &said {
        let [from, to] = [bond.from, bond.to].map(|end| &bodies[end as usize]);
        let expected = between(&links, from, to);
        let (count, pairs) = census.pairs(lens, &from.0, &to.0, 3);
        prop_assert_eq!(count, expected.len());
        prop_assert_eq!(&pairs[..], &expected[..count.min(3)]);
    }
    Ok(())
}

/// What lenses can name: namespaces, workloads and pods.
fn candidates(cluster: &Cluster) -> Vec<String> {
    let of = |workload: &Workload| {
        let path = workload.path();
        vec![workload.namespace.clone(), path.clone(), format!("{path}#1"), format!("{path}#2")]
    };
    cluster.workloads.iter().flat_map(of).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn bonds_are_what_links_come_to(
        draft in crowd(), extras in extras(), settings in settings(),
        switches in vec(vec((any::<Index>(), any::<bool>()), 0..4), 1..3),
        looks in vec(look(), 1..4),
    ) {
        let text = extras.rename(&draft.text(Naming("a")));
        let assembled = assemble([&analysis::read(&Source::new("draft.yaml", text))], &[]);
        let mut cluster = assembled.cluster;
        extras.add_to(&mut cluster);
        let names = candidates(&cluster);
        let model = Model {
            cluster: Rc::new(cluster),
            policies: assembled.policies.into(),
            plugin: engine::plugin(&settings),
        };
        let mut census = Census::new(&model);
        let mut on = vec![true; model.policies.len()];
        let lenses: Vec<Lens> = looks.iter().map(|look| {
            let name = |index: &Index| index.get(&names).clone();
            Lens {
                unfolded: look.unfolded.iter().map(name).collect(),
                filter: extras.rename(look.filter),
                muted: look.muted.iter().map(name).collect(),
                focus: look.focus.as_ref().map(name),
                most: look.most,
            }
        }).collect();
        for turns in switches {
            let turns: Vec<_> = turns.iter().map(|(i, to)| (i.index(on.len()), *to)).collect();
            turns.iter().for_each(|(policy, to)| on[*policy] = *to);
            let switch = |to| if to { Switch::On } else { Switch::Off };
            let turns: Vec<_> = turns.iter().map(|(i, to)| (PolicyRef(*i), switch(*to))).collect();
            census.switch(&turns);
            let policies = model.policies.iter().zip(&on).filter(|(_, on)| **on);
            let policies: Vec<Policy> = policies.map(|(policy, _)| policy.clone()).collect();
            let plain = Model { policies: policies.into(), ..model.clone() };
            for lens in &lenses {
                check(&census, &plain, lens)?;
            }
        }
    }
}
