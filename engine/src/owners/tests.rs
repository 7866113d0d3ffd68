//! Texts, and the workloads that they come to.

use super::*;
use crate::assemble::{Assembled, assemble};
use crate::compile::{Defaults, compile};
use crate::evaluate::IpBlockPods;
use crate::manifest::{self, Source};

fn assembled(text: &str) -> Assembled {
    let reading = manifest::read(&Source::new("test", text));
    let assembled = assemble([&compile(&reading, &Defaults::default())], &[]);
    assert_eq!(assembled.diagnostics, [], "in\n{text}");
    assembled
}

fn merged(text: &str, plugin: &Plugin) -> (Assembled, Merged) {
    let assembled = assembled(text);
    let merged = merge(&assembled.cluster, &assembled.policies, plugin);
    (assembled, merged)
}

/// What is left of a text: `name[Kind]` or, outside the namespace `default`, `ns/name[Kind]`, and after
/// a colon the objects that it is made of.
fn lines(text: &str, plugin: &Plugin) -> Vec<String> {
    let (assembled, merged) = merged(text, plugin);
    let line = |(workload, members): (&Workload, &Vec<usize>)| {
        let id = workload.id();
        let members = members.iter().map(|&i| assembled.cluster.workloads[i].name.as_str());
        let members: Vec<_> = members.collect();
        format!("{}: {}", id.strip_prefix("default/").unwrap_or(&id), members.join(" "))
    };
    let workloads = merged.cluster.workloads.iter().zip(&merged.members);
    workloads.filter(|(workload, _)| !workload.is_implicit()).map(line).collect()
}

fn check(documents: &[&str], expected: &[&str]) {
    let text = documents.join("\n---\n");
    assert_eq!(lines(&text, &Plugin::default()), expected, "in\n{text}");
}

fn check_notes(documents: &[&str], expected: &[&str], notes: &[&str]) {
    check(documents, expected);
    let (_, merged) = merged(&documents.join("\n---\n"), &Plugin::default());
    let said: Vec<_> = merged.notes.iter().map(ToString::to_string).collect();
    assert_eq!(said, notes);
}

/// A field of `metadata` that says who the controller is: `Kind/name`, and `#uid` where it is told.
fn owned(by: &str) -> String {
    let (owner, uid) = by.split_once('#').unwrap_or((by, ""));
    let (kind, name) = owner.split_once('/').unwrap();
    format!("ownerReferences: [{{kind: {kind}, name: {name}, uid: \"{uid}\", controller: true}}]")
}

/// A Pod with these labels, more fields of its `metadata`, and fields of its own.
fn pod(name: &str, labels: &str, metadata: &str, more: &str) -> String {
    let metadata = format!("{{name: {name}, labels: {{{labels}}}, {metadata}}}");
    format!("apiVersion: v1\nkind: Pod\nmetadata: {metadata}\n{more}")
}

/// A controller whose template has these labels.
fn controller(kind: &str, name: &str, labels: &str, metadata: &str, spec: &str) -> String {
    let template = format!("template: {{metadata: {{labels: {{{labels}}}}}}}");
    let spec = match kind {
        "CronJob" => format!("{{jobTemplate: {{spec: {{{template}}}}}, {spec}}}"),
        _ => format!("{{{template}, {spec}}}"),
    };
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, {metadata}}}\nspec: {spec}"
    )
}

/// A NetworkPolicy for ingress with this selector and these rules.
fn policy(name: &str, selector: &str, ingress: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}}}\n\
         spec: {{podSelector: {{{selector}}}, ingress: [{ingress}]}}"
    )
}

fn service(name: &str, selector: &str, target: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n\
         spec: {{selector: {{{selector}}}, ports: [{{port: 80, targetPort: {target}}}]}}"
    )
}

