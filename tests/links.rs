//! Links and project files: what they hold comes back, for ever, and whatever else they are given, they
//! say so.
//!
//! `tests/links/VERSION-NAME.txt` is a link that must be read for ever, and the project file of the same name
//! is what it holds; both were written without this program. `tests/links/refused` holds links that are none, below
//! some words of what is said of them.

use std::fs;
use std::path::{Path, PathBuf};

use netpol_playground::message::{self, Ask, Tell};
use netpol_playground::picture::View;
use netpol_playground::presets;
use netpol_playground::project::{
    self, File, MOST, Places, Project, Selection, Unpacked, file, link,
};
use netpol_playground::reader::Reader;
use netpol_playground::scenario::{PresetFile, Scenario};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The texts in a folder, by the names of their files, which end so.
fn texts(name: &str, ending: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    let path = |path: &PathBuf| path.to_string_lossy().ends_with(ending);
    let mut texts: Vec<_> = entries
        .filter(path)
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    texts.sort();
    assert!(!texts.is_empty());
    texts
}

fn pack(project: &Project) -> String {
    link::pack(project, presets::scenarios()).unwrap()
}

fn unpack(text: &str) -> Result<Unpacked, String> {
    link::unpack(text, presets::scenarios())
}

/// A project comes back from a link and from a file as it was.
fn check(project: &Project) {
    let whole = Unpacked { project: project.clone(), note: None };
    assert_eq!(unpack(&pack(project)).as_ref(), Ok(&whole));
    assert_eq!(file::read(&file::write(project).unwrap()).as_ref(), Ok(&whole));
}

fn scenario(slug: &str) -> &'static Scenario {
    presets::scenario(slug).unwrap()
}

fn own(PresetFile { path, text, .. }: &PresetFile, is_applied: bool) -> File {
    File { path: path.clone(), text: text.clone(), is_applied }
}

/// What the page makes of a scenario when its files become one's own.
fn adopted(slug: &str, is_on: bool) -> Project {
    let scenario = scenario(slug);
    let manifests = scenario.manifests.iter().map(|file| own(file, true));
    let policies = scenario.policies.iter().map(|file| own(file, is_on));
    let shown = u32::try_from(scenario.manifests.len()).unwrap();
    Project {
        scenario: Some(slug.to_owned()),
        files: Some(manifests.chain(policies).collect()),
        shown: Some(shown),
        ..Project::default()
    }
}

fn of_files(files: Vec<File>) -> Project {
    Project { files: Some(files), shown: Some(0), ..Project::default() }
}

fn file_of(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned(), is_applied: true }
}

#[test]
fn links_of_all_times_are_read() {
    for (name, text) in texts("tests/links", ".txt") {
        let expected = fs::read_to_string(folder(&format!("tests/links/{name}.json"))).unwrap();
        let expected = file::read(&expected).unwrap();
        assert_eq!(unpack(text.trim_end()), Ok(expected.clone()), "{name}");
        check(&expected.project);
    }
}

#[test]
fn links_that_are_none_are_told_from_those_that_are() {
    for (name, text) in texts("tests/links/refused", ".txt") {
        let (says, text) = text.split_once('\n').unwrap();
        let error = unpack(text.trim_end()).unwrap_err();
        assert!(error.contains(says), "{name}: {error}");
        assert_one_sentence(&error);
    }
    let long = "1".repeat(1024 * 1024 + 1);
    assert!(unpack(&long).unwrap_err().contains("1048577 bytes long"));
    assert_one_sentence(&unpack(&long[1..]).unwrap_err());
}

