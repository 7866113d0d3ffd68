//! The worker that reads manifests and answers what the page itself cannot, kept in step with the session.
//!
//! It knows the files of the desk, or those of a scenario where a question is about them. The files are
//! read one reading at a time: what is typed meanwhile goes into the next one, so that a slow answer is
//! never followed by a queue of old ones. Questions are asked once the files are as they are on the page.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::HtmlTextAreaElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::desk::{Desk, File, Intent};
use super::session::Action;
use crate::message::{self, Answer, Ask, Cursor, Edit, Files, Look, Relabel, Tell, Text};

#[wasm_bindgen]
extern "C" {
    /// What own manifests need of the browser: `parts/desk.mjs`.
    pub type Part;

    /// Starts the worker.
    #[wasm_bindgen(method, catch, js_name = startReader)]
    fn start_reader(
        this: &Part,
        told: &Closure<dyn Fn(Uint8Array)>,
        failed: &Closure<dyn Fn(String)>,
    ) -> Result<Worker, JsValue>;

    /// The files of an input, of a drop or of the clipboard: pairs of path and text.
    #[wasm_bindgen(method, catch)]
    pub async fn files(this: &Part, from: &JsValue) -> Result<JsValue, JsValue>;

    /// The text at an address.
    #[wasm_bindgen(method, catch)]
    pub async fn fetched(this: &Part, address: &str) -> Result<JsValue, JsValue>;

    /// Has the browser keep a text as a file.
    #[wasm_bindgen(method)]
    pub fn save(this: &Part, name: &str, text: &str);

    /// Takes the picture or the table away: `svg`, `png`, `md`, `csv`, or as Markdown into the clipboard, `copy`.
    #[wasm_bindgen(method, catch)]
    pub async fn export(this: &Part, what: &str, title: &str) -> Result<(), JsValue>;

    /// The worker.
    type Worker;

    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &Worker, message: &Uint8Array);

    #[wasm_bindgen(method)]
    fn terminate(this: &Worker);

    /// Loads a part of the program: see `assets/boot.js`.
    #[wasm_bindgen(catch, js_name = netpolPart)]
    async fn netpol_part(name: &str) -> Result<JsValue, JsValue>;
}

/// Loads what own manifests need of the browser.
///
/// # Errors
///
/// A sentence, when it cannot be loaded.
pub async fn part() -> Result<Part, String> {
    let loaded = netpol_part("desk").await.map_err(|error| {
        let why = sentence(&error);
        format!("The part of the page that reads manifests could not be loaded: {why}")
    })?;
    Ok(loaded.unchecked_into())
}

/// Loads the editor, which takes the place of the text area where it stands; says whether it came.
pub async fn editor() -> bool {
    netpol_part("editor").await.is_ok()
}

/// What a thrown value says.
pub fn sentence(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(String::new, |error| String::from(error.message()))
}

/// The worker, and what it was told.
#[derive(Default)]
struct Line {
    worker: Option<Running>,
    is_starting: bool,
    /// Whether a reading, or a look, is to be answered.
    is_busy: bool,
    /// Whether it takes long: then the next reading takes its place.
    is_long: bool,
    /// Asks what is said of the files, when nothing has happened for a while.
    review: Option<Timeout>,
    serial: u32,
    /// What there is to do.
    work: Work,
    /// What was asked and not answered yet, in order; readings and cursors are answered apart.
    asked: VecDeque<Ask>,
    /// Which of the standing questions were asked since the files were read last.
    stood: Vec<Ask>,
    /// Of which state.
    state: u32,
    /// The number of the errand that was sent last.
    errand: u32,
    /// What the worker knows of it.
    sent: Files,
    texts: Vec<(u32, Rc<str>)>,
    /// Where the cursor is, and where it was when the worker was asked about it.
    cursor: Option<Cursor>,
    pointed: Option<Cursor>,
    /// The labels that the worker was asked to write.
    relabel: Option<Relabel>,
}

