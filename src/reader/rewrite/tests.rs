//! Lists changed in texts of every style.

use super::*;
use crate::analysis;
use crate::policy::Rule;

fn policies(text: &str) -> Vec<Policy> {
    let objects = analysis::read(&Source::new("a.yaml", text)).objects;
    let policy = |object| match object {
        Declared::Policy(policy) => Some(policy),
        _ => None,
    };
    objects.into_iter().filter_map(policy).collect()
}

/// Rules, as they are read.
fn rules(text: &str) -> Vec<Rule> {
    let text = format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, \
         spec: {{ingress: [{text}]}}}}"
    );
    policies(&text).remove(0).ingress.unwrap()
}

fn put_rules(at: usize, removed: usize, added: &str) -> Edit {
    Edit::Rules(Splice { at, removed, added: rules(added) })
}

fn put_peers(rule: usize, at: usize, removed: usize, added: &str) -> Edit {
    let added = rules(&format!("{{from: [{added}]}}")).remove(0).peers;
    Edit::Peers { rule, splice: Splice { at, removed, added } }
}

fn put_ports(rule: usize, at: usize, removed: usize, added: &str) -> Edit {
    let added = rules(&format!("{{ports: [{added}]}}")).remove(0).ports;
    Edit::Ports { rule, splice: Splice { at, removed, added } }
}

/// What comes of edits of the ingress of the first policy of a text.
fn rewritten(text: &str, direction: Direction, edits: Vec<Edit>) -> Rewritten {
    let policy = &policies(text)[0];
    let edits: Vec<_> = edits.into_iter().map(|edit| (direction, edit)).collect();
    rewrite("a.yaml", text, policy, &edits).unwrap()
}

#[track_caller]
fn check(before: &str, edits: Vec<Edit>, after: &str) {
    let after = Rewritten::Here(after.to_owned());
    assert_eq!(rewritten(before, Direction::Ingress, edits), after, "{before}");
}

const HEAD: &str =
    "# of the shop\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n";

/// A policy with this after `spec:`, between other documents.
fn among(spec: &str) -> String {
    let pod = |name: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n");
    format!("{}---\n{HEAD}spec:\n{spec}---\n{}", pod("a"), pod("b"))
}

#[track_caller]
fn check_spec(before: &str, edits: Vec<Edit>, after: &str) {
    check(&among(before), edits, &among(after));
}

const PORT: &str = "{port: 81}";
const PEER: &str = "{podSelector: {matchLabels: {app: b}}}";

#[test]
fn items_are_added_in_block_style() {
    let spec = |more: &str| {
        format!(
            "  podSelector: {{}} # all
  ingress:
    # the first
    - from:
        - podSelector:
            matchLabels:
              app: a # why
        # the end
      ports:
        - port: 80 # http
{more}
    # after the rules
  policyTypes:
    - Ingress
"
        )
        .replace("\n\n", "\n")
    };
    let port = spec("        - protocol: TCP\n          port: 81");
    check_spec(&spec(""), vec![put_ports(0, 1, 0, PORT)], &port);
    let peer = spec("").replace(
        "app: a # why\n",
        "app: a # why\n        - podSelector:\n            matchLabels:\n              app: b\n",
    );
    check_spec(&spec(""), vec![put_peers(0, 1, 0, PEER)], &peer);
    let rule = spec("    - ports:\n        - protocol: TCP\n          port: 81");
    check_spec(&spec(""), vec![put_rules(1, 0, "{ports: [{port: 81}]}")], &rule);
    // Both, one after the other.
    let both = spec("        - protocol: TCP\n          port: 81\n    - {}");
    check_spec(&spec(""), vec![put_ports(0, 1, 0, PORT), put_rules(1, 0, "{}")], &both);
}

#[test]
fn items_stand_where_their_list_does() {
    // Lists can begin where their key does.
    check_spec(
        "  ingress:\n  - ports:\n    - port: 80\n  podSelector: {}\n",
        vec![put_ports(0, 1, 0, PORT)],
        "  ingress:\n  - ports:\n    - port: 80\n    - protocol: TCP\n      port: 81\n  podSelector: {}\n",
    );
    check_spec(
        "  ingress:\n  -   ports:\n      -   port: 80\n",
        vec![put_rules(1, 0, "{ports: [{port: 81}]}")],
        "  ingress:\n  -   ports:\n      -   port: 80\n  - ports:\n      - protocol: TCP\n        port: 81\n",
    );
    // The text may end without the end of a line, and have those of another system.
    let end =
        |more: &str| format!("{HEAD}spec:\n  ingress:\n    - ports:\n        - port: 80{more}");
    check(
        &end(""),
        vec![put_ports(0, 1, 0, PORT)],
        &end("\n        - protocol: TCP\n          port: 81"),
    );
    let windows = |text: &str| text.replace('\n', "\r\n");
    check(
        &windows(&end("\n")),
        vec![put_ports(0, 1, 0, PORT)],
        &windows(&end("\n        - protocol: TCP\n          port: 81\n")),
    );
}

