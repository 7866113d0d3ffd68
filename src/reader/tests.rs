//! What the worker answers about own manifests.

use netpol_kernels::generator::PLANS;

use super::*;
use crate::end;
use crate::explain;
use crate::message::{Call, Rewritten, Suggested, Suggestion, Try, Window};
use crate::overview::Bond;
use crate::probe::LinkState;
use crate::project::Selection;

/// A worker that has read these files, by their paths.
fn reader(files: &[(&str, &str)]) -> Reader {
    let mut reader = Reader::default();
    let text = |(id, (path, text)): (u32, &(&str, &str))| Text {
        id,
        path: (*path).to_owned(),
        text: (*text).into(),
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

/// Three namespaces of 20 pods, each of which only its own can call.
fn shops() -> String {
    let pod = |i: usize| {
        let (namespace, listens) = (i % 3, "spec: {containers: [{ports: [{containerPort: 80}]}]}");
        format!(
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: app-{i}, namespace: ns-{namespace}, \
             labels: {{app: app-{i}}}}}, {listens}}}\n"
        )
    };
    (0..60).map(pod).collect()
}

fn shut(namespace: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: shut, namespace: \
         {namespace}}}\nspec: {{podSelector: {{}}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}\n"
    )
}

fn crowd(tell: Tell) -> crate::message::Crowd {
    match tell {
        Tell::Read(answer) => answer.seen.crowd.expect("a crowd"),
        Tell::Seen(seen) => seen.crowd.expect("a crowd"),
        other => panic!("{other:?}"),
    }
}

/// The bonds as `ns-0>ns-1 open/partly/blocked`.
fn bonds(crowd: &crate::message::Crowd) -> Vec<String> {
    let name = |body: u32| &crowd.overview.bodies[body as usize].id;
    let bonds = crowd.overview.bonds.iter().map(|bond| {
        let Bond { from, to, open, partly, blocked, .. } = bond;
        format!("{}>{} {open}/{partly}/{blocked}", name(*from), name(*to))
    });
    bonds.collect()
}

#[test]
fn many_workloads_are_seen_by_namespace_and_switches_are_turned() {
    let (shops, shut) = (shops(), [shut("ns-0"), shut("ns-1")]);
    let files = [("shops.yaml", shops.as_str()), ("a.yaml", &shut[0]), ("b.yaml", &shut[1])];
    let mut reader = reader(&files);
    let mut read = |order: [bool; 3]| {
        let order = (0..).zip(order).collect();
        crowd(reader.answer(Ask::Read(Files { order, ..Files::default() })))
    };
    let within = ["ns-0>ns-0 380/0/0", "ns-1>ns-1 380/0/0", "ns-2>ns-2 380/0/0"];
    let told = |state: &str, [from, to]: [usize; 2]| format!("ns-{from}>ns-{to} {state}");
    let expect = |open: &dyn Fn(usize) -> bool| -> Vec<String> {
        let state = |to: usize| if open(to) { "400/0/0" } else { "0/0/400" };
        let pairs = (0..3).flat_map(|from| (0..3).map(move |to| [from, to]));
        let bond = |[from, to]: [usize; 2]| match from == to {
            true => within[from].to_owned(),
            false => told(state(to), [from, to]),
        };
        pairs.map(bond).collect()
    };
    assert_eq!(bonds(&read([true, true, true])), expect(&|to| to == 2));
    let opened = read([true, false, true]);
    assert_eq!(bonds(&opened), expect(&|to| to != 1));
    assert_eq!(opened.change, "2 more open: ns-1 → ns-0, ns-2 → ns-0");
    assert_eq!(opened.changed, [3, 6]);
    assert_eq!(bonds(&read([true, false, false])), expect(&|_| true));
    let closed = read([true, true, false]);
    assert_eq!(bonds(&closed), expect(&|to| to != 0));
    assert_eq!(closed.change, "2 less open: ns-1 → ns-0, ns-2 → ns-0");
}

#[test]
fn a_switch_that_decides_which_of_two_stands_is_no_plain_switch() {
    let (shops, shut) = (shops(), shut("ns-0"));
    let open = shut.replace("from: [{podSelector: {}}]", "");
    let files = [("shops.yaml", shops.as_str()), ("a.yaml", &shut), ("b.yaml", &open)];
    let mut reader = reader(&files);
    for (order, expected) in
        [([true; 3], "400/0/0"), ([true, true, false], "0/0/400"), ([true; 3], "400/0/0")]
    {
        let order = (0..).zip(order).collect();
        let seen = crowd(reader.answer(Ask::Read(Files { order, ..Files::default() })));
        assert_eq!(bonds(&seen)[3], format!("ns-1>ns-0 {expected}"));
    }
}

