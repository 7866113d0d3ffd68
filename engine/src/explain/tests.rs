//! Calls of the workshop and of small clusters, and what is said of them.

use std::path::Path;

use super::*;
use crate::analysis::{self, Request, analyze};
use crate::fragment::Fragment;
use crate::manifest::Source;
use crate::net::Protocol;
use crate::probe::{self, Target};
use crate::scenario;

fn model<'f>(fragments: impl IntoIterator<Item = &'f Fragment>) -> Model {
    let analysis = analyze(fragments, &Request::default());
    assert_eq!(analysis.diagnostics, []);
    analysis.model
}

/// The workshop with these switches on.
fn workshop(switches: &[&str]) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets");
    let scenarios = scenario::load(&folder).unwrap().scenarios;
    let scenario = scenarios.iter().find(|scenario| scenario.slug == "workshop-v2").unwrap();
    let on = |file: &&scenario::PresetFile| switches.contains(&file.stem());
    let policies = scenario.policies.iter().filter(on);
    assert_eq!(policies.clone().count(), switches.len(), "{switches:?}");
    model(scenario.manifests.iter().chain(policies).map(|file| &file.fragment))
}

/// A cluster of one document a part.
pub(super) fn cluster(documents: &[&str]) -> Model {
    model([&analysis::read(&Source::new("test", documents.join("\n---\n")))])
}

fn peer(model: &Model, path: &str) -> Peer {
    match path.parse() {
        Ok(address) => Peer::External(address),
        Err(_) => {
            let mut workloads = model.cluster.workloads.iter();
            Peer::pod(workloads.position(|workload| workload.path() == path).expect(path))
        }
    }
}

/// The explanation of a TCP call to `service.namespace` or to a path or an address.
pub(super) fn explained(model: &Model, from: &str, to: &str, port: u16) -> Explanation {
    let target = match to.split_once('.') {
        Some((name, namespace)) if !to.starts_with(|c: char| c.is_ascii_digit()) => {
            Target::Service { namespace: namespace.to_owned(), name: name.to_owned() }
        }
        _ => Target::Peer(peer(model, to)),
    };
    let call = Call { from: peer(model, from), to: target, protocol: Protocol::Tcp, port };
    explain(model, &call, &probe::call(model, &call))
}

#[track_caller]
fn check(model: &Model, from: &str, to: &str, port: u16, summary: &str) {
    let explanation = explained(model, from, to, port);
    assert_eq!(explanation.summary, summary, "{explanation:#?}");
    assert!(summary.starts_with(&explanation.outcome.to_string()), "{summary}");
}

/// The sections as text: `+` for what is passed, `-` for what stops the call; with the parts.
#[track_caller]
fn check_sections(explanation: &Explanation, expected: &[&str]) {
    let mut lines = Vec::new();
    for Section { title, passage, sentence, parts, .. } in &explanation.sections {
        let mark = if *passage == Passage::Passes { '+' } else { '-' };
        lines.push(format!("{mark} {title}: {sentence}"));
        for part in parts {
            let line = part.location.line;
            lines.push(format!("  {} {}, line {line}", part.path, part.says));
        }
    }
    assert_eq!(lines, expected, "{lines:#?}");
}

const DENY: &str = "default-deny";
const UI: &str = "allow-management-ui";
const QUEUE: &str = "queue-policy";
const PCI: &str = "pci-policy";
const PAYMENTS: &str = "payments-policy";

