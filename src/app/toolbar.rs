//! Below the sky: whose eyes, what is drawn, and whether it moves.

use yew::prelude::*;

use super::session::{Action, Motion, Shown};
use crate::picture::View;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What the observer's view is called, where somebody observes.
    pub observer: Option<AttrValue>,
    pub view: View,
    pub blocked: Shown,
    pub ghosts: Shown,
    pub motion: Motion,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Toolbar(props: &Props) -> Html {
    let Props { observer, view, blocked, ghosts, motion, dispatch } = props;
    let radio = |label: AttrValue, value: View| {
        let onchange = dispatch.reform(move |_: yew::Event| Action::Look(value));
        html! {
            <label>
                <input type="radio" name="view" checked={*view == value} {onchange} />
                <span>{ label }</span>
            </label>
        }
    };
    let toggle = |label: &'static str, on: bool, action: Action| {
        let onclick = dispatch.reform(move |_: MouseEvent| action.clone());
        html! {
            <button class="switch" role="switch" aria-checked={on.to_string()} {onclick}>{ label }</button>
        }
    };
    let pause = dispatch.reform(|_: MouseEvent| Action::TogglePause);
    html! {
        <div class="toolbar">
            if let Some(observer) = observer {
                <fieldset class="views">
                    <legend class="spoken">{ "View" }</legend>
                    { radio("Cluster view".into(), View::Cluster) }
                    { radio(observer.clone(), View::Observer) }
                </fieldset>
            }
            { toggle("Show blocked", blocked.is_yes(), Action::ToggleBlocked) }
            if observer.is_some() && *view == View::Observer {
                { toggle("Classic", !ghosts.is_yes(), Action::ToggleGhosts) }
            }
            <span class="space" />
            <button aria-pressed={(*motion == Motion::Paused).to_string()} onclick={pause}>
                { "Pause" }
            </button>
        </div>
    }
}