#[test]
fn what_is_explained_of_a_crowd_comes_to_the_same_as_in_all_of_it() {
    let (shops, shut) = (shops(), shut("ns-0"));
    let mut reader = reader(&[("shops.yaml", &shops), ("a.yaml", &shut)]);
    let selection = Some(Selection::Ribbon("ns-1/app-1".to_owned(), "ns-0/app-0".to_owned()));
    let Tell::Seen(seen) = reader.answer(Ask::Look(Look { selection, ..Look::default() })) else {
        panic!("nothing is seen");
    };
    let part = analysis::analyze([&seen.fragment], &Default::default());
    assert_eq!(
        part.workloads().map(|(_, w)| w.path()).collect::<Vec<_>>(),
        ["ns-0/app-0", "ns-1/app-1"]
    );
    let whole = &reader.model;
    let position = |path| whole.cluster.workloads.iter().position(|w| w.path() == path);
    let ends = position("ns-1/app-1").zip(position("ns-0/app-0")).expect("both ends");
    let expected = crate::probe::link(whole, ends.0, ends.1).expect("a call");
    let told = |model: &Model, link: &crate::probe::Link| {
        explain::summarize_link(model, link.telling().expect("a call"))
    };
    let link =
        part.links.iter().find(|link| part.model.cluster.workloads[link.from].name == "app-1");
    assert_eq!(told(&part.model, link.expect("the call")), told(whole, &expected));
    // Of all pairs between two namespaces, some are told.
    let selection = Some(Selection::Ribbon("ns-1".to_owned(), "ns-0".to_owned()));
    let seen = crowd(reader.answer(Ask::Look(Look { selection, ..Look::default() })));
    let pairs = seen.pairs.expect("pairs");
    assert_eq!((pairs.count, pairs.some.len()), (400, 50));
    assert!(pairs.some.iter().all(|(.., state)| *state == LinkState::Blocked));
}

#[test]
fn a_long_reading_tells_how_far_it_is_and_gives_way() {
    let text: String =
        (0..8).map(|i| shops().replace("name: app", &format!("name: app-{i}"))).collect();
    let text = text.repeat(8);
    let mut reader = Reader::default();
    let read = |serial: u32, text: &str| {
        let changed = vec![Text { id: 0, path: "a.yaml".to_owned(), text: text.into() }];
        Ask::Read(Files { serial, changed, order: vec![(0, true)], ..Files::default() })
    };
    let Tell::Progress(some, all) = reader.begin(read(1, &text)) else { panic!("read at once") };
    assert!(some < all && all as usize == text.len(), "{some} of {all}");
    assert!(reader.is_reading());
    // Another reading takes its place: what is read of the text by then is read again.
    let Tell::Read(answer) = reader.answer(read(2, PODS)) else { panic!("no answer") };
    let pods = |object: &&Declared| matches!(object, Declared::Workload(_));
    assert_eq!(answer.seen.fragment.objects.iter().filter(pods).count(), 2);
    assert_eq!(answer.serial, 2);
    assert!(!reader.is_reading());
    // One that changes nothing of the text goes on with it.
    reader.begin(read(3, &text));
    let order = vec![(0, true)];
    let same = Ask::Read(Files { serial: 4, order, ..Files::default() });
    let Tell::Read(answer) = reader.answer(same) else { panic!("no answer") };
    assert_eq!(answer.serial, 4);
    assert_eq!(answer.seen.crowd.expect("a crowd").overview.all.workloads, 480);
    // What so many documents say is to be asked for.
    assert_eq!(answer.said, None);
    let Tell::Said(said) = reader.answer(Ask::Review) else { panic!("nothing is said") };
    assert!(said.diagnostics.iter().all(|said| said.message.contains("replaces the one at")));
}

#[test]
fn a_part_of_a_text_is_changed() {
    let mut reader = reader(&[("pods.yaml", PODS)]);
    let at = PODS.find("stock").expect("a pod") as u32;
    let edit = Edit { id: 0, start: at, end: at + 5, text: "cellar".to_owned() };
    let files = Files { edits: vec![edit], order: vec![(0, true)], ..Files::default() };
    let Tell::Read(answer) = reader.answer(Ask::Read(files)) else { panic!("no answer") };
    let names: Vec<_> = answer.seen.fragment.objects.iter().map(|o| o.identity().1).collect();
    assert_eq!(names, ["kube-system", "shop", "cellar", "till"]);
}

