//! What could a pod that is not there yet reach, and be reached by?
//!
//! In: a model. Out: for every [`Stranger`], every workload and each direction a [`Row`]: what passes for
//! a stranger that no rule names, and what could pass at most, with an example of what a stranger
//! must be like for it. The strangers are
//!
//! - **a new pod of a namespace**, for each namespace of the model. It is on the pod network, has
//!   whatever labels, declares no ports, and lies somewhere in [the pod
//!   network](crate::evaluate::Plugin::pod_cidr), on whatever node. The policies are as they are:
//!   those of its namespace that select it isolate it, so that more labels can also take from it.
//! - **a pod of a new namespace**: the same in a namespace that is not in the model, of whatever name and
//!   labels. No policies are in it, and its label `kubernetes.io/metadata.name` is its name.
//! - **the internet**: the hosts outside the cluster.
//!
//! *No rule names* a pod without labels, and likewise one with labels that no selector mentions; a
//! namespace without labels whose name no selector mentions; an address of the pod network of which
//! nothing more is known; a node on which nothing is known to be; and outside an address that
//! only blocks of a whole family hold. [`Row::unnamed`] is exactly what passes for these.
//! [`Row::at_most`] is the union over all strangers of what passes for each. No single one of them
//! need have all of it, and none has more, unless the search was [cut short](Variation::CutShort).
//!
//! A port name in a rule means what the destination declares, so that it admits nothing to a stranger.
//! A new pod that declares ports can be reached there by those whose rules name them;
//! [`Exposure::named_ports`] says which.
//!
//! Only `evaluate` decides. Pods of every sort that makes a difference are put into a clone of the
//! cluster, and it is asked about them; `search` finds the sorts. A connection is open as far as two
//! doors are. The workload's door admits the more, the more peers of its rules match the new pod; the
//! new pod's admits all where no policy selects it, and else the more, the more policies do. So of the
//! labels that one certain peer matches and one certain policy selects, any will do, and so will any
//! that the peer matches and no policy selects. All of these combinations are tried, so that none
//! is missed, and they are not many more than peers times policies. Labels that no policy selects
//! can be hard to find: that search, and the number of combinations, have bounds that no ordinary
//! cluster comes near, and a row says where it met one.

mod outside;
mod search;
mod sentence;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use crate::diagnostic::Quoted;
use crate::evaluate::{self, Model, Peer};
use crate::labels::{Labels, Selector};
use crate::net::{AddressRange, Connections};
use crate::policy::{Direction, PortSpec};
use search::{BOUNDS, Bounds, Search};

pub use sentence::{sentence, subject};

/// What strangers could reach, and be reached by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Every stranger with every workload, sorted by the stranger, the direction and the workload;
    /// the DNS pod that every cluster is taken to have is left out.
    pub rows: Vec<Row>,
    /// The port names in rules: what a new pod that declares them is reached on is not in the rows.
    pub named_ports: BTreeSet<String>,
}

/// Who is not there yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stranger {
    /// A new pod of this namespace.
    NewPod(String),
    /// A pod of a namespace that is not there either.
    NewNamespace,
    /// A host outside the cluster.
    Internet,
}

impl fmt::Display for Stranger {
    /// The name in reports: `new-pod:NAMESPACE`, `new-namespace`, `internet`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stranger::NewPod(namespace) => write!(f, "new-pod:{namespace}"),
            Stranger::NewNamespace => f.write_str("new-namespace"),
            Stranger::Internet => f.write_str("internet"),
        }
    }
}

/// What passes between a stranger and a workload, in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who is not there yet.
    pub stranger: Stranger,
    /// The workload's position in the cluster.
    pub workload: usize,
    /// Seen from the workload: ingress is what the stranger can reach.
    pub direction: Direction,
    /// What passes for a stranger that no rule names.
    pub unnamed: Connections,
    /// What passes for any stranger at all, each of them taken together.
    pub at_most: Connections,
    /// Examples of strangers for whom more passes than for one that no rule names; all of them
    /// together come to [`at_most`](Row::at_most).
    pub ways: Vec<Way>,
    /// How far it depends on what the stranger is like.
    pub variation: Variation,
}

