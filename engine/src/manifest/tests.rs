//! Texts with marks where complaints are expected, and what they must say.

use super::*;

/// Reads a text in which `§` marks the places of the expected complaints, in order.
fn check(marked: &str, says: &[&str]) {
    let (text, places) = unmark(marked);
    let reading = read(&Source::new("test", text));
    let found: Vec<_> =
        reading.diagnostics.iter().map(|d| (d.location.line, d.location.column)).collect();
    let report = || {
        let lines: Vec<_> = reading.diagnostics.iter().map(ToString::to_string).collect();
        format!("in\n{marked}\nfound {lines:#?}")
    };
    assert_eq!(found, places, "{}", report());
    for (diagnostic, part) in reading.diagnostics.iter().zip(says) {
        assert!(diagnostic.message.contains(part), "no `{part}` {}", report());
    }
    assert_eq!(found.len(), says.len(), "{}", report());
}

/// Takes the marks out of a text and says where they were.
fn unmark(marked: &str) -> (String, Vec<(u32, u32)>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for (line, content) in (1..).zip(marked.split('\n')) {
        let mut column = 0;
        for character in content.chars() {
            if character == '§' {
                places.push((line, column + 1));
            } else {
                text.push(character);
                column += 1;
            }
        }
        text.push('\n');
    }
    (text, places)
}

/// A NetworkPolicy with this `spec`, given in flow style.
fn policy(spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {spec}"
    )
}

#[test]
fn unknown_fields_are_named_with_what_was_meant() {
    check(&policy("{§podselector: {}}"), &["did you mean `podSelector`"]);
    check(
        &policy("{podSelector: {§app: x}}"),
        &["`spec.podSelector.app`: what can stand in `spec.podSelector` is `matchExpressions`"],
    );
    check(
        &policy("{ingress: [{§to: [], ports: [{port: 1, §endport: 2}]}], §policyType: [Ingress]}"),
        &["`from` or `ports`", "did you mean `endPort`", "did you mean `policyTypes`"],
    );
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, §label: {a: b}}\nspec: {whatever: 1}",
        &["did you mean `labels`"],
    );
    check(
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n§specs: {}",
        &["did you mean `spec`"],
    );
}

#[test]
fn values_of_a_wrong_type_are_described() {
    let label =
        |value: &str| policy(&format!("{{podSelector: {{matchLabels: {{app: §{value}}}}}}}"));
    check(
        &label("true"),
        &[
            "`spec.podSelector.matchLabels.app` must be a string, not the boolean `true`: put it in quotes",
        ],
    );
    check(&label("yes"), &["not the boolean `yes`: put it in quotes"]);
    check(&label("1.10"), &["not the number `1.10`: put it in quotes"]);
    check(&label("[a]"), &["must be a string, not a list"]);
    check(
        &policy("\n  policyTypes:\n  - §[a]"),
        &["`spec.policyTypes[0]` must be a string, not a list"],
    );
    check(&policy("\n  podSelector:\n  §-  a"), &["`spec.podSelector` must be a map, not a list"]);
    check(&policy("{podSelector: §x}"), &["must be a map, not the string `x`"]);
    check(&policy("{ingress: §{from: []}}"), &["must be a list, not a map: begin every item"]);
    check(&policy("{policyTypes: §Ingress}"), &["must be a list, not the string `Ingress`"]);
    let port = |value: &str| policy(&format!("{{ingress: [{{ports: [{{port: {value}}}]}}]}}"));
    check(
        &port("§true"),
        &[
            "`spec.ingress[0].ports[0].port` must be a port number from 1 to 65535 or the name of a port, not the boolean",
        ],
    );
    check(&port("§80.5"), &["the name of a port, not the number `80.5`"]);
    check(&port("§99999999999"), &["from 1 to 65535, not the number"]);
    check(&port("1, endPort: §\"2\""), &["from 1 to 65535, not the string `2`: take the quotes"]);
    check(&port("80.0"), &[]);
    check("apiVersion: v1\nkind: Pod\nmetadata: {name: §1}", &["`metadata.name` must be a string"]);
    check("apiVersion: v1\nkind: §[Pod]", &["`kind` must be a string"]);
}