/// What the worker is to know, and what it is to answer.
#[derive(Clone, Default, PartialEq)]
pub struct Work {
    /// The files.
    pub desk: Option<Desk>,
    /// Whether they are those of a scenario, which the page knows already.
    pub is_preset: bool,
    /// The namespaces that are deleted.
    pub deleted: &'static [String],
    /// How they are looked at.
    pub look: Look,
    /// Counts the states: what was told of another is told anew.
    pub state: u32,
    /// Questions to be answered whenever the files have changed.
    pub standing: Vec<Ask>,
    /// Questions to be answered once, by number.
    pub errands: Vec<(u32, Ask)>,
}

type SharedLine = Rc<RefCell<Line>>;

struct Running {
    worker: Worker,
    _told: Closure<dyn Fn(Uint8Array)>,
    _failed: Closure<dyn Fn(String)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Asks the worker whatever is not known yet, and passes on what it answers.
#[hook]
pub fn use_worker(work: Work, dispatch: &Callback<Action>) {
    let line = use_mut_ref(Line::default);
    {
        let (line, dispatch) = (Rc::clone(&line), dispatch.clone());
        use_effect(move || {
            line.borrow_mut().work = work;
            ask(&line, &dispatch);
        });
    }
    use_effect_with(dispatch.clone(), move |dispatch| {
        let dispatch = dispatch.clone();
        // The editor sends it, and the text area without an editor sends the browser's own.
        let moved = move |event: &Event| {
            if let Some(area) =
                event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok())
            {
                let mut now = line.borrow_mut();
                let shown = now.work.desk.as_ref().and_then(Desk::shown_file);
                let shown = shown.map(|file| (file.id, file.first_line()));
                now.cursor = shown.map(|(id, first)| cursor(id, first, &area));
                drop(now);
                ask(&line, &dispatch);
            }
        };
        let listen = |name: &'static str| EventListener::new(&document(), name, moved.clone());
        let listeners = [listen("cursor"), listen("selectionchange")];
        move || drop(listeners)
    });
}

