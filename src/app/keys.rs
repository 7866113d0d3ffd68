//! Keys that work anywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::session::{Action, Stage};

/// Listens for keys: `p` enters the stage, where arrows and Page keys turn the steps and Escape
/// leaves; elsewhere Escape lets go of what is selected.
#[hook]
pub fn use_keys(stage: Stage, dispatch: &Callback<Action>) {
    use_effect_with((stage, dispatch.clone()), |(stage, dispatch)| {
        let (stage, dispatch) = (*stage, dispatch.clone());
        let options = EventListenerOptions::enable_prevent_default();
        let heard = move |event: &yew::Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typed(event) {
                return;
            }
            if let Some(actions) = meaning(stage, &event.key()) {
                event.prevent_default();
                actions.into_iter().for_each(|action| dispatch.emit(action));
            }
        };
        let listener = EventListener::new_with_options(&window(), "keydown", options, heard);
        move || drop(listener)
    });
}

fn meaning(stage: Stage, key: &str) -> Option<Vec<Action>> {
    Some(match (stage, key) {
        (Stage::Off, "p") => vec![Action::Present(Stage::On)],
        (Stage::Off, "Escape") => vec![Action::Select(None), Action::Open(None)],
        (Stage::On, "p" | "Escape") => vec![Action::Present(Stage::Off)],
        (Stage::On, "ArrowRight" | "ArrowDown" | "PageDown") => vec![Action::Next],
        (Stage::On, "ArrowLeft" | "ArrowUp" | "PageUp") => vec![Action::Previous],
        _ => return None,
    })
}

/// Whether the key belongs to a field that has the focus.
fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = "input:not([type=radio]), select, textarea, [contenteditable]";
    target.is_some_and(|target| target.closest(field).ok().flatten().is_some())
}
