//! What is said of the rules of a policy that do not admit, and of what cannot be decided.

use crate::evaluate::{Dependence, HostNetwork, IpBlockPods, Model, Plugin};
use crate::explain::tests::{cluster, deployment, explained, policy, service};
use crate::explain::{Part, Stance};

/// A cluster in which a policy of `a` isolates `web`, and these call it: `b/caller` from somewhere in the
/// pod network, `b/known` from 10.0.0.9, and `b/agent` from its node's network.
fn closed(spec: &str) -> Model {
    let known = "{apiVersion: v1, kind: Pod, metadata: {name: known, namespace: b}, spec: {}, \
                 status: {podIP: 10.0.0.9}}";
    let ports = "containers: [{ports: [{name: metrics, containerPort: 9090}, \
                 {name: names, containerPort: 80, protocol: UDP}]}]";
    cluster(&[
        "{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {team: blue}}}",
        &deployment("a/web", ports),
        &deployment("b/caller", ""),
        &deployment("b/agent", "hostNetwork: true"),
        known,
        &policy("p", &format!("podSelector: {{matchLabels: {{app: web}}}}, {spec}")),
    ])
}

/// The part of the policy in a TCP call on port 80.
fn part(model: &Model, from: &str, to: &str) -> Part {
    let sections = explained(model, from, to, 80).sections;
    let parts: Vec<Part> = sections.into_iter().flat_map(|section| section.parts).collect();
    let [part] = parts.try_into().expect("one part");
    part
}

#[track_caller]
fn check_from(from: &str, rules: &str, says: &str) {
    let part = part(&closed(&format!("ingress: [{rules}]")), from, "a/web");
    assert_eq!(part.stance, Stance::DoesNotAdmit, "{part:#?}");
    assert_eq!(part.says, format!("does not admit: {says}"));
    // Each rule fails on something, and the policy is where to read it.
    assert!(part.rules.iter().all(|rule| !rule.admits && !rule.misses.is_empty()), "{part:#?}");
    assert!(part.rules.iter().all(|rule| rule.location != part.location));
}

#[track_caller]
fn check(rules: &str, says: &str) {
    check_from("b/caller", rules, says);
}

fn plugin(ip_block_pods: IpBlockPods, host_network: HostNetwork) -> Plugin {
    Plugin::new(ip_block_pods, host_network, Plugin::default().pod_cidr)
}

/// Pods with these labels, in any namespace.
fn pods(selector: &str) -> String {
    format!("{{from: [{{namespaceSelector: {{}}, podSelector: {{{selector}}}}}]}}")
}

fn namespaces(selector: &str) -> String {
    format!("{{from: [{{namespaceSelector: {{{selector}}}}}]}}")
}

/// Everybody in the cluster, on these ports.
fn ports(ports: &str) -> String {
    format!("{{from: [{{namespaceSelector: {{}}}}], ports: [{ports}]}}")
}

fn block(block: &str) -> String {
    format!("{{from: [{{ipBlock: {{{block}}}}}]}}")
}

const OWN: &str = "{from: [{podSelector: {}}]}";

#[test]
fn no_rules() {
    check("", "it defines no ingress rules");
}

#[test]
fn labels_of_pods() {
    check(
        &pods("matchLabels: {app: api}"),
        "rule 1 is for pods app=api of any namespace, but pod label `app` is `caller`, not `api`",
    );
    check(
        &pods("matchLabels: {tier: front}"),
        "rule 1 is for pods tier=front of any namespace, but the pod has no label `tier`",
    );
    let expression = |expression: &str| pods(&format!("matchExpressions: [{{{expression}}}]"));
    check(
        &expression("key: app, operator: In, values: [x, z]"),
        "rule 1 is for pods app in (x,z) of any namespace, but pod label `app` is `caller`, not \
         `x` or `z`",
    );
    check(
        &expression("key: app, operator: In, values: [p, q, r, s, t]"),
        "rule 1 is for pods app in (p,q,r,s,t) of any namespace, but pod label `app` is `caller`, \
         not `p`, `q` or 3 others",
    );
    check(
        &expression("key: app, operator: NotIn, values: [caller]"),
        "rule 1 is for pods app notin (caller) of any namespace, but pod label `app` must not be \
         `caller`",
    );
    check(
        &expression("key: tier, operator: Exists"),
        "rule 1 is for pods tier of any namespace, but the pod has no label `tier`",
    );
    check(
        &expression("key: app, operator: DoesNotExist"),
        "rule 1 is for pods !app of any namespace, but the pod has the label `app`",
    );
}

