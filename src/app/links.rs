//! Keeps the address and the session in step.

use gloo::events::EventListener;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::address;
use super::session::{Action, Session};

/// The fragment of the page's address.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Writes the session into the address, and follows the address where people send it. A step or a
/// scenario is a place that Back returns to; a switch or a view is not.
#[hook]
pub fn use_address(session: &UseReducerHandle<Session>, dispatch: &Callback<Action>) {
    let fragment_now = address::format(session);
    let place = (session.step, session.deployed.scenario.slug.as_str());
    let last = use_mut_ref(|| place);
    use_effect_with((fragment_now, place), move |(to, place)| {
        let before = last.replace(*place);
        let history = window().history();
        if let Some(history) = history.ok().filter(|_| *to != fragment()) {
            // An address that cannot be written is no reason to stop.
            let _ = if before == *place {
                history.replace_state_with_url(&JsValue::NULL, "", Some(to))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(to))
            };
        }
    });
    use_effect_with(dispatch.clone(), |dispatch| {
        let dispatch = dispatch.clone();
        let listener = EventListener::new(&window(), "popstate", move |_| {
            dispatch.emit(Action::Follow(fragment()));
        });
        move || drop(listener)
    });
}
