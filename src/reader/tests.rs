//! What the worker answers about calls among own manifests.

use super::*;
use crate::message::{Call, Rewritten, Suggested, Suggestion, Try};

/// A worker that has read these files, by their paths.
fn reader(files: &[(&str, &str)]) -> Reader {
    let mut reader = Reader::default();
    let text = |(id, (path, text)): (u32, &(&str, &str))| Text {
        id,
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    let changed: Vec<Text> = (0..).zip(files).map(text).collect();
    let order = changed.iter().map(|text| (text.id, true)).collect();
    reader.answer(Ask::Read(Files { serial: 1, changed, order, ..Files::default() }));
    reader
}

fn call(from: &str, to: &str, port: &str) -> Call {
    Call { from: from.to_owned(), to: to.to_owned(), port: port.to_owned() }
}

fn suggested(reader: &mut Reader, call: &Call) -> Result<Suggested, String> {
    match reader.answer(Ask::Suggest(call.clone())) {
        Tell::Suggested(suggested) => suggested,
        other => panic!("{other:?}"),
    }
}

fn tried(reader: &mut Reader, call: &Call, number: u32) -> Result<Rewritten, String> {
    let title = suggested(reader, call)?.suggestions[number as usize].title.clone();
    match reader.answer(Ask::Try(Try { call: call.clone(), number, title })) {
        Tell::Rewritten(rewritten) => rewritten,
        other => panic!("{other:?}"),
    }
}

const PODS: &str = "\
{apiVersion: v1, kind: Pod, metadata: {name: till, namespace: shop, labels: {app: till}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: stock, namespace: shop, labels: {app: stock}}}
";

/// Isolates the pods of the shop.
const CLOSED: &str = "\
# Nobody calls anybody.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: shop
spec:
  podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: stock, namespace: shop}
spec: {podSelector: {matchLabels: {app: stock}}, ingress: [{ports: [{port: 81}]}]}
";

#[test]
fn what_is_suggested_can_be_tried() {
    let files = [("pods.yaml", PODS), ("policies.yaml", CLOSED)];
    let mut reader = reader(&files);
    let blocked = call("shop/till", "shop/stock", "80/TCP");
    let told = suggested(&mut reader, &blocked).unwrap();
    assert_eq!(told.outcome, "blocked");
    assert_eq!(
        told.why,
        "blocked at stock: its ingress is isolated by closed and stock, and no rule admits till on TCP 80"
    );
    let titles: Vec<_> = told.suggestions.iter().map(|it| (it.title.as_str(), it.lines)).collect();
    // In flow style a port more is one line for another.
    assert_eq!(
        titles,
        [
            ("admit TCP 80 by ingress rule 1 of shop/stock", 2),
            ("add an ingress rule to shop/stock that admits till on TCP 80", 2),
        ]
    );
    let Suggestion { opens, closes, yaml, .. } = &told.suggestions[0];
    let opens: Vec<_> =
        opens.iter().map(|e| format!("{}→{} {}", e.from, e.to, e.connections)).collect();
    assert_eq!(opens, ["kube-dns→stock TCP 80", "any IPv4 address→stock TCP 80"]);
    assert_eq!(closes, &[]);
    let snippet = "# shop/stock: add to `ports` of ingress rule 1\n- protocol: TCP\n  port: 80\n";
    assert_eq!(yaml, snippet);
    let port = CLOSED.replace("{port: 81}", "{port: 81}, {protocol: TCP, port: 80}");
    let rewritten = tried(&mut reader, &blocked, 0).unwrap();
    assert_eq!(rewritten, Rewritten { texts: vec![(1, port.clone())], new: None });
    // And does what was said.
    let mut after = self::reader(&[("pods.yaml", PODS), ("policies.yaml", &port)]);
    assert_eq!(suggested(&mut after, &blocked).unwrap().outcome, "open");
}

