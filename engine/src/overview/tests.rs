//! A small cluster by workload, and what is drawn of it.

use std::rc::Rc;

use super::*;
use crate::assemble::assemble;
use crate::compile::{Defaults, compile};
use crate::evaluate::{Model, Plugin};
use crate::manifest::{self, Source};
use crate::owners;
use crate::policy::PolicyRef;
use crate::reachability::Switch;

/// Two namespaces: in `bank` a pod and a StatefulSet of one name, in `shop` a pod and a ReplicaSet with
/// two. The first policy isolates `shop/stock` and admits nobody, the second one admits port 80 to the
/// ReplicaSet's pods.
const CLUSTER: &str = "
{apiVersion: v1, kind: Pod, metadata: {name: vault, namespace: bank, labels: {app: vault}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: vault, namespace: bank}
spec:
  replicas: 2
  selector: {matchLabels: {app: vault}}
  template: {metadata: {labels: {app: vault, tier: data}}, spec: {containers: []}}
---
apiVersion: v1
kind: Pod
metadata:
  name: till-a
  namespace: shop
  labels: {app: till}
  ownerReferences: [{kind: ReplicaSet, name: till, uid: \"\", controller: true}]
---
apiVersion: v1
kind: Pod
metadata:
  name: till-b
  namespace: shop
  labels: {app: till}
  ownerReferences: [{kind: ReplicaSet, name: till, uid: \"\", controller: true}]
---
{apiVersion: v1, kind: Pod, metadata: {name: stock, namespace: shop, labels: {app: stock, tier: data}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {matchLabels: {app: stock}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: till}}, ingress: [{ports: [{port: 80}]}]}
";

fn census() -> Census {
    let reading = manifest::read(&Source::new("test", CLUSTER));
    let assembled = assemble([&compile(&reading, &Defaults::default())], &[]);
    let plugin = Plugin::default();
    let merged = owners::merge(&assembled.cluster, &assembled.policies, &plugin);
    let (cluster, policies) = (Rc::new(merged.cluster), assembled.policies.into());
    Census::new(&Model { cluster, policies, plugin })
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A lens in which these are unfolded.
fn lens(unfolded: &[&str]) -> Lens {
    Lens { unfolded: names(unfolded), ..Lens::default() }
}

fn most(bodies: u32, bonds: u32) -> Most {
    Most { bodies, bonds }
}

/// What is drawn: the ids of the bodies.
fn bodies(overview: &Overview) -> Vec<&str> {
    overview.bodies.iter().map(|body| body.id.as_str()).collect()
}

/// What is drawn: `from > to` and how many pairs are open, partly open and blocked.
fn bonds(overview: &Overview) -> Vec<String> {
    let id = |end: u32| &overview.bodies[end as usize].id;
    let line = |bond: &Bond| {
        let counts = format!("{} {} {}", bond.open, bond.partly, bond.blocked);
        let stop = bond.stop.map(|stop| format!(" {}", stop.as_str())).unwrap_or_default();
        format!("{} > {}: {counts}{stop}", id(bond.from), id(bond.to))
    };
    overview.bonds.iter().map(line).collect()
}

#[test]
fn a_cluster_is_drawn_by_namespace() {
    let overview = census().overview(&lens(&[]));
    assert_eq!(bodies(&overview), ["bank", "shop"]);
    // Two workloads each: of `bank`, the pod and the StatefulSet call each other, and the StatefulSet's
    // pods each other.
    let expected =
        ["bank > bank: 3 0 0", "bank > shop: 0 2 2", "shop > bank: 4 0 0", "shop > shop: 0 2 1"];
    assert_eq!(bonds(&overview), expected);
    let [bank, shop] = &overview.bodies[..] else { panic!("two bodies") };
    assert_eq!((bank.count, bank.isolated), (Count { workloads: 2, pods: 2 }, [0, 0]));
    assert_eq!((shop.count, shop.isolated), (Count { workloads: 2, pods: 3 }, [0, 2]));
    assert_eq!((shop.level, shop.name.as_str()), (Level::Namespace, "shop"));
    assert_eq!(overview.found, Count { workloads: 4, pods: 5 });
    assert_eq!((overview.all, overview.left_out), (overview.found, Most::NONE));
}

#[test]
fn namespaces_unfold_into_workloads_and_workloads_into_pods() {
    let census = census();
    let overview = census.overview(&lens(&["bank"]));
    // The StatefulSet comes second.
    assert_eq!(bodies(&overview), ["bank/vault", "bank/vault[StatefulSet]", "shop"]);
    assert_eq!(overview.bodies[1].name, "vault");
    let overview = census.overview(&lens(&["shop", "shop/till"]));
    assert_eq!(bodies(&overview), ["bank", "shop/stock", "shop/till#1", "shop/till#2"]);
    let pod = &overview.bodies[3];
    assert_eq!((pod.name.as_str(), pod.level, pod.isolated), ("till-b", Level::Pod, [0, 1]));
    assert_eq!(pod.count, Count { workloads: 1, pods: 1 });
    let expected = [
        "bank > bank: 3 0 0",
        "bank > shop/stock: 0 0 2",
        "bank > shop/till#1: 0 2 0",
        "bank > shop/till#2: 0 2 0",
        "shop/stock > bank: 2 0 0",
        "shop/stock > shop/till#1: 0 1 0",
        "shop/stock > shop/till#2: 0 1 0",
        "shop/till#1 > bank: 2 0 0",
        "shop/till#1 > shop/stock: 0 0 1 ingress",
        "shop/till#1 > shop/till#2: 0 1 0",
        "shop/till#2 > bank: 2 0 0",
        "shop/till#2 > shop/stock: 0 0 1 ingress",
        "shop/till#2 > shop/till#1: 0 1 0",
    ];
    assert_eq!(bonds(&overview), expected);
    // A workload of which not two pods are known stays, and so does one of a folded namespace.
    for unfolded in [&["shop", "shop/stock"][..], &["shop", "bank/vault"]] {
        let overview = census.overview(&lens(unfolded));
        assert_eq!(bodies(&overview), ["bank", "shop/stock", "shop/till"]);
    }
}

#[test]
fn a_filter_is_words_that_all_hold() {
    let census = census();
    let check = |filter: &str, expected: &[&str]| {
        let workloads = &census.model().cluster.workloads;
        let found = census.found(filter);
        let found: Vec<_> = found.iter().map(|i| workloads[*i].id()).collect();
        assert_eq!(found, expected, "{filter}");
    };
    let [pod, set] = ["bank/vault[Pod]", "bank/vault[StatefulSet]"];
    let [stock, till] = ["shop/stock[Pod]", "shop/till[ReplicaSet]"];
    check(" ", &[pod, set, stock, till]);
    check("tier=data", &[set, stock]);
    check("tier!=data", &[pod, till]);
    check("tier=data ns:shop", &[stock]);
    check("ns:sho", &[]);
    check("P/T", &[till]);
    check("STO app!=till", &[stock]);
    check("app=", &[]);
    // The DNS that every cluster is taken to have takes no part.
    check("kube", &[]);
    let filter = "tier=data".to_owned();
    let overview = census.overview(&Lens { filter, ..lens(&["shop"]) });
    assert_eq!(bodies(&overview), ["bank", "shop/stock"]);
    assert_eq!(overview.found, Count { workloads: 2, pods: 2 });
    assert_eq!(overview.all, Count { workloads: 4, pods: 5 });
}

#[test]
fn muted_bodies_stay_without_their_bonds() {
    let muted = names(&["shop/till#2", "bank"]);
    let overview = census().overview(&Lens { muted, ..lens(&["shop", "shop/till"]) });
    assert_eq!(bodies(&overview), ["bank", "shop/stock", "shop/till#1", "shop/till#2"]);
    let expected = ["shop/stock > shop/till#1: 0 1 0", "shop/till#1 > shop/stock: 0 0 1 ingress"];
    assert_eq!(bonds(&overview), expected);
    assert_eq!(overview.left_out, Most::NONE);
}

#[test]
fn what_is_too_much_is_left_out() {
    let census = census();
    let check = |unfolded: &[&str], bodies: u32, expected: &[&str], left_out: u32| {
        let overview = census.overview(&Lens { most: most(bodies, 100), ..lens(unfolded) });
        assert_eq!(self::bodies(&overview), expected, "{unfolded:?}");
        assert_eq!(overview.left_out, most(left_out, 0));
    };
    check(&["bank"], 2, &["bank/vault", "shop"], 1);
    check(&["bank"], 1, &["shop"], 2);
    check(&[], 1, &["bank"], 1);
    check(&["bank", "shop"], 3, &["bank/vault", "bank/vault[StatefulSet]", "shop/stock"], 1);
    let bonds = |focus: Option<&str>| {
        let focus = focus.map(str::to_owned);
        let overview = census.overview(&Lens { focus, most: most(9, 2), ..lens(&["bank"]) });
        assert_eq!(overview.left_out.bonds, 8 - 2);
        bonds(&overview)
    };
    // Those of most pairs, then the first.
    assert_eq!(bonds(None), ["bank/vault > shop: 0 1 1", "shop > shop: 0 2 1"]);
    let of_vault = ["bank/vault > shop: 0 1 1", "shop > bank/vault: 2 0 0"];
    assert_eq!(bonds(Some("bank/vault")), of_vault);
}

#[test]
fn policies_are_switched_all_at_once() {
    let mut census = census();
    let policies = &census.model().policies;
    assert_eq!(policies.len(), 2);
    census.switch(&[(PolicyRef(0), Switch::Off), (PolicyRef(1), Switch::Off)]);
    let overview = census.overview(&lens(&[]));
    let expected =
        ["bank > bank: 3 0 0", "bank > shop: 4 0 0", "shop > bank: 4 0 0", "shop > shop: 3 0 0"];
    assert_eq!(bonds(&overview), expected);
    assert_eq!(overview.bodies[1].isolated, [0, 0]);
    // Of two turns of one policy, the last counts.
    census.switch(&[(PolicyRef(0), Switch::On), (PolicyRef(0), Switch::Off)]);
    assert_eq!(census.overview(&lens(&[])), overview);
    census.switch(&[(PolicyRef(0), Switch::On)]);
    assert_eq!(bonds(&census.overview(&lens(&[])))[1], "bank > shop: 2 0 2");
}

#[test]
fn the_pairs_behind_a_bond_are_listed() {
    let census = census();
    let lens = lens(&["shop", "shop/till"]);
    let workloads = &census.model().cluster.workloads;
    let check = |from: &str, to: &str, most: usize, count: usize, expected: &[&str]| {
        let (found, pairs) = census.pairs(&lens, from, to, most);
        let line = |(from, to, state): &(usize, usize, LinkState)| {
            format!("{} {} {state}", workloads[*from].name, workloads[*to].name)
        };
        assert_eq!(pairs.iter().map(line).collect::<Vec<_>>(), expected, "{from} {to}");
        assert_eq!(found, count, "{from} {to}");
    };
    check("bank", "shop/stock", 9, 2, &["vault stock blocked", "vault stock blocked"]);
    check("bank", "bank", 1, 3, &["vault vault open"]);
    check("shop/till#1", "shop/till#2", 9, 1, &["till till partly"]);
    check("shop/till#1", "shop/till#1", 9, 0, &[]);
    check("shop/till", "bank", 9, 0, &[]);
    check("bank", "nowhere", 9, 0, &[]);
}