/// How far what passes depends on what a stranger is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variation {
    /// Labels make no difference to a pod, and addresses none to a host outside the cluster.
    Settled,
    /// Something may make a difference, and all that could was tried.
    Varies,
    /// There was too much to try, and more may pass than [`Row::at_most`] says.
    CutShort,
}

impl fmt::Display for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Variation::Settled => "settled",
            Variation::Varies => "varies",
            Variation::CutShort => "cut short",
        })
    }
}

/// An example of a stranger, and what passes for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What it must be like.
    pub example: Example,
    /// Everything that passes for it.
    pub connections: Connections,
}

/// What there is about a stranger that some rule can name. Prints as what it is *with*: `labels
/// app=facade`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// The labels of a pod. Where any value does, it is `any`, or another that nothing names.
    pub labels: Labels,
    /// The labels of a new namespace. `kubernetes.io/metadata.name` is there where it must be called so.
    pub namespace: Labels,
    /// In which part of the pod network, or outside the cluster, its address must be.
    pub address: Option<AddressRange>,
    /// The node that it must be on.
    pub node: Option<String>,
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = |labels: &Labels| Selector::from(labels).to_string();
        let parts = [
            (!self.labels.is_empty()).then(|| format!("labels {}", labels(&self.labels))),
            (!self.namespace.is_empty())
                .then(|| format!("namespace labels {}", labels(&self.namespace))),
            self.address.map(|range| match range.first == range.last {
                true => format!("address {}", range.first),
                false => format!("an address of {range}"),
            }),
            self.node.as_ref().map(|node| format!("node {}", Quoted(node))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(&parts.join(" and "))
    }
}

/// What strangers could reach and be reached by, of all workloads.
pub fn exposure(model: &Model) -> Exposure {
    let workloads = model.cluster.workloads.iter().enumerate();
    let listed: Vec<usize> = workloads.filter(|(_, w)| !w.is_implicit()).map(|(i, _)| i).collect();
    let rules = model.policies.iter().flat_map(|policy| {
        Direction::ALL.into_iter().filter_map(|direction| policy.rules(direction)).flatten()
    });
    let named = rules.flat_map(|rule| &rule.ports).filter_map(|port| match &port.port {
        PortSpec::Named(name) => Some(name.clone()),
        PortSpec::Range(_) => None,
    });
    Exposure { named_ports: named.collect(), rows: rows(model, &listed, BOUNDS) }
}

/// What strangers could reach and be reached by, of one workload.
pub fn exposure_of(model: &Model, workload: usize) -> Vec<Row> {
    rows(model, &[workload], BOUNDS)
}

fn rows(model: &Model, workloads: &[usize], bounds: Bounds) -> Vec<Row> {
    let mut search = Search::new(model, bounds);
    let new_pods = model.cluster.namespaces.keys().cloned().map(Stranger::NewPod);
    let mut asked = Vec::new();
    for stranger in new_pods.chain([Stranger::NewNamespace]) {
        for direction in Direction::ALL {
            for &workload in workloads {
                let found = match &stranger {
                    Stranger::NewPod(namespace) => search.new_pod(namespace, workload, direction),
                    _ => search.new_namespace(workload, direction),
                };
                asked.push((stranger.clone(), workload, direction, found));
            }
        }
    }
    let (hypothetical, sorts) = search.finish();
    let rows = asked.into_iter().map(|(stranger, workload, direction, found)| {
        let answers = found.sorts.into_iter().map(|sort| {
            let (pod, example) = &sorts[sort];
            let connections = passing(&hypothetical, workload, direction, Peer::pod(*pod));
            Way { example: example.clone(), connections }
        });
        Row::new(stranger, workload, direction, answers.collect(), found.variation)
    });
    rows.chain(outside::rows(model, workloads)).collect()
}