#[test]
fn files_that_are_none_are_told_from_those_that_are() {
    let check = |text: &str, says: &str| {
        let error = file::read(text).unwrap_err();
        assert!(error.contains(says), "{text:.100}: {error}");
        assert_one_sentence(&error);
    };
    let begun = r#"{"format": "netpol-playground project""#;
    check("", "is no project");
    check("kind: Pod\n", "is no project");
    check("<script>alert(1)</script>", "is no project");
    check(r#"{"version": 1, "format": "netpol-playground project"}"#, "is no project");
    check(begun, "cannot be read (`EOF while parsing");
    check(&format!("{begun}}}"), "missing field `version`");
    check(&format!("{begun}, \"version\": 2, \"files\": 7}}"), "of version 2, which this page");
    check(
        &format!("{begun}, \"version\": 1, \"files\": [1]}}"),
        "file 1 is none of the scenario's",
    );
    check(&format!("{begun}, \"version\": 1, \"files\": [{{}}]}}"), "a file has a string `path`");
    let nested = ["[", "]"].map(|bracket| bracket.repeat(100_000)).concat();
    check(&format!("{begun}, \"version\": 1, \"x\": {nested}}}"), "recursion limit");
    check(&" ".repeat(32 * 1024 * 1024 + 1), "33554433 bytes");
}

fn assert_one_sentence(error: &str) {
    assert!(error.len() < 400 && !error.contains(char::is_control), "{error}");
}

#[test]
fn what_cannot_be_passed_on_says_so() {
    let noise = |length: usize| {
        // Letters in an order that no packer foresees.
        let mut state = 1u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b"abcdefghijklmnopqrstuvwxyz012345"[(state >> 27) as usize])
        };
        (0..length).map(|_| letter()).collect::<String>()
    };
    let packed = |project: &Project| link::pack(project, presets::scenarios());
    let one = |text: &str| of_files(vec![file_of("a.yaml", text)]);
    assert!(packed(&one(&noise(200_000))).is_ok());
    let error = packed(&one(&noise(1_400_000))).unwrap_err();
    assert!(error.contains("1 MiB when packed"), "{error}");
    let error = packed(&one(&"a".repeat(4 * 1024 * 1024))).unwrap_err();
    assert!(error.contains("too large for a link, which holds 4 MiB"), "{error}");
    let error = file::write(&one(&"a".repeat(32 * 1024 * 1024))).unwrap_err();
    assert!(error.contains("too large for a project file"), "{error}");
    let many = of_files(vec![file_of("a.yaml", ""); MOST + 1]);
    for error in [packed(&many).unwrap_err(), file::write(&many).unwrap_err()] {
        assert!(error.contains("10001 files are more than the 10000"), "{error}");
    }
}

#[test]
fn links_are_short() {
    let check = |what: &str, project: &Project, at_most: usize| {
        let length = pack(project).len();
        assert!(length <= at_most, "{what}: {length} characters, and not {at_most}");
        check(project);
    };
    let with = |mut project: Project, change: &dyn Fn(&mut Vec<File>)| {
        change(project.files.as_mut().unwrap());
        project
    };
    let edited = |files: &mut Vec<File>| {
        let file = files.iter_mut().find(|file| file.path.ends_with("/queue-policy.yaml")).unwrap();
        assert!(file.text.contains("5000"));
        file.text = file.text.replace("5000", "5001");
        file.is_applied = true;
    };
    let added = |files: &mut Vec<File>| {
        let file = files.iter().find(|file| file.path.ends_with("/queue-policy.yaml")).unwrap();
        let text = file.text.replace("queue", "stock").replace("5000", "8443");
        files.push(file_of("stock-policy.yaml", &text));
    };
    let read = |path: &str| fs::read_to_string(folder(path)).unwrap();
    let expectations = Project {
        scenario: Some("workshop-v2".to_owned()),
        expectations: "expect:\n  - {from: frontend/client, to: facade.backend, port: 80/TCP, verdict: open}\n".to_owned(),
        ..Project::default()
    };
    check("the scenario's own files", &adopted("workshop-v2", false), 45);
    check("all of them applied", &adopted("workshop-v2", true), 45);
    check("one policy edited", &with(adopted("workshop-v2", false), &edited), 65);
    check("another policy", &with(adopted("workshop-v2", false), &added), 100);
    check("an expectation", &expectations, 55);
    let tiers = read("tests/lint/quiet/05-three-tiers.yaml");
    check("3,000 letters of one's own", &of_files(vec![file_of("app.yaml", &tiers)]), 580);
    let policy = read("tests/lint/quiet/01-default-deny-ingress.yaml");
    check("half as many", &of_files(vec![file_of("app.yaml", &policy)]), 360);
}

