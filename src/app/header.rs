//! The bar at the top: what is looked at, the stage, the theme.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::session::{Action, Stage};
use super::theme::Theme;
use crate::presets;
use crate::scenario::Scenario;

/// The bar.
pub fn header(current: &Scenario, theme: Theme, dispatch: &Callback<Action>) -> Html {
    let choose = dispatch.reform(|event: yew::Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Action::Choose(select.value())
    });
    let present = dispatch.reform(|_: MouseEvent| Action::Present(Stage::On));
    let wear = dispatch.reform(move |_: MouseEvent| Action::Wear(theme.next()));
    html! {
        <header class="top">
            <h1><span aria-hidden="true">{ "✦" }</span>{ " NetworkPolicy playground" }</h1>
            <label class="scenario">
                <span>{ "Scenario" }</span>
                <select onchange={choose}>
                    { for presets::scenarios().iter().map(|scenario| html! {
                        <option
                            key={scenario.slug.as_str()}
                            value={scenario.slug.as_str()}
                            selected={scenario.slug == current.slug}
                        >
                            { &scenario.title }
                        </option>
                    }) }
                </select>
            </label>
            <span class="space" />
            <button class="quiet" onclick={wear}>{ theme.label() }</button>
            <button onclick={present} title="Key: p">{ "Present" }</button>
        </header>
    }
}
