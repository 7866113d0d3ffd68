//! What links and project files have in common: the JSON in which both hold a project.
//!
//! In: a [`Project`] or a JSON text. Out: the other one. The keys are for ever, and so is what they mean; what
//! is new gets a new key. A key that is not known, and a choice that makes no sense, are passed over with
//! a note; without its files and texts a project is nothing, so these have to be right.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::base::Base;
use super::{File, MOST, Project, SKY, Selection, Unpacked};
use crate::diagnostic::Quoted;
use crate::picture::View;

/// A project as JSON: see `docs/schema/project.schema.json`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// In files alone: what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// In files alone: in which version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<Choice<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Choice<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<Choice<View>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection: Option<Choice<Ends>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folded: Option<Choice<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Choice<Moved>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Choice<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectations: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<Entry>>,
    #[serde(flatten, skip_serializing)]
    others: BTreeMap<String, IgnoredAny>,
}

/// [`Places`](super::Places) as an object.
type Moved = BTreeMap<String, [u16; 2]>;

/// A choice, when it is one that is known.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Choice<T> {
    Known(T),
    #[serde(skip_serializing)]
    Unknown(IgnoredAny),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a file has a string `path`, a text `text` and a boolean `applied`")]
enum Entry {
    /// In links alone: a file of the scenario as it is there. Twice its number, counted from 0, and one
    /// more when it is applied.
    Same(u32),
    Other(Other),
}

#[derive(Serialize, Deserialize)]
struct Other {
    path: String,
    #[serde(default = "yes")]
    applied: bool,
    text: Text,
    #[serde(flatten, skip_serializing)]
    others: BTreeMap<String, IgnoredAny>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a text is a string or a list of lines")]
enum Text {
    Whole(String),
    Lines(Vec<String>),
}

/// What is selected: one workload, or two, or a call from one end to another on a port.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Ends {
    Star([String; 1]),
    Ribbon([String; 2]),
    Call([String; 3]),
}

impl From<Selection> for Ends {
    fn from(selection: Selection) -> Self {
        match selection {
            Selection::Star(workload) => Ends::Star([workload]),
            Selection::Ribbon(from, to) => Ends::Ribbon([from, to]),
            Selection::Call(from, to, port) => Ends::Call([from, to, port]),
        }
    }
}

impl From<Ends> for Selection {
    fn from(ends: Ends) -> Self {
        match ends {
            Ends::Star([workload]) => Selection::Star(workload),
            Ends::Ribbon([from, to]) => Selection::Ribbon(from, to),
            Ends::Call([from, to, port]) => Selection::Call(from, to, port),
        }
    }
}

impl Text {
    fn whole(self) -> String {
        let text = match self {
            Text::Whole(text) => text,
            Text::Lines(lines) => lines.join("\n"),
        };
        // As editors have it, so that places in it are the same everywhere.
        if text.contains('\r') { text.replace("\r\n", "\n") } else { text }
    }
}

fn yes() -> bool {
    true
}

/// Where a project is written to.
#[derive(Clone, Copy)]
pub enum Form<'b> {
    /// A link, which does not repeat what it is made from.
    Link(&'b Base<'b>),
    /// A file for people: all texts, by their lines.
    File,
}

/// A project as JSON.
///
/// # Errors
///
/// It holds more than is passed on.
pub fn write(project: Project, form: Form) -> Result<Document, String> {
    let Project { scenario, applied, files, shown, expectations, .. } = project;
    let Project { view, step, selection, folded, moved, .. } = project;
    check_extent("files", files.as_ref().map_or(0, Vec::len))?;
    check_extent("folded namespaces and workloads", folded.len())?;
    check_extent("moved stars", moved.len())?;
    let text = |text: String| match form {
        Form::Link(_) => Text::Whole(text),
        Form::File => Text::Lines(text.split('\n').map(str::to_owned).collect()),
    };
    let entry = |File { path, text: content, is_applied }: File| {
        let number = match form {
            Form::Link(base) => {
                base.files.iter().position(|same| *same == (path.as_str(), content.as_str()))
            }
            Form::File => None,
        };
        match number.and_then(|number| u32::try_from(number).ok()) {
            Some(number) => Entry::Same(2 * number + u32::from(is_applied)),
            None => Entry::Other(Other {
                path,
                applied: is_applied,
                text: text(content),
                others: BTreeMap::new(),
            }),
        }
    };
    Ok(Document {
        format: None,
        version: None,
        scenario,
        applied: applied.map(Choice::Known),
        step: step.map(Choice::Known),
        view: view.map(Choice::Known),
        selection: selection.map(|selection| Choice::Known(selection.into())),
        folded: (!folded.is_empty()).then_some(Choice::Known(folded)),
        moved: (!moved.is_empty()).then(|| Choice::Known(moved.into_iter().collect())),
        shown: shown.map(Choice::Known),
        expectations: (!expectations.is_empty()).then(|| text(expectations)),
        files: files.map(|files| files.into_iter().map(entry).collect()),
        others: BTreeMap::new(),
    })
}

