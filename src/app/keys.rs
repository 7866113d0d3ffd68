//! Keys that work anywhere on the page.
//!
//! What a key means is decided where the session changes, which knows whether the page is a stage by
//! then: a key that follows the one that enters it finds the stage, drawn yet or not.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::session::{Action, Stage};

/// Listens for keys: `p` enters the stage, where arrows and Page keys turn the steps and Escape
/// leaves; elsewhere Escape lets go of what is selected.
#[hook]
pub fn use_keys(dispatch: &Callback<Action>) {
    use_effect_with(dispatch.clone(), |dispatch| {
        let dispatch = dispatch.clone();
        let heard = move |event: &yew::Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typed(event) {
                return;
            }
            let key = event.key();
            if [Stage::Off, Stage::On].iter().any(|stage| !meaning(*stage, &key).is_empty()) {
                dispatch.emit(Action::Press(key));
            }
        };
        let listener = EventListener::new(&window(), "keydown", heard);
        move || drop(listener)
    });
}

/// What a key asks for.
pub fn meaning(stage: Stage, key: &str) -> Vec<Action> {
    match (stage, key) {
        (Stage::Off, "p") => vec![Action::Present(Stage::On)],
        (Stage::Off, "Escape") => vec![Action::Select(None), Action::Open(None)],
        (Stage::On, "p" | "Escape") => vec![Action::Present(Stage::Off)],
        (Stage::On, "ArrowRight" | "ArrowDown" | "PageDown") => vec![Action::Next],
        (Stage::On, "ArrowLeft" | "ArrowUp" | "PageUp") => vec![Action::Previous],
        _ => Vec::new(),
    }
}

/// Whether the key belongs to a field that has the focus.
fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = "input:not([type=radio]), select, textarea, [contenteditable]";
    target.is_some_and(|target| target.closest(field).ok().flatten().is_some())
}
