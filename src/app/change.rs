//! The line that says what the last change did, to the eye and to the screen reader.

use yew::prelude::*;

use super::SharedAnalysis;
use super::session::Session;
use crate::change;

/// What has changed, in a line.
#[hook]
pub fn use_change(before: &SharedAnalysis, after: &SharedAnalysis) -> AttrValue {
    let compared = use_memo((before.clone(), after.clone()), |(before, after)| {
        AttrValue::from(change::change(before, after).to_string())
    });
    (*compared).clone()
}

/// The line. Without a cause, nothing was done yet.
pub fn line(change: AttrValue, cause: Option<String>) -> Html {
    html! {
        <p class="change" role="status" aria-live="polite">
            if let Some(cause) = cause {
                <b>{ format!("{cause}: ") }</b>
                { change }
            }
        </p>
    }
}

/// What was done to the deployment last, in a few words.
pub fn cause(session: &Session) -> Option<String> {
    let (before, after) = (&session.before, &session.deployed);
    if before == after {
        return None;
    }
    if let (Some(index), false) = (session.step, session.is_astray()) {
        return Some(format!("Step {}", index + 1));
    }
    if after.own.is_some() {
        return session.done.clone();
    }
    let switches = after.scenario.policies.iter().enumerate();
    let turned =
        switches.filter_map(|(i, file)| match (before.applied.is_on(i), after.applied.is_on(i)) {
            (false, true) => Some(format!("{} on", file.stem())),
            (true, false) => Some(format!("{} off", file.stem())),
            _ => None,
        });
    let mut turned: Vec<String> = turned.collect();
    match turned.len() {
        1 => turned.pop(),
        _ => Some(after.scenario.title.clone()),
    }
}