#[test]
fn new_policies_are_files_of_their_own() {
    let taken = ("isolate-stock-ingress.yaml", "");
    let mut reader = reader(&[("pods.yaml", PODS), taken]);
    let open = call("shop/till", "shop/stock", "80/TCP");
    let Rewritten { texts, new } = tried(&mut reader, &open, 0).unwrap();
    let new = new.unwrap();
    assert_eq!((texts.as_slice(), new.path.as_str()), (&[][..], "isolate-stock-ingress-2.yaml"));
    let told = suggested(&mut reader, &open).unwrap();
    assert_eq!(new.text, told.suggestions[0].yaml);
    assert_eq!(told.suggestions[0].lines as usize, new.text.lines().count());
}

#[test]
fn policies_of_several_files_are_changed_together() {
    let egress = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: egress, namespace: shop}
spec:
  podSelector: {matchLabels: {app: till}}
  policyTypes: [Egress]
";
    let ingress = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ingress, namespace: shop}
spec:
  podSelector: {matchLabels: {app: stock}}
";
    // Two in one file, and one that is applied after another of its name.
    let both = format!("{egress}---\n{ingress}");
    let open = call("shop/till", "shop/stock", "80/TCP");
    for files in [
        vec![("pods.yaml", PODS), ("a.yaml", egress), ("b.yaml", ingress)],
        vec![("pods.yaml", PODS), ("a.yaml", &both)],
    ] {
        let mut reader = reader(&files);
        let Rewritten { texts, new } = tried(&mut reader, &open, 0).unwrap();
        assert_eq!((texts.len(), new), (files.len() - 1, None));
        let changed = files.iter().zip(0..).map(|((path, text), id)| {
            let changed = texts.iter().find(|(changed, _)| *changed == id);
            (*path, changed.map_or(*text, |(_, text)| text.as_str()))
        });
        let mut after = self::reader(&changed.collect::<Vec<_>>());
        assert_eq!(suggested(&mut after, &open).unwrap().outcome, "open");
    }
}

#[test]
fn labels_in_which_pods_of_one_owner_differ_do_not_count_as_one() {
    let pod = |name: &str, shard: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: shop\n  labels: {{app: x, shard: {shard}}}\n  \
             ownerReferences: [{{kind: StatefulSet, name: till, controller: true}}]\n---\n"
        )
    };
    // One selector mentions the label, and does not tell the pods apart by it; a rule would.
    let policies = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchExpressions: [{key: shard, operator: In, values: [a, b]}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: q, namespace: shop}
spec: {podSelector: {matchLabels: {app: stock}}}
";
    let other = "{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop, labels: {app: x}}}\n---\n";
    let stock = PODS.split("---\n").nth(1).unwrap();
    let pods = [pod("till-0", "a"), pod("till-1", "b"), stock.to_owned()].concat();
    let blocked = call("shop/till", "shop/stock", "80/TCP");
    let advice = |pods: &str| {
        let text = format!("{pods}---\n{policies}");
        let told = suggested(&mut reader(&[("a.yaml", &text)]), &blocked).unwrap();
        let titles: Vec<_> = told.suggestions.into_iter().map(|it| it.title).collect();
        (titles, told.limits)
    };
    // By their app alone they are told from others, as long as nobody else has it.
    let title = "add an ingress rule to shop/q that admits till on TCP 80".to_owned();
    assert_eq!(advice(&pods), (vec![title], vec![]));
    let left_out = "a change is left out that would tell pods of one workload apart".to_owned();
    assert_eq!(advice(&format!("{other}{pods}")), (vec![], vec![left_out]));
}

#[test]
fn what_is_not_understood_is_said() {
    let mut reader = reader(&[("pods.yaml", PODS)]);
    let mut fails = |from, to, port| suggested(&mut reader, &call(from, to, port)).unwrap_err();
    assert_eq!(
        fails("shop/nobody", "shop/stock", "80"),
        "no workload of the input is called `shop/nobody`; there is shop/stock[Pod], shop/till[Pod]"
    );
    let port = "the port must be a number from 1 to 65535, not `http`";
    assert_eq!(fails("shop/till", "shop/stock", "http"), port);
    let wanted = Try { call: call("shop/till", "shop/stock", "80"), number: 0, title: "x".into() };
    let Tell::Rewritten(Err(why)) = reader.answer(Ask::Try(wanted)) else { panic!() };
    assert_eq!(why, "something else is suggested by now: ask again");
}
