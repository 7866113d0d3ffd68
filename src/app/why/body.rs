//! What a star or a ribbon comes to that stands for many workloads.

use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::common::{button, heading, muted, paragraph};
use super::super::crowd::{passing, turn};
use super::super::session::{Action, Selection};
use super::{listed, place, workload};
use crate::message::{Crowd, Pairs};
use crate::overview::{Bond, Lens};
use crate::picture;
use crate::probe::LinkState;

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
            { paragraph("subject", format!("Namespace {name}")) }
            { muted(format!("Labels: {labels}")) }
            <p>{ isolated.unwrap_or_default() }</p>
            { heading("Policies") }
            if policies.is_empty() {
                { muted("None is on here.") }
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
    let has_parts = own.is_some_and(|own| bodies[own].has_parts());
    let is_muted = lens.muted.contains(id);
    let mute = || {
        let mut lens = lens.clone();
        turn(&mut lens.muted, id);
        button(if is_muted { "Unmute" } else { "Mute" }, Action::Focus(lens), dispatch)
    };
    let fold = |word: &'static str, id: &str| button(word, Action::Fold(id.to_owned()), dispatch);
    html! {
        <>
            <div class="turn">
                if let Some(folds) = folds {
                    { fold("Fold", folds) }
                } else if has_parts {
                    { fold("Unfold", id) }
                }
                if own.is_some() {
                    { mute() }
                }
            </div>
            if is_muted {
                { muted("Muted: its ribbons are not drawn.") }
            }
            if !made.is_empty() {
                { heading("Calls") }
                <ul class="calls">{ for made }</ul>
            }
            if !received.is_empty() {
                { heading("Called by") }
                <ul class="calls">{ for received }</ul>
            }
        </>
    }
}

fn ribbon(crowd: &Crowd, bond: &Bond, dispatch: &Callback<Action>) -> Html {
    let [from, to] = [bond.from, bond.to].map(|body| &crowd.overview.bodies[body as usize].id);
    let passing = picture::passing(bond);
    let separator = if passing.is_empty() { "" } else { ", " };
    call(from, to, bond.state(), &format!("{separator}{passing}"), dispatch)
}

fn call(from: &str, to: &str, state: LinkState, rest: &str, dispatch: &Callback<Action>) -> Html {
    let what = Selection::Ribbon(from.to_owned(), to.to_owned());
    listed(what, state, format!(" {from} → {to}{rest}"), dispatch)
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
            { paragraph("subject", format!("{from} → {to}")) }
            <p>{ passing.unwrap_or_default() }</p>
            <ul class="calls">{ for some.iter().map(|(from, to, state)| {
                call(from, to, *state, "", dispatch)
            }) }</ul>
            if rest > 0 {
                { muted(format!("And {rest} more: unfold, or filter, to see them.")) }
            }
        </>
    })
}
