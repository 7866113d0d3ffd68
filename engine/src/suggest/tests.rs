//! Suggestions for calls of small clusters, worked out by hand.

use super::*;
use crate::analysis::{self, Request, analyze};
use crate::connectivity::End;
use crate::end::{self, Port};
use crate::explain::name;
use crate::manifest::Source;

/// A cluster of one document a part.
fn cluster(documents: &[String]) -> Model {
    let fragment = analysis::read(&Source::new("test", documents.join("\n---\n")));
    let analysis = analyze([&fragment], &Request::default());
    assert_eq!(analysis.diagnostics, []);
    analysis.model
}

/// A pod of `a` with a label `app` of its name, and other labels and fields.
fn pod(name: &str, labels: &str, spec: &str) -> String {
    pod_in("a", name, &format!("app: {name}, {labels}"), spec)
}

fn pod_in(namespace: &str, name: &str, labels: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}, \
         labels: {{{labels}}}}}, spec: {{{spec}}}}}"
    )
}

/// A policy of `a`.
fn policy(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, \
         metadata: {{name: {name}, namespace: a}}, spec: {{{spec}}}}}"
    )
}

fn told(model: &Model, advice: &Advice) -> Vec<String> {
    let end = |end: End| match end {
        End::External(range) => range.to_string(),
        pod => name(model, pod.peer()),
    };
    let mut lines = Vec::new();
    for limit in &advice.limits {
        lines.push(format!("! {limit}"));
    }
    for suggestion in &advice.suggestions {
        lines.push(format!("{}: {} lines", suggestion.title, suggestion.lines));
        for (mark, pairs) in [('+', &suggestion.opens), ('-', &suggestion.closes)] {
            for Pair { source, destination, connections } in pairs {
                lines.push(format!("{mark} {}→{} {connections}", end(*source), end(*destination)));
            }
        }
    }
    lines
}

fn advised(model: &Model, from: &str, to: &str, port: &str) -> Advice {
    let port: Port = port.parse().unwrap();
    let call = end::call(model, from, to, port, "a").unwrap();
    suggest(model, &call)
}

/// What is suggested for a call among the documents: titles with their lines, and what they do besides;
/// and after `!` what policies cannot do.
#[track_caller]
fn check(documents: &[&[String]], (from, to, port): (&str, &str, &str), expected: &[&str]) {
    let model = cluster(&documents.concat());
    let advice = advised(&model, from, to, port);
    let told = told(&model, &advice);
    assert_eq!(told, expected, "{}\n{told:#?}", advice.why);
}

const CALL: (&str, &str, &str) = ("a/till", "a/web", "80");

/// Three pods, of which two only differ by their labels, and one of another namespace that has those of
/// the first.
fn shop() -> Vec<String> {
    let web = "containers: [{ports: [{containerPort: 80}]}]";
    vec![
        pod("web", "tier: x", web),
        pod("till", "tier: x", ""),
        pod("stock", "tier: x", ""),
        pod_in("b", "spare", "app: till", ""),
    ]
}

/// A policy of `a` that selects the pod of this label `app`.
fn of(app: &str, name: &str, spec: &str) -> String {
    policy(name, &format!("podSelector: {{matchLabels: {{app: {app}}}}}, {spec}"))
}

fn from(app: &str) -> String {
    format!("from: [{{podSelector: {{matchLabels: {{app: {app}}}}}}}]")
}

const TO_DNS: &str =
    "to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]";

#[test]
fn a_rule_that_matches_the_peer_gets_a_port() {
    let rule = format!("ingress: [{{{}, ports: [{{port: 81}}]}}]", from("till"));
    check(
        &[&shop(), &[of("web", "p", &rule)]],
        CALL,
        &["admit TCP 80 by ingress rule 1 of a/p: 2 lines"],
    );
}

#[test]
fn a_rule_on_the_port_gets_a_peer() {
    let rule = format!("ingress: [{{{}, ports: [{{port: 80}}]}}]", from("stock"));
    check(
        &[&shop(), &[of("web", "p", &rule)]],
        CALL,
        &["admit till by ingress rule 1 of a/p: 3 lines"],
    );
    // On all ports that is small, and more than was asked for.
    check(
        &[&shop(), &[of("web", "p", &format!("ingress: [{{{}}}]", from("stock")))]],
        CALL,
        &[
            "admit till by ingress rule 1 of a/p: 3 lines",
            "+ till→web TCP 1-79,81-65535 UDP all SCTP all",
            "add an ingress rule to a/p that admits till on TCP 80: 7 lines",
        ],
    );
}