/// A project from JSON, with the files of the scenario as a link was made from them: paths and texts.
///
/// # Errors
///
/// There is a number that is no file's, or more than is passed on.
pub fn read(document: Document, same: &[(&str, &str)]) -> Result<Unpacked, String> {
    let Document { scenario, applied, step, view, selection, folded, moved, .. } = document;
    let Document { shown, expectations, files, others, .. } = document;
    check_extent("files", files.as_ref().map_or(0, Vec::len))?;
    let mut passed_over: BTreeSet<String> = others.into_keys().collect();
    let mut read_file = |entry| read_file(entry, same, &mut passed_over);
    let files: Option<Result<Vec<File>, String>> =
        files.map(|files| files.into_iter().map(&mut read_file).collect());
    let files = files.transpose()?;
    let is_there = |shown: &u32| files.as_ref().is_some_and(|files| files.len() > *shown as usize);
    let in_sky = |moved: &Moved| moved.values().flatten().all(|part| *part <= SKY);
    let mut known = Known(passed_over);
    let project = Project {
        scenario,
        applied: known.choice("applied", applied, |_| true),
        step: known.choice("step", step, |_| true),
        view: known.choice("view", view, |_| true),
        selection: known.choice("selection", selection, |_| true).map(Selection::from),
        folded: known.choice("folded", folded, |_| true).unwrap_or_default(),
        moved: known.choice("moved", moved, in_sky).into_iter().flatten().collect(),
        shown: known.choice("shown", shown, is_there),
        expectations: expectations.map(Text::whole).unwrap_or_default(),
        files,
    };
    check_extent("folded namespaces and workloads", project.folded.len())?;
    check_extent("moved stars", project.moved.len())?;
    Ok(Unpacked { project, note: note(&known.0) })
}

fn read_file(
    entry: Entry,
    same: &[(&str, &str)],
    passed_over: &mut BTreeSet<String>,
) -> Result<File, String> {
    match entry {
        Entry::Same(number) => {
            let file = same.get(number as usize / 2);
            let (path, text) = file.ok_or_else(|| {
                format!("file {number} is none of the scenario's: ask for a project file instead")
            })?;
            let (path, text) = ((*path).to_owned(), (*text).to_owned());
            Ok(File { path, text, is_applied: number % 2 == 1 })
        }
        Entry::Other(Other { path, applied, text, others }) => {
            passed_over.extend(others.into_keys().map(|key| format!("files.{key}")));
            Ok(File { path, text: text.whole(), is_applied: applied })
        }
    }
}

/// The keys that are passed over, of all that are read.
struct Known(BTreeSet<String>);

impl Known {
    /// What was chosen, when it is known and makes sense.
    fn choice<T>(
        &mut self,
        key: &str,
        choice: Option<Choice<T>>,
        makes_sense: impl FnOnce(&T) -> bool,
    ) -> Option<T> {
        match choice {
            None => None,
            Some(Choice::Known(value)) if makes_sense(&value) => Some(value),
            Some(Choice::Known(_) | Choice::Unknown(_)) => {
                self.0.insert(key.to_owned());
                None
            }
        }
    }
}

/// How many keys are named.
const NAMED: usize = 3;

fn note(passed_over: &BTreeSet<String>) -> Option<String> {
    let named: Vec<_> = passed_over.iter().take(NAMED).map(|key| Quoted(key).to_string()).collect();
    let more = match passed_over.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty())
        .then(|| format!("{}{more} is not understood here, and was passed over", named.join(", ")))
}

