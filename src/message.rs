//! What the page and the worker that reads own manifests say to each other, as bytes.
//!
//! The page asks one thing at a time, and every [`Ask`] gets one [`Tell`], in order. Texts are sent when
//! they have changed; the worker keeps them. Only a long reading is different: it tells how far it is, and
//! the next reading that is asked for takes its place.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::expect::{Expectation, Judgement};
use crate::fragment::Fragment;
use crate::lint::{Finding, Fix};
use crate::overview::{Lens, Overview};
use crate::probe::LinkState;
use crate::project::{Project, Selection, Unpacked};

/// What the page asks the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// What do these files come to?
    Read(Files),
    /// What is seen of the files that were read last, if it is looked at so?
    Look(Look),
    /// What is said of the files that were read last?
    Review,
    /// What does a part of the table say of who reaches whom?
    Window(Window),
    /// What is at this place of a file, and which pods does it mean?
    Point(Cursor),
    /// How do the files read in which something has these labels?
    Relabel(Relabel),
    /// What do the expectations of this text come to, by the files that were read last?
    Check(String),
    /// Which expectations do those files meet as they are?
    Expect,
    /// How is this a link?
    Pack(Box<Project>),
    /// What does this link hold?
    Unpack(String),
    /// How is this a project file?
    Save(Box<Project>),
    /// What does this project file hold?
    Open(String),
    /// What passes by the files that were read last and not by these, and the other way round?
    Compare(Vec<Text>),
    /// What is open to those that are not there yet?
    Expose,
    /// How are the policies written?
    Policies,
    /// What would change what becomes of a call?
    Suggest(Call),
    /// How do the files read in which something is done that was suggested?
    Try(Try),
}

/// A call, as somebody writes it: see [`end`](netpol_engine::end).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who calls: `ns/name`, an address or `internet`.
    pub from: String,
    /// Whom: the same, or `service.ns`.
    pub to: String,
    /// On which port: `80/TCP`.
    pub port: String,
}

/// One of the suggestions for a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// The call.
    pub call: Call,
    /// Which of its suggestions, counted from 0.
    pub number: u32,
    /// What the suggestion is called, by which it is known again.
    pub title: String,
}

/// Other labels for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relabel {
    /// What gets them.
    pub what: Labelled,
    /// All of them, as somebody wrote them: `app=web, tier=front`.
    pub labels: String,
}

/// Something with labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Labelled {
    /// The pods of a workload: `ns/name`.
    Workload(String),
    /// A namespace.
    Namespace(String),
}

/// The files that lie open, and how they differ from the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// Counts the questions, so that an answer tells which it is for.
    pub serial: u32,
    /// The texts that are new or other than before.
    pub changed: Vec<Text>,
    /// What is other in texts that the worker has.
    pub edits: Vec<Edit>,
    /// All files in their order, and whether each is applied.
    pub order: Vec<(u32, bool)>,
    /// The file in the editor.
    pub shown: Option<u32>,
    /// Namespaces that are deleted, with everything in them.
    pub deleted: Vec<String>,
    /// How they are looked at.
    pub look: Look,
}

/// How files are looked at that hold more than can be drawn pod by pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What is drawn, and how.
    pub lens: Lens,
    /// What is explained, by the names of stars.
    pub selection: Option<Selection>,
}

/// A part of the table of who reaches whom, which may be too large to be told whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Who calls: the words of a [`Lens::filter`].
    pub from: String,
    /// Who is called, likewise.
    pub to: String,
    /// The first row, counted from 0, and how many.
    pub rows: (u32, u32),
    /// The first column, counted from 0, and how many.
    pub columns: (u32, u32),
}

/// Another part of a text: what there is between the bytes `start` and `end` of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file.
    pub id: u32,
    /// The first byte that is other.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// What stands there instead.
    pub text: String,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The page's number for the file, which it never gives twice.
    pub id: u32,
    /// What the file is called.
    pub path: String,
    /// YAML or JSON.
    pub text: Rc<str>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The file.
    pub id: u32,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tell {
    /// What the files come to.
    Read(Box<Answer>),
    /// How far a long reading is: so many bytes, of so many. The answer is still to come.
    Progress(u32, u32),
    /// What is seen.
    Seen(Box<Seen>),
    /// What is said.
    Said(Box<Said>),
    /// A part of the table.
    Window(Box<Table>),
    /// What a place means; nothing where there is nothing to tell.
    Point(Option<Pointed>),
    /// The files that read otherwise, by their numbers; or why the labels cannot be written.
    Relabelled(Result<Vec<(u32, String)>, String>),
    /// What expectations come to.
    Checked(Checked),
    /// The text of a file of expectations; or why none is written.
    Expected(Result<String, String>),
    /// The link; or why there is none.
    Packed(Result<String, String>),
    /// The text of the project file; or why there is none.
    Saved(Result<String, String>),
    /// What the link or the project file holds; or what is wrong with it.
    Unpacked(Result<Box<Unpacked>, String>),
    /// What is different.
    Compared(Compared),
    /// What is open to those that are not there yet, to each and to each workload; or why it is not told.
    Exposed(Result<Vec<Exposed>, String>),
    /// The policies, as YAML.
    Policies(String),
    /// What would change what becomes of the call; or why the call is not understood.
    Suggested(Result<Suggested, String>),
    /// The files in which it is done; or why it cannot be.
    Rewritten(Result<Rewritten, String>),
}

/// What would change what becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// What becomes of it: the words for its outcome.
    pub outcome: String,
    /// Why, in one line that begins with these words.
    pub why: String,
    /// What policies cannot do about it, a sentence each.
    pub limits: Vec<String>,
    /// What opens the call if it is not open, and closes it if it is: the smallest change, then one that
    /// does less besides, if there is one.
    pub suggestions: Vec<Suggestion>,
}

