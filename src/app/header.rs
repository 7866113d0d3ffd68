//! The bar at the top: what is looked at, the stage, the theme.

use yew::prelude::*;

use super::common::quiet;
use super::desk;
use super::session::{Action, Session, Stage, click, field};
use super::share;
use crate::presets;

/// The bar.
pub fn header(session: &Session, dispatch: &Callback<Action>) -> Html {
    let (current, is_own, theme) = (session.deployed.scenario, session.is_own(), session.theme);
    let choose: Callback<Event> = field(dispatch, Action::Choose);
    let present = click(dispatch, Action::Present(Stage::On));
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
                            selected={!is_own && scenario.slug == current.slug}
                        >
                            { &scenario.title }
                        </option>
                    }) }
                    <option value={desk::SLUG} selected={is_own}>{ "Own manifests" }</option>
                </select>
            </label>
            { desk::intake::input("Open files", false, dispatch) }
            { desk::intake::input("Open folder", true, dispatch) }
            <span class="space" />
            { share::link(dispatch) }
            { share::share(session, dispatch) }
            { quiet(theme.label(), Action::Wear(theme.next()), dispatch) }
            <button onclick={present} title="Key: p">{ "Present" }</button>
        </header>
    }
}
