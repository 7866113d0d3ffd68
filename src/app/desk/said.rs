//! A list of what is said of own manifests: each item leads to its place, and some can be mended.

use yew::prelude::*;

use super::super::common::{heading, muted};
use super::super::session::{Action, Cited, click};
use super::Intent;
use crate::diagnostic::{Diagnostic, Location};
use crate::message::Found;

/// How many of a list are shown: more are of no help, and would take long to draw.
const SHOWN: usize = 200;

/// Those of a list that are shown.
pub fn first<T: Clone>(items: &[T]) -> Vec<T> {
    items[..items.len().min(SHOWN)].to_vec()
}

/// What is said.
#[derive(Clone, PartialEq)]
pub enum Items {
    /// What is wrong with a text.
    Diagnostics(Vec<Diagnostic>),
    /// What is probably a mistake in a policy.
    Findings(Vec<Found>),
}

#[derive(PartialEq, Properties)]
pub struct Props {
    pub title: AttrValue,
    /// What stands there when there is nothing to say.
    pub nothing: AttrValue,
    /// How many items there are, shown or not.
    pub count: usize,
    pub items: Items,
    pub dispatch: Callback<Action>,
}

/// The list. A component, so that it is not made anew for a key that changes nothing of it.
#[component]
pub fn Said(props: &Props) -> Html {
    let Props { title, nothing, count, items, dispatch } = props;
    let listed: Vec<Html> = match items {
        Items::Diagnostics(items) => items.iter().map(|said| diagnostic(said, dispatch)).collect(),
        Items::Findings(items) => items.iter().map(|found| finding(found, dispatch)).collect(),
    };
    html! {
        <>
            { heading(title.clone()) }
            if listed.is_empty() {
                { muted(nothing.clone()) }
            }
            <ul class="said" aria-label={title.clone()}>{ for listed }</ul>
            if *count > SHOWN {
                { muted(format!("and {} more", count - SHOWN)) }
            }
        </>
    }
}

fn diagnostic(said: &Diagnostic, dispatch: &Callback<Action>) -> Html {
    let Diagnostic { location, severity, message } = said;
    html! {
        <li class={severity.to_string()}>
            { place(location, dispatch) }
            <b>{ format!(" {severity}: ") }</b>
            { message }
        </li>
    }
}

fn finding(found: &Found, dispatch: &Callback<Action>) -> Html {
    let Found { severity, id, why, silence, location, message, fix } = found;
    let fix = fix.as_ref().map(|fix| {
        let title = format!("Fix: {}", fix.title);
        let fix = fix.clone();
        let mend = click(dispatch, Action::Own(Intent::Mend(fix)));
        html! { <button class="mend" onclick={mend}>{ title }</button> }
    });
    html! {
        <li class={severity.to_string()}>
            { place(location, dispatch) }
            <b>{ format!(" {severity}: ") }</b>
            { message }
            <details>
                <summary>{ id }</summary>
                <p>{ why }</p>
                { muted(format!("To silence it, {silence}.")) }
            </details>
            { fix.unwrap_or_default() }
        </li>
    }
}

/// A place in a file, as a way to it.
fn place(location: &Location, dispatch: &Callback<Action>) -> Html {
    let cited = Cited {
        path: location.file.to_string(),
        line: Some(location.line),
        column: Some(location.column),
    };
    let open = click(dispatch, Action::Open(Some(cited)));
    html! { <button class="place" onclick={open}>{ location.to_string() }</button> }
}
