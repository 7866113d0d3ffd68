//! The guided tour: one step at a time, each with a link of its own.

use yew::prelude::*;

use super::common::{button, quiet};
use super::session::{Action, Session, click};
use crate::scenario::Step;

/// The step that was visited last, or the scenario off the tour.
pub fn tour(session: &Session, dispatch: &Callback<Action>) -> Html {
    let (scenario, step) = (session.deployed.scenario, session.step);
    let steps = &Session::tour().steps;
    let act = |action: Action| click(dispatch, action);
    let is_last = step.is_some_and(|index| index + 1 == steps.len());
    let current = step.and_then(|index| Some((index, steps.get(index)?)));
    html! {
        <section class="tour" aria-labelledby="tour">
            if let Some((index, step)) = current {
                <h2 id="tour">
                    <small>{ format!("Tour, step {} of {}", index + 1, steps.len()) }</small>
                    { &step.title }
                </h2>
                { narration(step) }
                if session.is_astray() {
                    <p class="astray">
                        { "The switches differ from this step. " }
                        { button(format!("Back to step {}", index + 1), Action::Visit(index), dispatch) }
                    </p>
                }
            } else {
                <h2 id="tour"><small>{ "Scenario" }</small>{ &scenario.title }</h2>
                <p>{ &scenario.about }</p>
                <ul class="notice-list">{ for scenario.notice.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                <p>{ format!("The tour takes the whole workshop in {} steps.", steps.len()) }</p>
            }
            <div class="turn">
                <button
                    disabled={step.is_none_or(|index| index == 0)}
                    onclick={act(Action::Previous)}
                >
                    { "Previous step" }
                </button>
                <button class="primary" disabled={is_last} onclick={act(Action::Next)}>
                    { "Next step" }
                </button>
                { quiet("Reset", Action::Reset, dispatch) }
            </div>
            <nav aria-label="Steps of the tour">
                <ol class="steps">{ for (0..).zip(steps).map(|(index, of)| link(index, of, step)) }</ol>
            </nav>
        </section>
    }
}

fn narration(step: &Step) -> Html {
    html! {
        <>
            { for step.text.lines().map(|line| html! { <p>{ line }</p> }) }
            <p class="command-title">{ format!("On a cluster, in presets/{}:", Session::tour().slug) }</p>
            <pre class="command" tabindex="0" aria-label="Command"><code>{ &step.command }</code></pre>
        </>
    }
}

fn link(index: usize, step: &Step, current: Option<usize>) -> Html {
    let is_current = current == Some(index);
    html! {
        <li key={index}>
            <a
                href={format!("#/{}/{}", Session::tour().slug, index + 1)}
                title={step.title.clone()}
                aria-current={is_current.then_some("step")}
                aria-label={format!("{}: {}", index + 1, step.title)}
            >
                { index + 1 }
            </a>
        </li>
    }
}