#[test]
fn calls_of_the_workshop() {
    let queue = "queue.infrastructure";
    check(&workshop(&[]), "frontend/client", queue, 5000, "open: no NetworkPolicies are defined");
    check(
        &workshop(&[DENY]),
        "frontend/client",
        queue,
        5000,
        "blocked at queue: its ingress is isolated by default-deny-infrastructure, and no rule \
         admits client",
    );
    check(
        &workshop(&[QUEUE]),
        "backend/facade",
        queue,
        5000,
        "open: nothing isolates facade's egress; queue admits it by queue-access-policy, rule 1",
    );
    check(
        &workshop(&[DENY]),
        "frontend/client",
        "management-ui.management-ui",
        9001,
        "open: nothing isolates client's egress or management-ui's ingress",
    );
    check(
        &workshop(&[PAYMENTS]),
        "pci/payments",
        "facade.backend",
        80,
        "not resolved: payments cannot resolve names: its egress admits no UDP 53 to kube-dns",
    );
    check(
        &workshop(&[DENY, UI, PCI, QUEUE]),
        "pci/payments",
        queue,
        5000,
        "blocked at payments: its egress is isolated by default-deny-egress, and no rule admits \
         queue on TCP 5000",
    );
    check(
        &workshop(&[DENY, PCI]),
        "pci/payments",
        queue,
        5000,
        "blocked at both ends: payments' egress is isolated by default-deny-egress, and no rule \
         admits queue on TCP 5000; queue's ingress is isolated by default-deny-infrastructure, \
         and no rule admits payments",
    );
    check(
        &workshop(&[DENY, PCI, PAYMENTS, QUEUE]),
        "pci/payments",
        queue,
        5000,
        "open: payments' egress admits it by payments-policy, rule 1; queue admits it by \
         queue-access-policy, rule 1",
    );
    check(
        &workshop(&[DENY]),
        "pci/payments",
        "payments.pci",
        6380,
        "open: a pod cannot be cut off from itself",
    );
}

#[test]
fn every_policy_that_selects_an_end_has_a_part() {
    let model = workshop(&[DENY, UI, PCI, PAYMENTS, QUEUE]);
    check_sections(
        &explained(&model, "pci/payments", "queue.infrastructure", 5000),
        &[
            "+ Lookup: payments can resolve names: UDP 53 to kube-dns passes",
            "  pci/allow-ui-pci does not apply: it governs ingress only, line 32",
            "  pci/default-deny-egress admits by rule 1, line 12",
            "  pci/default-deny-pci does not apply: it governs ingress only, line 22",
            "  pci/payments-policy does not admit: rule 1 is for all pods of namespaces \
             role=infrastructure, but namespace kube-system has no label `role`, line 2",
            "+ Service queue.infrastructure: TCP 5000 leads to queue on TCP 5000",
            "+ Egress of payments: payments' egress is isolated by default-deny-egress and \
             payments-policy; queue is admitted by payments-policy, rule 1",
            "  pci/allow-ui-pci does not apply: it governs ingress only, line 32",
            "  pci/default-deny-egress does not admit: rule 1 admits queue on TCP 53 UDP 53 only, \
             line 2",
            "  pci/default-deny-pci does not apply: it governs ingress only, line 22",
            "  pci/payments-policy admits by rule 1, line 14",
            "+ Ingress of queue: queue's ingress is isolated by allow-ui-infrastructure, \
             default-deny-infrastructure and queue-access-policy; payments is admitted by \
             queue-access-policy, rule 1",
            "  infrastructure/allow-ui-infrastructure does not admit: rule 1 is for all pods of \
             namespaces role=management-ui, but namespace pci has no label `role`, line 47",
            "  infrastructure/default-deny-infrastructure does not admit: it defines no ingress \
             rules, line 32",
            "  infrastructure/queue-access-policy admits by rule 1, line 14",
        ],
    );
}

/// A Deployment with these further fields of its pods' `spec`.
pub(super) fn deployment(path: &str, spec: &str) -> String {
    let (namespace, name) = path.split_once('/').unwrap();
    format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}, namespace: {namespace}}}, \
         spec: {{selector: {{matchLabels: {{app: {name}}}}}, \
         template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{{spec}}}}}}}}}"
    )
}

/// A Service in `a` with this `spec`.
pub(super) fn service(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: a}}, spec: {{{spec}}}}}"
    )
}

/// A NetworkPolicy in `a` with this `spec`.
pub(super) fn policy(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, \
         metadata: {{name: {name}, namespace: a}}, spec: {{{spec}}}}}"
    )
}