#[test]
fn broken_documents_do_not_take_others_with_them() {
    let (text, _) = unmark(&format!(
        "a: [1, 2\n---\n{good}\n---\na: 1\nkind: x\na: 2\n---\n&a [*a]\n---\n{good}",
        good = policy("{}")
    ));
    let reading = read(&Source::new("test", text));
    let says: Vec<_> = reading.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(reading.objects.len(), 2, "{says:?}");
    assert!(says[0].starts_with("not valid YAML"), "{says:?}");
    assert_eq!(
        says[1..],
        ["the key `a` is given twice", "an alias cannot stand for a value that it is part of"]
    );
}

#[test]
fn duplicate_keys_are_refused_at_the_second() {
    check(
        &policy("{podSelector: {}, §podSelector: {}}"),
        &["the key `podSelector` is given twice"],
    );
    check(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {on: a, §true: b}",
        &["the key `true` is given twice"],
    );
}

#[test]
fn names_and_kinds_are_asked_for() {
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: §{generateName: p-}",
        &["`metadata.name` is missing: a name that the server would generate"],
    );
    check("§apiVersion: v1\nkind: Pod", &["`metadata.name` is missing"]);
    check("§kind: Pod\nmetadata: {name: p}", &["`apiVersion` is missing"]);
    check("§apiVersion: v1\nmetadata: {name: p}", &["`kind` is missing"]);
    check("apiVersion: v1\nkind: ConfigMap\nmetadata: {}", &[]);
}

#[test]
fn bombs_are_defused() {
    let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let previous = format!("*a{}", level - 1);
        aliases += &format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 10].join(", "));
    }
    let deep = "[".repeat(300) + &"]".repeat(300);
    let blocks = "- ".repeat(300) + "x";
    for (bomb, says) in [
        (aliases, "aliases stand for more than 100000 values"),
        (deep, "nested more than 200 deep"),
        (blocks, "nested more than 200 deep"),
    ] {
        let reading = read(&Source::new("test", bomb + "\n---\n" + &policy("{}")));
        assert_eq!(reading.diagnostics.len(), 1, "{:?}", reading.diagnostics);
        assert!(reading.diagnostics[0].message.contains(says), "{:?}", reading.diagnostics);
        assert_eq!(reading.objects.len(), 1);
    }
}

/// Reads a text without complaints and says which objects it holds.
fn objects(text: &str) -> Vec<String> {
    let reading = read(&Source::new("test", text));
    assert_eq!(reading.diagnostics, [], "in\n{text}");
    reading.objects.iter().map(|object| format!("{object:?}")).collect()
}

#[test]
fn lists_are_opened() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicyList\n  items:\n  - metadata: {name: b}\n    spec:\n      podSelector: {}\n";
    assert_eq!(objects(list), ["Pod a at test:4:3", "NetworkPolicy b at test:8:5"]);
    assert_eq!(objects("apiVersion: v1\nkind: PodList\nitems: null\n"), Vec::<String>::new());
    assert_eq!(
        objects("apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: x}\n"),
        ["AllowList x at test:1:1"]
    );
}

#[test]
fn texts_come_in_all_shapes() {
    let pod = ["Pod p at test:1:1"];
    assert_eq!(objects("apiVersion: v1  \r\nkind: Pod\r\nmetadata:\r\n  name: p \r\n"), pod);
    assert_eq!(objects("\u{feff}apiVersion: v1\nkind: Pod\nmetadata: {name: p}"), pod);
    assert_eq!(
        objects(
            "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"metadata\":{\"name\":\"p\"}\n}"
        ),
        pod
    );
    assert_eq!(
        objects(
            "apiVersion: v1\nkind: Pod\nmetadata: {\n\tname: p,\n\tlabels: {\n\t\t\"a#\": 'it''s [', # }\n\t\tb: c\n\t} }\nspec:\n  containers: [\n\t]\n"
        ),
        pod
    );
    assert_eq!(objects("# nothing\n---\n# here\n---\n"), Vec::<String>::new());
    assert_eq!(objects(""), Vec::<String>::new());
    check(
        "apiVersion: v1\nkind: Pod\nmetadata:\n\t§name: p\n",
        &["indent with spaces, not with tabs"],
    );
}

