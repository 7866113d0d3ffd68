//! What the signs of the picture mean.

use yew::prelude::*;

use super::stars::mark;
use crate::probe::Stop;
use crate::scene::Point;

/// The signs and their words, on demand.
pub fn legend() -> Html {
    let sign = |class: &'static str, shape: Html, words: &'static str| {
        html! {
            <li>
                <svg class={class} width="44" height="16" viewBox="0 0 44 16" aria-hidden="true">{ shape }</svg>
                { words }
            </li>
        }
    };
    let open = html! {
        <><path class="flow" d="M2 8H34" /><polygon class="head" points="34,3 43,8 34,13" /></>
    };
    let broken = |stop: Stop| {
        html! { <><path class="dash" d="M2 8H42" />{ mark(Some(stop), Point::new(30.0, 8.0)) }</> }
    };
    let ghost = html! { <circle class="disc" cx="22" cy="8" r="7" /> };
    html! {
        <details class="legend">
            <summary>{ "Legend" }</summary>
            <ul>
                { sign("ribbon", open, "open, in the caller’s colour") }
                { sign("ribbon", broken(Stop::Ingress), "blocked, broken where it is stopped") }
                { sign("ribbon", broken(Stop::Dns), "name not resolved") }
                { sign("star ghost", ghost, "not seen by the observer") }
            </ul>
        </details>
    }
}
