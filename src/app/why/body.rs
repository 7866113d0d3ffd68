//! What a star or a ribbon comes to that stands for many workloads.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::crowd::passing;
use super::super::session::{Action, Selection, click};
use super::{place, select, workload};
use crate::message::{Crowd, Pairs};
use crate::overview::{Bond, Lens, Level};

/// A namespace: its policies, what it calls and who calls it.
pub fn namespace(
    analysis: &SharedAnalysis,
    crowd: &Crowd,
    name: &str,
    lens: &Lens,
    dispatch: &Callback<Action>,
) -> Option<Html> {
    let namespace = analysis.model.cluster.namespaces.get(name)?;
    let labels = namespace.labels.iter().map(|(key, value)| format!("{key}={value}"));
    let labels = labels.collect::<Vec<_>>().join(", ");
    let policies: Vec<_> = analysis.model.policies.of(name).collect();
    let body = crowd.overview.bodies.iter().find(|body| body.id == name);
    let isolated = body.map(|body| {
        let ([egress, ingress], all) = (body.isolated, body.count.workloads);
        format!(
            "Of its {all} workloads, {egress} are isolated for egress and {ingress} for ingress."
        )
    });
    Some(html! {
        <>
            <p class="subject">{ format!("Namespace {name}") }</p>
            <p class="muted">{ format!("Labels: {labels}") }</p>
            <p>{ isolated.unwrap_or_default() }</p>
            <h3>{ "Policies" }</h3>
            if policies.is_empty() {
                <p class="muted">{ "None is on here." }</p>
            }
            <ul>{ for policies.iter().map(|(_, policy)| html! {
                <li><b>{ &policy.name }</b>{ " " }{ place(&policy.location, dispatch) }</li>
            }) }</ul>
            { ribbons(crowd, name, lens, dispatch) }
        </>
    })
}

/// How a star is drawn, and its ribbons.
pub fn ribbons(crowd: &Crowd, id: &str, lens: &Lens, dispatch: &Callback<Action>) -> Html {
    let bodies = &crowd.overview.bodies;
    let own = bodies.iter().position(|body| body.id == *id);
    let of = |is_it: &dyn Fn(&Bond) -> bool| {
        let bonds = crowd.overview.bonds.iter().filter(|bond| is_it(bond));
        bonds.map(|bond| ribbon(crowd, bond, dispatch)).collect::<Vec<_>>()
    };
    let (made, received) = match own {
        Some(own) => (of(&|bond| bond.from as usize == own), of(&|bond| bond.to as usize == own)),
        None => Default::default(),
    };
    // A star that is drawn one by one is folded by what it is part of.
    let folds = [id, workload(id)].into_iter().find(|id| lens.unfolded.contains(*id));
    let has_parts = own.is_some_and(|own| match bodies[own].level {
        Level::Namespace => true,
        Level::Workload => bodies[own].count.pods > 1,
        Level::Pod => false,
    });
    let is_muted = lens.muted.contains(id);
    let mute = {
        let mut lens = lens.clone();
        if !lens.muted.remove(id) {
            lens.muted.insert(id.to_owned());
        }
        click(dispatch, Action::Focus(lens))
    };
    let fold = |id: &str| click(dispatch, Action::Fold(id.to_owned()));
    html! {
        <>
            <div class="turn">
                if let Some(folds) = folds {
                    <button onclick={fold(folds)}>{ "Fold" }</button>
                } else if has_parts {
                    <button onclick={fold(id)}>{ "Unfold" }</button>
                }
                if own.is_some() {
                    <button onclick={mute}>{ if is_muted { "Unmute" } else { "Mute" } }</button>
                }
            </div>
            if is_muted {
                <p class="muted">{ "Muted: its ribbons are not drawn." }</p>
            }
            if !made.is_empty() {
                <h3>{ "Calls" }</h3>
                <ul class="calls">{ for made }</ul>
            }
            if !received.is_empty() {
                <h3>{ "Called by" }</h3>
                <ul class="calls">{ for received }</ul>
            }
        </>
    }
}

fn ribbon(crowd: &Crowd, bond: &Bond, dispatch: &Callback<Action>) -> Html {
    let [from, to] = [bond.from, bond.to].map(|body| &crowd.overview.bodies[body as usize].id);
    let rest = match bond.pairs() {
        0 | 1 => String::new(),
        pairs => format!(", {} of {pairs}", bond.open),
    };
    call(from, to, &bond.state().to_string(), &rest, dispatch)
}

fn call(from: &str, to: &str, state: &str, rest: &str, dispatch: &Callback<Action>) -> Html {
    let label = html! {
        <>
            <span class={classes!("state", state.to_owned())}>{ state }</span>
            { format!(" {from} → {to}{rest}") }
        </>
    };
    html! { <li>{ select(Selection::Ribbon(from.to_owned(), to.to_owned()), label, dispatch) }</li> }
}

/// The pairs of workloads that a ribbon stands for.
pub fn pairs(crowd: &Crowd, from: &str, to: &str, dispatch: &Callback<Action>) -> Option<Html> {
    let Pairs { count, some } = crowd.pairs.as_ref()?;
    let at = |id: &str| crowd.overview.bodies.iter().position(|body| body.id == *id);
    let is_it =
        |bond: &&Bond| (Some(bond.from as usize), Some(bond.to as usize)) == (at(from), at(to));
    let passing = crowd.overview.bonds.iter().find(is_it).map(passing);
    let rest = *count as usize - some.len();
    Some(html! {
        <>
            <p class="subject">{ format!("{from} → {to}") }</p>
            <p>{ passing.unwrap_or_default() }</p>
            <ul class="calls">{ for some.iter().map(|(from, to, state)| {
                call(from, to, &state.to_string(), "", dispatch)
            }) }</ul>
            if rest > 0 {
                <p class="muted">{ format!("And {rest} more: unfold, or filter, to see them.") }</p>
            }
        </>
    })
}
