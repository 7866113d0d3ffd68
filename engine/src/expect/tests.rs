//! Files of expectations: what is refused in them, what they come to, and what is written for one.

use super::*;
use crate::analysis::{self, Request, analyze};
use crate::diagnostic::Severity;
use crate::evaluate::Model;
use crate::manifest::Source;

/// Reads a text in which `§` marks the places of the expected complaints, in order: what they say, and
/// the calls of those expectations that are taken.
#[track_caller]
fn check_reading(marked: &str, says: &[&str], taken: &[&str]) {
    let mut places = Vec::new();
    for (line, content) in (1..).zip(marked.split('\n')) {
        let mut column = 1;
        for character in content.chars() {
            match character {
                '§' => places.push((line, column)),
                _ => column += 1,
            }
        }
    }
    let Reading { expectations, diagnostics } =
        read(&Source::new("expect.yaml", marked.replace('§', "")));
    let found: Vec<_> = diagnostics.iter().map(|d| (d.location.line, d.location.column)).collect();
    assert_eq!(found, places, "{diagnostics:#?}");
    let messages: Vec<_> = diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages, says);
    assert!(diagnostics.iter().all(|d| d.severity == Severity::Error));
    let calls: Vec<_> = expectations.iter().map(ToString::to_string).collect();
    assert_eq!(calls, taken);
}

#[test]
fn items_are_read_with_all_their_spellings() {
    check_reading(
        "expect:\n\
         - {from: a/x, to: b/y, port: 80/TCP, verdict: open}\n\
         - {from: \"a/x[Pod]\", to: y.b, port: 53/UDP, verdict: \"blocked\"}\n\
         - from: internet\n  to: ' 10.0.0.1 '\n  port: 0x50\n  verdict: open\n\
         - {\"from\": \"a/x\", \"to\": \"fd00::1\", \"port\": \"9/SCTP\", \"verdict\": \"open\"}\n\
         - {from: a/x, to: internet, verdict: blocked, port: null}\n",
        &[],
        &[
            "a/x -> b/y on 80/TCP",
            "a/x[Pod] -> y.b on 53/UDP",
            "internet -> 10.0.0.1 on 80/TCP",
            "a/x -> fd00::1 on 9/SCTP",
            "a/x -> internet on any port",
        ],
    );
    check_reading("expect: []", &[], &[]);
    let reading = read(&Source::new("e", "expect:\n  - from: a/x\n    to: b/y\n    verdict: open"));
    assert_eq!(reading.expectations[0].location.to_string(), "e:2:5");
}

#[test]
fn a_wrong_item_does_not_take_the_others_with_it() {
    const GOOD: &str = "- {from: a/x, to: b/y, verdict: open}\n";
    let check = |item: &str, says: &[&str]| {
        let taken = ["a/x -> b/y on any port"; 2];
        check_reading(&format!("expect:\n{GOOD}- {item}\n{GOOD}"), says, &taken);
    };
    check(
        "{from: a/x, to: b/y, §verdikt: open}",
        &["unknown field `expect[1].verdikt`: did you mean `verdict`"],
    );
    check(
        "{from: a/x, to: b/y, verdict: open, §because: it is}",
        &["unknown field `expect[1].because`: what can stand in `expect[1]` is `from`, `to`, \
           `port` or `verdict`"],
    );
    check(
        "{from: a/x, to: b/y, verdict: §Open}",
        &["`expect[1].verdict` must be `open` or `blocked`, not `Open`"],
    );
    check(
        "{from: a/x, to: b/y, verdict: §on}",
        &["`expect[1].verdict` must be a string, not the boolean `on`: put it in quotes"],
    );
    check(
        "{from: §[a/x], to: b/y, verdict: open}",
        &["`expect[1].from` must be a string, not a list"],
    );
    check("§a/x", &["`expect[1]` must be a map, not the string `a/x`"]);
    check(
        "§§{from: a/x}",
        &[
            "`expect[1].to` is missing: who is called, such as `backend/facade`, `facade.backend` \
             or `internet`",
            "`expect[1].verdict` is missing: `open` or `blocked`",
        ],
    );
    check(
        "{from: §\"a\\nb\", to: b/y, verdict: open}",
        &[
            "`expect[1].from` must be one line, not `a...`: who calls, such as `frontend/client`, an \
           address or `internet`",
        ],
    );
    check("{from: a/x, §from: a/z, to: b/y, verdict: open}", &["the key `from` is given twice"]);
}

