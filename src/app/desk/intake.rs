//! The ways in: files and folders that are chosen, dropped or pasted.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::super::session::Action;
use super::super::tools::Use;
use super::super::worker::{part, sentence};
use super::Intent;
use crate::project;

#[wasm_bindgen]
extern "C" {
    /// Takes files and texts out of a drop or a paste before its event is over: see
    /// `assets/boot.js`.
    #[wasm_bindgen(js_name = netpolTake)]
    fn netpol_take(event: &Event) -> JsValue;
}

/// Takes what is dropped anywhere on the page, or pasted outside of a text field.
#[hook]
pub fn use_intake(dispatch: &Callback<Action>) {
    use_effect_with(dispatch.clone(), |dispatch| {
        let dispatch = dispatch.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listen = |name: &'static str, heard: Box<dyn Fn(&Event)>| {
            EventListener::new_with_options(&window(), name, options, heard)
        };
        let drop_at = dispatch.clone();
        let listeners = [
            listen("dragover", Box::new(Event::prevent_default)),
            listen(
                "drop",
                Box::new(move |event| {
                    event.prevent_default();
                    bring(netpol_take(event), drop_at.clone(), opened);
                }),
            ),
            listen(
                "paste",
                Box::new(move |event| {
                    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
                    let field = "input, textarea, select, [contenteditable]";
                    if target.is_none_or(|target| target.closest(field).ok().flatten().is_none()) {
                        bring(netpol_take(event), dispatch.clone(), opened);
                    }
                }),
            ),
        ];
        move || drop(listeners)
    });
}

/// An input for files, as a button.
pub fn input(label: &'static str, is_folder: bool, dispatch: &Callback<Action>) -> Html {
    chooser(label, is_folder, dispatch, opened)
}

/// An input for files that something else is done with, as a button.
pub fn choose(label: &'static str, dispatch: &Callback<Action>, what: Done) -> Html {
    chooser(label, false, dispatch, what)
}

/// What is done with files: path and text.
type Done = fn(Vec<(String, String)>) -> Action;

fn chooser(label: &'static str, is_folder: bool, dispatch: &Callback<Action>, what: Done) -> Html {
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            // The same file may be chosen again after it was changed.
            let files = input.files().map_or(JsValue::NULL, |files| Array::from(&files).into());
            input.set_value("");
            bring(files, dispatch.clone(), what);
        }
    };
    html! {
        <label class="button open">
            <input type="file" class="spoken" multiple=true webkitdirectory={is_folder} {onchange} />
            { label }
        </label>
    }
}

/// A project takes the place of everything, manifests are put on the desk.
fn opened(mut files: Vec<(String, String)>) -> Action {
    match files.iter().position(|(_, text)| project::is_file(text)) {
        Some(project) => Action::Use(Use::Open(files.swap_remove(project).1)),
        None => Action::Own(Intent::Bring(files)),
    }
}

/// Does something with what was taken.
fn bring(from: JsValue, dispatch: Callback<Action>, what: Done) {
    spawn_local(async move {
        let brought = match part().await {
            Ok(part) => part.files(&from).await.map_err(|error| sentence(&error)),
            Err(why) => Err(why),
        };
        match brought.map(|brought| pairs(&brought)) {
            Ok(files) if files.is_empty() => {
                dispatch.emit(Action::Notify(
                    "There is no manifest in it: files named .yaml, .yml or .json are looked for."
                        .to_owned(),
                ));
            }
            // In a task of its own: to take in megabytes, and to lay them on the desk, are long enough each.
            Ok(files) => {
                Timeout::new(0, move || dispatch.emit(what(files))).forget();
            }
            Err(why) => dispatch.emit(Action::Notify(why)),
        }
    });
}

/// What is no UTF-8 is a sign that says so, as everywhere in browsers.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn pairs(brought: &JsValue) -> Vec<(String, String)> {
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        let said = pair.get(1);
        let text = match said.as_string() {
            Some(text) => text,
            None => text(Uint8Array::new(&said).to_vec()),
        };
        Some((pair.get(0).as_string()?, text))
    };
    Array::from(brought).iter().filter_map(pair).collect()
}