#[test]
fn an_owner_and_what_it_owns_are_one() {
    let deployment = controller("Deployment", "web", "app: web", "uid: d", "replicas: 2");
    let set = controller(
        "ReplicaSet",
        "web-1",
        "app: web",
        &(owned("Deployment/web#d") + ", uid: r"),
        "",
    );
    let old =
        controller("ReplicaSet", "web-0", "app: web", &owned("Deployment/web#d"), "replicas: 0");
    let a = pod("web-1-a", "app: web", &owned("ReplicaSet/web-1#r"), "");
    let b = pod("web-1-b", "app: web", &owned("ReplicaSet/web-1#r"), "");
    let all = [&*deployment, &set, &old, &a, &b];
    check_notes(&all, &["web[Deployment]: web-1-a web-1-b"], &[]);
    // Without live pods the template counts: that of the head, as far as the input holds it.
    check_notes(&all[..3], &["web[Deployment]: web"], &[]);
    check_notes(&all[1..3], &["web[Deployment]: web-1"], &[]);
    // A server tells no `uid` twice, but a text need not tell any.
    let bare = controller("Deployment", "web", "app: web", "", "");
    check(&[&bare, &set, &a], &["web[Deployment]: web-1-a"]);
}

#[test]
fn jobs_statefulsets_and_kinds_that_are_not_read() {
    let cron = controller("CronJob", "tidy", "app: tidy", "", "");
    let job = controller("Job", "tidy-1", "app: tidy", &owned("CronJob/tidy"), "");
    let a = pod("tidy-1-a", "app: tidy, job-name: tidy-1", &owned("Job/tidy-1"), "");
    check(&[&cron, &job, &a], &["tidy[CronJob]: tidy-1-a"]);
    check(&[&cron, &job], &["tidy[CronJob]: tidy"]);
    check(&[&job, &a], &["tidy[CronJob]: tidy-1-a"]);
    // A Job can be made by hand, and be called like this.
    check(&[&cron, &a], &["tidy[CronJob]: tidy", "tidy-1[Job]: tidy-1-a"]);

    let sets = controller("ReplicaSet", "shop-1", "app: shop", &owned("Rollout/shop"), "");
    let b = pod("shop-1-b", "app: shop", &owned("ReplicaSet/shop-1"), "");
    let c = pod("brokers-0", "app: mq", &owned("StrimziPodSet/brokers"), "");
    check(&[&sets, &b, &c], &["brokers[StrimziPodSet]: brokers-0", "shop[Rollout]: shop-1-b"]);

    let controller_of_old =
        controller("ReplicationController", "old-3", "", &owned("DeploymentConfig/old"), "")
            .replace("apps/v1", "v1");
    check(&[&controller_of_old], &["old[DeploymentConfig]: old-3"]);

    // What tells the pods of a StatefulSet apart is there for all of them, and no rule mentions it.
    let set = controller("StatefulSet", "db", "app: db", "", "");
    let d = pod(
        "db-0",
        "app: db, statefulset.kubernetes.io/pod-name: db-0",
        &owned("StatefulSet/db"),
        "",
    );
    let e = pod(
        "db-1",
        "app: db, statefulset.kubernetes.io/pod-name: db-1",
        &owned("StatefulSet/db"),
        "",
    );
    let closed = policy("db", "matchLabels: {app: db}", "");
    check(&[&set, &d, &e, &closed], &["db[StatefulSet]: db-0 db-1"]);

    // What operators own has nothing else in common.
    let cache = controller("Deployment", "cache", "app: cache", &owned("ArgoCD/argo"), "");
    let server = controller("Deployment", "server", "app: server", &owned("ArgoCD/argo"), "");
    check(&[&cache, &server], &["cache[Deployment]: cache", "server[Deployment]: server"]);
}

#[test]
fn pods_of_an_absent_owner_are_one() {
    let hashed = "app: web, pod-template-hash: 5d59d67564";
    let set = owned("ReplicaSet/web-5d59d67564#r");
    let (a, b) = (pod("a", hashed, &set, ""), pod("b", hashed, &set, ""));
    check(&[&a, &b], &["web[Deployment]: a b"]);
    // Of a Deployment in the input they are too, with nothing between.
    let deployment = controller("Deployment", "web", "app: web", "uid: d", "");
    check(&[&deployment, &a, &b], &["web[Deployment]: a b"]);
    // Two generations during a rollout.
    let next = pod("c", "app: web, pod-template-hash: 7f", &owned("ReplicaSet/web-7f"), "");
    check(&[&a, &next], &["web[Deployment]: a c"]);
    // The hash must be what the name ends with.
    let other = pod("d", hashed, &owned("ReplicaSet/web-1"), "");
    check(&[&a, &other], &["web[Deployment]: a", "web-1[ReplicaSet]: d"]);
    let rollout = pod("e", "rollouts-pod-template-hash: 7f", &owned("ReplicaSet/web-7f"), "");
    check(&[&rollout], &["web[Rollout]: e"]);
}

