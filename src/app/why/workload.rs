//! What isolates a workload, what it calls and who calls it.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::session::{Action, Selection};
use super::{place, select};
use crate::cluster::Workload;
use crate::evaluate;
use crate::explain;
use crate::policy::{Direction, Policy};
use crate::probe::{Link, Outcome};

/// A workload, explained.
pub fn explained(analysis: &SharedAnalysis, index: usize, dispatch: &Callback<Action>) -> Html {
    let workload = &analysis.model.cluster.workloads[index];
    let labels: Vec<_> =
        workload.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let observes = analysis.observer == Some(index);
    let calls = |of: &dyn Fn(&Link) -> bool| -> Vec<Html> {
        let links = analysis.links.iter().filter(|link| of(link));
        links.map(|link| call(analysis, link, dispatch)).collect()
    };
    let (made, received) = (calls(&|link| link.from == index), calls(&|link| link.to == index));
    html! {
        <>
            <p class="subject">{ format!("{}, {}", workload.path(), workload.kind) }</p>
            <p class="muted">{ format!("Labels: {}", labels.join(", ")) }</p>
            { for Direction::ALL.map(|direction| side(analysis, direction, workload, dispatch)) }
            if observes {
                <h3>{ "What it sees" }</h3>
                <ul>{ for sights(analysis) }</ul>
            } else {
                <h3>{ "Calls" }</h3>
                <ul class="calls">{ for made }</ul>
                <h3>{ "Called by" }</h3>
                <ul class="calls">{ for received }</ul>
            }
        </>
    }
}

fn side(
    analysis: &SharedAnalysis,
    direction: Direction,
    workload: &Workload,
    dispatch: &Callback<Action>,
) -> Html {
    let isolating: Vec<&Policy> = evaluate::isolating(&analysis.model, direction, workload)
        .map(|(policy, _)| analysis.model.policy(policy))
        .collect();
    let names: Vec<&str> = isolating.iter().map(|policy| policy.name.as_str()).collect();
    let name = &workload.name;
    let sentence = if names.is_empty() {
        format!("Nothing isolates {name}: all its {direction} is open.")
    } else {
        format!("{name} is isolated by {}; what their rules admit passes.", names.join(", "))
    };
    let rule = |policy: &&Policy| {
        let rules = policy.rules(direction).unwrap_or_default().len();
        let says = match rules {
            0 => "has no rules: it admits nothing".to_owned(),
            1 => "has 1 rule".to_owned(),
            _ => format!("has {rules} rules"),
        };
        html! {
            <li>
                <b>{ policy.path() }</b>{ format!(" {says} ") }{ place(&policy.location, dispatch) }
            </li>
        }
    };
    let title = match direction {
        Direction::Egress => "Egress",
        Direction::Ingress => "Ingress",
    };
    html! {
        <section class="side-of">
            <h3>{ title }</h3>
            <p>{ sentence }</p>
            <ul>{ for isolating.iter().map(rule) }</ul>
        </section>
    }
}

fn call(analysis: &SharedAnalysis, link: &Link, dispatch: &Callback<Action>) -> Html {
    let [from, to] = [link.from, link.to].map(|i| &analysis.model.cluster.workloads[i]);
    let state = link.state().to_string();
    let label = html! {
        <>
            <span class={classes!("state", state.clone())}>{ state }</span>
            { format!(" {} → {}", from.name, to.name) }
        </>
    };
    let what = Selection::Ribbon(from.path(), to.path());
    html! { <li>{ select(what, label, dispatch) }</li> }
}

fn sights(analysis: &SharedAnalysis) -> impl Iterator<Item = Html> {
    analysis.sights.iter().map(|sight| {
        let summary = explain::explain(&analysis.model, &sight.call, &sight.reply).summary;
        let state = if sight.reply.outcome == Outcome::Open { "open" } else { "blocked" };
        html! { <li class={classes!("summary", state)}>{ summary }</li> }
    })
}