#[test]
fn a_policy_that_isolates_the_pod_gets_a_rule() {
    // The key of the list is a line too.
    check(
        &[&shop(), &[of("web", "p", "")]],
        CALL,
        &["add an ingress rule to a/p that admits till on TCP 80: 8 lines"],
    );
    let rule = format!("ingress: [{{{}, ports: [{{port: 81}}]}}]", from("stock"));
    check(
        &[&shop(), &[of("web", "p", &rule)]],
        CALL,
        &["add an ingress rule to a/p that admits till on TCP 80: 7 lines"],
    );
}

#[test]
fn a_policy_of_its_own_opens_nothing_else() {
    check(
        &[&shop(), &[policy("p", "")]],
        CALL,
        &[
            "add an ingress rule to a/p that admits till on TCP 80: 8 lines",
            "+ till→stock TCP 80",
            "add a policy a/allow-web-ingress that admits till to web on TCP 80: 19 lines",
        ],
    );
    // Its name is another one where that is taken.
    check(
        &[&shop(), &[policy("allow-web-ingress", "")]],
        CALL,
        &[
            "add an ingress rule to a/allow-web-ingress that admits till on TCP 80: 8 lines",
            "+ till→stock TCP 80",
            "add a policy a/allow-web-ingress-2 that admits till to web on TCP 80: 19 lines",
        ],
    );
}

#[test]
fn objects_count_before_lines() {
    let both = policy("all", "policyTypes: [Ingress, Egress]");
    let egress = of("till", "till", "policyTypes: [Egress]");
    let rule = format!("ingress: [{{{}, ports: [{{port: 81}}]}}]", from("till"));
    check(
        &[&shop(), &[both, egress, of("web", "web", &rule)]],
        CALL,
        &[
            // Two objects would do with 10 lines.
            "add an egress rule to a/all that admits web on TCP 80; add an ingress rule to a/all \
             that admits till on TCP 80: 16 lines",
        ],
    );
}

#[test]
fn of_two_of_one_size_the_one_that_does_less_is_taken() {
    check(
        &[&shop(), &[policy("all", ""), of("web", "web", "")]],
        CALL,
        &["add an ingress rule to a/web that admits till on TCP 80: 8 lines"],
    );
    // And of two that do the same, the first by name.
    check(
        &[&shop(), &[of("web", "q", ""), of("web", "p", "")]],
        CALL,
        &["add an ingress rule to a/p that admits till on TCP 80: 8 lines"],
    );
}

#[test]
fn both_sides_and_the_lookup_are_opened_together() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: a}, \
                   spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}";
    let by_name = ("a/till", "web.a", "80");
    let egress =
        |rules: &str| of("till", "egress", &format!("policyTypes: [Egress], egress: [{rules}]"));
    let documents = [shop(), vec![service.to_owned()]].concat();
    let dns = "admits kube-dns on UDP 53 and TCP 53";
    let web = "admits web on TCP 8080";
    check(
        &[&documents, &[egress("")]],
        by_name,
        &[&format!(
            "add an egress rule to a/egress that {dns}; add an egress rule to a/egress that {web}: \
             20 lines"
        )],
    );
    check(
        &[&documents, &[egress(""), of("web", "ingress", "")]],
        by_name,
        &[&format!(
            "add an egress rule to a/egress that {dns}; add an egress rule to a/egress that {web}; \
             add an ingress rule to a/ingress that admits till on TCP 8080: 28 lines"
        )],
    );
    // TCP 53 is wanted as well, unless it passes already.
    let any_port = "{to: [{podSelector: {}}]}";
    check(
        &[&documents, &[egress(&format!("{{{TO_DNS}, ports: [{{port: 54}}]}}, {any_port}"))]],
        by_name,
        &["admit UDP 53 by egress rule 1 of a/egress; admit TCP 53 by egress rule 1 of a/egress: \
           4 lines"],
    );
    check(
        &[&documents, &[egress(&format!("{{{TO_DNS}, ports: [{{port: 53}}]}}, {any_port}"))]],
        by_name,
        &["admit UDP 53 by egress rule 1 of a/egress: 2 lines"],
    );
    // The cluster DNS may be isolated too.
    let dns = policy("dns", "").replace("namespace: a", "namespace: kube-system");
    check(
        &[&documents, &[dns]],
        by_name,
        &["add an ingress rule to kube-system/dns that admits till on UDP 53 and TCP 53: 13 lines"],
    );
}

