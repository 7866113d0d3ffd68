//! The line that says what the last change did, to the eye and to the screen reader.

use yew::prelude::*;

use super::SharedAnalysis;
use super::session::Session;
use crate::change;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub before: SharedAnalysis,
    pub after: SharedAnalysis,
    /// What was done, in a few words; empty when nothing was done yet.
    pub cause: AttrValue,
}

#[component]
pub fn ChangeLine(props: &Props) -> Html {
    let Props { before, after, cause } = props;
    let difference = use_memo((before.clone(), after.clone()), |(before, after)| {
        change::change(before, after).to_string()
    });
    html! {
        <p class="change" role="status" aria-live="polite">
            if !cause.is_empty() {
                <b>{ format!("{cause}: ") }</b>
                { difference.as_str() }
            }
        </p>
    }
}

/// What was done to the deployment last, in a few words.
pub fn cause(session: &Session) -> AttrValue {
    let (before, after) = (&session.before, &session.deployed);
    if before == after {
        return "".into();
    }
    if let (Some(index), false) = (session.step, session.is_astray()) {
        return format!("Step {}", index + 1).into();
    }
    let mut turned: Vec<String> = Vec::new();
    turned.extend(after.applied.difference(&before.applied).map(|name| format!("{name} on")));
    turned.extend(before.applied.difference(&after.applied).map(|name| format!("{name} off")));
    match turned.as_slice() {
        [one] => one.clone().into(),
        _ => after.scenario.title.clone().into(),
    }
}