/// What the worker answers, by way of the bytes that go between it and the page.
fn told(ask: &Ask) -> Tell {
    let ask = message::decode(&message::encode(ask, 0)).unwrap();
    let tell = Reader::default().answer(ask);
    message::decode(&message::encode(&tell, 0)).unwrap()
}

#[test]
fn the_worker_packs_and_unpacks() {
    let project = Project {
        view: Some(View::Observer),
        selection: Some(Selection::Star("pci/payments".to_owned())),
        moved: Places::from([("frontend/client".to_owned(), [10, 990])]),
        ..adopted("workshop-v2", false)
    };
    let whole = Unpacked { project: project.clone(), note: None };
    let Tell::Packed(Ok(link)) = told(&Ask::Pack(Box::new(project.clone()))) else { panic!() };
    assert_eq!(told(&Ask::Unpack(link)), Tell::Unpacked(Ok(Box::new(whole.clone()))));
    let Tell::Saved(Ok(text)) = told(&Ask::Save(Box::new(project))) else { panic!() };
    assert!(project::is_file(&text));
    assert_eq!(told(&Ask::Open(text)), Tell::Unpacked(Ok(Box::new(whole))));
    let refused = |ask| matches!(told(&ask), Tell::Unpacked(Err(_)));
    assert!(refused(Ask::Unpack("<script>".to_owned())));
    assert!(refused(Ask::Open("kind: Pod".to_owned())));
    let large = of_files(vec![file_of("a.yaml", ""); MOST + 1]);
    assert!(matches!(told(&Ask::Pack(Box::new(large.clone()))), Tell::Packed(Err(_))));
    assert!(matches!(told(&Ask::Save(Box::new(large))), Tell::Saved(Err(_))));
}

#[test]
fn a_hundred_files_come_back() {
    let file = |i: usize| File {
        // Names that look alike, and one twice.
        path: ["a.yaml", "./a.yaml", "a.yaml ", "A.yaml", "a\u{308}.yaml"][i % 5]
            .repeat(1 + i / 10),
        text: "kind: Pod\n".repeat(i),
        is_applied: i.is_multiple_of(3),
    };
    check(&of_files((0..100).map(file).collect()));
}

#[test]
fn files_are_for_people_and_their_version_control() {
    let project = Project {
        scenario: Some("workshop-v1".to_owned()),
        files: Some(vec![file_of("a.yaml", "kind: Pod\n# ü\n")]),
        ..Project::default()
    };
    let text = r##"{
  "format": "netpol-playground project",
  "version": 1,
  "scenario": "workshop-v1",
  "files": [
    {
      "path": "a.yaml",
      "applied": true,
      "text": [
        "kind: Pod",
        "# ü",
        ""
      ]
    }
  ]
}
"##;
    assert_eq!(file::write(&project).as_deref(), Ok(text));
    // As somebody may write it by hand.
    let terse = r#"{"format":"netpol-playground project","files":[{"text":"kind: Pod\r\n# ü\r\n","path":"a.yaml"}],"version":1,"scenario":"workshop-v1"}"#;
    assert_eq!(file::read(terse), Ok(Unpacked { project, note: None }));
}

