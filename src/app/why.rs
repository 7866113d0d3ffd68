//! Why: what is selected, explained in sentences.

mod call;
mod workload;

pub use workload::Labelling;
use yew::prelude::*;

use super::SharedAnalysis;
use super::session::{Action, Cited, Selection};
use crate::diagnostic::Location;

/// The explanation of what is selected, or what to select.
pub fn why(
    analysis: &SharedAnalysis,
    selection: Option<&Selection>,
    labelling: Labelling,
    dispatch: &Callback<Action>,
) -> Html {
    let position =
        |id: &String| analysis.workloads().find(|(_, w)| w.path() == *id).map(|(i, _)| i);
    let content = match selection {
        None => None,
        Some(Selection::Star(id)) => position(id)
            .map(|workload| workload::explained(analysis, workload, labelling, dispatch)),
        Some(Selection::Ribbon(from, to)) => position(from)
            .zip(position(to))
            .and_then(|(from, to)| analysis.link(from, to))
            .map(|link| call::explained(analysis, &analysis.links[link], dispatch)),
    };
    let close = dispatch.reform(|_: MouseEvent| Action::Select(None));
    let is_open = content.is_some();
    html! {
        <aside class={classes!("why", (!is_open).then_some("shut"))} aria-labelledby="why">
            <header>
                <h2 id="why">{ "Why" }</h2>
                if is_open {
                    <button class="quiet" onclick={close}>{ "Close" }</button>
                }
            </header>
            { content.unwrap_or_else(|| html! {
                <p class="muted">{ "Choose a star, a ribbon or a cell of the matrix to read why." }</p>
            }) }
            { for analysis.unevaluated.iter().map(|policy| html! {
                <p class="badge">
                    { format!("{} {} is not evaluated: no verdict here is the whole truth.", policy.kind, policy.path()) }
                </p>
            }) }
        </aside>
    }
}

/// A link to a place in a file.
fn place(location: &Location, dispatch: &Callback<Action>) -> Html {
    let file = location.file.rsplit('/').next().unwrap_or_default();
    let cited = Cited {
        path: location.file.to_string(),
        line: Some(location.line),
        column: Some(location.column),
    };
    let open = dispatch.reform(move |_: MouseEvent| Action::Open(Some(cited.clone())));
    html! { <button class="place" onclick={open}>{ format!("{file}:{}", location.line) }</button> }
}

/// A button that selects something.
fn select(what: Selection, label: Html, dispatch: &Callback<Action>) -> Html {
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Select(Some(what.clone())));
    html! { <button class="choice" {onclick}>{ label }</button> }
}