#[test]
fn a_part_of_the_table_is_told() {
    let (shops, shut) = (shops(), shut("ns-0"));
    let mut reader = reader(&[("shops.yaml", &shops), ("a.yaml", &shut)]);
    let window = Window {
        from: "ns:ns-1".to_owned(),
        to: "ns:ns-0".to_owned(),
        rows: (18, 5),
        columns: (0, 2),
    };
    let Tell::Window(table) = reader.answer(Ask::Window(window)) else { panic!("no table") };
    assert_eq!((table.size, table.corner), ((20, 20), (18, 0)));
    assert_eq!((table.rows.len(), table.columns.len(), table.cells.len()), (2, 2, 4));
    let said = table.cells[0].as_ref().expect("a call");
    assert_eq!(said.0, "blocked");
    assert!(said.1.starts_with("blocked at app-0: its ingress is isolated by shut"), "{}", said.1);
}

#[test]
fn whatever_is_explained_of_a_crowd_comes_to_the_same_as_in_all_of_it() {
    let (_, plan) = PLANS.iter().find(|(name, _)| *name == "100").expect("a plan of 100");
    let service = "---\n{apiVersion: v1, kind: Service, metadata: {name: web, namespace: ns-1}, spec: \
                   {selector: {tier: tier-1}, ports: [{port: 80, targetPort: http}]}}\n";
    let text = plan.text() + service;
    let mut reader = reader(&[("cluster.yaml", &text)]);
    let paths: Vec<_> = reader.model.cluster.workloads.iter().map(|w| w.path()).collect();
    let mut part = |selection| match reader.answer(Ask::Look(Look { selection, ..Look::default() }))
    {
        Tell::Seen(seen) => analysis::analyze([&seen.fragment], &Default::default()).model,
        other => panic!("{other:?}"),
    };
    let calls = (0..100).map(|i| (&paths[i], &paths[(7 * i + 3) % 100]));
    let parts: Vec<(Model, [String; 3])> = calls
        .flat_map(|(from, to)| {
            let ends = |to: &str, port: &str| [from.clone(), to.to_owned(), port.to_owned()];
            [
                ends(to, "8080/TCP"),
                ends("WEB.ns-1", "80/TCP"),
                ends("internet", "443/TCP"),
                ends("198.18.3.7", "8001/TCP"),
            ]
        })
        .map(|[from, to, port]| {
            let selection = Selection::Call(from.clone(), to.clone(), port.clone());
            (part(Some(selection)), [from, to, port])
        })
        .collect();
    for (part, [from, to, port]) in parts {
        let told = |model: &Model| {
            let call = end::call(model, &from, &to, port.parse().unwrap(), "default").unwrap();
            let reply = crate::probe::call(model, &call);
            (reply.outcome, explain::explain(model, &call, &reply).summary)
        };
        let (of_part, of_whole) = (told(&part), told(&reader.model));
        // The internet is another address where other blocks are named; names are longer where they repeat.
        assert_eq!(of_part.0, of_whole.0, "{from} {to} {port}: {} {}", of_part.1, of_whole.1);
    }
}

#[test]
fn the_table_is_that_of_the_picture_where_a_policy_that_is_off_tells_pods_apart() {
    // Of each owner two pods, one of them a canary, which only the policy that is off tells from the other.
    let pod = |owner: usize, track: &str| {
        format!(
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: app-{owner}-{track}, namespace: shop, labels: \
             {{app: app-{owner}, track: {track}}}, ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, \
             name: app-{owner}, uid: r-{owner}, controller: true}}]}}}}\n"
        )
    };
    let pods: String =
        (0..50).flat_map(|owner| ["stable", "canary"].map(|track| pod(owner, track))).collect();
    let canary = shut("shop").replace(
        "podSelector: {}, ingress",
        "podSelector: {matchLabels: {track: canary}}, ingress",
    );
    let mut reader = Reader::default();
    let text = |id, path: &str, text: &str| Text { id, path: path.to_owned(), text: text.into() };
    let changed = vec![text(0, "pods.yaml", &pods), text(1, "canary.yaml", &canary)];
    let order = vec![(0, true), (1, false)];
    let seen = crowd(reader.answer(Ask::Read(Files { changed, order, ..Files::default() })));
    assert_eq!(seen.overview.all.workloads, 100);
    let window = Window { rows: (0, 100), columns: (0, 1), ..Window::default() };
    let Tell::Window(table) = reader.answer(Ask::Window(window)) else { panic!("no table") };
    assert_eq!(table.size, (100, 100));
    assert_eq!(table.rows[..2], ["shop/app-0 (track=canary)", "shop/app-0 (track=stable)"]);
}
