//! The worker that reads own manifests, kept in step with the desk.
//!
//! One question is under way at a time: what is typed meanwhile goes into the next one, so that a slow
//! answer is never followed by a queue of old ones.

use std::cell::RefCell;
use std::collections::BTreeMap;
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

use super::super::session::Action;
use super::{Desk, File, Intent};
use crate::message::{self, Ask, Cursor, Files, Relabel, Tell, Text};

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
    is_busy: bool,
    serial: u32,
    /// The desk as it is now.
    desk: Option<Desk>,
    /// What the worker knows of it.
    sent: Files,
    texts: BTreeMap<u32, Rc<str>>,
    /// Where the cursor is, and where it was when the worker was asked about it.
    cursor: Option<Cursor>,
    pointed: Option<Cursor>,
    /// The labels that the worker was asked to write.
    relabel: Option<Relabel>,
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

/// Asks the worker whatever the desk does not know yet, and passes on what it answers.
#[hook]
pub fn use_reader(desk: Option<&Desk>, dispatch: &Callback<Action>) {
    let line = use_mut_ref(Line::default);
    {
        let (line, desk, dispatch) = (Rc::clone(&line), desk.cloned(), dispatch.clone());
        use_effect(move || {
            line.borrow_mut().desk = desk;
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
                let id = now.desk.as_ref().and_then(|desk| desk.shown);
                now.cursor = id.map(|id| cursor(id, &area));
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
fn cursor(id: u32, area: &HtmlTextAreaElement) -> Cursor {
    let offset = area.selection_start().ok().flatten().unwrap_or(0) as usize;
    let (mut line, mut column, mut units) = (1, 1, 0);
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
    let Some(desk) = now.desk.clone().filter(|desk| desk.failure.is_none()) else { return };
    if now.worker.is_none() {
        if !now.is_starting && !desk.files.is_empty() {
            now.is_starting = true;
            start(Rc::clone(line), dispatch.clone());
        }
        return;
    }
    if now.is_busy {
        return;
    }
    let is_known =
        |file: &File| now.texts.get(&file.id).is_some_and(|sent| Rc::ptr_eq(sent, &file.text));
    let changed: Vec<File> = desk.files.iter().filter(|file| !is_known(file)).cloned().collect();
    let order: Vec<_> = desk.files.iter().map(|file| (file.id, file.is_applied)).collect();
    if changed.is_empty() && order == now.sent.order && desk.shown == now.sent.shown {
        if now.relabel != desk.relabel {
            now.relabel = desk.relabel.clone();
            if let Some(relabel) = desk.relabel {
                now.post(&Ask::Relabel(relabel));
            }
        }
        if now.cursor != now.pointed {
            now.pointed = now.cursor;
            if let Some(cursor) = now.cursor {
                now.post(&Ask::Point(cursor));
            }
        }
        return;
    }
    now.texts.extend(changed.iter().map(|file| (file.id, file.text.clone())));
    now.texts.retain(|id, _| order.iter().any(|(listed, _)| listed == id));
    now.serial += 1;
    now.is_busy = true;
    // What the cursor means may be other than it was.
    now.pointed = None;
    now.sent = Files { serial: now.serial, changed: Vec::new(), order, shown: desk.shown };
    let text = |file: &File| Text {
        id: file.id,
        path: file.path.to_string(),
        text: file.text.to_string(),
    };
    let changed = changed.iter().map(text).collect();
    now.post(&Ask::Read(Files { changed, ..now.sent.clone() }));
}

impl Line {
    fn post(&self, ask: &Ask) {
        if let Some(Running { worker, .. }) = &self.worker {
            worker.post_message(&Uint8Array::from(message::encode(ask).as_slice()));
        }
    }
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
                let (desk, cursor) = (now.desk.take(), now.cursor);
                *now = Line { worker: Some(fresh), desk, cursor, ..Line::default() };
                drop(now);
                ask(&line, &dispatch);
            }
            Err(why) => fail(&line, why, &dispatch),
        }
    });
}

fn hear(line: &SharedLine, bytes: &[u8], dispatch: &Callback<Action>) {
    match message::decode::<Tell>(bytes) {
        Some(Tell::Read(answer)) => {
            line.borrow_mut().is_busy = false;
            dispatch.emit(Action::Own(Intent::Hear((*answer).into())));
        }
        Some(Tell::Relabelled(Ok(texts))) => dispatch.emit(Action::Own(Intent::Rewrite(texts))),
        Some(Tell::Relabelled(Err(why))) => {
            dispatch.emit(Action::Own(Intent::Rewrite(Vec::new())));
            dispatch.emit(Action::Notify(format!("Not relabelled: {why}.")));
        }
        Some(Tell::Point(pointed)) => dispatch.emit(Action::Own(Intent::Point(pointed))),
        // Answers to what the desk does not ask.
        Some(
            Tell::Checked(_)
            | Tell::Expected(_)
            | Tell::Packed(_)
            | Tell::Saved(_)
            | Tell::Unpacked(_),
        ) => {}
        None => {
            fail(line, "the page and its worker are of different versions".to_owned(), dispatch)
        }
    }
}

/// Lets go of a worker that cannot go on: the next change starts another one.
fn fail(line: &SharedLine, why: String, dispatch: &Callback<Action>) {
    let gone = line.replace(Line::default());
    // Its own listener may be what runs now, and must live until it has.
    Timeout::new(0, move || drop(gone)).forget();
    dispatch.emit(Action::Own(Intent::Fail(why)));
}