#[test]
fn namespaces_and_their_labels() {
    check(
        OWN,
        "rule 1 is for all pods of the same namespace, but the pod is in namespace b, not a",
    );
    check(
        &namespaces("matchLabels: {team: red}"),
        "rule 1 is for all pods of namespaces team=red, but namespace label `team` is `blue`, not \
         `red`",
    );
    check(
        &namespaces("matchLabels: {stage: live}"),
        "rule 1 is for all pods of namespaces stage=live, but namespace b has no label `stage`",
    );
    check(
        &namespaces("matchExpressions: [{key: team, operator: DoesNotExist}]"),
        "rule 1 is for all pods of namespaces !team, but namespace b has the label `team`",
    );
    check(
        "{from: [{namespaceSelector: {matchLabels: {team: red}}, \
         podSelector: {matchLabels: {app: api}}}]}",
        "rule 1 is for pods app=api of namespaces team=red, but namespace label `team` is `blue`, \
         not `red`, and pod label `app` is `caller`, not `api`",
    );
}

#[test]
fn addresses() {
    let known = |rules: &str, says: &str| check_from("b/known", rules, says);
    known(
        &block("cidr: 10.1.0.0/16"),
        "rule 1 is for addresses 10.1.0.0/16, but address 10.0.0.9 is not in 10.1.0.0/16",
    );
    known(
        &block("cidr: 10.0.0.0/8, except: [10.9.0.0/16, 10.0.0.0/24]"),
        "rule 1 is for addresses 10.0.0.0/8 except 10.9.0.0/16, 10.0.0.0/24, but address 10.0.0.9 \
         is in the exception 10.0.0.0/24",
    );
    check(
        &block("cidr: 1.0.0.0/8"),
        "rule 1 is for addresses 1.0.0.0/8, but the pod lies somewhere in 10.244.0.0/16, none of \
         which is in 1.0.0.0/8",
    );
    let outside = |from: &str, rules: &str, says: &str| check_from(from, rules, says);
    outside(
        "8.8.8.8",
        &block("cidr: 1.0.0.0/8"),
        "rule 1 is for addresses 1.0.0.0/8, but address 8.8.8.8 is not in 1.0.0.0/8",
    );
    outside(
        "2001:db8::1",
        &block("cidr: 0.0.0.0/0"),
        "rule 1 is for addresses 0.0.0.0/0, but address 2001:db8::1 is not in 0.0.0.0/0",
    );
    outside(
        "8.8.8.8",
        &pods(""),
        "rule 1 is for all pods of any namespace, but 8.8.8.8 is outside the cluster, where \
         selectors select nothing",
    );
    outside(
        "b/agent",
        &pods("matchLabels: {app: api}"),
        "rule 1 is for pods app=api of any namespace, but the pod counts as its node, which no \
         selector selects",
    );
}

#[test]
fn address_families() {
    let pod = |name: &str, ip: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: a}}, spec: {{}}, \
             status: {{podIP: \"{ip}\"}}}}"
        )
    };
    let check = |from: &str, ip: &str, cidr: &str, says: &str| {
        let rules = format!("ingress: [{}]", block(&format!("cidr: \"{cidr}\"")));
        let model = cluster(&[from, &pod("to", ip), &policy("p", &rules)]);
        let sections = explained(&model, "a/from", "a/to", 80).sections;
        let part = &sections.last().unwrap().parts[0];
        assert_eq!(
            part.says,
            format!("does not admit: rule 1 is for addresses {cidr}, but {says}")
        );
    };
    let unshared = "the ends do not share the block's address family";
    // The one talks IPv6, the other IPv4.
    check(&pod("from", "fd00::2"), "10.0.0.1", "::/0", unshared);
    // An address that is not known may be any of the pod network, which is IPv4; this call is not.
    check(&deployment("a/from", ""), "fd00::1", "0.0.0.0/0", unshared);
    let outside = "address fd00::2 is not in 0.0.0.0/0";
    check(&pod("from", "fd00::2"), "fd00::1", "0.0.0.0/0", outside);
}