#[test]
fn who_is_no_owner() {
    let (a, b) = (pod("a", "", &owned("Node/node-1"), ""), pod("b", "", &owned("Node/node-1"), ""));
    let on_node = |pod: &str| pod.replace("kind: Node", "apiVersion: v1, kind: Node");
    check(&[&on_node(&a), &on_node(&b)], &["a[Pod]: a", "b[Pod]: b"]);
    // Owners are in the namespace of what they own.
    let deployment = controller("Deployment", "web", "", "namespace: there", "");
    let c = pod("c", "", &owned("Deployment/web"), "");
    check(&[&deployment, &c], &["web[Deployment]: c", "there/web[Deployment]: web"]);
    // What is no name of an object, or no kind, is passed over.
    let odd =
        pod("d", "", "ownerReferences: [{kind: Deployment, name: \"a b\", controller: true}]", "");
    let nameless = pod("e", "", "ownerReferences: [{kind: \"\", name: x, controller: true}]", "");
    check(&[&odd, &nameless], &["d[Pod]: d", "e[Pod]: e"]);
    // An owner that is no controller counts where none is, and if pods can come from it.
    let config = "{kind: ConfigMap, name: x}";
    let owners = |list: &str| format!("ownerReferences: [{list}]");
    let set = pod("f", "", &owners(&format!("{config}, {{kind: ReplicaSet, name: s}}")), "");
    let only = pod("g", "", &owners(config), "");
    let both =
        pod("h", "", &owners("{kind: Job, name: j}, {kind: Thing, name: t, controller: true}"), "");
    check(&[&set, &only, &both], &["g[Pod]: g", "s[ReplicaSet]: f", "t[Thing]: h"]);
}

#[test]
fn a_uid_that_differs_is_another_owner() {
    let deployment = controller("Deployment", "web", "app: web", "uid: new", "");
    let of_old = pod("a", "app: web", &owned("Deployment/web#old"), "");
    let of_new = pod("b", "app: web", &owned("Deployment/web#new"), "");
    let both = ["web (a)[Deployment]: a", "web (b)[Deployment]: b"];
    check(&[&deployment, &of_old, &of_new], &both);
    // Renamed since: the `uid` is the same.
    let renamed = controller("Deployment", "team-web", "app: web", "uid: new", "");
    check(&[&renamed, &of_new], &["team-web[Deployment]: b"]);
    // Without one it is whatever has the name.
    let of_any = pod("c", "app: web", &owned("Deployment/web"), "");
    check(&[&of_any, &of_old], &["web[Deployment]: a c"]);
    check(&[&of_any, &deployment], &["web[Deployment]: c"]);
}

#[test]
fn owners_in_a_circle_own_nothing_of_it() {
    let set = |name: &str, owner: &str| controller("ReplicaSet", name, "", &owned(owner), "");
    let (a, b) = (set("a", "ReplicaSet/b"), set("b", "ReplicaSet/a"));
    check(&[&a, &b], &["a[ReplicaSet]: a", "b[ReplicaSet]: b"]);
    let below = pod("p", "", &owned("ReplicaSet/a"), "");
    check(&[&a, &b, &below], &["a[ReplicaSet]: p", "b[ReplicaSet]: b"]);
    check(&[&set("c", "ReplicaSet/c")], &["c[ReplicaSet]: c"]);
}

