//! The switches: one a policy file, each showing its YAML on demand.

use yew::prelude::*;

use super::session::{Action, Cited, Deployment, click};
use crate::scenario::PresetFile;

/// The switches of what is deployed, and which file of theirs is shown.
pub fn policies(deployed: &Deployment, shown: Option<&Cited>, dispatch: &Callback<Action>) -> Html {
    let Deployment { scenario, applied, .. } = deployed;
    let adopt = click(dispatch, Action::Adopt);
    let row = |(switch, file): (usize, &'static PresetFile)| {
        let name = file.stem();
        let shows = shown.is_some_and(|shown| shown.path == file.path);
        let turn = click(dispatch, Action::Switch(switch));
        let cited = Cited { path: file.path.to_owned(), line: None, column: None };
        let open = click(dispatch, Action::Open((!shows).then_some(cited)));
        html! {
            <li key={name}>
                <button
                    class="switch"
                    role="switch"
                    aria-checked={applied.is_on(switch).to_string()}
                    onclick={turn}
                >
                    { name }
                </button>
                <button
                    class="quiet"
                    aria-expanded={shows.to_string()}
                    aria-label={format!("YAML of {name}")}
                    onclick={open}
                >
                    { "YAML" }
                </button>
            </li>
        }
    };
    html! {
        <section class="policies" aria-labelledby="policies">
            <h2 id="policies">
                { "Policies " }
                <small>{ format!("{} of {} applied", applied.count(), scenario.policies.len()) }</small>
            </h2>
            <ul>{ for scenario.policies.iter().enumerate().map(row) }</ul>
            <button class="adopt" onclick={adopt} title="Make own manifests of these files">{ "Edit these manifests" }</button>
        </section>
    }
}
