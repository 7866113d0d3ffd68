//! The schemas for expectations say what is taken and what is written.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use netpol_playground::expect;
use netpol_playground::manifest::Source;
use serde_json::Value;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schema(name: &str) -> Validator {
    let text = fs::read_to_string(root("docs/schema").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// A text is taken by the schema for editors as it is by the engine.
#[track_caller]
fn check(text: &str, is_taken: bool) {
    let diagnostics = expect::read(&Source::new("expect.yaml", text)).diagnostics;
    assert_eq!(diagnostics.is_empty(), is_taken, "{text}: {diagnostics:?}");
    let value: Value = serde_norway::from_str(text).unwrap();
    let is_valid = schema("expectations.schema.json").is_valid(&value);
    assert_eq!(is_valid, is_taken, "{text}");
}

#[test]
fn editors_take_what_the_command_takes() {
    let item = |fields: &str, is_taken| check(&format!("expect: [{{{fields}}}]"), is_taken);
    item("from: a/x, to: b/y, verdict: open", true);
    item("from: internet, to: y.b, port: 80, verdict: blocked", true);
    item("from: a/x, to: '::1', port: 80/TCP, verdict: blocked", true);
    item("from: a/x, to: b/y, port: '53/UDP', verdict: open", true);
    item("from: a/x, to: b/y, port: null, verdict: open", true);
    item("from: a/x, to: b/y", false);
    item("from: a/x, verdict: open", false);
    item("from: '', to: b/y, verdict: open", false);
    item("from: [a/x], to: b/y, verdict: open", false);
    item("from: a/x, to: b/y, verdict: Open", false);
    item("from: a/x, to: b/y, port: 0, verdict: open", false);
    item("from: a/x, to: b/y, port: 65536, verdict: open", false);
    item("from: a/x, to: b/y, port: 80-90, verdict: open", false);
    item("from: a/x, to: b/y, port: 80/tcp, verdict: open", false);
    item("from: a/x, to: b/y, port: http, verdict: open", false);
    item("from: a/x, to: b/y, verdict: open, name: z", false);
    check("expect: []", true);
    check("expect: {}", false);
    check("expect:", false);
    check("expect: []\nname: z", false);
    check("[]", false);
}

#[test]
fn examples_and_what_is_written_are_taken() {
    let document = fs::read_to_string(root("docs/expectations.md")).unwrap();
    let example = document.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next());
    check(example.expect("an example"), true);
    for case in ["expect/stdout", "expect-by-workload/stdout", "check/expect.yaml"] {
        check(&fs::read_to_string(root("tests/netpol").join(case)).unwrap(), true);
    }
}

#[test]
fn what_a_check_writes_is_what_its_schema_describes() {
    let text = fs::read_to_string(root("tests/netpol/check-json/stdout")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    let schema = schema("check.schema.json");
    assert!(schema.is_valid(&Value::from(list.clone())));
    for entry in list {
        let fields = entry.as_object().unwrap();
        for name in fields.keys() {
            let mut less = fields.clone();
            less.remove(name);
            assert!(!schema.is_valid(&Value::from(vec![Value::from(less)])), "{name} is left out");
        }
        let mut more = fields.clone();
        more.insert("surplus".to_owned(), Value::Null);
        assert!(!schema.is_valid(&Value::from(vec![Value::from(more)])));
    }
}
