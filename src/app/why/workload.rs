//! What isolates a workload, what it calls and who calls it.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::common::{heading, muted, paragraph};
use super::super::desk::Intent;
use super::super::session::{Action, Selection, field};
use super::{listed, place};
use crate::cluster::Workload;
use crate::evaluate;
use crate::explain;
use crate::labels::{Labels, NAMESPACE_NAME_LABEL};
use crate::message::{Exposed, Labelled, Relabel};
use crate::policy::{Direction, Policy};
use crate::probe::{Link, Outcome};

/// A workload, explained.
pub fn explained(
    analysis: &SharedAnalysis,
    index: usize,
    labels: Labelling,
    exposed: Option<&[Exposed]>,
    crowd: Option<Html>,
    dispatch: &Callback<Action>,
) -> Html {
    let workload = &analysis.model.cluster.workloads[index];
    let namespace = &workload.namespace;
    let of_pods = Labelled::Workload(workload.path());
    let of_namespace = Labelled::Namespace(namespace.clone());
    let selected = analysis.model.policies.iter().filter(|policy| policy.selects(workload));
    let selected: Vec<&str> = selected.map(|policy| policy.name.as_str()).collect();
    let selected = match selected.as_slice() {
        [] => "No policy selects it.".to_owned(),
        names => format!("Selected by {}.", names.join(", ")),
    };
    let observes = analysis.observer == Some(index);
    let calls = |of: &dyn Fn(&Link) -> bool| -> Vec<Html> {
        let links = analysis.links.iter().filter(|link| of(link));
        links.map(|link| call(analysis, link, dispatch)).collect()
    };
    let (made, received) = (calls(&|link| link.from == index), calls(&|link| link.to == index));
    html! {
        <>
            { paragraph("subject", format!("{}, {}", workload.path(), workload.kind)) }
            { self::labels("Labels", of_pods, &workload.labels, labels, dispatch) }
            { self::labels("Namespace labels", of_namespace, analysis.model.cluster.namespace_labels(namespace), labels, dispatch) }
            { muted(selected) }
            { for Direction::ALL.map(|direction| side(analysis, direction, workload, dispatch)) }
            if let Some(exposed) = exposed {
                { heading("Open to those that are not there yet") }
                <ul>{ for exposed.iter().filter(|of| of.workload == workload.path()).map(|of| html! {
                    <li class={classes!("summary", of.state.clone())}>{ &of.sentence }</li>
                }) }</ul>
            }
            if let Some(crowd) = crowd {
                { crowd }
            } else if observes {
                { heading("What it sees") }
                <ul>{ for sights(analysis) }</ul>
            } else {
                { heading("Calls") }
                <ul class="calls">{ for made }</ul>
                { heading("Called by") }
                <ul class="calls">{ for received }</ul>
            }
        </>
    }
}

/// Whether labels can be changed where they are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Labelling {
    /// They are only told.
    Told,
    /// They are those of own manifests, and a field.
    Edited,
}

fn labels(
    title: &'static str,
    what: Labelled,
    labels: &Labels,
    labelling: Labelling,
    dispatch: &Callback<Action>,
) -> Html {
    // The server sets this one: it is nothing to change, and goes without saying.
    let own = labels.iter().filter(|(key, _)| *key != NAMESPACE_NAME_LABEL);
    let text = own.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ");
    if labelling == Labelling::Told {
        let text = if text.is_empty() { "none".to_owned() } else { text };
        return muted(format!("{title}: {text}"));
    }
    // What is typed stays, whatever is drawn meanwhile, until other labels are there.
    let key = match &what {
        Labelled::Workload(path) => format!("{path} {text}"),
        Labelled::Namespace(name) => format!("namespace {name} {text}"),
    };
    let onchange: Callback<Event> = field(dispatch, move |labels| {
        Action::Own(Intent::Relabel(Relabel { what: what.clone(), labels }))
    });
    html! {
        <label {key} class="labels">
            { title }
            <input ~defaultValue={text} {onchange} spellcheck="false" placeholder="key=value, key=value" />
        </label>
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
        format!("{name} is isolated by {}: only what a rule below admits passes.", names.join(", "))
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
            { heading(title) }
            <p>{ sentence }</p>
            <ul>{ for isolating.iter().map(rule) }</ul>
        </section>
    }
}

fn call(analysis: &SharedAnalysis, link: &Link, dispatch: &Callback<Action>) -> Html {
    let [from, to] = [link.from, link.to].map(|i| &analysis.model.cluster.workloads[i]);
    let what = Selection::Ribbon(from.path(), to.path());
    listed(what, link.state(), format!(" {} → {}", from.name, to.name), dispatch)
}

fn sights(analysis: &SharedAnalysis) -> impl Iterator<Item = Html> {
    analysis.sights.iter().map(|sight| {
        let summary = explain::summarize(&analysis.model, &sight.call, &sight.reply);
        let state = if sight.reply.outcome == Outcome::Open { "open" } else { "blocked" };
        html! { <li class={classes!("summary", state)}>{ summary }</li> }
    })
}