/// What passes between a workload and another end, in one direction.
fn passing(model: &Model, workload: usize, direction: Direction, other: Peer) -> Connections {
    match direction {
        Direction::Egress => evaluate::connections(model, Peer::pod(workload), other),
        Direction::Ingress => evaluate::connections(model, other, Peer::pod(workload)),
    }
}

impl Row {
    /// The row of what passes for some sorts of strangers, of whom the first is one that no rule names.
    fn new(
        stranger: Stranger,
        workload: usize,
        direction: Direction,
        answers: Vec<Way>,
        variation: Variation,
    ) -> Row {
        let unnamed = answers.first().map(|way| way.connections.clone()).unwrap_or_default();
        let union = |all: Connections, way: &Way| all.union(&way.connections);
        let at_most = answers.iter().fold(Connections::none(), union);
        // Where nothing can pass, nothing makes a difference.
        let variation = match variation {
            Variation::Varies if at_most.is_empty() => Variation::Settled,
            other => other,
        };
        let ways = ways(&unnamed, &answers);
        Row { stranger, workload, direction, unnamed, at_most, ways, variation }
    }
}

/// A few of the answers that together come to all of them: again and again the one that adds most, and
/// of those that add as much the one whose example asks for least.
fn ways(unnamed: &Connections, answers: &[Way]) -> Vec<Way> {
    let (mut known, mut ways) = (unnamed.clone(), Vec::new());
    loop {
        let added = |way: &Way| way.connections.difference(&known).size();
        let best = answers.iter().max_by_key(|way| {
            let Example { labels, namespace, address, node } = &way.example;
            let asked = labels.len() + namespace.len();
            (added(way), Reverse((node.is_some(), address.is_some(), asked, &way.example)))
        });
        match best {
            Some(best) if added(best) > 0 => {
                known = known.union(&best.connections);
                ways.push(best.clone());
            }
            _ => return ways,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Request, analyze, read};
    use crate::manifest::Source;

    /// `db` admits pods with three labels of two values. Two of them are always equal, so that some policy
    /// isolates such a pod, which takes a while to find out.
    fn pigeonholes() -> Model {
        let mut text = "
{apiVersion: v1, kind: Pod, metadata: {name: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec:
  podSelector: {}
  ingress:
  - ports: [{port: 80}]
    from:
    - podSelector:
        matchExpressions:
        - {key: a, operator: In, values: [x, z]}
        - {key: b, operator: In, values: [x, z]}
        - {key: c, operator: In, values: [x, z]}
"
        .to_owned();
        for [one, other] in [["a", "b"], ["a", "c"], ["b", "c"]] {
            for value in ["x", "z"] {
                text += &format!(
                    "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {one}-{other}-{value}}}
spec:
  podSelector: {{matchLabels: {{{one}: {value}, {other}: {value}}}}}
  policyTypes: [Egress]
"
                );
            }
        }
        let analysis = analyze([&read(&Source::new("test", text))], &Request::default());
        assert_eq!(analysis.diagnostics, []);
        analysis.model
    }

    fn check(bounds: Bounds, variation: Variation) {
        let model = pigeonholes();
        let workload = model.cluster.workloads.iter().position(|w| w.name == "db").unwrap();
        let rows = rows(&model, &[workload], bounds);
        let stranger = Stranger::NewPod("default".to_owned());
        let row = rows
            .iter()
            .find(|row| (&row.stranger, row.direction) == (&stranger, Direction::Ingress));
        let row = row.unwrap();
        assert_eq!(
            (row.variation, row.at_most.to_string()),
            (variation, "no connections".to_owned())
        );
        let sentence = sentence(&model, std::slice::from_ref(row));
        assert_eq!(
            sentence.ends_with("too much to try"),
            variation == Variation::CutShort,
            "{sentence}"
        );
    }

    #[test]
    fn what_was_not_tried_is_owned_up_to() {
        check(BOUNDS, Variation::Settled);
        check(Bounds { steps: 5, ..BOUNDS }, Variation::CutShort);
        check(Bounds { sorts: 3, ..BOUNDS }, Variation::CutShort);
    }
}