#[test]
fn ports_and_protocols() {
    check(&ports("{port: 81}, {port: 443}"), "rule 1 admits caller on TCP 81,443 only");
    check(&ports("{port: 80, protocol: UDP}"), "rule 1 admits caller on UDP 80 only");
    check(
        &ports("{port: http}"),
        "rule 1 admits caller on TCP http, and web declares no TCP port `http`",
    );
    check(
        &ports("{port: metrics}"),
        "rule 1 admits caller on TCP 9090 only, and port `metrics` of web is TCP 9090",
    );
    check(
        &ports("{port: names}"),
        "rule 1 admits caller on TCP names, and port `names` of web is UDP 80",
    );
    check(
        &ports("{port: 443}, {port: http}"),
        "rule 1 admits caller on TCP 443 only, and web declares no TCP port `http`",
    );
    let own = |ports: &str| format!("{{from: [{{podSelector: {{}}}}], ports: [{ports}]}}");
    let whom = "rule 1 is for all pods of the same namespace, but the pod is in namespace b, not a";
    check(&own("{port: 80}"), whom);
    check(&own("{port: 443}"), &format!("{whom}, and the port is TCP 80, not 443"));
    check(
        &own("{port: 443}, {port: 8000, endPort: 8100}, {port: 80, protocol: UDP}"),
        &format!("{whom}, and the port is TCP 80, not 443 or 8000-8100"),
    );
    check(
        &own("{port: 80, protocol: SCTP}, {protocol: UDP}, {port: 81, protocol: UDP}"),
        &format!("{whom}, and the protocol is TCP, not UDP or SCTP"),
    );
    check(&own("{port: names}"), &format!("{whom}, and port `names` of web is UDP 80"));
}

#[test]
fn port_names_of_what_is_no_pod() {
    let model = closed("policyTypes: [Egress], egress: [{ports: [{port: http}]}]");
    assert_eq!(
        part(&model, "a/web", "8.8.8.8").says,
        "does not admit: rule 1 admits 8.8.8.8 on TCP http, and only a pod declares a port `http`"
    );
}

#[test]
fn the_nearest_of_several_peers() {
    check(
        "{from: [{podSelector: {matchLabels: {app: x}}}, \
         {namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}, \
         {ipBlock: {cidr: 1.0.0.0/8}}]}",
        "rule 1 is for pods app=x of any namespace (the nearest of its 3 peers), but pod label \
         `app` is `caller`, not `x`",
    );
    check_from(
        "8.8.8.8",
        "{from: [{podSelector: {}}, {ipBlock: {cidr: 1.0.0.0/8}}, \
         {ipBlock: {cidr: 8.0.0.0/8, except: [8.8.0.0/16]}}]}",
        "rule 1 is for addresses 8.0.0.0/8 except 8.8.0.0/16 (the nearest of its 3 peers), but \
         address 8.8.8.8 is in the exception 8.8.0.0/16",
    );
}

#[test]
fn the_nearest_of_many_rules() {
    let far = "{from: [{podSelector: {matchLabels: {app: x}}}], ports: [{port: 443}]}";
    let near = ports("{port: 81}");
    let own = "rule 4 is for all pods of the same namespace, but the pod is in namespace b, not a";
    let first = "rule 1 is for pods app=x of the same namespace, but the pod is in namespace b, \
                 not a, and pod label `app` is `caller`, not `x`, and the port is TCP 80, not 443";
    check(
        &[far, far, &near, OWN].join(","),
        &format!(
            "{first}; rule 3 admits caller on TCP 81 only; {own}; its other rule comes no nearer"
        ),
    );
    check(
        &[far, far, &near, OWN, far].join(","),
        &format!(
            "{first}; rule 3 admits caller on TCP 81 only; {own}; none of its 2 other rules comes \
             nearer"
        ),
    );
}

