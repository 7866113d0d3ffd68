//! Below the sky: whose eyes, what is drawn, and whether it moves.

use yew::prelude::*;

use super::crowd;
use super::session::{Action, Motion, Session, click, field};
use super::tools::Use;
use crate::picture::View;

/// The bar.
pub fn toolbar(session: &Session, dispatch: &Callback<Action>) -> Html {
    let Session { view, blocked, ghosts, motion, .. } = session;
    let observer = &session.deployed.scenario.observer;
    let radio = |label: AttrValue, value: View| {
        let onchange: Callback<Event> = field(dispatch, move |_| Action::Look(value));
        html! {
            <label>
                <input type="radio" name="view" checked={*view == value} {onchange} />
                <span>{ label }</span>
            </label>
        }
    };
    let toggle = |label: &'static str, on: bool, action: Action| {
        let onclick = click(dispatch, action);
        html! {
            <button class="switch" role="switch" aria-checked={on.to_string()} {onclick}>{ label }</button>
        }
    };
    let pause = click(dispatch, Action::TogglePause);
    html! {
        <div class="toolbar">
            if let Some(observer) = observer {
                <fieldset class="views">
                    <legend class="spoken">{ "View" }</legend>
                    { radio("Cluster view".into(), View::Cluster) }
                    { radio(observer.view.clone().into(), View::Observer) }
                </fieldset>
            }
            { toggle("Show blocked", blocked.is_yes(), Action::ToggleBlocked) }
            if observer.is_some() && *view == View::Observer {
                { toggle("Classic", !ghosts.is_yes(), Action::ToggleGhosts) }
            }
            if let Some(crowd) = session.deployed.crowd() {
                { crowd::controls(session, crowd, dispatch) }
            }
            if session.deployed.crowd().is_none_or(crowd::is_exposable) {
                { toggle("Exposure", session.tools.exposure.is_yes(), Action::Use(Use::ToggleExposure)) }
            }
            <span class="space" />
            <button aria-pressed={(*motion == Motion::Paused).to_string()} onclick={pause}>
                { "Pause" }
            </button>
        </div>
    }
}