#[test]
fn ports_are_numbers_with_a_protocol() {
    let check = |port: &str, says: &str| {
        let text = format!("expect: [{{from: a/x, to: b/y, port: §{port}, verdict: open}}]");
        check_reading(&text, &[&format!("`expect[0].port` {says}")], &[]);
    };
    let number = "the port must be a number from 1 to 65535, not";
    check("http", &format!("cannot be `http`: {number} `http`"));
    check("0", &format!("cannot be `0`: {number} `0`"));
    check("-80", &format!("cannot be `-80`: {number} `-80`"));
    check("65536/UDP", &format!("cannot be `65536/UDP`: {number} `65536`"));
    check("80/tcp", "cannot be `80/tcp`: the protocol must be `TCP`, `UDP` or `SCTP`, not `tcp`");
    let range = "ranges of ports are not supported, an item is about one port such as `80`, `80/TCP` \
                 or `53/UDP`, or without one about all";
    check("80-90", &format!("cannot be `80-90`: {range}"));
    check("80 - 90/UDP", &format!("cannot be `80 - 90/UDP`: {range}"));
    let such_as = "must be a port such as `80`, `80/TCP` or `53/UDP`, not";
    check("80.5", &format!("{such_as} the number `80.5`"));
    check("[80]", &format!("{such_as} a list"));
    check("yes", &format!("{such_as} the boolean `yes`"));
}

#[test]
fn a_file_is_a_map_with_one_list() {
    let must_be = "the document must be a map with the list `expect`";
    check_reading("§", &[&format!("there is no document here: {must_be}")], &[]);
    check_reading("§# nothing\n---\n", &[&format!("there is no document here: {must_be}")], &[]);
    check_reading("§- {from: a/x}", &[&format!("{must_be}, not a list")], &[]);
    check_reading("§open", &[&format!("{must_be}, not the string `open`")], &[]);
    check_reading("§expects: []", &["unknown field `expects`: did you mean `expect`"], &[]);
    check_reading("§kind: Pod", &[&format!("`expect` is missing: {must_be}")], &[]);
    check_reading("expect§:", &["`expect` must be a list, not null"], &[]);
    check_reading("expect: §{from: a/x}", &["`expect` must be a list, not a map"], &[]);
    check_reading("expect: []§]", &["not valid YAML: misplaced bracket"], &[]);
    const GOOD: &str = "expect:\n- {from: a/x, to: b/y, verdict: open}\n";
    let taken = ["a/x -> b/y on any port"];
    let check = |rest: &str, says: &str| check_reading(&format!("{GOOD}{rest}"), &[says], &taken);
    check("§name: x", "unknown field `name`: what can stand here is `expect`");
    check("§expect: []", "the key `expect` is given twice");
    check("---\n§kind: Pod", "only one document is expected here");
    check("---\n§[a]: c", "a key must not be a list or a map");
}

/// A till that calls its neighbours, and one that cannot look up names.
const SHOP: &str = "
{kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop}}
---
{kind: Pod, apiVersion: v1, metadata: {name: mute, namespace: shop, labels: {app: mute}}}
---
{kind: Pod, apiVersion: v1, metadata: {name: stock, namespace: shop, labels: {app: stock, tier: b}}}
---
{kind: Pod, apiVersion: v1, metadata: {name: vault, namespace: shop, labels: {app: vault, tier: b}}}
---
kind: Service
apiVersion: v1
metadata: {name: stock, namespace: shop}
spec:
  selector: {app: stock}
  ports: [{name: a, port: 443, targetPort: 8443}, {name: b, port: 80, targetPort: 8080}]
---
kind: Service
apiVersion: v1
metadata: {name: back, namespace: shop}
spec: {selector: {tier: b}, ports: [{port: 80, targetPort: 8080}]}
---
kind: Service
apiVersion: v1
metadata: {name: named, namespace: shop}
spec: {selector: {app: vault}, ports: [{name: a, port: 80}, {name: b, port: 81, targetPort: web}]}
---
kind: Service
apiVersion: v1
metadata: {name: stock-pods, namespace: shop}
spec: {clusterIP: None, selector: {app: stock}}
---
kind: Service
apiVersion: v1
metadata: {name: vault-pods, namespace: shop}
spec: {clusterIP: None, selector: {app: vault}}
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: narrow, namespace: shop}
spec:
  podSelector: {matchLabels: {app: stock}}
  ingress: [{from: [{podSelector: {}}], ports: [{port: 8080}]}]
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: shut, namespace: shop}
spec: {podSelector: {matchLabels: {app: vault}}}
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: mute, namespace: shop}
spec:
  podSelector: {matchLabels: {app: mute}}
  policyTypes: [Egress]
  egress: [{ports: [{port: 8080}]}]