#[test]
fn every_backend_is_opened() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: shop, namespace: a}, \
                   spec: {selector: {tier: x}, ports: [{port: 80}]}}";
    let documents = [shop(), vec![service.to_owned()]].concat();
    let ingress = |app: &str| of(app, app, "");
    // One of them is open already.
    check(
        &[&documents, &[ingress("web")]],
        ("b/spare", "shop.a", "80"),
        &["add an ingress rule to a/web that admits spare on TCP 80: 11 lines"],
    );
    // One rule is for both, as they are on one port.
    let dns = format!(
        "policyTypes: [Egress], egress: [{{{TO_DNS}, ports: [{{port: 53, protocol: UDP}}]}}]"
    );
    check(
        &[&documents, &[of("till", "p", &dns)]],
        ("a/till", "shop.a", "80"),
        &["add an egress rule to a/p that admits stock and web on TCP 80: 10 lines"],
    );
}

#[test]
fn ends_are_named_by_what_tells_them_from_others() {
    let check_yaml = |pods: &[String], call: (&str, &str, &str), yaml: &str| {
        let model = cluster(&[pods, &[of("web", "p", "")]].concat());
        let advice = advised(&model, call.0, call.1, call.2);
        let peers = advice.suggestions[0].yaml.split("  ports:").next().unwrap().to_owned();
        assert_eq!(peers, format!("# a/p: add to `ingress`\n- from:\n{yaml}"));
    };
    let web = || pod("web", "tier: x", "");
    let labels = |labels: &str| format!("    - podSelector:\n        {labels}");
    // The label that is known best, of those that tell.
    check_yaml(
        &[web(), pod_in("a", "till", "app: till, tier: w, team: red", "")],
        CALL,
        &labels("matchLabels:\n          app: till\n"),
    );
    check_yaml(
        &[web(), pod_in("a", "till", "app: web, tier: w, team: red", "")],
        ("a/till", "a/web", "80"),
        &labels("matchLabels:\n          team: red\n"),
    );
    // Labels that only together tell.
    check_yaml(
        &[
            web(),
            pod_in("a", "till", "app: till, tier: w", ""),
            pod_in("a", "b", "app: till, tier: z", ""),
            pod_in("a", "c", "app: c, tier: w", ""),
        ],
        CALL,
        &labels("matchLabels:\n          app: till\n          tier: w\n"),
    );
    // A label that others have besides.
    check_yaml(
        &[web(), pod_in("a", "till", "app: till", ""), pod_in("a", "b", "app: till, track: c", "")],
        CALL,
        &labels(
            "matchLabels:\n          app: till\n        matchExpressions:\n          - key: track\n            \
             operator: DoesNotExist\n",
        ),
    );
    // Labels that controllers make up are others after the next rollout.
    check_yaml(
        &[
            web(),
            pod_in("a", "till", "app: till, pod-template-hash: a1", ""),
            pod_in("a", "b", "app: till, pod-template-hash: b2", ""),
        ],
        CALL,
        &labels("matchLabels:\n          app: till\n"),
    );
    check_yaml(
        &[web(), pod_in("b", "till", "app: till", "")],
        ("b/till", "a/web", "80"),
        "    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: b\n      \
         podSelector:\n        matchLabels:\n          app: till\n",
    );
    check_yaml(
        &[web(), pod_in("a", "till", "", "")],
        CALL,
        &labels("matchExpressions:\n          - key: app\n            operator: DoesNotExist\n"),
    );
    let block = |cidr: &str| format!("    - ipBlock:\n        cidr: {cidr}\n");
    check_yaml(&[web()], ("8.8.8.8", "a/web", "80"), &block("8.8.8.8/32"));
    check_yaml(&[web()], ("2001:db8::1", "a/web", "80"), &block("\"2001:db8::1/128\""));
    check_yaml(&[web()], ("internet", "a/web", "80"), &block("0.0.0.0/0"));
    let node = |status: &str| {
        let agent = pod("till", "", "hostNetwork: true, nodeName: blue");
        let node = "{apiVersion: v1, kind: Node, metadata: {name: blue}, status: {addresses: [";
        [web(), agent, format!("{node}{status}]}}}}")]
    };
    let known = node("{type: InternalIP, address: 192.168.0.1}");
    check_yaml(&known, CALL, &block("192.168.0.1/32"));
}

