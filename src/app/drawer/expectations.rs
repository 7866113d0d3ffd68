//! What should pass and what should not, green or red at once.

use yew::prelude::*;

use super::super::common::{alert, button, muted};
use super::super::session::{Action, Session, field};
use super::super::tools::Use;
use crate::expect::{Expectation, Judgement, Standing};
use crate::message::Checked;

const EXAMPLE: &str =
    "expect:\n  - {from: frontend/client, to: backend/facade, port: 80/TCP, verdict: open}\n";

/// How many are met, of how many; none where nothing is expected.
pub fn count(session: &Session) -> Option<(&'static str, String)> {
    let Checked { items, diagnostics } = &**session.tools.told.checked.as_ref()?;
    if session.tools.expectations.trim().is_empty() {
        return None;
    }
    let is_met = |(_, judgement): &&(Expectation, Judgement)| judgement.standing == Standing::Met;
    let met = items.iter().filter(is_met).count();
    let class = if met == items.len() && diagnostics.is_empty() { "met" } else { "missed" };
    Some((class, format!("{met} of {} met", items.len())))
}

/// The text, and what each expectation comes to.
pub fn expectations(session: &Session, dispatch: &Callback<Action>) -> Html {
    let tools = &session.tools;
    let oninput: Callback<InputEvent> = field(dispatch, |text| Action::Use(Use::Expect(text)));
    let is_blank = tools.expectations.trim().is_empty();
    let write = if is_blank { "Expect what is so now" } else { "Replace by what is so now" };
    let told = tools.told.checked.as_ref().filter(|_| !tools.expectations.trim().is_empty());
    html! {
        <section class="drawn expectations" aria-label="Expectations">
            <div class="expected">
                <div class="turn">
                    { button(write, Action::Use(Use::WriteDown), dispatch) }
                </div>
                <textarea
                    aria-label="Expectations"
                    spellcheck="false"
                    placeholder={EXAMPLE}
                    value={tools.expectations.to_string()}
                    {oninput}
                />
            </div>
            { match (told, &tools.failure) {
                (Some(checked), _) => list(checked),
                (None, Some(why)) => alert(why.clone()),
                (None, None) => muted("What is written here is checked whenever a switch is turned or a file is edited. The same file is for the command netpol check."),
            } }
        </section>
    }
}

fn list(Checked { items, diagnostics }: &Checked) -> Html {
    let item = |(expectation, Judgement { standing, sentence, .. }): &(Expectation, Judgement)| {
        html! {
            <li class={standing.as_str()}>
                <b>{ standing.as_str() }</b>
                { format!(", line {}: {expectation} should be {}: {sentence}", expectation.location.line, expectation.verdict) }
            </li>
        }
    };
    // What is not met first: the rest is as it should be.
    let met = |of: &&(Expectation, Judgement)| of.1.standing == Standing::Met;
    let (fine, other): (Vec<_>, Vec<_>) = items.iter().partition(met);
    html! {
        <ul class="said" aria-label="Checked" tabindex="0">
            { for diagnostics.iter().map(|said| html! {
                <li class="missed">
                    <b>{ "refused" }</b>{ format!(", line {}: {}", said.location.line, said.message) }
                </li>
            }) }
            { for other.into_iter().chain(fine).map(item) }
        </ul>
    }
}