#[test]
fn what_cannot_be_decided() {
    let check = |plugin: &Plugin, from: &str, to: &str, rules: &str, depends_on, says: &str| {
        let mut model = closed(&format!("ingress: [{rules}]"));
        model.plugin = plugin.clone();
        let part = part(&model, from, to);
        assert_eq!(part.stance, Stance::CannotDecide, "{part:#?}");
        assert_eq!(part.says, format!("cannot decide: {says}"));
        assert_eq!(part.depends_on, depends_on);
        let turning = part.rules.iter().find(|rule| !rule.depends_on.is_empty());
        assert!(turning.is_none_or(|rule| rule.location == part.location), "{part:#?}");
    };
    let usual = Plugin::default();
    let never = plugin(IpBlockPods::Never, HostNetwork::Node);
    let ordinary = plugin(IpBlockPods::Ip, HostNetwork::Pod);
    let blocks = "whether the network plugin lets an ipBlock match pods";
    let node = "whether the network plugin takes a pod on its node's network for the node";
    let address = "an address that the manifests do not give";

    let all = block("cidr: 10.0.0.0/8");
    let says = format!("rule 1 depends on {blocks}; here it admits");
    check(&usual, "b/caller", "a/web", &all, vec![Dependence::IpBlockPods], &says);
    check(&usual, "b/known", "a/web", &all, vec![Dependence::IpBlockPods], &says);
    let says = format!("rule 1 depends on {blocks}; here it does not admit");
    check(&never, "b/caller", "a/web", &all, vec![Dependence::IpBlockPods], &says);

    let some = block("cidr: 10.244.1.0/24");
    let says = format!("rule 1 depends on {address}; here it does not admit");
    check(&usual, "b/caller", "a/web", &some, vec![Dependence::UnknownAddress], &says);

    let says = format!("rule 2 depends on {node}; here it does not admit");
    let rules = format!("{}, {}", pods("matchLabels: {app: x}"), pods("matchLabels: {app: agent}"));
    check(&usual, "b/agent", "a/web", &rules, vec![Dependence::HostNetwork], &says);
    let says = format!("rule 2 depends on {node}; here it admits");
    check(&ordinary, "b/agent", "a/web", &rules, vec![Dependence::HostNetwork], &says);

    let says = format!("rules 1 and 2 depend on {node} and on {address}; here it does not admit");
    let both = vec![Dependence::HostNetwork, Dependence::UnknownAddress];
    check(&usual, "b/agent", "a/web", &format!("{}, {some}", pods("")), both, &says);
}

#[test]
fn what_a_pod_on_its_nodes_network_is() {
    let agent = |plugin: Plugin| {
        let mut model = cluster(&[
            &deployment("a/web", ""),
            &deployment("a/agent", "hostNetwork: true"),
            &policy("p", "podSelector: {matchLabels: {app: agent}}"),
        ]);
        model.plugin = plugin;
        part(&model, "a/web", "a/agent").says
    };
    let depends = "cannot decide: it depends on whether the network plugin takes a pod on its \
                   node's network for the node; here it";
    assert_eq!(agent(Plugin::default()), format!("{depends} does not apply"));
    let ordinary = plugin(IpBlockPods::Ip, HostNetwork::Pod);
    assert_eq!(agent(ordinary), format!("{depends} does not admit"));
}

/// A rule is not blamed for what its policy depends on by another one.
#[test]
fn each_rule_depends_on_its_own() {
    let mut model = closed(&format!("ingress: [{}, {}]", pods(""), block("cidr: 10.0.0.0/8")));
    model.plugin = plugin(IpBlockPods::Ip, HostNetwork::Pod);
    let part = part(&model, "b/agent", "a/web");
    assert_eq!(
        part.says,
        "cannot decide: rule 1 depends on whether the network plugin takes a pod on its node's \
         network for the node; here it admits"
    );
    assert_eq!(part.rules[0].depends_on, [Dependence::HostNetwork]);
    assert_eq!(part.rules[1].depends_on, [Dependence::UnknownAddress]);
}

/// What one rule cannot decide, another one can.
#[test]
fn a_rule_may_depend_on_what_its_policy_does_not() {
    let model = closed(&format!("ingress: [{}, {}]", block("cidr: 10.0.0.0/8"), pods("")));
    let part = part(&model, "b/caller", "a/web");
    assert_eq!(part.stance, Stance::Admits);
    assert_eq!(part.says, "admits by rules 1 and 2");
    assert_eq!(part.rules[0].depends_on, [Dependence::IpBlockPods]);
    assert_eq!(part.rules[1].depends_on, []);
}

/// The lookup of a pod of `kube-system` has both its sides in one section.
#[test]
fn a_policy_of_both_ends_of_a_lookup() {
    let all = policy("p", "ingress: [{}], policyTypes: [Ingress, Egress]");
    let all = all.replace("namespace: a", "namespace: kube-system");
    let web = service("web", "selector: {app: web}, ports: [{port: 80}]");
    let model =
        cluster(&[&deployment("a/web", ""), &deployment("kube-system/job", ""), &web, &all]);
    let explanation = explained(&model, "kube-system/job", "web.a", 80);
    let says: Vec<_> = explanation.sections[0].parts.iter().map(|part| &part.says).collect();
    assert_eq!(
        says,
        ["does not admit: it defines no egress rules (egress)", "admits by rule 1 (ingress)"]
    );
}