/// Where the cursor of a text area is.
fn cursor(id: u32, first_line: u32, area: &HtmlTextAreaElement) -> Cursor {
    let offset = area.selection_start().ok().flatten().unwrap_or(0) as usize;
    let (mut line, mut column, mut units) = (first_line, 1, 0);
    for character in area.value().chars() {
        units += character.len_utf16();
        if units > offset {
            break;
        }
        (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    Cursor { id, line, column }
}

/// Asks what is not known, unless there is an answer to wait for.
fn ask(line: &SharedLine, dispatch: &Callback<Action>) {
    let mut now = line.borrow_mut();
    let work = now.work.clone();
    if work.desk.as_ref().is_some_and(|desk| desk.failure.is_some()) {
        return;
    }
    let has_files = work.desk.as_ref().is_some_and(|desk| !desk.files.is_empty());
    let errands = work.errands.iter().filter(|(number, _)| *number > now.errand);
    let errands: Vec<(u32, Ask)> = errands.cloned().collect();
    if now.worker.is_none() {
        let is_needed = has_files || !work.standing.is_empty() || !errands.is_empty();
        if is_needed && !now.is_starting {
            now.is_starting = true;
            start(Rc::clone(line), dispatch.clone());
        }
        return;
    }
    let waits = now.is_busy && !now.is_long;
    if waits || work.desk.as_ref().is_some_and(|desk| now.read(desk)) || now.is_busy {
        return;
    }
    if let Some(desk) = work.desk.as_ref().filter(|_| !work.is_preset) {
        now.attend(desk);
    }
    if now.state != work.state {
        now.state = work.state;
        now.stood.clear();
    }
    now.stood.retain(|asked| work.standing.contains(asked));
    for question in work.standing {
        if !now.stood.contains(&question) {
            now.put(question.clone());
            now.stood.push(question);
        }
    }
    for (number, question) in errands {
        now.put(question);
        now.errand = number;
    }
}

impl Line {
    /// Has the files read, if they are not as they were; whether they are.
    fn read(&mut self, desk: &Desk) -> bool {
        // Files are in the order of their numbers.
        let known = |file: &File| {
            let found = self.texts.binary_search_by_key(&file.id, |(id, _)| *id).ok()?;
            Some(&self.texts[found].1)
        };
        let is_known = |file: &File| known(file).is_some_and(|sent| Rc::ptr_eq(sent, &file.text));
        let changed: Vec<&File> = desk.files.iter().filter(|file| !is_known(file)).collect();
        let order: Vec<_> = desk.files.iter().map(|file| (file.id, file.is_applied)).collect();
        let (deleted, look) = (self.work.deleted, self.work.look.clone());
        let Files { order: before, shown, deleted: gone, look: seen, .. } = &self.sent;
        if changed.is_empty() && (&order, &desk.shown, deleted) == (before, shown, gone.as_slice())
        {
            if look == *seen || self.is_busy {
                return false;
            }
            self.is_busy = true;
            self.post(&Ask::Look(look.clone()));
            self.sent.look = look;
            return true;
        }
        let (mut edits, mut texts) = (Vec::new(), Vec::new());
        for file in changed {
            match known(file).filter(|sent| sent.len() >= LONG) {
                Some(sent) => edits.push(edit(file, sent)),
                None => texts.push(Text {
                    id: file.id,
                    path: file.path.to_string(),
                    text: Rc::clone(&file.text),
                }),
            }
        }
        self.texts = desk.files.iter().map(|file| (file.id, file.text.clone())).collect();
        self.serial += 1;
        self.is_busy = true;
        self.review = None;
        // What the cursor means may be other than it was, and so may all answers.
        self.pointed = None;
        self.stood.clear();
        let (serial, shown, deleted) = (self.serial, desk.shown, deleted.to_vec());
        let (changed, none) = (texts, Vec::new());
        self.sent = Files { serial, changed: none, edits: Vec::new(), order, shown, deleted, look };
        self.post(&Ask::Read(Files { changed, edits, ..self.sent.clone() }));
        true
    }

    /// Asks about labels to be written, and what the cursor is on.
    fn attend(&mut self, desk: &Desk) {
        if self.relabel != desk.relabel {
            self.relabel = desk.relabel.clone();
            if let Some(relabel) = &desk.relabel {
                self.post(&Ask::Relabel(relabel.clone()));
            }
        }
        if self.cursor != self.pointed {
            self.pointed = self.cursor;
            if let Some(cursor) = self.cursor {
                self.post(&Ask::Point(cursor));
            }
        }
    }

    fn put(&mut self, question: Ask) {
        self.post(&question);
        self.asked.push_back(question);
    }

    fn post(&self, ask: &Ask) {
        /// What a question comes to without its texts, in bytes.
        const REST: usize = 1_000;
        let texts = match ask {
            Ask::Read(files) => files.changed.iter().map(|of| of.text.len() + of.path.len()).sum(),
            _ => 0,
        };
        if let Some(Running { worker, .. }) = &self.worker {
            worker.post_message(&Uint8Array::from(message::encode(ask, texts + REST).as_slice()));
        }
    }
}

/// From how many bytes on only what is other in a text is sent.
const LONG: usize = 100_000;

/// What is other in the text of a file than it was.
fn edit(file: &File, was: &str) -> Edit {
    let (is, was) = (&*file.text, was);
    let start = alike(is.as_bytes().iter().zip(was.as_bytes()));
    // A character that begins alike may not end so.
    let start = (0..=start).rev().find(|at| is.is_char_boundary(*at) && was.is_char_boundary(*at));
    let start = start.unwrap_or_default();
    let (rest, old) = (&is.as_bytes()[start..], &was.as_bytes()[start..]);
    let same = alike(rest.iter().rev().zip(old.iter().rev()));
    let ends = |same: &usize| {
        is.is_char_boundary(is.len() - same) && was.is_char_boundary(was.len() - same)
    };
    let same = (0..=same).rev().find(ends).unwrap_or_default();
    Edit {
        id: file.id,
        start: start as u32,
        end: (was.len() - same) as u32,
        text: is[start..is.len() - same].to_owned(),
    }
}

/// How many pairs are the same before one is not.
fn alike<'b>(pairs: impl Iterator<Item = (&'b u8, &'b u8)>) -> usize {
    pairs.take_while(|(a, b)| a == b).count()
}

fn start(line: SharedLine, dispatch: Callback<Action>) {
    spawn_local(async move {
        let told = {
            let (line, dispatch) = (Rc::clone(&line), dispatch.clone());
            Closure::new(move |bytes: Uint8Array| hear(&line, &bytes.to_vec(), &dispatch))
        };
        let failed = {
            let (line, dispatch) = (Rc::clone(&line), dispatch.clone());
            Closure::new(move |why: String| fail(&line, why, &dispatch))
        };
        let started = match part().await {
            Ok(part) => part.start_reader(&told, &failed).map_err(|error| sentence(&error)),
            Err(why) => Err(why),
        };
        match started {
            Ok(worker) => {
                let fresh = Running { worker, _told: told, _failed: failed };
                let mut now = line.borrow_mut();
                let (work, cursor, errand) = (now.work.clone(), now.cursor, now.errand);
                *now = Line { worker: Some(fresh), work, cursor, errand, ..Line::default() };
                drop(now);
                ask(&line, &dispatch);
            }
            Err(why) => fail(&line, why, &dispatch),
        }
    });
}

fn hear(line: &SharedLine, bytes: &[u8], dispatch: &Callback<Action>) {
    match message::decode::<Tell>(bytes) {
        Some(Tell::Read(answer)) => heard(line, *answer, dispatch),
        Some(Tell::Progress(read, of)) => {
            let mut now = line.borrow_mut();
            now.is_long = true;
            let is_preset = now.work.is_preset;
            drop(now);
            if !is_preset {
                dispatch.emit(Action::Own(Intent::Wait(read, of)));
            }
        }
        Some(Tell::Seen(seen)) => {
            line.borrow_mut().is_busy = false;
            dispatch.emit(Action::Own(Intent::See((*seen).into())));
        }
        Some(Tell::Said(said)) => dispatch.emit(Action::Own(Intent::Say((*said).into()))),
        Some(Tell::Relabelled(Ok(texts))) => dispatch.emit(Action::Own(Intent::Rewrite(texts))),
        Some(Tell::Relabelled(Err(why))) => {
            dispatch.emit(Action::Own(Intent::Rewrite(Vec::new())));
            dispatch.emit(Action::Notify(format!("Not relabelled: {why}.")));
        }
        Some(Tell::Point(pointed)) => dispatch.emit(Action::Own(Intent::Point(pointed))),
        Some(tell) => {
            let question = line.borrow_mut().asked.pop_front();
            if let Some(question) = question {
                dispatch.emit(Action::Told(Rc::new((question, tell))));
            }
        }
        None => {
            fail(line, "the page and its worker are of different versions".to_owned(), dispatch)
        }
    }
}

/// How long nothing has to happen before it is asked what is said of many files, in milliseconds: the
/// worker cannot do anything else meanwhile.
const QUIET: u32 = 600;

fn heard(line: &SharedLine, answer: Answer, dispatch: &Callback<Action>) {
    let mut now = line.borrow_mut();
    // Of a reading whose place another one has taken, there may be an answer on its way.
    if answer.serial != now.serial {
        return;
    }
    (now.is_busy, now.is_long) = (false, false);
    if now.work.is_preset {
        drop(now);
        // The page has read them itself.
        return ask(line, dispatch);
    }
    if answer.said.is_none() {
        let line = Rc::clone(line);
        now.review = Some(Timeout::new(QUIET, move || line.borrow().post(&Ask::Review)));
    }
    drop(now);
    let said = answer.said.map(Into::into);
    dispatch.emit(Action::Own(Intent::Hear(answer.seen.into(), said)));
}

/// Lets go of a worker that cannot go on: the next change starts another one, which is not asked again what
/// this one could not answer.
fn fail(line: &SharedLine, why: String, dispatch: &Callback<Action>) {
    let gone = line.take();
    let errand = gone.work.errands.iter().map(|(number, _)| *number).max().unwrap_or(gone.errand);
    line.replace(Line { errand, ..Line::default() });
    // Its own listener may be what runs now, and must live until it has.
    Timeout::new(0, move || drop(gone)).forget();
    dispatch.emit(Action::Fail(why));
}
