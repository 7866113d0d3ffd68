//! Merging changes no verdict: what holds between two pods holds between the workloads that they are
//! merged into, on every generated cluster of owners, pods, Services and policies.

use std::net::IpAddr;
use std::rc::Rc;

use netpol_playground::analysis;
use netpol_playground::assemble::assemble;
use netpol_playground::cluster::{PodNetwork, Workload};
use netpol_playground::diagnostic::{Diagnostic, Severity};
use netpol_playground::evaluate::{self, HostNetwork, Model, Peer};
use netpol_playground::manifest::Source;
use netpol_playground::net::Protocol;
use netpol_playground::owners::{Merged, merge};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::engine;
use crate::generated::{Draft, Naming, OUTSIDE, draft, workload};
use crate::properties::{config, settings};

/// The names that drafts get.
const NAMING: Naming = Naming("a");

/// Who owns pods: kind and name. The first two are in the input, of which one owns the other; each is
/// in the namespace of its number, counted round.
const OWNERS: [(&str, &str); 4] =
    [("ReplicaSet", "web-1"), ("StatefulSet", "db"), ("ReplicaSet", "gone-1"), ("Thing", "t")];

/// A cluster in which many workloads have one of the owners.
#[derive(Clone, Debug)]
struct Owned {
    draft: Draft,
    /// The owner of each workload of the draft that has one.
    owners: Vec<Option<usize>>,
}

fn owned() -> impl Strategy<Value = Owned> {
    let pods = vec((workload(), 0..OWNERS.len()), 2..9);
    (draft(), pods).prop_map(|(mut draft, pods)| {
        let mut owners = vec![None; draft.workloads.len()];
        for (pod, owner) in pods {
            let mut pod = pod;
            pod.namespace = owner % 2;
            draft.workloads.push(pod);
            owners.push(Some(owner));
        }
        Owned { draft, owners }
    })
}

impl Owned {
    fn text(&self) -> String {
        let mut text = self.draft.text(NAMING);
        for (index, owner) in self.owners.iter().enumerate() {
            let Some((kind, name)) = owner.map(|owner| OWNERS[owner]) else { continue };
            let named = format!("name: aw{index}, ");
            let reference = format!("{{kind: {kind}, name: {name}, controller: true}}");
            text = text.replace(&named, &format!("{named}ownerReferences: [{reference}], "));
        }
        text + "---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: ans0, ownerReferences: [{kind: Deployment, name: web, controller: true}]}
spec: {template: {metadata: {labels: {ak0: av0}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: ans1}
spec: {template: {metadata: {labels: {ak0: av1}}}}
"
    }
}

/// A cluster by object and by workload.
struct Both {
    objects: Model,
    merged: Model,
    members: Vec<Vec<usize>>,
}

impl Both {
    fn of(text: &str, settings: &crate::naive::Settings) -> Both {
        let assembled = assemble([&analysis::read(&Source::new("case.yaml", text))], &[]);
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        assert!(!assembled.diagnostics.iter().any(is_error), "in\n{text}");
        let plugin = engine::plugin(settings);
        let Merged { cluster, members, .. } =
            merge(&assembled.cluster, &assembled.policies, &plugin);
        let cluster_by_object = Rc::new(assembled.cluster);
        let policies = assembled.policies.into();
        let objects = Model { cluster: cluster_by_object, policies, plugin };
        Both { merged: Model { cluster: Rc::new(cluster), ..objects.clone() }, objects, members }
    }

    /// Every pod or template with the merged workload that it is in.
    fn members(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let lists = self.members.iter().enumerate();
        lists.flat_map(|(merged, members)| members.iter().map(move |member| (merged, *member)))
    }

    fn object(&self, i: usize) -> &Workload {
        &self.objects.cluster.workloads[i]
    }

    /// Whether two pods are open to each other as a node and a pod on it, and the workloads that they
    /// are merged into are not, having pods on other nodes as well.
    fn share_a_node(&self, (a, x): (usize, usize), (b, y): (usize, usize)) -> bool {
        let (x, y) = (self.object(x), self.object(y));
        let node = |merged: usize| self.merged.cluster.workloads[merged].node.as_ref();
        self.objects.plugin.host_network == HostNetwork::Node
            && [x, y].iter().any(|pod| pod.network == PodNetwork::Host)
            && x.node.is_some()
            && x.node == y.node
            && (node(a).is_none() || node(a) != node(b))
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pods_pass_as_the_workloads_that_they_are_part_of(
        owned in owned(), settings in settings(),
    ) {
        let text = owned.text();
        let both = Both::of(&text, &settings);
        for (a, x) in both.members() {
            for (b, y) in both.members().filter(|(_, y)| *y != x) {
                if both.share_a_node((a, x), (b, y)) {
                    continue;
                }
                let target = if a == b { Peer::sibling(b) } else { Peer::pod(b) };
                let objects = evaluate::connections(&both.objects, Peer::pod(x), Peer::pod(y));
                let merged = evaluate::connections(&both.merged, Peer::pod(a), target);
                let names = (both.object(x).id(), both.object(y).id());
                prop_assert_eq!(merged, objects, "{:?}\n{}", names, text);
            }
        }
    }

    #[test]
    fn hosts_outside_meet_in_a_workload_what_they_meet_in_its_pods(
        owned in owned(), settings in settings(),
    ) {
        let text = owned.text();
        let both = Both::of(&text, &settings);
        for (a, x) in both.members() {
            for outside in OUTSIDE.map(|text| text.parse::<IpAddr>().expect("an address")) {
                // Of a pod whose address is not known, the others of its owner tell the family.
                let speaks = |pod: &Workload| {
                    pod.addresses.is_empty()
                        || pod.addresses.iter().any(|own| own.is_ipv4() == outside.is_ipv4())
                };
                if speaks(both.object(x)) != speaks(&both.merged.cluster.workloads[a]) {
                    prop_assert!(both.object(x).addresses.is_empty());
                    continue;
                }
                let passing = |model: &Model, pod: usize| {
                    let (pod, outside) = (Peer::pod(pod), Peer::External(outside));
                    [(pod, outside), (outside, pod)]
                        .map(|(from, to)| evaluate::connections(model, from, to))
                };
                let name = both.object(x).id();
                let (objects, merged) = (passing(&both.objects, x), passing(&both.merged, a));
                prop_assert_eq!(merged, objects, "{} {}\n{}", name, outside, text);
            }
        }
    }

    #[test]
    fn policies_and_services_take_a_workload_for_its_pods(owned in owned(), settings in settings()) {
        let both = Both::of(&owned.text(), &settings);
        for (a, x) in both.members() {
            let (pod, workload) = (both.object(x), &both.merged.cluster.workloads[a]);
            for policy in both.objects.policies.iter() {
                prop_assert_eq!(policy.selects(pod), policy.selects(workload));
            }
            for service in &both.objects.cluster.services {
                prop_assert_eq!(service.selects(pod), service.selects(workload));
                let port = |pod| service.pod_port(Protocol::Tcp, 80, pod);
                prop_assert!(!service.selects(pod) || port(pod) == port(workload));
            }
        }
    }
}