#[test]
fn services() {
    let model = cluster(&[
        &deployment("a/web", "containers: [{ports: [{name: http, containerPort: 8080}]}]"),
        &deployment("a/api", "containers: []"),
        &service("web", "selector: {app: web}, ports: [{port: 80, targetPort: http}]"),
        &service("unnamed", "selector: {app: api}, ports: [{port: 80, targetPort: http}]"),
        &service("none", "selector: {app: none}, ports: [{port: 80}]"),
        &service("bare", "ports: [{port: 80}]"),
        &service("headless", "clusterIP: None, selector: {app: web}"),
        &service("alias", "type: ExternalName, externalName: web.a.svc.cluster.local"),
        &service("outside", "type: ExternalName, externalName: db.example.com"),
    ]);
    let sentence = |to: &str, port| {
        let explanation = explained(&model, "a/api", to, port);
        explanation.sections.into_iter().find(|s| s.title.starts_with("Service ")).unwrap().sentence
    };
    let leads = "TCP 80 leads to web on TCP 8080, which is what policies see";
    assert_eq!(sentence("web.a", 80), leads);
    assert_eq!(sentence("alias.a", 80), format!("an alias for web.a: {leads}"));
    assert_eq!(sentence("headless.a", 8080), "headless: it leads straight to web, on TCP 8080");
    let check = |to: &str, port, summary: &str| check(&model, "a/api", to, port, summary);
    check("db.a", 80, "no such service: the cluster has no Service db.a");
    check("web.a", 8080, "no endpoints: web.a has no port TCP 8080, only TCP 80");
    check("none.a", 80, "no endpoints: none.a selects no pods: none has the labels app=none");
    check("bare.a", 80, "no endpoints: bare.a has no selector, so that it selects no pods");
    check("unnamed.a", 80, "no endpoints: no pod behind unnamed.a declares the port http");
    let outside = "outside.a is an alias for db.example.com, which is no Service of the cluster";
    check("outside.a", 80, &format!("no endpoints: {outside}"));
}

#[test]
fn several_backends() {
    let both = "selector: {}, ports: [{port: 80}]".replace("{}", "{tier: front}");
    let pod = |name: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: a, \
             labels: {{tier: front, app: {name}}}}}, spec: {{}}}}"
        )
    };
    let (one, two, front) = (pod("one"), pod("two"), service("front", &both));
    let caller = deployment("b/caller", "");
    let documents = |policies: &[String]| {
        let all = [&one, &two, &front, &caller].into_iter().chain(policies);
        cluster(&all.map(String::as_str).collect::<Vec<_>>())
    };
    let deny = |name: &str| {
        policy(&format!("deny-{name}"), &format!("podSelector: {{matchLabels: {{app: {name}}}}}"))
    };
    let check = |model: &Model, summary| check(model, "b/caller", "front.a", 80, summary);
    check(&documents(&[]), "open: each of the 2 workloads behind front.a can be reached");
    check(
        &documents(&[deny("two")]),
        "some backends: 1 of the 2 workloads behind front.a can be reached; blocked at two: its \
         ingress is isolated by deny-two, and no rule admits caller",
    );
    check(
        &documents(&[deny("one"), deny("two")]),
        "blocked: none of the 2 workloads behind front.a can be reached; blocked at one: its \
         ingress is isolated by deny-one, and no rule admits caller",
    );
}

