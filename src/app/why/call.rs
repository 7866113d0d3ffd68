//! Why the calls from one workload to another get through, or not.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::common::paragraph;
use super::super::session::{Action, Selection};
use super::{place, select};
use crate::explain::{self, Explanation, Part, Passage, Section, Stance};
use crate::probe::{Call, Link, Outcome, Target};

/// Every call of a link, explained.
pub fn explained(analysis: &SharedAnalysis, link: &Link, dispatch: &Callback<Action>) -> Html {
    let calls = link.attempts.iter().map(|attempt| {
        let explanation = explain::explain_link(&analysis.model, attempt);
        let ask = ask(analysis, link, &attempt.call, dispatch);
        explained_call(&explanation, ask, dispatch)
    });
    html! { { for calls } }
}

/// An explanation, which begins with the words for its outcome; `ask` is what stands below these.
pub fn explained_call(explanation: &Explanation, ask: Html, dispatch: &Callback<Action>) -> Html {
    let Explanation { outcome, summary, sections, badges } = explanation;
    let state = if *outcome == Outcome::Open { "open" } else { "blocked" };
    html! {
        <>
            <p class={classes!("summary", state)}>{ summary }</p>
            { ask }
            { for badges.iter().map(|badge| paragraph("badge", badge.clone())) }
            { for sections.iter().map(|of| section(of, dispatch)) }
        </>
    }
}

/// Puts one call of a link into the form, where it can be asked what would change it.
fn ask(analysis: &SharedAnalysis, link: &Link, call: &Call, dispatch: &Callback<Action>) -> Html {
    let workloads = &analysis.model.cluster.workloads;
    let to = match &call.to {
        Target::Service { namespace, name } => format!("{name}.{namespace}"),
        Target::Peer(_) => workloads[link.to].path(),
    };
    let port = format!("{}/{}", call.port, call.protocol);
    let meant = Selection::Call(workloads[link.from].path(), to, port);
    html! {
        <p class="subject">
            { format!("{} ", subject(analysis, link)) }
            { select(meant, html! { "Ask about this call" }, dispatch) }
        </p>
    }
}

fn subject(analysis: &SharedAnalysis, link: &Link) -> String {
    let workloads = &analysis.model.cluster.workloads;
    let ports = crate::picture::ports(link);
    format!("{} → {}, {ports}", workloads[link.from].name, workloads[link.to].name)
}

fn section(section: &Section, dispatch: &Callback<Action>) -> Html {
    let (class, sign) = match section.passage {
        Passage::Passes => ("passes", "✓"),
        Passage::Stops => ("stops", "✕"),
    };
    html! {
        <section class={classes!("side-of", class)}>
            <h3><span aria-hidden="true">{ sign }</span>{ format!(" {}", section.title) }</h3>
            <p>{ &section.sentence }</p>
            if !section.parts.is_empty() {
                <ul>{ for section.parts.iter().map(|of| part(of, dispatch)) }</ul>
            }
        </section>
    }
}

fn part(part: &Part, dispatch: &Callback<Action>) -> Html {
    let class = match part.stance {
        Stance::Admits => "admits",
        Stance::DoesNotAdmit => "does-not-admit",
        Stance::DoesNotApply => "does-not-apply",
        Stance::CannotDecide => "cannot-decide",
    };
    html! {
        <li {class}>
            <b>{ &part.path }</b>
            { format!(" {} ", part.says) }
            { place(&part.location, dispatch) }
        </li>
    }
}
