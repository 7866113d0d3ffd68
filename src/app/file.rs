//! The text of a file of the scenario, with the line that matters marked.

use yew::prelude::*;

use super::session::{Action, Cited};
use crate::scenario::Scenario;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub scenario: &'static Scenario,
    pub file: Cited,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn FileSheet(props: &Props) -> Html {
    let Props { scenario, file, dispatch } = props;
    let cited = use_node_ref();
    use_effect_with((file.clone(), cited.clone()), |(_, cited)| {
        if let Some(line) = cited.cast::<web_sys::Element>() {
            line.scroll_into_view();
        }
    });
    let mut files = scenario.policies.iter().chain(&scenario.manifests);
    let Some(shown) = files.find(|shown| shown.path == file.path) else { return Html::default() };
    let close = dispatch.reform(|_: MouseEvent| Action::Open(None));
    let line = |(number, text): (u32, &str)| {
        let is_cited = file.line == Some(number);
        html! {
            <span
                key={number}
                class={classes!("line", is_cited.then_some("cited"))}
                data-number={number.to_string()}
                ref={if is_cited { cited.clone() } else { NodeRef::default() }}
            >
                { format!("{text}\n") }
            </span>
        }
    };
    html! {
        <section class="sheet file" aria-labelledby="file">
            <header>
                <h2 id="file">{ file.path.clone() }</h2>
                <button class="quiet" onclick={close}>{ "Close" }</button>
            </header>
            <pre tabindex="0" aria-labelledby="file">
                <code>{ for (1..).zip(shown.text.lines()).map(line) }</code>
            </pre>
        </section>
    }
}
