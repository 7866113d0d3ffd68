//! Texts with marks where findings are expected, and what they must say; and what comes of texts
//! without any.

use super::*;
use crate::assemble::{Assembled, assemble};
use crate::cluster::{PodNetwork, Replicas, Routing, TargetPort, Workload};
use crate::labels::Requirement;
use crate::manifest::{self, Source};
use crate::policy::Policy;
use crate::policy::{PeerMatcher, PortSpec};

fn compile_text(text: &str) -> Assembled {
    let reading = manifest::read(&Source::new("test", text));
    assert_eq!(reading.diagnostics, [], "in\n{text}");
    assemble([&compile(&reading, &Defaults::default())], &[])
}

/// Compiles a text in which `§` marks the places of the expected findings, in order.
fn check(marked: &str, says: &[&str]) {
    let mut places = Vec::new();
    for (line, content) in (1..).zip(marked.lines()) {
        let marks = content.char_indices().filter(|(_, character)| *character == '§');
        let column = |(nth, (at, _)): (usize, (usize, char))| {
            u32::try_from(content[..at].chars().count() - nth + 1).unwrap()
        };
        places.extend(marks.enumerate().map(column).map(|column| (line, column)));
    }
    let compiled = compile_text(&marked.replace('§', ""));
    let found = &compiled.diagnostics;
    let report = || {
        let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
        format!("in\n{marked}\nfound {lines:#?}")
    };
    let at: Vec<_> = found.iter().map(|d| (d.location.line, d.location.column)).collect();
    assert_eq!(at, places, "{}", report());
    assert_eq!(at.len(), says.len(), "{}", report());
    for (diagnostic, part) in found.iter().zip(says) {
        assert!(diagnostic.message.contains(part), "no `{part}` {}", report());
    }
}

/// A NetworkPolicy with this `spec`, given in flow style.
fn policy(spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {spec}"
    )
}

/// A NetworkPolicy with this entry of `ports`.
fn port(entry: &str) -> String {
    policy(&format!("{{ingress: [{{ports: [{entry}]}}]}}"))
}

/// A NetworkPolicy with this entry of `from`.
fn peer(entry: &str) -> String {
    policy(&format!("{{ingress: [{{from: [{entry}]}}]}}"))
}

/// The only policy of a text that nothing is found wrong with.
fn compiled_policy(text: &str) -> Policy {
    let compiled = compile_text(text);
    assert_eq!(compiled.diagnostics, [], "in\n{text}");
    compiled.policies.into_iter().next().unwrap()
}

#[test]
fn ports_of_policies() {
    check(&port("{port: §0}"), &["must be a port number from 1 to 65535, not 0"]);
    check(&port("{port: §65536}"), &["`spec.ingress[0].ports[0].port` must be a port number"]);
    check(&port("{port: §\"8080\"}"), &["at least one letter, and no hyphen first"]);
    check(&port("{port: §HTTP}"), &["`a-z`"]);
    check(&port("{port: §\"\"}"), &["1 to 15"]);
    check(&port("{port: §a--b}"), &["doubled"]);
    check(&port("{port: §one-letter-longer}"), &["1 to 15"]);
    check(&port("{port: 80, endPort: §79}"), &["must be at least `port`, which is 80, not 79"]);
    check(&port("{port: 80, endPort: §65536}"), &["from 1 to 65535"]);
    check(&port("{port: 80, endPort: §0}"), &["from 1 to 65535"]);
    check(&port("{port: http, endPort: §90}"), &["needs a number as `port`, not the name `http`"]);
    check(&port("{endPort: §90}"), &["needs a `port` to begin at"]);
    check(&port("{protocol: §tcp}"), &["must be `TCP`, `UDP` or `SCTP`, not `tcp`"]);
    check(&port("{protocol: §\"\"}"), &["must be `TCP`, `UDP` or `SCTP`, not ``"]);

    let check = |entry: &str, expected: &str| {
        let rules = compiled_policy(&port(entry)).ingress.unwrap();
        assert_eq!(rules[0].ports[0].to_string(), expected, "{entry}");
    };
    check("{}", "TCP all");
    check("{protocol: UDP}", "UDP all");
    check("{port: 80, endPort: 80}", "TCP 80");
    check("{port: 80, endPort: 90, protocol: SCTP}", "SCTP 80-90");
    check("{port: a-1}", "TCP a-1");
    assert_eq!(compiled_policy(&port("null")).ingress.unwrap()[0].ports.len(), 1);
}