#[test]
fn selectors_tell_pods_apart() {
    let of = |name: &str, labels: &str| pod(name, labels, &owned("Deployment/web"), "");
    let stable = of("a", "app: web, track: stable");
    let canary = of("b", "app: web, track: canary");
    let plain = of("c", "app: web");
    let one = ["web[Deployment]: a b"];
    let two = ["web (track=canary)[Deployment]: b", "web (track=stable)[Deployment]: a"];
    let check = |rules: &str, expected: &[&str]| check(&[&stable, &canary, rules], expected);
    check(&policy("p", "matchLabels: {app: web}", ""), &one);
    check(&policy("p", "matchLabels: {track: canary}", ""), &two);
    check(&service("s", "track: canary", "80"), &two);
    let from = |peer: &str| policy("p", "", &format!("{{from: [{{{peer}}}]}}"));
    check(&from("podSelector: {matchLabels: {track: canary}}"), &two);
    check(&from("namespaceSelector: {}, podSelector: {matchLabels: {track: canary}}"), &two);
    // A selector that mentions the label, and selects both or neither, or looks elsewhere.
    let expression = |e: &str| policy("p", &format!("matchExpressions: [{e}]"), "");
    check(&expression("{key: track, operator: In, values: [stable, canary]}"), &one);
    check(&expression("{key: track, operator: NotIn, values: [canary]}"), &two);
    check(&expression("{key: track, operator: Exists}"), &one);
    check(&policy("p", "matchLabels: {track: canary, app: api}", ""), &one);
    check(&service("s", "track: canary, app: api", "80"), &one);
    check(
        &policy("p", "matchLabels: {track: canary}", "")
            .replace("{name: p}", "{name: p, namespace: there}"),
        &one,
    );
    let elsewhere =
        "namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchLabels: {track: canary}}";
    check(&from(elsewhere), &one);

    let canaries = policy("p", "matchLabels: {track: canary}", "");
    super::tests::check(
        &[&plain, &canary, &canaries],
        &["web (!track)[Deployment]: c", "web (track=canary)[Deployment]: b"],
    );
    // Stable and plain ones are no canaries.
    super::tests::check(
        &[&plain, &stable, &canary, &canaries],
        &["web (track=canary)[Deployment]: b", "web (track=stable)[Deployment]: a c"],
    );
    // One of a StatefulSet's pods has a Service of its own.
    let named = |n: &str| format!("app: db, statefulset.kubernetes.io/pod-name: {n}");
    let [x, y, z] =
        ["db-0", "db-1", "db-2"].map(|n| pod(n, &named(n), &owned("StatefulSet/db"), ""));
    super::tests::check(
        &[&x, &y, &z, &service("first", "statefulset.kubernetes.io/pod-name: db-0", "80")],
        &[
            "db (statefulset.kubernetes.io/pod-name=db-0)[StatefulSet]: db-0",
            "db (statefulset.kubernetes.io/pod-name=db-1)[StatefulSet]: db-1 db-2",
        ],
    );
}

#[test]
fn names_of_ports_tell_pods_apart() {
    let of = |name: &str, number: u16| {
        let ports = format!("[{{containerPort: {number}, name: http}}]");
        let spec = format!("spec: {{containers: [{{name: c, ports: {ports}}}]}}");
        pod(name, "app: web", &owned("Deployment/web"), &spec)
    };
    let (a, b) = (of("a", 80), of("b", 8080));
    let one = ["web[Deployment]: a b"];
    let two = ["web (a)[Deployment]: a", "web (b)[Deployment]: b"];
    let check = |rules: &str, expected: &[&str]| check(&[&a, &b, rules], expected);
    check("", &one);
    check(&service("s", "app: web", "8080"), &one);
    check(&service("s", "app: web", "http"), &two);
    check(&service("s", "app: web", "https"), &one);
    check(&policy("p", "", "{ports: [{port: http}]}"), &two);
    check(&policy("p", "", "{ports: [{port: http, protocol: UDP}]}"), &one);
    check(&policy("p", "", "{ports: [{port: 80}]}"), &one);
    let there = |text: String| text.replace("{name: p}", "{name: p, namespace: there}");
    check(&there(policy("p", "", "{ports: [{port: http}]}")), &one);
    check(
        &there(policy("p", "", "").replace("ingress: []", "egress: [{ports: [{port: http}]}]")),
        &two,
    );
}

