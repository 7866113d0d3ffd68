//! What would change what becomes of a call, as the worker has found.

use yew::prelude::*;

use super::super::common::{alert, button, muted, paragraph};
use super::super::session::{Action, Session, click};
use super::super::tools::Use;
use crate::message::{Call, Effect, Suggested, Suggestion, Try};

/// What would change it, where a call is asked about.
pub fn suggestions(session: &Session, dispatch: &Callback<Action>) -> Html {
    let Some(call) = session.asked_call() else { return Html::default() };
    let tools = &session.tools;
    let wonder = click(dispatch, Action::Use(Use::Wonder));
    let told = tools.told.suggested.as_ref().filter(|(of, _)| tools.wonders && *of == call);
    html! {
        <section class="suggestions" aria-label="What would change it">
            <button aria-expanded={tools.wonders.to_string()} onclick={wonder}>
                { "What would change it?" }
            </button>
            if tools.wonders {
                { match (told.map(|(_, told)| &**told), &tools.failure) {
                    (Some(Ok(suggested)), _) => suggested_all(&call, suggested, dispatch),
                    (Some(Err(why)), _) => paragraph("badge", why.clone()),
                    (None, Some(why)) => alert(why.clone()),
                    (None, None) => muted("Looking…"),
                } }
            }
        </section>
    }
}

fn suggested_all(call: &Call, suggested: &Suggested, dispatch: &Callback<Action>) -> Html {
    let Suggested { limits, suggestions, .. } = suggested;
    let suggestion = |(number, of): (u32, &Suggestion)| {
        let wanted = Try { call: call.clone(), number, title: of.title.clone() };
        suggestion(of, wanted, dispatch)
    };
    html! {
        <>
            { for limits.iter().map(|limit| html! { <p>{ limit }</p> }) }
            <ol>{ for (0..).zip(suggestions).map(suggestion) }</ol>
        </>
    }
}

fn suggestion(suggestion: &Suggestion, wanted: Try, dispatch: &Callback<Action>) -> Html {
    let Suggestion { title, lines, opens, closes, yaml } = suggestion;
    let count = if *lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    html! {
        <li>
            <p><b>{ title }</b>{ format!(" ({count})") }</p>
            { effects("Opens besides", opens) }
            { effects("Closes besides", closes) }
            <pre class="command" tabindex="0" aria-label="YAML"><code>{ yaml }</code></pre>
            { button("Try it", Action::Use(Use::Try(wanted)), dispatch) }
        </li>
    }
}

fn effects(title: &'static str, effects: &[Effect]) -> Html {
    if effects.is_empty() {
        return muted(format!("{title}: nothing."));
    }
    let effect = |Effect { from, to, connections }: &Effect| {
        html! { <li>{ format!("{from} → {to}, {connections}") }</li> }
    };
    html! { <><p>{ title }</p><ul>{ for effects.iter().map(effect) }</ul></> }
}