#[test]
fn peers_of_policies() {
    check(&peer("§{}"), &["must have a `podSelector`, a `namespaceSelector` or an `ipBlock`"]);
    check(&peer("§null"), &["must have a `podSelector`"]);
    check(&peer("§{podSelector: null}"), &["must have a `podSelector`"]);
    check(
        &peer("§{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}"),
        &["must not have selectors besides its `ipBlock`"],
    );
    check(&peer("{ipBlock: §{}}"), &["`spec.ingress[0].from[0].ipBlock.cidr` is missing"]);
    check(&peer("{ipBlock: {cidr: §10.0.0.1}}"), &["such as `10.0.0.1/32`, not `10.0.0.1`"]);
    check(&peer("{ipBlock: {cidr: §\"2001:db8::1\"}}"), &["such as `2001:db8::1/128`"]);
    check(&peer("{ipBlock: {cidr: §10.0.0.0/33}}"), &["length of its prefix"]);
    check(&peer("{ipBlock: {cidr: §10.0.0/8}}"), &["length of its prefix"]);
    check(
        &peer("{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, §10.0.0.0/8, §11.0.0.0/16]}}"),
        &["except[1]` must lie inside `10.0.0.0/8` and be smaller", "except[2]` must lie inside"],
    );
    check(&peer("{ipBlock: {cidr: 0.0.0.0/0, except: [§\"::/1\"]}}"), &["inside `0.0.0.0/0`"]);
    check(&peer("{ipBlock: {cidr: §10.1.2.3/8}}"), &["it means `10.0.0.0/8`"]);
    check(&peer("{ipBlock: {cidr: §010.000.0.0/8}}"), &["decimal: it means `10.0.0.0/8`"]);

    let check = |entry: &str, expected: &str| {
        let rules = compiled_policy(&peer(entry)).ingress.unwrap();
        assert_eq!(rules[0].peers[0].to_string(), expected, "{entry}");
    };
    check("{podSelector: {}}", "all pods of the same namespace");
    check("{namespaceSelector: {}}", "all pods of any namespace");
    check(
        "{podSelector: {matchLabels: {a: b}}, namespaceSelector: {matchLabels: {c: d}}}",
        "pods a=b of namespaces c=d",
    );
    check(
        "{ipBlock: {cidr: \"2001:db8::/32\", except: [\"2001:db8:1::/48\"]}}",
        "addresses 2001:db8::/32 except 2001:db8:1::/48",
    );
    let masked = compile_text(&peer("{ipBlock: {cidr: 10.1.2.3/8}}"));
    let rules = masked.policies[0].ingress.as_ref().unwrap();
    assert!(
        matches!(&rules[0].peers[0], PeerMatcher::Block(b) if b.cidr.to_string() == "10.0.0.0/8")
    );
}

#[test]
fn selectors_of_policies() {
    let selector = |expression: &str| {
        policy(&format!("{{podSelector: {{matchExpressions: [{expression}]}}}}"))
    };
    check(&selector("§{key: a, operator: In}"), &["must hold at least one value for `In`"]);
    check(&selector("{key: a, operator: NotIn, values: §[]}"), &["at least one value for `NotIn`"]);
    check(&selector("{key: a, operator: Exists, values: §[b]}"), &["must be empty for `Exists`"]);
    check(&selector("{key: a, operator: §in, values: [b]}"), &["`In`, `NotIn`, `Exists` or"]);
    check(&selector("{key: a, operator: §Gt, values: [\"1\"]}"), &["not `Gt`"]);
    check(&selector("{key: §-a, operator: Exists}"), &["cannot be the key of a label"]);
    check(&selector("§{operator: Exists}"), &["cannot be the key of a label"]);
    check(
        &selector("{key: a, operator: In, values: [b, §c_]}"),
        &["cannot be the value of a label"],
    );
    let labels = |labels: &str| policy(&format!("{{podSelector: {{matchLabels: {{{labels}}}}}}}"));
    check(&labels("§a/b/c: x, §é: x"), &["`a/b/c` cannot be the key", "`é` cannot be the key"]);
    check(&labels("§Example.com/a: x"), &["cannot be the key"]);
    check(&labels("a: §b c"), &["cannot be the value of a label"]);
    check(&labels("example.com/a_B.c: X_y.z-1, b: \"\""), &[]);

    let expressions =
        "{key: a, operator: NotIn, values: [x, z]}, {key: b, operator: DoesNotExist, values: []}";
    let requirements = compiled_policy(&selector(expressions)).selector;
    let values = ["x".to_owned(), "z".to_owned()].into();
    assert_eq!(
        requirements.requirements(),
        [Requirement::NotIn("a".into(), values), Requirement::DoesNotExist("b".into())]
    );
}

