//! The text of a file of the scenario, with the line that matters marked.

use gloo::utils::document;
use yew::prelude::*;

use super::common::quiet;
use super::session::{Action, Cited};
use crate::scenario::Scenario;

/// Brings the line that matters into sight, once it is there.
#[hook]
pub fn use_cited_line(file: Option<&Cited>) {
    use_effect_with(file.cloned(), |_| {
        if let Ok(Some(line)) = document().query_selector(".line.cited") {
            line.scroll_into_view();
        }
    });
}

/// The file, over the sky.
pub fn file(scenario: &Scenario, file: &Cited, dispatch: &Callback<Action>) -> Html {
    let mut files = scenario.policies.iter().chain(&scenario.manifests);
    let Some(shown) = files.find(|shown| shown.path == file.path) else { return Html::default() };
    let line = |(number, text): (u32, &str)| {
        let is_cited = file.line == Some(number);
        html! {
            <span
                key={number}
                class={classes!("line", is_cited.then_some("cited"))}
                data-number={number.to_string()}
            >
                { format!("{text}\n") }
            </span>
        }
    };
    html! {
        <section class="sheet file" aria-labelledby="file">
            <header>
                <h2 id="file">{ file.path.clone() }</h2>
                { quiet("Close", Action::Open(None), dispatch) }
            </header>
            <pre tabindex="0" aria-labelledby="file">
                <code>{ for (1..).zip(shown.text.lines()).map(line) }</code>
            </pre>
        </section>
    }
}