#[test]
fn blocks_tell_pods_apart() {
    let of = |name: &str, status: &str| {
        pod(name, "app: web", &owned("Deployment/web"), &format!("status: {{{status}}}"))
    };
    let a = of("a", "podIP: 10.244.0.1");
    let b = of("b", "podIP: 10.244.1.1");
    let unknown = of("c", "phase: Pending");
    let block = |block: &str| policy("p", "", &format!("{{from: [{{ipBlock: {{{block}}}}}]}}"));
    let one = ["web[Deployment]: a b c"];
    let check = |rules: &str, expected: &[&str]| check(&[&a, &b, &unknown, rules], expected);
    check("", &one);
    check(&block("cidr: 0.0.0.0/0"), &one);
    check(&block("cidr: 10.244.0.0/16"), &one);
    check(&block("cidr: 203.0.113.0/24"), &one);
    check(
        &block("cidr: 10.244.0.0/24"),
        &["web (a)[Deployment]: a", "web (b and 1 more)[Deployment]: b c"],
    );
    check(
        &block("cidr: 0.0.0.0/0, except: [10.244.0.0/24]"),
        &["web (a and 1 more)[Deployment]: a c", "web (b)[Deployment]: b"],
    );
    // An edge between two addresses is nothing to a block that holds both.
    check(
        &block("cidr: 10.244.0.0/23, except: [10.244.0.128/25]"),
        &["web (a and 1 more)[Deployment]: a b", "web (c)[Deployment]: c"],
    );
    let mut never = Plugin::default();
    never.ip_block_pods = IpBlockPods::Never;
    let text = [&*a, &b, &unknown, &block("cidr: 10.244.0.0/24")].join("\n---\n");
    assert_eq!(lines(&text, &never), one);

    // Whom a pod can talk to at all depends on its families, once there are two.
    let ipv6 = of("d", "podIP: \"fd00::1\"");
    let both = of("e", "podIPs: [{ip: 10.244.0.5}, {ip: \"fd00::2\"}]");
    super::tests::check(
        &[&a, &unknown, &ipv6, &both],
        &[
            "web (a)[Deployment]: a",
            "web (c and 1 more)[Deployment]: c e",
            "web (d)[Deployment]: d",
        ],
    );
    super::tests::check(&[&a, &unknown, &block("cidr: \"::/0\"")], &["web[Deployment]: a c"]);
}

#[test]
fn the_network_of_the_node_tells_pods_apart() {
    let of = |name: &str, spec: &str| {
        let spec = format!("spec: {{{spec}}}\nstatus: {{podIP: 192.168.0.1, hostIP: 192.168.0.1}}");
        pod(name, "app: agent", &owned("DaemonSet/agent"), &spec)
    };
    let (a, b) = (of("a", "hostNetwork: true, nodeName: x"), of("b", "nodeName: x"));
    check(&[&a, &b], &["agent (a)[DaemonSet]: a", "agent (b)[DaemonSet]: b"]);
    // On which node does not, or there would be as many parts as nodes: what they share is kept.
    let c = of("c", "hostNetwork: true, nodeName: z");
    let node_of = |documents: &[&str]| {
        check(documents, &["agent[DaemonSet]: a c"]);
        merged(&documents.join("\n---\n"), &Plugin::default()).1.cluster.workloads[0].node.clone()
    };
    assert_eq!(node_of(&[&a, &c]), None);
    let d = of("c", "hostNetwork: true, nodeName: x");
    assert_eq!(node_of(&[&a, &d]).as_deref(), Some("x"));
}