#[test]
fn directions_of_policies() {
    check(
        &policy("{policyTypes: [Ingress, §egress]}"),
        &["must be `Ingress` or `Egress`, not `egress`"],
    );
    check(&policy("{policyTypes: §[Ingress, Ingress, Egress]}"), &["at most two entries"]);

    let check = |spec: &str, ingress: Option<usize>, egress: Option<usize>| {
        let policy = compiled_policy(&policy(spec));
        let rules = |rules: Option<Vec<_>>| rules.map(|rules| rules.len());
        assert_eq!((rules(policy.ingress), rules(policy.egress)), (ingress, egress), "{spec}");
    };
    check("null", Some(0), None);
    check("{egress: []}", Some(0), None);
    check("{egress: [{}]}", Some(0), Some(1));
    check("{policyTypes: [], egress: [{}], ingress: [{}, {}]}", Some(2), Some(1));
    check("{policyTypes: null, egress: null}", Some(0), None);
    check("{policyTypes: [Egress], ingress: [{}]}", None, Some(0));
    check("{policyTypes: [Ingress, Ingress], egress: [{}]}", Some(0), None);
    check("{policyTypes: [Egress, Ingress]}", Some(0), Some(0));
}

#[test]
fn names_and_labels_of_objects() {
    let object = |kind: &str, metadata: &str| {
        let api_version = match kind {
            "NetworkPolicy" => "networking.k8s.io/v1",
            _ => "v1",
        };
        format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{{metadata}}}")
    };
    check(&object("NetworkPolicy", "name: §deny_all"), &["`metadata.name` cannot be `deny_all`"]);
    check(&object("NetworkPolicy", "name: §Deny"), &["`a-z`"]);
    check(&object("NetworkPolicy", "name: a.b-c.1"), &[]);
    check(&object("NetworkPolicy", "name: §a..b"), &["around every dot"]);
    check(&object("Namespace", "name: §a.b"), &["at most 63"]);
    check(&object("Pod", "name: p, namespace: §a.b"), &["`metadata.namespace` cannot be `a.b`"]);
    check(&object("Node", "name: §NODE"), &["`metadata.name` cannot be `NODE`"]);
    check(&object("Pod", "name: p, labels: {a: §-b}"), &["cannot be the value of a label"]);
    check(
        &object("Pod", "name: p, annotations: {§a b: x}"),
        &["cannot be the key of an annotation"],
    );
    check(&object("Pod", "name: p, annotations: {Example.com/A: x y z}"), &[]);
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {metadata: {labels: {a: §b c}}}}";
    check(template, &["cannot be the value of a label"]);
    let controller = |kind: &str, selector: &str| {
        format!(
            "apiVersion: v1\nkind: {kind}\nmetadata: {{name: w}}\nspec: {{selector: {selector}}}"
        )
    };
    check(&controller("Deployment", "{matchLabels: {a: §b c}}"), &["the value of a label"]);
    check(&controller("ReplicationController", "{a: b}"), &[]);
}

#[test]
fn refused_objects_leave_the_others() {
    let text = port("{port: 0}") + "\n---\n" + &policy("{}").replace("name: p", "name: q");
    let compiled = compile_text(&text);
    let names: Vec<_> = compiled.policies.iter().map(Policy::path).collect();
    assert_eq!(names, ["default/q"]);
    assert_eq!(compiled.diagnostics.len(), 1);
}

#[test]
fn the_later_of_two_stands() {
    let first = policy("{}") + "\n---\n";
    check(&(first.clone() + "§" + &policy("{egress: [{}]}")), &["replaces the one at test:1:1"]);
    let compiled = compile_text(&(first + &policy("{egress: [{}]}")));
    assert_eq!(compiled.policies.len(), 1);
    assert!(compiled.policies[0].egress.is_some());
    let pods = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: other}\n";
    check(pods, &[]);
}