#[test]
fn lookups() {
    let dns = |spec: &str| policy("p", spec).replace("namespace: a", "namespace: kube-system");
    let check = |policies: &[String], sentence: &str| {
        let mut documents = vec![
            deployment("a/web", ""),
            service("web", "selector: {app: web}, ports: [{port: 80}]"),
        ];
        documents.extend_from_slice(policies);
        let model = cluster(&documents.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(explained(&model, "a/web", "web.a", 80).sections[0].sentence, sentence);
    };
    let egress = |rules: &str| policy("p", &format!("policyTypes: [Egress], egress: [{rules}]"));
    check(&[egress("")], "web cannot resolve names: its egress admits no UDP 53");
    check(
        &[egress("{ports: [{port: 53}]}")],
        "web cannot resolve names: its egress admits no UDP 53",
    );
    check(
        &[egress("{ports: [{port: 53, protocol: UDP}], to: [{podSelector: {}}]}")],
        "web cannot resolve names: its egress admits no UDP 53 to kube-dns",
    );
    check(
        &[egress("{ports: [{port: 53, protocol: UDP}]}")],
        "web can resolve names: UDP 53 to kube-dns passes; TCP, which long answers need, does not",
    );
    check(
        &[dns("")],
        "web cannot resolve names: the ingress of kube-dns does not admit it on UDP 53",
    );
    check(
        &[dns(""), egress("")],
        "web cannot resolve names: its egress admits no UDP 53, nor does kube-dns admit it",
    );
}

#[test]
fn ends_that_no_policy_is_asked_about() {
    let node = "hostNetwork: true, nodeName: blue";
    let model = cluster(&[
        &deployment("a/agent", node),
        &deployment("a/web", "nodeName: blue"),
        &deployment("b/web", ""),
        &policy("deny", "policyTypes: [Ingress, Egress]"),
    ]);
    check(
        &model,
        "a/web",
        "a/agent",
        80,
        "open: a/web always reaches the node that it runs on; agent is on its node's network, \
         and policies do not isolate nodes",
    );
    check(
        &model,
        "a/agent",
        "a/web",
        80,
        "open: agent is on its node's network, and policies do not isolate nodes; a/web always \
         admits the node that it runs on",
    );
    check(&model, "b/web", "8.8.8.8", 80, "open: nothing isolates b/web's egress");
    let explanation = explained(&model, "b/web", "a/agent", 80);
    let part = &explanation.sections[1].parts[0];
    assert_eq!(part.stance, Stance::CannotDecide);
    assert_eq!(part.assumed, Stance::DoesNotApply);
    assert_eq!(
        explanation.badges,
        ["depends on the network plugin: whether a pod on its node's network is the node to \
          policies (here it is)"]
    );
}

#[test]
fn ends_without_a_common_family() {
    let pod = |name: &str, ip: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: a}}, spec: {{}}, \
             status: {{podIP: \"{ip}\"}}}}"
        )
    };
    let model = cluster(&[&pod("old", "10.0.0.1"), &pod("new", "fd00::1")]);
    check(&model, "a/old", "a/new", 80, "blocked: old and new share no address family");
    let explanation = explained(&model, "a/old", "a/new", 80);
    assert_eq!(explanation.sections[0].title, "Addresses");
    assert_eq!(explanation.sections[0].passage, Passage::Stops);
}

#[test]
fn badges() {
    let check = |model: &Model, from, to, badges: &[&str]| {
        assert_eq!(explained(model, from, to, 80).badges, badges);
    };
    let web = deployment("a/web", "");
    let caller = deployment("b/caller", "");
    let block =
        |cidr: &str| policy("p", &format!("ingress: [{{from: [{{ipBlock: {{cidr: {cidr}}}}}]}}]"));
    check(
        &cluster(&[&web, &caller, &block("10.0.0.0/8")]),
        "b/caller",
        "a/web",
        &["depends on the network plugin: whether an ipBlock matches pods (here it does)"],
    );
    check(
        &cluster(&[&web, &caller, &block("10.244.1.0/24")]),
        "b/caller",
        "a/web",
        &["depends on an address that the manifests do not give: an ipBlock covers a part of \
           where the pod may lie"],
    );
    let itself = service("web", "selector: {app: web}, ports: [{port: 80}]");
    let hairpin = "depends on the network plugin: whether a pod that calls itself through its own \
                   Service counts as itself (here it does)";
    check(&cluster(&[&web, &itself, &policy("p", "")]), "a/web", "web.a", &[hairpin]);
    check(&cluster(&[&web, &itself]), "a/web", "web.a", &[]);
}

#[test]
fn links_on_no_port_in_particular() {
    let check = |policies: &[String], summary: &str| {
        let mut documents = vec![deployment("a/web", ""), deployment("b/caller", "")];
        documents.extend_from_slice(policies);
        let model = cluster(&documents.iter().map(String::as_str).collect::<Vec<_>>());
        let links = probe::links(&model, None);
        let called = |link: &&probe::Link| model.cluster.workloads[link.to].namespace == "a";
        let link = links.iter().find(called).unwrap();
        assert_eq!(explain_link(&model, &link.attempts[0]).summary, summary);
    };
    check(&[], "open: no NetworkPolicies are defined");
    check(
        &[policy("p", "ingress: [{ports: [{port: 80}, {port: 443}]}]")],
        "partly: only TCP 80,443 passes; nothing isolates caller's egress; web admits it by p, \
         rule 1",
    );
    check(
        &[policy("p", "")],
        "blocked at web: its ingress is isolated by p, and no rule admits caller",
    );
}
