//! Why: what is selected, explained in sentences.

mod asked;
mod body;
mod call;
mod suggest;
mod workload;

pub use asked::form;
pub use workload::Labelling;
use yew::prelude::*;

use super::SharedAnalysis;
use super::common::{muted, paragraph, quiet};
use super::session::{Action, Cited, Selection, Session, click};
use crate::diagnostic::Location;
use crate::probe::LinkState;

/// The explanation of what is selected, or what to select.
pub fn why(
    session: &Session,
    analysis: &SharedAnalysis,
    labelling: Labelling,
    dispatch: &Callback<Action>,
) -> Html {
    let position = |id: &str| analysis.position(id);
    let selection = session.selection.as_ref();
    let exposed = session.exposed();
    let exposed = exposed.as_ref().map(|exposed| exposed.as_slice());
    let crowd = session.deployed.crowd();
    // Of a crowd, the worker has to say what bears on it.
    let is_late = crowd.is_some_and(|crowd| crowd.explained != session.selection);
    let content = match selection {
        None => None,
        Some(_) if is_late => Some(muted("Looking…")),
        Some(Selection::Star(id)) => match position(workload(id)) {
            Some(workload) => {
                let lens = &session.lens;
                let crowd = crowd.map(|crowd| body::ribbons(crowd, id, lens, dispatch));
                Some(workload::explained(analysis, workload, labelling, exposed, crowd, dispatch))
            }
            None => crowd
                .and_then(|crowd| body::namespace(analysis, crowd, id, &session.lens, dispatch)),
        },
        Some(Selection::Ribbon(from, to)) => position(workload(from))
            .zip(position(workload(to)))
            .and_then(|(from, to)| analysis.link(from, to))
            .map(|link| call::explained(analysis, &analysis.links[link], dispatch))
            .or_else(|| body::pairs(crowd?, from, to, dispatch)),
        Some(Selection::Call(from, to, port)) => {
            Some(asked::explained(analysis, [from, to, port], dispatch))
        }
    };
    let is_open = content.is_some();
    let class = classes!("why", (!is_open).then_some("shut"));
    html! {
        <aside {class} aria-label="Explanation">
            <header>
                <h2>{ "Why" }</h2>
                if is_open {
                    { quiet("Close", Action::Select(None), dispatch) }
                }
            </header>
            <section class="told" role="region" aria-label="Why">
                { content.unwrap_or_else(|| muted("Choose a star, a ribbon or a cell of the matrix to read why, or ask about a call.")) }
            </section>
            { suggest::suggestions(session, dispatch) }
            { for analysis.unevaluated.iter().map(|policy| {
                paragraph("badge", format!("{} {} is not evaluated: no verdict here is the whole truth.", policy.kind, policy.path()))
            }) }
        </aside>
    }
}

/// The workload that a star is, or is a pod of.
pub fn workload(star: &str) -> &str {
    star.rsplit_once('#').map_or(star, |(workload, _)| workload)
}

/// A link to a place in a file.
fn place(location: &Location, dispatch: &Callback<Action>) -> Html {
    let file = location.file.rsplit('/').next().unwrap_or_default();
    let cited = Cited {
        path: location.file.to_string(),
        line: Some(location.line),
        column: Some(location.column),
    };
    let open = click(dispatch, Action::Open(Some(cited)));
    html! { <button class="place" onclick={open}>{ format!("{file}:{}", location.line) }</button> }
}

/// The calls from one end to another in a list, which selects them.
fn listed(what: Selection, state: LinkState, text: String, dispatch: &Callback<Action>) -> Html {
    let state = state.to_string();
    let label =
        html! { <><span class={classes!("state", state.clone())}>{ state }</span>{ text }</> };
    html! { <li>{ select(what, label, dispatch) }</li> }
}

/// A button that selects something.
fn select(what: Selection, label: Html, dispatch: &Callback<Action>) -> Html {
    let onclick = click(dispatch, Action::Select(Some(what)));
    html! { <button class="choice" {onclick}>{ label }</button> }
}