";

fn model(text: &str) -> Model {
    analyze([&analysis::read(&Source::new("shop.yaml", text))], &Request::default()).model
}

#[test]
fn verdicts_are_met_by_outcomes() {
    use Standing::{Failed, Met, Missed};
    let model = model(SHOP);
    let check = |call: &str, [open, blocked]: [Standing; 2], sentence: &str| {
        let [from, to, port] = call.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{call}: from, to and port")
        };
        for (verdict, standing) in Expected::ALL.into_iter().zip([open, blocked]) {
            let expectation = Expectation {
                from: from.to_owned(),
                to: to.to_owned(),
                port: (port != "any").then(|| port.parse().unwrap()),
                verdict,
                location: Location { file: "e".into(), line: 1, column: 1 },
            };
            let found = judge(&model, &expectation, "default");
            assert_eq!(found.standing, standing, "{call} {verdict}: {}", found.sentence);
            assert_eq!(found.sentence, sentence, "{call}");
        }
    };
    let open = "open: nothing isolates till's egress; stock admits it by narrow, rule 1";
    let narrow =
        "blocked at stock: its ingress is isolated by narrow, and no rule admits till on TCP";
    let shut = "blocked at vault: its ingress is isolated by shut, and no rule admits till";
    let unresolved = "not resolved: mute cannot resolve names: its egress admits no UDP 53";
    // On a port, by name and directly.
    check("shop/till shop/stock 8080/TCP", [Met, Missed], open);
    check("shop/till shop/stock[Pod] 80/TCP", [Missed, Met], &format!("{narrow} 80"));
    check("shop/till stock.shop 80/TCP", [Met, Missed], open);
    check("shop/till stock 443/TCP", [Missed, Met], &format!("{narrow} 8443"));
    check("shop/mute stock.shop 80/TCP", [Missed, Met], unresolved);
    // What is no policy's doing meets neither verdict.
    check(
        "shop/till nobody.shop 80/TCP",
        [Missed, Missed],
        "no such service: the cluster has no Service nobody.shop",
    );
    check(
        "shop/till stock.shop 81/TCP",
        [Missed, Missed],
        "no endpoints: stock.shop has no port TCP 81, only TCP 443 and TCP 80",
    );
    let some =
        format!("some backends: 1 of the 2 workloads behind back.shop can be reached; {shut}");
    check("shop/till back.shop 80/TCP", [Missed, Missed], &some);
    // Without a port: something passes, or nothing.
    check(
        "shop/till shop/stock any",
        [Met, Missed],
        "partly: only TCP 8080 passes; nothing isolates till's egress; stock admits it by narrow, rule 1",
    );
    check("shop/till shop/vault any", [Missed, Met], shut);
    check("shop/till shop/till any", [Met, Missed], "open: a pod cannot be cut off from itself");
    // Without a port, by name: the port of the Service on which most passes.
    check("shop/till stock.shop any", [Met, Missed], &format!("{open} (80/TCP)"));
    check("shop/mute stock.shop any", [Missed, Met], &format!("{unresolved} (443/TCP)"));
    check("shop/till back.shop any", [Missed, Missed], &some);
    check("shop/till stock-pods.shop any", [Met, Missed], open);
    check("shop/till vault-pods.shop any", [Missed, Met], shut);
    check(
        "shop/till named.shop any",
        [Missed, Missed],
        "no endpoints: no pod behind named.shop declares the port web (81/TCP)",
    );
    check(
        "shop/till nobody.shop any",
        [Missed, Missed],
        "no such service: the cluster has no Service nobody.shop",
    );
    // Outside the cluster.
    check("internet shop/till any", [Met, Missed], "open: nothing isolates till's ingress");
    check(
        "198.51.100.7 shop/vault 80/TCP",
        [Missed, Met],
        "blocked at vault: its ingress is isolated by shut, and no rule admits 198.51.100.7",
    );
    check(
        "shop/mute internet 80/TCP",
        [Missed, Met],
        "blocked at mute: its egress is isolated by mute, and no rule admits 203.0.113.1 on TCP 80",
    );
    // What cannot be judged.
    check(
        "shop/tlil shop/vault any",
        [Failed, Failed],
        "no workload of the input is called `shop/tlil`; there is shop/mute[Pod], shop/stock[Pod], \
         shop/till[Pod], shop/vault[Pod]",
    );
    check("shop/till shop/till#2 80/TCP", [Failed, Failed], "`shop/till` has one pod only");
    check(
        "internet 10.0.0.1 any",
        [Failed, Failed],
        "203.0.113.1 and 10.0.0.1 are both outside the cluster, where policies do not reach",
    );
}