#[test]
fn what_policies_cannot_open_is_said() {
    let says = |documents: &[&[String]], call, why: &str| {
        check(documents, call, &[&format!("! no policy can open it: {why}")]);
    };
    let service = |spec: &str| {
        vec![format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: s, namespace: a}}, spec: {{{spec}}}}}"
        )]
    };
    let closed = [of("till", "p", "policyTypes: [Egress]")];
    let by_name = ("a/till", "s.a", "80");
    says(&[&shop()], by_name, "the cluster has no Service s.a");
    // Not the lookup either, although it is what stops the call first.
    says(&[&shop(), &closed], by_name, "the cluster has no Service s.a");
    says(
        &[&shop(), &service("selector: {app: none}, ports: [{port: 80}]"), &closed],
        by_name,
        "s.a selects no pods: none has the labels app=none",
    );
    says(
        &[&shop(), &service("selector: {app: web}, ports: [{port: 81}]")],
        by_name,
        "s.a has no port TCP 80, only TCP 81",
    );
    let known = |name: &str, address: &str| {
        let pod = pod(name, "", "");
        format!("{}, status: {{podIP: \"{address}\"}}}}", pod.strip_suffix('}').unwrap())
    };
    says(
        &[&[known("till", "10.244.0.1"), known("web", "fd00::1")]],
        CALL,
        "till and web share no address family",
    );
    let agent = [pod("till", "", "hostNetwork: true"), pod("web", "", "")];
    let unknown = "no peer of a rule can mean till alone: it is on its node's network, and the address of \
                   the node is not known";
    says(&[&agent, &[of("web", "p", "")]], CALL, unknown);
    // But a rule that is for everybody can get a port.
    check(
        &[&agent, &[of("web", "p", "ingress: [{ports: [{port: 81}]}]")]],
        CALL,
        &[
            "admit TCP 80 by ingress rule 1 of a/p: 2 lines",
            "+ kube-dns→web TCP 80",
            "+ 0.0.0.0-255.255.255.255→web TCP 80",
        ],
    );
}

#[test]
fn a_new_policy_isolates_what_nothing_isolates() {
    let web = "containers: [{ports: [{containerPort: 80}]}]";
    let documents = [pod("web", "", web), pod("till", "", ""), pod("stock", "", "")];
    check(
        &[&documents],
        CALL,
        &[
            "add a policy a/isolate-web-ingress that isolates web's ingress and admits nobody: 11 lines",
            "- stock→web all connections",
            "- till→web TCP 1-79,81-65535 UDP all SCTP all",
            "- kube-dns→web all connections",
            "- 0.0.0.0-255.255.255.255→web all connections",
            // No host outside has an address of the pod network: that is nobody's loss.
            "add a policy a/isolate-web-ingress that isolates web's ingress and admits all but till: \
             24 lines",
            "- till→web TCP 1-79,81-65535 UDP all SCTP all",
            "- 10.244.0.0-10.244.255.255→web all connections",
        ],
    );
    check(
        &[&documents],
        ("8.8.8.8", "a/web", "80"),
        &[
            "add a policy a/isolate-web-ingress that isolates web's ingress and admits nobody: 11 lines",
            "- stock→web all connections",
            "- till→web all connections",
            "- kube-dns→web all connections",
            "- 0.0.0.0-255.255.255.255→web all connections",
            "add a policy a/isolate-web-ingress that isolates web's ingress and admits all but 8.8.8.8: \
             18 lines",
            "- 8.8.8.8-8.8.8.8→web TCP 1-79,81-65535 UDP all SCTP all",
        ],
    );
}