#[test]
fn templates_are_strays() {
    let check = |text: &str, strays: &[&str], objects: usize, errors: usize| {
        let reading = read(&Source::new("t", text));
        let found: Vec<_> =
            reading.strays.iter().map(|s| format!("{} {:?}", s.location, s.what)).collect();
        let counts = (reading.objects.len(), reading.diagnostics.len());
        assert_eq!(
            (found, counts),
            (strays.iter().map(ToString::to_string).collect(), (objects, errors))
        );
    };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n";
    let action = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n";
    check(action, &["t:4:9 Template"], 0, 0);
    check(&format!("{pod}---\n{action}---\n{pod}"), &["t:8:9 Template"], 2, 0);
    check("{{- if .Values.on }}\nkind: Pod\n{{- end }}\n", &["t:1:1 Template"], 0, 0);
    // What is no YAML without an action is wrong, and so is an object that is YAML with one.
    check(&format!("a: [\n---\n{action}"), &["t:6:9 Template"], 0, 1);
    let unknown = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {a: '{{ }}'}\n";
    check(unknown, &[], 0, 1);
}

#[test]
fn strays_are_told_apart() {
    let reading = read(&Source::new("values.yaml", "replicas: 1\n---\n- a\n---\ntext\n"));
    let strays: Vec<_> = reading.strays.iter().map(|stray| stray.location.to_string()).collect();
    assert_eq!(strays, ["values.yaml:1:1", "values.yaml:3:1", "values.yaml:5:1"]);
    assert_eq!(reading.diagnostics, []);
}

#[test]
fn expectations_are_known_by_their_only_key() {
    let check = |document: &str, expectations: usize, strays: usize| {
        let reading = read(&Source::new("expect.yaml", document));
        let found = (reading.expectations.len(), reading.strays.len());
        assert_eq!(found, (expectations, strays), "{document}");
        assert!(reading.objects.is_empty() && reading.diagnostics.is_empty(), "{document}");
    };
    check("# here\nexpect: []", 1, 0);
    check("replicas: 1\n---\n{\"expect\": wrong}", 1, 1);
    check("expect: []\nrule: 1", 0, 1);
    check("expected: []", 0, 1);
    check("{}", 0, 1);
    check("[expect]", 0, 1);
}

/// The labels of the only pod in a text.
fn pod_labels(metadata: &str) -> Vec<(String, String)> {
    let text = format!("apiVersion: v1\nkind: Pod\n{metadata}");
    let reading = read(&Source::new("test", text));
    assert_eq!(reading.diagnostics, [], "in {metadata}");
    let labels = reading.objects[0].metadata().and_then(|metadata| metadata.labels.clone());
    labels.unwrap_or_default().into_iter().collect()
}

#[test]
fn aliases_merges_tags_and_nulls_are_resolved() {
    let check = |metadata: &str, expected: &[(&str, &str)]| {
        let labels = pod_labels(metadata);
        let labels: Vec<_> = labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(labels, expected, "{metadata}");
    };
    check("metadata: {name: &name p, labels: {app: *name}}", &[("app", "p")]);
    check(
        "base: &b {a: x, b: w}\nmetadata: {name: p, labels: {<<: *b, a: z}}",
        &[("a", "z"), ("b", "w")],
    );
    check("metadata: {name: p, labels: {<<: [{a: x}, {a: w, c: z}]}}", &[("a", "x"), ("c", "z")]);
    check("metadata: {name: p, labels: {a: !!str 1, b: ! true}}", &[("a", "1"), ("b", "true")]);
    check("metadata: {name: p, labels: {a: null, b:, c: ~}}", &[("a", ""), ("b", ""), ("c", "")]);
    check("metadata: {name: p, labels: null}", &[]);
    check(
        "metadata: {name: p, labels: {on: a, 0x50: b, 1.10: c}}",
        &[("1.1", "c"), ("80", "b"), ("true", "a")],
    );
    check(
        "metadata: {name: p, labels: {day: 2024-01-01, é: \"\\u00e9\"}}",
        &[("day", "2024-01-01"), ("é", "é")],
    );
}