fn check_extent(what: &str, count: usize) -> Result<(), String> {
    if count <= MOST {
        return Ok(());
    }
    Err(format!("{count} {what} are more than the {MOST} that are passed on: divide them"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Places;

    const SAME: &[(&str, &str)] = &[("a.yaml", "a: 1\n"), ("b.yaml", "b: 2\n")];

    fn reading(json: &str) -> Result<Unpacked, String> {
        let document = serde_json::from_str(json).map_err(|error| error.to_string())?;
        read(document, SAME)
    }

    #[test]
    fn every_key_is_read() {
        let json = r#"{
            "scenario": "workshop-v2", "applied": ["default-deny"], "step": "workshop/7", "view": "observer",
            "selection": ["a/x", "b/y"], "folded": ["a", "b/y"], "moved": {"a/x": [0, 1000]}, "shown": 2,
            "expectations": ["a > b", ""],
            "files": [3, 0, {"path": "c.yaml", "text": "c\r\nd", "applied": false}, {"path": "d", "text": ["e", "f"]}]
        }"#;
        let file = |path: &str, text: &str, is_applied| File {
            path: path.to_owned(),
            text: text.to_owned(),
            is_applied,
        };
        let project = Project {
            scenario: Some("workshop-v2".to_owned()),
            applied: Some(vec!["default-deny".to_owned()]),
            files: Some(vec![
                file("b.yaml", "b: 2\n", true),
                file("a.yaml", "a: 1\n", false),
                file("c.yaml", "c\nd", false),
                file("d", "e\nf", true),
            ]),
            shown: Some(2),
            expectations: "a > b\n".to_owned(),
            view: Some(View::Observer),
            step: Some("workshop/7".to_owned()),
            selection: Some(Selection::Ribbon("a/x".to_owned(), "b/y".to_owned())),
            folded: vec!["a".to_owned(), "b/y".to_owned()],
            moved: Places::from([("a/x".to_owned(), [0, 1000])]),
        };
        assert_eq!(reading(json), Ok(Unpacked { project, note: None }));
        assert_eq!(reading("{}"), Ok(Unpacked::default()));
    }

    #[test]
    fn what_is_not_understood_is_named_and_passed_over() {
        let check = |json: &str, named: &str| {
            let note = format!("{named} is not understood here, and was passed over");
            let expected = Unpacked { note: Some(note), ..Unpacked::default() };
            assert_eq!(reading(json), Ok(expected), "{json}");
        };
        check(r#"{"colour": {"deep": [1]}}"#, "`colour`");
        check(r#"{"view": "sideways"}"#, "`view`");
        check(
            r#"{"view": 1, "step": [], "applied": "all", "folded": 0}"#,
            "`applied`, `folded`, `step` and 1 more",
        );
        check(r#"{"selection": []}"#, "`selection`");
        check(r#"{"selection": ["a", "b", "c", "d"]}"#, "`selection`");
        check(r#"{"moved": {"a": [0, 1001]}}"#, "`moved`");
        check(r#"{"moved": {"a": [0]}}"#, "`moved`");
        check(r#"{"moved": {"a": [-1, 0]}}"#, "`moved`");
        check(r#"{"shown": 0}"#, "`shown`");
        check(r#"{"<script>alert(1)</script>": 0}"#, "`<script>alert(1)</script>`");
        let beside = r#"{"files": [1, {"path": "", "text": "", "mood": 1}, {"path": "", "text": "", "mood": 2}], "shown": 3}"#;
        let Unpacked { project, note } = reading(beside).unwrap();
        assert_eq!(project.files.map(|files| files.len()), Some(3));
        assert!(note.unwrap().starts_with("`files.mood`, `shown` is"));
    }

    #[test]
    fn files_have_to_be_right() {
        let check = |json: &str, says: &str| {
            let error = reading(json).unwrap_err();
            assert!(error.contains(says), "{json}: {error}");
        };
        check(r#"{"files": [4]}"#, "file 4 is none of the scenario's");
        check(r#"{"files": [-1]}"#, "a file has a string `path`");
        check(r#"{"files": [{"path": "a"}]}"#, "a file has a string `path`");
        check(r#"{"files": [{"path": "a", "text": 1}]}"#, "a file has a string `path`");
        check(r#"{"files": {}}"#, "expected a sequence");
        check(r#"{"expectations": {}}"#, "a text is a string or a list of lines");
        check(r#"{"scenario": 7}"#, "expected a string");
        check(r#"{"files": [], "files": []}"#, "duplicate field");
        check(&format!(r#"{{"files": [{}1]}}"#, "1,".repeat(MOST)), "10001 files are more than");
        let folded = format!(r#"{{"folded": [{}""]}}"#, r#""","#.repeat(MOST));
        check(&folded, "10001 folded namespaces and workloads");
    }
}