#[test]
fn items_are_removed_in_block_style() {
    let spec = "  ingress:
    - from:
        - podSelector: {}
        # of all namespaces
        - namespaceSelector: {}
      ports:
        - port: 80
        - port: 81 # the second

    # the second rule
    - ports:
        - port: 82
  policyTypes: [Ingress]
";
    let without = |piece: &str| spec.replace(piece, "");
    check_spec(spec, vec![put_ports(0, 1, 1, "")], &without("        - port: 81 # the second\n"));
    check_spec(spec, vec![put_ports(0, 0, 1, "")], &without("        - port: 80\n"));
    check_spec(spec, vec![put_peers(0, 1, 1, "")], &without("        - namespaceSelector: {}\n"));
    check_spec(spec, vec![put_rules(1, 1, "")], &without("    - ports:\n        - port: 82\n"));
    check_spec(
        spec,
        vec![put_rules(1, 1, ""), put_rules(0, 1, "")],
        "  ingress: []\n\n    # the second rule\n  policyTypes: [Ingress]\n",
    );
    check_spec(
        spec,
        vec![put_peers(0, 0, 1, PEER)],
        &spec.replace(
            "        - podSelector: {}\n",
            "        - podSelector:\n            matchLabels:\n              app: b\n",
        ),
    );
}

#[test]
fn lists_that_are_not_there_are_begun() {
    let rule = "    - ports:\n        - protocol: TCP\n          port: 81\n";
    for (before, after) in
        [("", ""), ("  ingress: []\n", ""), ("  ingress: [] # none\n", " # none")]
    {
        let policy = |list: &str| format!("  policyTypes: [Ingress]\n{list}");
        let list = format!("  ingress:{after}\n{rule}");
        check_spec(&policy(before), vec![put_rules(0, 0, "{ports: [{port: 81}]}")], &policy(&list));
    }
    check_spec(
        "  ingress:\n    - ports:\n        - port: 80\n    - {}\n",
        vec![put_peers(0, 0, 0, "{podSelector: {}}"), put_ports(1, 0, 0, PORT)],
        "  ingress:\n    - ports:\n        - port: 80\n      from:\n        - podSelector: {}\n    \
         - {ports: [{protocol: TCP, port: 81}]}\n",
    );
}

#[test]
fn flow_style_stays() {
    check_spec(
        "  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}, {port: http}]}]\n",
        vec![
            put_ports(0, 2, 0, PORT),
            put_peers(0, 0, 1, PEER),
            put_rules(1, 0, "{}"),
            put_ports(0, 0, 1, ""),
        ],
        "  ingress: [{from: [{podSelector: {matchLabels: {app: b}}}], \
         ports: [{port: http}, {protocol: TCP, port: 81}]}, {}]\n",
    );
    // Brackets in comments and in quotes are none.
    check_spec(
        "  ingress: [\n    {ports: [{port: 80}]}, # 1: a, b}\n    {ports: [{port: \"http\"}], from: []},\n  ]\n",
        vec![put_rules(0, 1, ""), put_rules(1, 0, "{ports: [{port: 81}]}")],
        "  ingress: [\n    {ports: [{port: \"http\"}], from: []}, {ports: [{protocol: TCP, port: 81}]},\n  ]\n",
    );
    check(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {}}",
        vec![put_rules(0, 0, "{ports: [{port: 81}]}")],
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, \
         spec: {ingress: [{ports: [{protocol: TCP, port: 81}]}]}}",
    );
}

#[test]
fn json_stays_json() {
    let json = |spec: &str| {
        format!(
            "{{\n  \"apiVersion\": \"networking.k8s.io/v1\",\n  \"kind\": \"NetworkPolicy\",\n  \
             \"metadata\": {{\"name\": \"p\"}},\n  \"spec\": {spec}\n}}\n"
        )
    };
    check(
        &json("{\n    \"ingress\": [\n      {\"ports\": [{\"port\": 80}]}\n    ]\n  }"),
        vec![put_ports(0, 1, 0, PORT), put_peers(0, 0, 0, PEER)],
        &json(
            "{\n    \"ingress\": [\n      {\"ports\": [{\"port\": 80}, {\"protocol\": \"TCP\", \"port\": 81}], \
             \"from\": [{\"podSelector\": {\"matchLabels\": {\"app\": \"b\"}}}]}\n    ]\n  }",
        ),
    );
    check(&json("{}"), vec![put_rules(0, 0, "{}")], &json("{\"ingress\": [{}]}"));
}

