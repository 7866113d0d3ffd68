//! The stage: what a projector shows besides the picture, and the whole screen where allowed.

use gloo::events::EventListener;
use gloo::utils::{document, document_element};
use yew::prelude::*;

use super::session::{Action, Session, Stage};

/// A title and one line, readable from the back row.
pub fn caption(session: &Session) -> Html {
    let scenario = session.deployed.scenario;
    let (title, line) = match session.current_step() {
        Some(step) => (&step.title, &step.line),
        None => (&scenario.title, &scenario.about),
    };
    let steps = Session::tour().steps.len();
    let place = session.step.map(|index| format!("{}/{steps} ", index + 1));
    html! {
        <div class="caption">
            <h1>
                if let Some(place) = place {
                    <small>{ place }</small>
                }
                { title }
            </h1>
            <p>{ line }</p>
        </div>
    }
}

/// Takes the whole screen while on stage, and leaves the stage when the screen is given back.
#[hook]
pub fn use_fullscreen(stage: Stage, dispatch: &Callback<Action>) {
    use_effect_with((stage, dispatch.clone()), |(stage, dispatch)| {
        let is_full = || document().fullscreen_element().is_some();
        // Where it is refused, the stage fills the window instead.
        match stage {
            Stage::On if !is_full() => {
                let _ = document_element().request_fullscreen();
            }
            Stage::Off if is_full() => document().exit_fullscreen(),
            _ => {}
        }
        let dispatch = dispatch.clone();
        let listener = EventListener::new(&document(), "fullscreenchange", move |_| {
            if !is_full() {
                dispatch.emit(Action::Present(Stage::Off));
            }
        });
        move || drop(listener)
    });
}