#[test]
fn the_schema_says_what_a_project_file_is() {
    let read = |path: &str| fs::read_to_string(folder(path)).unwrap();
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let schema = json(&read("docs/schema/project.schema.json"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let keys = |value: &Value| -> Vec<String> {
        let mut keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let text = read("tests/links/1-every-key.json");
    let all = json(&text);
    assert!(validator.is_valid(&all));
    assert_eq!(keys(&schema["properties"]), keys(&all));
    let file = &schema["properties"]["files"]["items"]["properties"];
    assert_eq!(keys(file), keys(&all["files"][0]));
    let Unpacked { project, .. } = file::read(&text).unwrap();
    assert_eq!(json(&file::write(&project).unwrap()), all);
    for project in [Project::default(), adopted("workshop-v2", true)] {
        assert!(validator.is_valid(&json(&file::write(&project).unwrap())));
    }
    // Whatever is no value of a key is refused, or passed over with a note.
    for key in keys(&all) {
        let mut other = all.clone();
        other[&key] = json("[{}]");
        assert!(!validator.is_valid(&other), "{key}");
        let read = file::read(&serde_json::to_string(&other).unwrap());
        assert!(read.is_err() || read.is_ok_and(|read| read.note.is_some()), "{key}");
    }
}

/// A text of words that mean something somewhere, or of any characters.
fn text() -> impl Strategy<Value = String> {
    let words = &[
        "\n",
        "\n",
        "kind: Pod",
        "  ",
        "---\n",
        ">",
        "&",
        "#",
        "%3E",
        "%",
        "?x=1",
        "<script>",
        "\"",
        "\\",
        "\\n",
        "\t",
        "\0",
        "ü",
        "a\u{308}",
        "日本",
        "\u{1F6F0}",
        "\u{2028}",
        "{\"files\":[1,3,5",
        "null",
        "a/b,c",
    ];
    // The page takes carriage returns out of texts when it gets them.
    let any = any::<String>().prop_map(|text| text.replace('\r', "\n"));
    let of_words = vec(select(words), 0..12).prop_map(|words| words.concat());
    prop_oneof![of_words, any]
}

fn one_file() -> impl Strategy<Value = File> {
    let scenarios = presets::scenarios().iter();
    let files = scenarios.flat_map(|scenario| scenario.manifests.iter().chain(&scenario.policies));
    let of_a_scenario = (select(files.collect::<Vec<_>>()), any::<bool>());
    let of_a_scenario = of_a_scenario.prop_map(|(file, is_applied)| own(file, is_applied));
    let edited = (of_a_scenario.clone(), text(), 0..40usize).prop_map(|(mut file, text, line)| {
        let mut lines: Vec<_> = file.text.split('\n').collect();
        lines.insert(line.min(lines.len()), &text);
        file.text = lines.join("\n");
        file
    });
    let other = (text(), text(), any::<bool>());
    let other = other.prop_map(|(path, text, is_applied)| File { path, text, is_applied });
    prop_oneof![of_a_scenario, edited, other]
}

prop_compose! {
    fn any_project()(
        scenario in option::of(prop_oneof![select(&["workshop-v1", "workshop-v2"][..]).prop_map(str::to_owned), text()]),
        applied in option::of(vec(text(), 0..4)),
        files in option::of(vec(one_file(), 0..20)),
        shown in option::of(any::<prop::sample::Index>()),
        expectations in text(),
        view in option::of(select(&[View::Cluster, View::Observer][..])),
        step in option::of(text()),
        selection in option::of(prop_oneof![
            text().prop_map(Selection::Star),
            (text(), text()).prop_map(|(from, to)| Selection::Ribbon(from, to)),
            (text(), text(), text()).prop_map(|(from, to, port)| Selection::Call(from, to, port)),
        ]),
        folded in vec(text(), 0..4),
        moved in btree_map(text(), [0..=1000u16, 0..=1000u16], 0..4),
    ) -> Project {
        let count = files.as_ref().map_or(0, Vec::len);
        let shown = shown.filter(|_| count > 0).map(|shown| shown.index(count) as u32);
        let moved: Places = moved.into_iter().collect();
        Project { scenario, applied, files, shown, expectations, view, step, selection, folded, moved }
    }
}

proptest! {
    #[test]
    fn every_project_comes_back(project in any_project()) {
        check(&project);
    }

    #[test]
    fn every_text_gets_an_answer(text in text(), at in any::<prop::sample::Index>(), project in any_project()) {
        let _ = unpack(&text);
        let _ = unpack(&format!("1{text}"));
        let _ = file::read(&text);
        let link = pack(&project);
        let cut = &link[..at.index(link.len())];
        prop_assert!(unpack(cut).is_err());
        let _ = unpack(&format!("{cut}{text}"));
    }
}