#[test]
fn rules_that_admit_it_admit_less() {
    let closes = |rule: &str, expected: &[&str]| {
        check(&[&shop(), &[of("web", "p", &format!("ingress: [{rule}]"))]], CALL, expected);
    };
    let till = from("till");
    closes(
        &format!("{{{till}, ports: [{{port: 80}}, {{port: 81}}]}}"),
        &["remove TCP 80 from ingress rule 1 of a/p: 2 lines"],
    );
    closes(
        &format!("{{{till}, ports: [{{port: 80, endPort: 90}}]}}"),
        &["admit all but TCP 80 by ingress rule 1 of a/p: 2 lines"],
    );
    closes(
        &format!(
            "{{{}, ports: [{{port: 80}}]}}",
            till.replace("[", "[{podSelector: {matchLabels: {app: stock}}}, ")
        ),
        &["remove the peers that match till from ingress rule 1 of a/p: 3 lines"],
    );
    closes(
        &format!("{{{till}, ports: [{{port: 80}}]}}, {{{}}}", from("stock")),
        &["remove ingress rule 1 of a/p: 7 lines"],
    );
    closes(
        "{from: [{podSelector: {}}], ports: [{port: 80}]}",
        &[
            "remove ingress rule 1 of a/p: 6 lines",
            "- stock→web TCP 80",
            "admit all but till by ingress rule 1 of a/p: 7 lines",
        ],
    );
    closes(
        "{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [till, stock, x]}]}}]}",
        &[
            "admit all but till by ingress rule 1 of a/p: 1 lines",
            "- till→web TCP 1-79,81-65535 UDP all SCTP all",
        ],
    );
    closes(
        "{from: [{namespaceSelector: {}}], ports: [{port: 80}]}",
        &[
            "admit all but till by ingress rule 1 of a/p: 6 lines",
            "- spare→web TCP 80",
            "admit all but till by ingress rule 1 of a/p: 13 lines",
        ],
    );
}

#[test]
fn every_rule_that_admits_it_admits_less() {
    let till = from("till");
    let rules = format!(
        "ingress: [{{{till}, ports: [{{port: 80}}]}}, {{{}}}, {{{till}, ports: [{{port: 80}}, {{port: 81}}]}}]",
        from("stock")
    );
    check(
        &[&shop(), &[of("web", "p", &rules)]],
        CALL,
        // The last first, so that their numbers hold while they are taken away.
        &["remove TCP 80 from ingress rule 3 of a/p; remove ingress rule 1 of a/p: 9 lines"],
    );
}

#[test]
fn what_a_rule_admits_to_other_pods_is_given_back() {
    let rule = "ingress: [{from: [{ipBlock: {cidr: 8.8.8.8/32}}], ports: [{port: 80}]}]";
    check(
        &[&shop(), &[policy("all", rule)]],
        ("8.8.8.8", "a/web", "80"),
        &[
            "remove ingress rule 1 of a/all: 7 lines",
            "- 8.8.8.8-8.8.8.8→stock TCP 80",
            "- 8.8.8.8-8.8.8.8→till TCP 80",
            "remove ingress rule 1 of a/all; add a policy a/all-others that admits it to the other \
             pods: 28 lines",
        ],
    );
}

#[test]
fn a_policy_goes_on_to_govern_egress_without_egress_rules() {
    let rule = "egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]";
    let documents = [shop(), vec![of("till", "p", rule), of("web", "q", "ingress: [{}]")]].concat();
    let model = cluster(&documents);
    let advice = advised(&model, "a/till", "a/web", "80");
    let first = &advice.suggestions[0];
    assert_eq!(told(&model, &advice)[0], "remove ingress rule 1 of a/q: 2 lines");
    let egress: Vec<_> =
        advice.suggestions.iter().filter(|it| it.title.contains("egress rule 1")).collect();
    assert_eq!(egress.len(), 1, "{first:#?}");
    assert_eq!(
        egress[0].title,
        "remove egress rule 1 of a/p; list both types in `policyTypes` of a/p"
    );
    assert_eq!(
        egress[0].yaml,
        "\
# a/p: remove from `egress`
# - to:
#     - podSelector:
#         matchLabels:
#           app: web
#   ports:
#     - protocol: TCP
#       port: 80
---
# a/p: add to `spec`
policyTypes:
  - Ingress
  - Egress
"
    );
}