#[test]
fn a_policy_of_a_list_is_changed_where_it_stands() {
    let list = |port: &str| {
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  \
             metadata:\n    name: p\n  spec:\n    ingress:\n    - ports:\n      - port: 80\n{port}- \
             apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n"
        )
    };
    check(
        &list(""),
        vec![put_ports(0, 1, 0, PORT)],
        &list("      - protocol: TCP\n        port: 81\n"),
    );
}

#[test]
fn types_are_listed_where_no_rule_tells_them_any_more() {
    let spec = |rest: &str| format!("{HEAD}spec:\n  podSelector: {{}}\n{rest}");
    let remove = || vec![put_rules(0, 1, "")];
    let types = "  policyTypes:\n    - Ingress\n    - Egress\n";
    let egress = rewritten(&spec("  egress:\n    - {}\n"), Direction::Egress, remove());
    assert_eq!(egress, Rewritten::Here(spec(&format!("  egress: []\n{types}"))));
    let egress =
        rewritten(&spec("  egress: [{}]\n  policyTypes: []\n"), Direction::Egress, remove());
    assert_eq!(egress, Rewritten::Here(spec(&format!("  egress: []\n{types}"))));
}

#[test]
fn what_cannot_be_changed_in_place_is_written_anew() {
    let metadata =
        "metadata:\n  name: p\n  labels:\n    team: red\n  annotations:\n    why: \"1\"\n";
    let head = HEAD.replace("metadata:\n  name: p\n", metadata);
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
    // A rule that is another one too would change with it.
    let text = format!(
        "{head}spec:\n  ingress:\n    - &r\n      ports:\n        - port: 80\n    - *r\n{pod}"
    );
    let anew = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n  \
                labels:\n    team: red\n  annotations:\n    why: \"1\"\nspec:\n  \
                podSelector: {}\n  policyTypes:\n    - Ingress\n  ingress:\n    - ports:\n        - protocol: TCP\n          \
                port: 80\n        - protocol: TCP\n          port: 81\n    - ports:\n        - protocol: TCP\n          \
                port: 80\n";
    check(&text, vec![put_ports(0, 1, 0, PORT)], &format!("# of the shop\n{anew}{pod}"));
    // Among the items of a list it cannot be, and goes into another file.
    let item = |line: &str| format!("  {line}\n");
    let object = head.strip_prefix("# of the shop\n").unwrap();
    let lines: String = object.lines().map(item).collect();
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n-{}  spec:\n    ingress:\n      - &r\n        ports:\n          \
         - port: 80\n      - *r\n",
        lines.strip_prefix(' ').unwrap()
    );
    let apart = rewritten(&list, Direction::Ingress, vec![put_ports(0, 1, 0, PORT)]);
    assert_eq!(apart, Rewritten::Apart(anew.to_owned()));
}

#[test]
fn a_policy_that_is_not_there_is_said() {
    let text = among("  ingress: []\n");
    let policy = &policies(&text)[0];
    let edits = [(Direction::Ingress, put_rules(0, 0, "{}"))];
    let fails = |text: &str| rewrite("a.yaml", text, policy, &edits).unwrap_err();
    let why = "default/p is not where it was, or its document has a mistake";
    assert_eq!(fails(&text.replace("# of the shop\n", "")), why);
    assert_eq!(fails(&text.replace("ingress: []", "ingress: {}")), why);
}

#[test]
fn everything_else_stays_as_it_is() {
    let files = &crate::presets::scenario("workshop-v2").unwrap().policies;
    let written = |file: &crate::scenario::PresetFile| (file.text.clone(), policies(&file.text));
    let mut count = 0;
    for (text, policies) in files.iter().map(written) {
        for policy in policies {
            let Some(rules) = &policy.ingress else { continue };
            let edit = put_rules(rules.len(), 0, "{ports: [{port: 81}]}");
            let changed = rewrite("a.yaml", &text, &policy, &[(Direction::Ingress, edit)]);
            let Ok(Rewritten::Here(changed)) = changed else { panic!("{text}") };
            // The rule takes three lines, and the key of its list one where it is the first.
            let added = if rules.is_empty() { 4 } else { 3 };
            assert_eq!(changed.lines().count() - text.lines().count(), added, "{changed}");
            assert_eq!(differing([(text.as_str(), changed.as_str())]), added, "{changed}");
            count += 1;
        }
    }
    assert!(count > 5, "{count} policies");
}