#[test]
fn namespaces_exist_when_mentioned() {
    let compiled = compile_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {kubernetes.io/metadata.name: lie, x: z}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: b}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n",
    );
    let namespaces: Vec<_> = compiled.cluster.namespaces.keys().map(String::as_str).collect();
    assert_eq!(namespaces, ["a", "b", "default", "kube-system"]);
    let labels = |name| compiled.cluster.namespace_labels(name)[NAMESPACE_NAME_LABEL].as_str();
    assert_eq!((labels("a"), labels("b")), ("a", "b"));
    assert_eq!(compiled.others[0].path(), "b/c");
    let defaults = Defaults { namespace: "team".to_owned() };
    let reading = manifest::read(&Source::new("test", policy("{}")));
    assert_eq!(assemble([&compile(&reading, &defaults)], &[]).policies[0].path(), "team/p");
}

#[test]
fn services() {
    let service =
        |spec: &str| format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {spec}");
    check(&service("§{selector: {a: b}}"), &["`spec.ports` must have at least one entry"]);
    check(&service("{ports: [{port: §0}]}"), &["from 1 to 65535"]);
    check(&service("{ports: [{port: 80, targetPort: §70000}]}"), &["targetPort` must be a port"]);
    check(&service("{ports: [{port: 80, targetPort: §\"80\"}]}"), &["written without quotes"]);
    check(&service("{ports: [{port: 80, protocol: §http}]}"), &["`TCP`, `UDP` or `SCTP`"]);
    check(&service("{ports: [{port: 80}], type: §Cluster}"), &["must be `ClusterIP`"]);
    check(&service("§{type: ExternalName}"), &["`spec.externalName` is missing"]);
    check(&service("{ports: [{port: 80}], clusterIP: §none}"), &["must be `None` or an address"]);
    check(&service("{ports: [{port: 80, nodePort: 33002}], type: NodePort}"), &[]);

    let compiled = |spec: &str| {
        let compiled = compile_text(&service(spec));
        assert_eq!(compiled.diagnostics, [], "{spec}");
        compiled.cluster.services.into_iter().next().unwrap()
    };
    let target = |entry: &str| compiled(&format!("{{ports: [{entry}]}}")).ports.remove(0).target;
    assert_eq!(target("{port: 80}"), TargetPort::Number(80));
    assert_eq!(target("{port: 80, targetPort: 0}"), TargetPort::Number(80));
    assert_eq!(target("{port: 80, targetPort: \"\"}"), TargetPort::Number(80));
    assert_eq!(target("{port: 80, targetPort: null}"), TargetPort::Number(80));
    assert_eq!(target("{port: 80, targetPort: http}"), TargetPort::Name("http".to_owned()));
    assert_eq!(compiled("{clusterIP: None}").routing, Routing::Headless);
    assert_eq!(compiled("{clusterIP: None, selector: {}}").selector, None);
    let alias = compiled("{type: ExternalName, externalName: example.com}");
    assert_eq!(alias.routing, Routing::Alias("example.com".to_owned()));
    let addressed =
        compiled("{ports: [{port: 1}], clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, \"fd00::1\"]}");
    assert_eq!(addressed.addresses.len(), 2);
}

/// The only workload of a text that nothing is found wrong with, but for the DNS.
fn compiled_workload(text: &str) -> Workload {
    let compiled = compile_text(text);
    assert_eq!(compiled.diagnostics, [], "in\n{text}");
    compiled.cluster.workloads.into_iter().find(|workload| !workload.is_implicit()).unwrap()
}

#[test]
fn workloads() {
    let pod = |spec: &str| {
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p, labels: {{a: b}}}}\n{spec}")
    };
    let declared = |entry: &str| pod(&format!("spec: {{containers: [{{ports: [{entry}]}}]}}"));
    check(&declared("{containerPort: §0}"), &["containerPort` must be a port number"]);
    check(&declared("§{name: http}"), &["spec.containers[0].ports[0].containerPort`"]);
    check(&declared("{containerPort: 80, name: §HTTP}"), &["cannot be `HTTP`"]);
    check(&declared("{containerPort: 80, protocol: §tcp}"), &["`TCP`, `UDP` or `SCTP`"]);
    check(&pod("status: §{podIP: here}"), &["`here` is not an address"]);

    let ports = compiled_workload(&pod(
        "spec: {initContainers: [{ports: [{containerPort: 1}]}, {restartPolicy: Always, ports: [{containerPort: 2}]}], containers: [{ports: [{containerPort: 3, name: x}]}]}",
    ));
    let ports: Vec<_> = ports.ports.iter().map(|port| port.port).collect();
    assert_eq!(ports, [3, 2]);

    let probe =
        compiled_workload(&pod("spec: {containers: [{args: [\"--urls=http://a.b:80/status\"]}]}"));
    assert_eq!(probe.probes, ["http://a.b:80/status"]);
    assert_eq!(probe.ports[0].port, 9000);

    let addresses = |text: &str| {
        let workload = compiled_workload(text);
        let addresses: Vec<_> = workload.addresses.iter().map(ToString::to_string).collect();
        (workload.network, addresses.join(" "))
    };
    assert_eq!(
        addresses(&pod(
            "status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: \"fd00::1\"}], hostIP: 1.1.1.1}"
        )),
        (PodNetwork::Own, "10.0.0.1 fd00::1".to_owned())
    );
    assert_eq!(
        addresses(&pod("spec: {hostNetwork: true}\nstatus: {podIP: 1.1.1.1, hostIP: 1.1.1.1}")),
        (PodNetwork::Host, "1.1.1.1".to_owned())
    );
    let node = "\n---\napiVersion: v1\nkind: Node\nmetadata: {name: node}\nstatus: {addresses: [{type: ExternalIP, address: 2.2.2.2}, {type: Hostname, address: node}, {type: InternalIP, address: 1.1.1.1}]}";
    assert_eq!(
        addresses(&(pod("spec: {hostNetwork: true, nodeName: node}") + node)),
        (PodNetwork::Host, "1.1.1.1 2.2.2.2".to_owned())
    );
}

