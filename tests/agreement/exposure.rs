//! A pod that is added to a generated cluster has at most what was said of new pods before, and what
//! was said of one without labels if it has none; and every example has what is said of it.

use std::fmt::Write;
use std::net::IpAddr;

use netpol_playground::evaluate::{Model, Peer, connections};
use netpol_playground::exposure::{Example, Exposure, Row, Stranger, Variation, exposure};
use netpol_playground::labels::{Labels, Selector};
use netpol_playground::net::Connections;
use netpol_playground::outside::external_ranges;
use netpol_playground::policy::Direction;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::engine::Engine;
use crate::generated::{Naming, OUTSIDE, draft};
use crate::naive::Settings;
use crate::properties::{config, settings};

/// Addresses of the pod networks in use: some that blocks tell from the others, and one of each
/// that they do not.
const ADDRESSES: [&str; 4] = ["10.244.1.1", "10.244.1.2", "10.244.1.77", "172.16.0.9"];

/// A pod that is added.
#[derive(Clone, Debug)]
struct Added {
    /// The number of its namespace; none for one that is new, with these labels.
    namespace: Option<usize>,
    namespace_labels: Labels,
    labels: Labels,
    address: Option<&'static str>,
    node: Option<usize>,
}

fn added() -> impl Strategy<Value = Added> {
    // One more value than selectors mention.
    let labels = || {
        btree_map(0..2usize, 0..3usize, 0..=2).prop_map(|labels| {
            labels
                .into_iter()
                .map(|(key, value)| (format!("ak{key}"), format!("av{value}")))
                .collect()
        })
    };
    (
        proptest::option::weighted(0.7, 0..3usize),
        labels(),
        labels(),
        proptest::option::weighted(0.5, select(&ADDRESSES[..])),
        proptest::option::weighted(0.3, 0..2usize),
    )
        .prop_map(|(namespace, namespace_labels, labels, address, node)| Added {
            namespace,
            namespace_labels,
            labels,
            address,
            node,
        })
}

/// Pods that are written behind a draft, each with the stranger that it is.
#[derive(Default)]
struct Pods {
    text: String,
    strangers: Vec<Stranger>,
}

impl Pods {
    fn push(&mut self, stranger: Stranger, example: &Example) {
        let number = self.strangers.len();
        let labels = |labels: &Labels| {
            let pairs: Vec<_> =
                labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{{{}}}", pairs.join(", "))
        };
        let namespace = match &stranger {
            Stranger::NewPod(namespace) => namespace.clone(),
            _ => {
                let name = format!("new{number}");
                let labels = labels(&example.namespace);
                _ = write!(
                    self.text,
                    "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}\n"
                );
                name
            }
        };
        let labels = labels(&example.labels);
        let node = example.node.iter().map(|node| format!("nodeName: {node}, "));
        let node: String = node.collect();
        let address = example.address.iter().map(|range| format!("{{ip: \"{}\"}}", range.first));
        let address: String = address.collect();
        _ = write!(
            self.text,
            "---
apiVersion: v1
kind: Pod
metadata: {{name: new{number}, namespace: {namespace}, labels: {labels}}}
spec: {{{node}containers: [{{name: c, image: example}}]}}
status: {{podIPs: [{address}]}}
"
        );
        self.strangers.push(stranger);
    }

    /// The cluster of a draft with these pods, and their positions.
    fn model(&self, draft: &str, settings: &Settings) -> (Model, Vec<usize>) {
        let model = Engine::read(&format!("{draft}{}", self.text), settings).model().clone();
        let position = |number| {
            let name = format!("new{number}");
            model.cluster.workloads.iter().position(|w| w.name == name).expect("the pod")
        };
        let positions = (0..self.strangers.len()).map(position).collect();
        (model, positions)
    }
}

fn passing(model: &Model, workload: Peer, direction: Direction, other: Peer) -> Connections {
    match direction {
        Direction::Egress => connections(model, workload, other),
        Direction::Ingress => connections(model, other, workload),
    }
}