/// A change that opens a call, or closes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What to do.
    pub title: String,
    /// How many lines of the files are new or gone then.
    pub lines: u32,
    /// What else gets through then.
    pub opens: Vec<Effect>,
    /// What else does not get through any more.
    pub closes: Vec<Effect>,
    /// The change as YAML for people.
    pub yaml: String,
}

/// What else a change does to two ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Who calls: a name for people, or addresses.
    pub from: String,
    /// Whom.
    pub to: String,
    /// On which ports: `TCP 80,443 UDP all`.
    pub connections: String,
}

/// Files in which something is done that was suggested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewritten {
    /// Those that read otherwise, by their numbers.
    pub texts: Vec<(u32, String)>,
    /// One that has to be there after the others.
    pub new: Option<NewFile>,
}

/// A file that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// What it may be called: no other file is.
    pub path: String,
    /// YAML.
    pub text: String,
}

/// What files come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Of which question.
    pub serial: u32,
    /// What there is to see.
    pub seen: Seen,
    /// What is said of them; nothing yet, where it takes long: it is to be asked for.
    pub said: Option<Said>,
}

/// What there is to see of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the applied files declare together, an owner and what it owns as one workload. Of a
    /// document that is refused, what it declared when it last was not. Of a crowd, only what bears on what
    /// is explained.
    pub fragment: Fragment,
    /// What is seen of workloads that are too many to be drawn one by one.
    pub crowd: Option<Crowd>,
}

/// What is seen of many workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    /// What there is to draw.
    pub overview: Overview,
    /// The pairs of workloads behind the ribbon that is explained, where that stands for several.
    pub pairs: Option<Pairs>,
    /// What is different since the files were last read, in a line.
    pub change: String,
    /// The bonds that are most other than when the files were read before, by position.
    pub changed: Vec<u32>,
    /// What is explained.
    pub explained: Option<Selection>,
}

/// Pairs of workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    /// How many there are.
    pub count: u32,
    /// Some of them, as `ns/name`, and how much gets through.
    pub some: Vec<(String, String, LinkState)>,
}

/// What is said of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The files with documents that are seen as they were when they were last taken, and the first
    /// lines of these.
    pub stale: Vec<(u32, Vec<u32>)>,
    /// Everything that is said of the applied files, in their order.
    pub diagnostics: Vec<Diagnostic>,
    /// What is probably a mistake in the applied files, in their order.
    pub findings: Vec<Found>,
    /// The applied files that hold expectations and nothing else, by their numbers.
    pub expectations: Vec<u32>,
    /// The marks in the file that is shown, as JSON for the editor.
    pub marks: String,
    /// The labels, namespaces and port names of the cluster, as JSON for the editor.
    pub vocabulary: String,
}

/// What is probably a mistake, with all that is said of its kind: so the page need not know that of every kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How bad it is.
    pub severity: Severity,
    /// The name of its kind.
    pub id: String,
    /// Why that is probably a mistake.
    pub why: String,
    /// What silences it.
    pub silence: String,
    /// Where.
    pub location: Location,
    /// What it is, in a sentence.
    pub message: String,
    /// What mends it, where that is certain.
    pub fix: Option<Fix>,
}

impl From<Finding> for Found {
    fn from(Finding { rule, location, message, fix }: Finding) -> Found {
        Found {
            severity: rule.severity(),
            id: rule.id().to_owned(),
            why: rule.why().to_owned(),
            silence: rule.silence(),
            location,
            message,
            fix,
        }
    }
}

/// A part of the table of who reaches whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// How many rows and columns the whole table has.
    pub size: (u32, u32),
    /// The position of the first row and of the first column of the part.
    pub corner: (u32, u32),
    /// Who calls: `ns/name`.
    pub rows: Vec<String>,
    /// Who is called.
    pub columns: Vec<String>,
    /// Row by row, the words for an outcome and a line that says why; nothing where there is no call.
    pub cells: Vec<Option<(String, String)>>,
}

/// What a place in a file means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointed {
    /// In a sentence.
    pub sentence: String,
    /// The workloads that it means: `ns/name`.
    pub workloads: Vec<String>,
}

/// What expectations come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Those that were taken, in the order of the text, each with what it comes to.
    pub items: Vec<(Expectation, Judgement)>,
    /// What was refused of the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is different between two states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// All of it in a line.
    pub summary: String,
    /// The pairs of ends between which something else passes now.
    pub changes: Vec<Changed>,
    /// All of it as Markdown.
    pub markdown: String,
}

/// A pair of ends between which something else passes now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// In a word: `opened`, `closed`, `widened`, `narrowed` or `changed`.
    pub change: String,
    /// Who connects: `ns/name[Kind]`, or addresses.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What passes now and did not.
    pub gained: String,
    /// What passed and does not now.
    pub lost: String,
}

/// What is open between somebody who is not there yet and a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposed {
    /// Who is not there yet: `any new pod of frontend`, `the internet`.
    pub who: String,
    /// The workload: `ns/name`.
    pub workload: String,
    /// Whether all of it passes, some or none, on the way to the workload: `open`, `partly`, `blocked`.
    pub state: String,
    /// What passes, on the way to the workload and from it.
    pub sentence: String,
}

/// A message as bytes, about so many: memory that is taken in vain is not given back.
pub fn encode(message: &impl Serialize, about: usize) -> Vec<u8> {
    let bytes = Vec::with_capacity(about);
    postcard::to_extend(message, bytes).expect("a message holds nothing that cannot be written")
}

/// A message from bytes; none when they were written by another version of the program.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
