//! What is different from another state: from what was so, or from other files.

use yew::prelude::*;

use super::super::common::{alert, button, muted, quiet};
use super::super::desk::intake;
use super::super::session::{Action, Session};
use super::super::share;
use super::super::tools::Use;
use crate::message::{Changed, Compared};

/// The list of what is different, and what it is compared with.
pub fn compare(session: &Session, dispatch: &Callback<Action>) -> Html {
    let tools = &session.tools;
    let told = tools.told.compared.as_ref();
    html! {
        <section class="drawn compare" aria-label="Compare">
            <div class="turn">
                { button("Compare with this state", Action::Use(Use::Remember), dispatch) }
                { intake::choose("Compare with files", dispatch, |files| Action::Use(Use::CompareWith(files))) }
                if tools.baseline.is_some() {
                    { quiet("Stop comparing", Action::Use(Use::Forget), dispatch) }
                }
                if let Some(compared) = told {
                    { share::copy("Copy as Markdown", compared.markdown.clone(), dispatch) }
                }
            </div>
            { match (&tools.baseline, told, &tools.failure) {
                (None, ..) => muted("Take this state as the one before, then turn switches or edit files: what opens and closes is listed here. Or compare what is shown with other files."),
                (_, None, Some(why)) => alert(why.clone()),
                (_, None, None) => muted("Looking…"),
                (Some(baseline), Some(compared), _) => list(&baseline.title, compared),
            } }
        </section>
    }
}

fn list(title: &str, compared: &Compared) -> Html {
    let change = |Changed { change, from, to, gained, lost }: &Changed| {
        html! {
            <tr class={change.clone()}>
                <td>{ change }</td>
                <td>{ from }</td>
                <td>{ to }</td>
                <td>{ gained }</td>
                <td>{ lost }</td>
            </tr>
        }
    };
    html! {
        <>
            <p>{ format!("Compared with {title}: {}", compared.summary) }</p>
            if !compared.changes.is_empty() {
                <div class="table" tabindex="0" role="group" aria-label="Differences, scrollable">
                    <table aria-label="Differences">
                        <thead>
                            <tr>{ for ["Change", "From", "To", "Gained", "Lost"].map(|title| html! { <th scope="col">{ title }</th> }) }</tr>
                        </thead>
                        <tbody>{ for compared.changes.iter().map(change) }</tbody>
                    </table>
                </div>
            }
        </>
    }
}

/// Marks the ribbons of what is different, as a style sheet: what has opened by a halo of one colour, what has
/// closed by one of another; a ribbon shows by itself whether it is open now.
pub fn marks(session: &Session) -> String {
    let tools = &session.tools;
    let shown = tools.drawer == Some(super::Drawer::Compare);
    let told = tools.told.compared.iter().filter(|_| shown && tools.baseline.is_some());
    let mut marks = String::new();
    for Changed { change, from, to, .. } in told.flat_map(|compared| &compared.changes) {
        let colour = match change.as_str() {
            "opened" | "widened" => "go",
            _ => "stop",
        };
        let name = |end: &str| {
            let path = end.split('[').next().unwrap_or_default();
            path.replace(['"', '\\', '<'], "")
        };
        marks += &format!(
            "[data-from=\"{}\"][data-to=\"{}\"] .hit{{stroke:color-mix(in srgb,var(--{colour}) 45%,transparent)}}",
            name(from),
            name(to)
        );
    }
    marks
}