#[test]
fn what_an_answer_depends_on_is_noted() {
    let model = model(SHOP);
    let notes = |to: &str| {
        let text = format!("expect: [{{from: shop/till, to: {to}, verdict: open}}]");
        let reading = read(&Source::new("expect.yaml", text));
        judge(&model, &reading.expectations[0], "default").notes
    };
    assert_eq!(notes("shop/stock"), Vec::<String>::new());
    assert_eq!(notes("internet"), ["203.0.113.1 stands for the internet, which no ipBlock names"]);
}

/// What is written for a model, without the comment at its head.
fn written(model: &Model) -> String {
    let text = of(model, None);
    let (head, list) = text.split_at(text.find("expect:").unwrap());
    assert!(head.lines().all(|line| line.starts_with("# ")), "{head}");
    let Reading { expectations, diagnostics } = read(&Source::new("expect.yaml", text.as_str()));
    assert_eq!(diagnostics, []);
    for expectation in &expectations {
        let judgement = judge(model, expectation, "default");
        assert_eq!(judgement.standing, Standing::Met, "{expectation}: {}", judgement.sentence);
    }
    assert_eq!(expectations.len(), list.lines().skip(1).count());
    list.to_owned()
}

#[test]
fn what_is_so_is_written_as_it_is_called() {
    assert_eq!(written(&Model::default()), "expect: []\n");
    // Only the till has pods to call with, and of two backends it reaches one: by name on 81, and
    // on 80 not. Its call to itself is none.
    let probes = "
{kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop}, spec: {containers: [{name: c, args:
  [\"--urls=http://stock.shop,http://stock.shop:443,http://back.shop,http://nobody.shop\"]}]}}
---";
    let only_till = SHOP.replacen(
        "\n{kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop}}\n---",
        probes,
        1,
    );
    let from_till: Vec<String> = written(&model(&only_till))
        .lines()
        .filter(|line| line.contains("from: shop/till"))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        from_till,
        [
            "  - {from: shop/till, to: shop/stock, port: 8080/TCP, verdict: open}",
            "  - {from: shop/till, to: shop/vault, port: 8080/TCP, verdict: blocked}",
            "  - {from: shop/till, to: stock.shop, port: 80/TCP, verdict: open}",
            "  - {from: shop/till, to: stock.shop, port: 443/TCP, verdict: blocked}",
        ]
    );
}

#[test]
fn names_are_written_as_far_as_they_must_be() {
    let workload = |kind: &str, name: &str, replicas: u8| {
        format!(
            "{{kind: {kind}, apiVersion: apps/v1, metadata: {{name: {name}, namespace: a}}, spec: \
             {{replicas: {replicas}, template: {{spec: {{containers: []}}}}}}}}\n---\n"
        )
    };
    let text = [
        workload("Deployment", "x", 1),
        workload("StatefulSet", "x", 1),
        workload("Deployment", "z", 2),
    ];
    assert_eq!(
        written(&model(&text.concat())),
        "expect:
  - {from: \"a/x[Deployment]\", to: \"a/x[StatefulSet]\", verdict: open}
  - {from: \"a/x[Deployment]\", to: a/z, verdict: open}
  - {from: \"a/x[StatefulSet]\", to: \"a/x[Deployment]\", verdict: open}
  - {from: \"a/x[StatefulSet]\", to: a/z, verdict: open}
  - {from: a/z, to: \"a/x[Deployment]\", verdict: open}
  - {from: a/z, to: \"a/x[StatefulSet]\", verdict: open}
  - {from: a/z, to: a/z#2, verdict: open}
"
    );
}