#[test]
fn what_policies_cannot_tell_apart_is_said() {
    let documents = [shop(), vec![pod_in("a", "twin", "app: till, tier: x", "")]].concat();
    let rule = format!("ingress: [{{{}, ports: [{{port: 80}}, {{port: 81}}]}}]", from("till"));
    check(
        &[&documents, &[of("web", "p", &rule)]],
        CALL,
        &[
            "! no selector can tell it from twin→web: till and twin have the same labels",
            "remove TCP 80 from ingress rule 1 of a/p: 2 lines",
            "- twin→web TCP 80",
        ],
    );
    // Nodes are known by their addresses.
    let node = |name: &str| pod(name, "", "hostNetwork: true");
    check(
        &[
            &[node("agent"), node("proxy"), pod("web", "", "")],
            &[of("web", "p", "ingress: [{ports: [{port: 80}, {port: 81}]}]")],
        ],
        ("a/agent", "a/web", "80"),
        &[
            "! no selector can tell it from proxy→web: agent and proxy are on their nodes' network, and \
             no addresses tell the nodes apart",
            "! no small change closes it alone",
            "remove TCP 80 from ingress rule 1 of a/p: 2 lines",
            "- proxy→web TCP 80",
            "- kube-dns→web TCP 80",
            "- 0.0.0.0-255.255.255.255→web TCP 80",
            // All pods can be admitted by their labels, and nobody by addresses.
            "admit all but agent by ingress rule 1 of a/p: 4 lines",
            "- agent→web TCP 81",
            "- proxy→web TCP 80-81",
            "- 0.0.0.0-255.255.255.255→web TCP 80-81",
        ],
    );
}

#[test]
fn what_policies_cannot_close_is_said() {
    let says = |documents: &[String], call, why: &str| {
        check(&[documents], call, &[&format!("! no policy can close it: {why}")]);
    };
    says(&shop(), ("a/till", "a/till", "80"), "a pod cannot be cut off from itself");
    let pods =
        [pod("agent", "", "hostNetwork: true, nodeName: blue"), pod("web", "", "nodeName: blue")];
    says(
        &pods,
        ("a/agent", "a/web", "80"),
        "agent is on its node's network, and policies do not isolate nodes; web always admits the node \
         that it runs on",
    );
    says(
        &pods,
        ("8.8.8.8", "a/agent", "80"),
        "8.8.8.8 is outside the cluster, where policies do not reach; agent is on its node's network, \
         and policies do not isolate nodes",
    );
}

#[test]
fn other_pods_of_a_workload_are_asked_for_as_they_are_called() {
    let web = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: a}, \
               spec: {replicas: 2, template: {metadata: {labels: {app: web}}}}}";
    let documents = [shop()[1..].to_vec(), vec![web.to_owned(), of("web", "p", "")]].concat();
    let among = "add an ingress rule to a/p that admits web on TCP 80: 8 lines";
    check(&[&documents], ("a/web", "a/web#2", "80"), &[among]);
    check(&[&documents], ("a/web#2", "a/web", "80"), &[among]);
    let till = "add an ingress rule to a/p that admits till on TCP 80: 8 lines";
    check(&[&documents], ("a/till", "a/web#2", "80"), &[till]);
}

#[test]
fn no_two_new_policies_have_one_name() {
    let web = |kind: &str, tier: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: web, namespace: a}}, \
             spec: {{template: {{metadata: {{labels: {{app: web, tier: {tier}}}}}}}}}}}"
        )
    };
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: a}, \
                   spec: {selector: {app: web}, ports: [{port: 80}]}}";
    let documents =
        [web("Deployment", "d"), web("StatefulSet", "s"), service.to_owned(), pod("other", "", "")];
    let model = cluster(&documents);
    let advice = advised(&model, "8.8.8.8", "web.a", "80");
    let names = advice.suggestions[0].changes.iter().map(|change| match change {
        Change::New(policy) => policy.path(),
        other => panic!("{other:?}"),
    });
    let names: Vec<_> = names.collect();
    assert_eq!(names, ["a/isolate-web-ingress", "a/isolate-web-ingress-2"]);
}