/// The workload of a row, in a cluster with more of them.
fn same(model: &Model, row: &Row, wider: &Model) -> Peer {
    let id = model.cluster.workloads[row.workload].id();
    Peer::pod(wider.cluster.workloads.iter().position(|w| w.id() == id).expect("the workload"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_added_pod_has_what_was_said_of_new_pods(
        draft in draft(), settings in settings(), added in vec(added(), 1..6),
    ) {
        let text = draft.text(Naming("a"));
        let model = Engine::read(&text, &settings).model().clone();
        let Exposure { rows, .. } = exposure(&model);
        let mut pods = Pods::default();
        let pod_network = model.plugin.pod_cidr.trunc();
        let mut added = added;
        for Added { address, .. } in &mut added {
            *address = address.filter(|a| pod_network.contains(&a.parse::<IpAddr>().expect("one")));
        }
        for pod in &added {
            let stranger = match pod.namespace {
                Some(namespace) => Stranger::NewPod(format!("ans{namespace}")),
                None => Stranger::NewNamespace,
            };
            let address = pod.address.map(|address| address.parse().expect("an address"));
            let example = Example {
                labels: pod.labels.clone(),
                namespace: pod.namespace_labels.clone(),
                address: address.map(|address| netpol_playground::net::AddressRange {
                    first: address,
                    last: address,
                }),
                node: pod.node.map(|node| format!("anode{node}")),
            };
            pods.push(stranger, &example);
        }
        let (wider, positions) = pods.model(&text, &settings);
        for ((pod, stranger), position) in added.iter().zip(&pods.strangers).zip(&positions) {
            for row in rows.iter().filter(|row| row.stranger == *stranger) {
                let there = same(&model, row, &wider);
                let passes = passing(&wider, there, row.direction, Peer::pod(*position));
                prop_assert_ne!(row.variation, Variation::CutShort);
                prop_assert!(
                    passes.difference(&row.at_most).is_empty(), "{:?} {:?} {}\n{}", pod, row, passes, text
                );
                let is_somewhere = pod.address.is_some() || pod.node.is_some();
                let is_unlabelled = pod.labels.is_empty()
                    && (pod.namespace.is_some() || pod.namespace_labels.is_empty());
                if !is_somewhere && (is_unlabelled || row.variation == Variation::Settled) {
                    prop_assert_eq!(&passes, &row.unnamed, "{:?} {:?}\n{}", pod, row, text);
                }
            }
        }
    }

    #[test]
    fn examples_have_what_is_said_of_them(draft in draft(), settings in settings()) {
        let text = draft.text(Naming("a"));
        let model = Engine::read(&text, &settings).model().clone();
        let Exposure { rows, .. } = exposure(&model);
        let of_pods = rows.iter().filter(|row| row.stranger != Stranger::Internet);
        let ways: Vec<_> = of_pods.flat_map(|row| row.ways.iter().map(move |way| (row, way))).collect();
        let mut pods = Pods::default();
        for (row, way) in &ways {
            pods.push(row.stranger.clone(), &way.example);
        }
        let (wider, positions) = pods.model(&text, &settings);
        for ((row, way), position) in ways.iter().zip(positions) {
            let there = same(&model, row, &wider);
            let passes = passing(&wider, there, row.direction, Peer::pod(position));
            let labels = Selector::from(&way.example.labels);
            prop_assert_eq!(&passes, &way.connections, "{} {:?}\n{}", labels, row, text);
        }
        for row in &rows {
            let union = |all: Connections, way: &Connections| all.union(way);
            let ways = row.ways.iter().map(|way| &way.connections);
            prop_assert_eq!(&ways.fold(row.unnamed.clone(), union), &row.at_most);
        }
    }

    #[test]
    fn hosts_outside_have_what_is_said_of_the_internet(
        draft in draft(), settings in settings(),
    ) {
        let model = Engine::read(&draft.text(Naming("a")), &settings).model().clone();
        let Exposure { rows, .. } = exposure(&model);
        let ranges = external_ranges(&model);
        let is_there =
            |address: &IpAddr| ranges.iter().any(|range| (range.first..=range.last).contains(address));
        let hosts = |hosts: &[&str]| -> Vec<IpAddr> {
            hosts.iter().map(|host| host.parse().expect("an address")).filter(is_there).collect()
        };
        for row in rows.iter().filter(|row| row.stranger == Stranger::Internet) {
            let ask = |host: &IpAddr| {
                passing(&model, Peer::pod(row.workload), row.direction, Peer::External(*host))
            };
            for host in hosts(&OUTSIDE) {
                prop_assert!(ask(&host).difference(&row.at_most).is_empty());
            }
            // No block but those of everything holds these.
            let unnamed = hosts(&["198.51.100.1", "2001:db8::1"]);
            let union = |all: Connections, host: &IpAddr| all.union(&ask(host));
            prop_assert_eq!(&unnamed.iter().fold(Connections::none(), union), &row.unnamed);
        }
    }
}
