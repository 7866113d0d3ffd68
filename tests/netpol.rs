//! The command `netpol`, run as a user runs it: the folders of `tests/netpol`.
//!
//! A folder is a case: `args`, one argument a line, is run in it, with `stdin` if there is one.
//! `stdout`, `stderr` and `code` are what must come of it: nothing, nothing and 0 where a file is
//! not there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use jsonschema::Validator;
use serde_json::Value;

fn netpol(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netpol"));
    command.current_dir(folder).args(args).stdin(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end, fed with a text.
fn run(mut command: Command, stdin: &str) -> Output {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments does not wait for the text.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn check(folder: &Path) {
    let read = |name| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let args = read("args");
    let args: Vec<&str> = args.lines().collect();
    let output = run(netpol(folder, &args), &read("stdin"));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let case = folder.display();
    assert_eq!(text(&output.stderr), read("stderr"), "standard error of {case}");
    assert_eq!(text(&output.stdout), read("stdout"), "standard output of {case}");
    let code = read("code").trim().parse().unwrap_or(0);
    assert_eq!(output.status.code(), Some(code), "exit code of {case}");
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/netpol")
}

/// A new, empty folder.
fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn pod(name: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n")
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(cases()).unwrap().map(|f| f.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

#[test]
fn every_case() {
    folders().iter().for_each(|folder| check(folder));
}

/// What a command writes as JSON in a case, and the name of its schema; nothing where it refuses the case.
fn json(folder: &Path) -> Option<(String, Value)> {
    let args = fs::read_to_string(folder.join("args")).unwrap();
    let mut args: Vec<&str> = args.lines().collect();
    if let Some(format) = args.iter().position(|arg| *arg == "--format") {
        args.drain(format..format + 2);
    }
    args.extend(["--format", "json"]);
    let stdin = fs::read_to_string(folder.join("stdin")).unwrap_or_default();
    let output = run(netpol(folder, &args), &stdin);
    let is_answered = output.status.code() != Some(2);
    is_answered.then(|| (args[0].to_owned(), serde_json::from_slice(&output.stdout).unwrap()))
}

fn schema(command: &str) -> Validator {
    let file = format!("docs/schema/{command}.schema.json");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn json_is_what_its_schema_describes() {
    let mut commands = Vec::new();
    for folder in folders() {
        let Some((command, json)) = json(&folder) else { continue };
        let errors: Vec<String> = schema(&command)
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", folder.display());
        commands.push(command);
    }
    commands.sort();
    commands.dedup();
    assert_eq!(commands, ["check", "connectivity", "diff", "explain", "exposure", "lint"]);
}

/// What may be left out: protocols of which nothing passes.
const OPTIONAL: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// The same JSON with one more field in an object of it, or with one less, for each object and field.
fn spoilt(json: &Value) -> Vec<Value> {
    let mut spoilt = Vec::new();
    match json {
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("surplus".to_owned(), Value::Null);
            spoilt.push(Value::Object(more));
            for (name, value) in fields {
                if !OPTIONAL.contains(&name.as_str()) {
                    let mut less = fields.clone();
                    less.remove(name);
                    spoilt.push(Value::Object(less));
                }
                for value in self::spoilt(value) {
                    let mut other = fields.clone();
                    other[name] = value;
                    spoilt.push(Value::Object(other));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for item in self::spoilt(item) {
                    let mut other = items.clone();
                    other[index] = item;
                    spoilt.push(Value::Array(other));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    spoilt
}

#[test]
fn schemas_describe_every_field() {
    for case in [
        "by-workload",
        "diff-json",
        "diff-workloads-json",
        "explain-json",
        "explain-json-does-not-admit",
        "exposure-json",
        "exposure-json-ways",
        "lint-json",
    ] {
        let (command, json) = json(&cases().join(case)).unwrap();
        let schema = schema(&command);
        let spoilt = spoilt(&json);
        assert!(!spoilt.is_empty());
        for json in spoilt {
            assert!(!schema.is_valid(&json), "{case}: {json:#}");
        }
    }
}

#[test]
fn a_text_that_is_not_utf_8_is_refused_where_it_stops_being_so() {
    let folder = empty_folder("not-utf-8");
    fs::write(folder.join("latin.yaml"), b"# a comment\nname: \xe9t\xe9\n").unwrap();
    let output = run(netpol(&folder, &["connectivity", "latin.yaml"]), "");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "latin.yaml:2:7: error: not valid UTF-8\n");
}

#[test]
fn an_empty_folder_deserves_a_word() {
    let folder = empty_folder("empty");
    let output = run(netpol(&folder, &["connectivity", "."]), "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"[]\n");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let expected = ".:1:1: warning: there is no .yaml, .yml or .json file in this folder\n";
    assert_eq!(stderr, expected);
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_twice() {
    use std::os::unix::fs::symlink;
    let folder = empty_folder("links");
    fs::create_dir(folder.join("b")).unwrap();
    fs::write(folder.join("b/pod.yaml"), pod("p")).unwrap();
    symlink("..", folder.join("b/loop")).unwrap();
    symlink("b/pod.yaml", folder.join("again.yaml")).unwrap();
    let output = run(netpol(&folder, &["connectivity", "."]), "");
    // Read twice, the pod would replace itself, which is worth a warning.
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));

    symlink("nowhere", folder.join("broken.yaml")).unwrap();
    let output = run(netpol(&folder, &["connectivity", "--keep-going", "."]), "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("./broken.yaml:1:1: error: cannot be read: "), "{stderr}");
    assert_eq!(output.status.code(), Some(2));
}

/// As with `netpol connectivity … | head -1`.
#[test]
fn a_reader_may_have_seen_enough() {
    let mut command = netpol(&cases(), &["connectivity", "-"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    // Nothing is written before all is read, so that the reader is surely gone by then.
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(pod("p").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}