#[test]
fn what_servers_write_is_taken() {
    check(&(policy("{}") + "\nstatus: {conditions: []}"), &[]);
    check(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: frontend\n  uid: x\n  selfLink: /n\n  creationTimestamp: 2024-01-01T00:00:00Z\n  managedFields: [{manager: kubectl, unheardOf: 1}]\nstatus: {phase: Active, unheardOf: 1}",
        &[],
    );
}

#[test]
fn workloads_of_any_version_are_read() {
    let check = |api_version: &str, kind: &str, spec: &str, path: &str, replicas: Option<i32>| {
        let text =
            format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: w}}\nspec: {spec}");
        let reading = read(&Source::new("test", text));
        assert_eq!(reading.diagnostics, [], "{kind}");
        let Content::Workload(workload) = &reading.objects[0].content else {
            panic!("{kind} is no workload");
        };
        assert_eq!(workload.pod_path.to_string(), path, "{kind}");
        assert_eq!(workload.replicas, replicas, "{kind}");
        assert_eq!(workload.pod.spec.containers[0].ports[0].container_port, 80, "{kind}");
    };
    let pod = "{containers: [{ports: [{containerPort: 80}], unheardOf: 1}]}";
    let template = format!("template: {{spec: {pod}}}");
    check("v1", "Pod", pod, "", None);
    for (api_version, kind) in [
        ("apps/v1beta2", "Deployment"),
        ("extensions/v1beta1", "DaemonSet"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
    ] {
        check(api_version, kind, &format!("{{replicas: 3, {template}}}"), "spec.template", Some(3));
    }
    check("batch/v1", "Job", &format!("{{parallelism: 2, {template}}}"), "spec.template", Some(2));
    check(
        "batch/v1beta1",
        "CronJob",
        &format!("{{jobTemplate: {{spec: {{{template}}}}}}}"),
        "spec.jobTemplate.spec.template",
        None,
    );
    assert_eq!(
        objects("apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: x}\n"),
        ["Deployment x at test:1:1"]
    );
}

#[test]
fn places_are_found_again() {
    let text =
        policy("\n  ingress:\n  - from: []\n    ports:\n    - port: 80\n      endPort: 90\n");
    let reading = read(&Source::new("test", text));
    let object = &reading.objects[0];
    let spec = Path::ROOT.key("spec");
    let ingress = spec.key("ingress");
    let rule = ingress.index(0);
    let ports = rule.key("ports");
    let port = ports.index(0);
    let check = |location: Location, expected| assert_eq!(location.to_string(), expected);
    check(object.location(), "test:1:1");
    check(object.locate(&port.key("endPort")), "test:9:16");
    check(object.locate_key(&port.key("endPort")), "test:9:7");
    check(object.locate(&port.key("protocol")), "test:8:7");
    check(object.locate_key(&port.key("protocol")), "test:8:7");
    check(object.locate(&ports.index(7)), "test:8:5");
    check(object.locate(&rule), "test:6:5");
}

#[test]
fn one_document_of_a_type() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Scenario {
        title: String,
        #[serde(default)]
        steps: Vec<Step>,
    }
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Step {
        Wait,
        Apply(String),
    }
    let check = |text: &str, expected: Result<Scenario, &str>| {
        let found: Result<Scenario, _> = from_text(&Source::new("s", text));
        let found = found.map_err(|diagnostics| diagnostics[0].to_string());
        assert_eq!(found, expected.map_err(str::to_owned));
    };
    let steps = vec![Step::Wait, Step::Apply("p".to_owned())];
    check("title: t\nsteps: [wait, apply: p]", Ok(Scenario { title: "t".to_owned(), steps }));
    check("steps: []", Err("s:1:1: error: the document is not valid: `title` is missing"));
    check(
        "title: t\nsteps: [stop]",
        Err("s:2:9: error: `steps[0]` must be `wait` or `apply`, not the string `stop`"),
    );
    check("title: t\ntitel: u", Err("s:2:1: error: unknown field `titel`: did you mean `title`"));
    check("title: t\n---\ntitle: u", Err("s:3:1: error: only one document is expected here"));
    check("# nothing", Err("s:1:1: error: there is no document here"));
}
