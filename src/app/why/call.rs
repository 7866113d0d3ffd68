//! Why the calls from one workload to another get through, or not.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::session::Action;
use super::place;
use crate::explain::{self, Explanation, Part, Passage, Section, Stance};
use crate::probe::Link;

/// Every call of a link, explained.
pub fn explained(analysis: &SharedAnalysis, link: &Link, dispatch: &Callback<Action>) -> Html {
    let calls = link.attempts.iter().map(|attempt| {
        let Explanation { summary, sections, badges, .. } =
            explain::explain_link(&analysis.model, attempt);
        let state = if attempt.stop.is_some() { "blocked" } else { "open" };
        html! {
            <>
                <p class={classes!("summary", state)}>{ summary }</p>
                { for badges.into_iter().map(|badge| html! { <p class="badge">{ badge }</p> }) }
                { for sections.iter().map(|of| section(of, dispatch)) }
            </>
        }
    });
    html! {
        <>
            <p class="subject">{ subject(analysis, link) }</p>
            { for calls }
        </>
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