#[test]
fn replicas_count_from_two() {
    let check = |kind: &str, spec: &str, expected| {
        let text = format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: w}}\nspec: {spec}");
        assert_eq!(compiled_workload(&text).replicas, expected, "{kind} {spec}");
    };
    check("Deployment", "{}", Replicas::One);
    check("Deployment", "{replicas: 0}", Replicas::Zero);
    check("Job", "{parallelism: 0}", Replicas::Zero);
    check("Deployment", "{replicas: 2}", Replicas::Several);
    check("Job", "{parallelism: 2}", Replicas::Several);
    check("CronJob", "{jobTemplate: {spec: {parallelism: 2}}}", Replicas::Several);
    check("DaemonSet", "{}", Replicas::Several);
}

#[test]
fn every_cluster_has_dns() {
    let check = |text: &str, is_implicit: bool| {
        let workloads = compile_text(text).cluster.workloads;
        assert_eq!(workloads.iter().any(Workload::is_implicit), is_implicit, "{text}");
    };
    let pod = |namespace: &str, label: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: {namespace}, labels: {{{label}}}}}\n---\n"
        )
    };
    let service = |namespace: &str, name: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {{selector: {{a: b}}, ports: [{{port: 53}}]}}"
        )
    };
    check("", true);
    check(&pod("kube-system", "k8s-app: kube-dns"), false);
    check(&pod("default", "k8s-app: kube-dns"), true);
    check(&service("kube-system", "kube-dns"), true);
    check(&(pod("kube-system", "a: b") + &service("kube-system", "kube-dns")), false);
    check(&(pod("openshift-dns", "a: b") + &service("openshift-dns", "dns-default")), false);
    let implicit = &compile_text("").cluster.workloads[0];
    assert_eq!(implicit.id(), "kube-system/kube-dns[Deployment]");
}

#[test]
fn policies_of_other_kinds_are_told_apart() {
    let check = |api_version: &str, kind: &str, expected: bool| {
        let text = format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x}}");
        let compiled = compile_text(&text);
        assert_eq!(compiled.unevaluated.len(), usize::from(expected), "{kind}");
        assert_eq!(compiled.others.len(), usize::from(!expected), "{kind}");
    };
    check("cilium.io/v2", "CiliumNetworkPolicy", true);
    check("cilium.io/v2", "CiliumClusterwideNetworkPolicy", true);
    check("projectcalico.org/v3", "GlobalNetworkPolicy", true);
    check("crd.projectcalico.org/v1", "NetworkPolicy", true);
    check("extensions/v1beta1", "NetworkPolicy", true);
    check("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", true);
    check("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", true);
    check("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", true);
    check("security.istio.io/v1", "AuthorizationPolicy", true);
    check("v1", "ConfigMap", false);
    check("example.com/v1", "Deployment", false);
}

#[test]
fn rules_know_their_place() {
    let policy = compiled_policy(&policy("\n  egress:\n  - to: []\n  - ports:\n    - port: dns\n"));
    let egress = policy.egress.unwrap();
    assert_eq!(egress[1].location.to_string(), "test:7:5");
    assert_eq!(egress[1].ports[0].port, PortSpec::Named("dns".to_owned()));
    assert_eq!(policy.location.to_string(), "test:1:1");
}
