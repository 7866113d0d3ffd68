//! The switches: one a policy file, each showing its YAML on demand.

use std::collections::BTreeSet;

use yew::prelude::*;

use super::session::{Action, Cited};
use crate::scenario::{PresetFile, Scenario};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub scenario: &'static Scenario,
    /// The names of the switches that are on.
    pub applied: BTreeSet<&'static str>,
    /// The file whose text is shown.
    pub file: Option<Cited>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Policies(props: &Props) -> Html {
    let Props { scenario, applied, file: shown, dispatch } = props;
    let row = |file: &'static PresetFile| {
        let name = file.stem();
        let shows = shown.as_ref().is_some_and(|shown| shown.path == file.path);
        let turn = dispatch.reform(move |_: MouseEvent| Action::Switch(name));
        let open = dispatch.reform(move |_: MouseEvent| {
            Action::Open((!shows).then(|| Cited { path: file.path.to_owned(), line: None }))
        });
        html! {
            <li key={name}>
                <button
                    class="switch"
                    role="switch"
                    aria-checked={applied.contains(name).to_string()}
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
                <small>{ format!("{} of {} applied", applied.len(), scenario.policies.len()) }</small>
            </h2>
            <ul>{ for scenario.policies.iter().map(row) }</ul>
        </section>
    }
}