#[test]
fn what_has_finished_or_has_no_pods_is_noted_and_left_out() {
    let pod_of = |name: &str, phase: &str, owner: &str| {
        pod(name, "", &owned(owner), &format!("status: {{phase: {phase}}}"))
    };
    let ended = pod("p", "", "", "status: {phase: Failed}");
    check_notes(&[&ended], &[], &["test:1:1: info: Pod `default/p` is left out: it has finished"]);

    let cron = controller("CronJob", "tidy", "", "", "");
    let job = controller("Job", "tidy-1", "", &owned("CronJob/tidy"), "");
    let next = controller("Job", "tidy-2", "", &owned("CronJob/tidy"), "");
    let a = pod_of("a", "Succeeded", "Job/tidy-1");
    let b = pod_of("b", "Failed", "Job/tidy-1");
    let c = pod_of("c", "Running", "Job/tidy-2");
    let two = "2 pods of CronJob `default/tidy` are left out: they have finished";
    let two = [&*format!("test:1:1: info: {two}")];
    check_notes(&[&a, &b, &job, &cron], &["tidy[CronJob]: tidy"], &two);
    check_notes(&[&a, &b, &job, &cron, &next, &c], &["tidy[CronJob]: c"], &two);
    // A Job of its own is over with its pods; one whose pods have failed tries again.
    let job = controller("Job", "once", "", "", "");
    let done = pod_of("a", "Succeeded", "Job/once");
    let failed = pod_of("b", "Failed", "Job/once");
    let one = ["test:1:1: info: a pod of Job `default/once` is left out: it has finished"];
    check_notes(&[&done, &job], &[], &one);
    check_notes(&[&failed, &job], &["once[Job]: once"], &one);
    let complete = |state: &str| {
        format!("{job}\nstatus: {{conditions: [{{type: Complete, status: \"{state}\"}}]}}")
    };
    check_notes(
        &[&complete("True")],
        &[],
        &["test:1:1: info: Job `default/once` is left out: it has finished"],
    );
    check_notes(&[&complete("False")], &["once[Job]: once"], &[]);
    // Evicted pods have been replaced, or are going to be.
    let web = controller("Deployment", "web", "", "", "");
    let evicted = pod_of("web-1-a", "Failed", "Deployment/web");
    let said = ["test:1:1: info: a pod of Deployment `default/web` is left out: it has finished"];
    check_notes(&[&evicted, &web], &["web[Deployment]: web"], &said);

    let none = |kind, field| {
        let notes = format!(
            "test:1:1: info: {kind} `default/w` is left out: it has no pods, by `{field}: 0`"
        );
        check_notes(&[&controller(kind, "w", "", "", &format!("{field}: 0"))], &[], &[&notes]);
    };
    none("Deployment", "replicas");
    none("StatefulSet", "replicas");
    none("Job", "parallelism");
    // Those of one owner in one note, even if the input does not hold it.
    let old = |name| controller("ReplicaSet", name, "", &owned("Deployment/web"), "replicas: 0");
    let note =
        "test:1:1: info: Deployment `default/web` is left out: it has no pods, by `replicas: 0`";
    check_notes(&[&old("web-1"), &old("web-2")], &[], &[note]);
    // One that is still there because its pods are says less than they do.
    let zero = controller("Deployment", "web", "", "", "replicas: 0");
    let leaving = pod_of("p", "Running", "Deployment/web");
    check_notes(&[&zero, &leaving], &["web[Deployment]: p"], &[]);
    let suspended = controller("CronJob", "tidy", "", "", "suspend: true");
    check_notes(&[&suspended], &["tidy[CronJob]: tidy"], &[]);
}

#[test]
fn a_part_is_what_its_pods_are() {
    let of = |name: &str, ip: &str, hash: &str| {
        let spec = format!(
            "spec: {{nodeName: x, containers: [{{name: c, ports: [{{containerPort: {ip}}}]}}]}}\n\
             status: {{podIP: 10.0.0.{ip}}}"
        );
        pod(
            name,
            &format!("app: web, pod-template-hash: \"{hash}\""),
            &owned("Deployment/web"),
            &spec,
        )
    };
    let template = controller("Deployment", "web", "app: old, tier: x", "uid: d", "replicas: 5");
    let documents = [template, of("a", "1", "17"), of("b", "2", "18")];
    let (_, merged) = merged(&documents.join("\n---\n"), &Plugin::default());
    let Workload { labels, replicas, ports, addresses, node, pods, uid, location, .. } =
        &merged.cluster.workloads[0];
    assert_eq!(*labels, [("app".to_owned(), "web".to_owned())].into());
    assert_eq!(*replicas, Replicas::Several);
    assert_eq!(ports.iter().map(|port| port.port).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(addresses.len(), 2);
    assert_eq!(node.as_deref(), Some("x"));
    assert_eq!(pods.iter().map(|pod| pod.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(uid.as_deref(), Some("d"));
    assert_eq!(location.as_ref().map(|at| at.line), Some(1));

    let (_, single) = self::merged(&documents[..2].join("\n---\n"), &Plugin::default());
    assert_eq!(single.cluster.workloads[0].replicas, Replicas::One);
}

#[test]
fn there_is_a_dns_whatever_is_left_out() {
    let dns = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: coredns, namespace: kube-system}\n\
               spec: {replicas: 0, template: {metadata: {labels: {k8s-app: kube-dns}}}}";
    let (_, merged) = merged(dns, &Plugin::default());
    let left: Vec<_> = merged.cluster.workloads.iter().map(Workload::id).collect();
    assert_eq!(left, ["kube-system/kube-dns[Deployment]"]);
    assert_eq!(merged.members, [Vec::<usize>::new()]);
}
