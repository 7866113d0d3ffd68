//! Workloads that are too many to be drawn one by one: what is said of them, and what chooses among them.

pub mod table;

use std::collections::BTreeSet;

use yew::prelude::*;

use super::common::button;
use super::session::{Action, Selection, Session, Shown, click, field};
use crate::message::Crowd;
use crate::overview::{Body, Bond, Count, Lens, Level, Overview};

/// Puts a name among others, or takes it out.
pub fn turn(names: &mut BTreeSet<String>, name: &str) {
    if names.contains(name) {
        // Sets can take something out by themselves, for a kilobyte of the page.
        let before = std::mem::take(names);
        names.extend(before.into_iter().filter(|other| other != name));
    } else {
        names.insert(name.to_owned());
    }
}

/// A number of things, in words.
fn many(number: u32, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What a star stands for, in a few words.
pub fn count(body: &Body) -> Option<String> {
    let Count { workloads, pods } = body.count;
    match body.level {
        Level::Namespace => Some(many(workloads, "workload")),
        Level::Workload => (pods > 1).then(|| many(pods, "pod")),
        Level::Pod => None,
    }
}

/// How much gets through, over all the pairs that a ribbon stands for.
pub fn passing(bond: &Bond) -> String {
    let (pairs, Bond { open, partly, .. }) = (bond.pairs(), bond);
    match pairs {
        1 => bond.state().to_string(),
        _ if *open == pairs => format!("open between all {pairs} pairs of workloads"),
        _ if open + partly == 0 => format!("blocked between all {pairs} pairs of workloads"),
        _ if *partly == 0 => format!("open between {open} of {pairs} pairs of workloads"),
        _ => format!("open between {open} of {pairs} pairs of workloads, partly between {partly}"),
    }
}

/// Up to so many ribbons are drawn as they are; more hide each other.
const FEW_RIBBONS: usize = 150;

/// Whether all ribbons can be drawn.
fn are_few(crowd: &Crowd) -> bool {
    crowd.overview.bonds.len() <= FEW_RIBBONS
}

/// What is drawn of a crowd: all of it, or where ribbons are many, those that are other than before, and
/// those of the star that is looked at.
pub fn drawn(crowd: &Crowd, all: Shown) -> Overview {
    let Crowd { overview, changed, explained, .. } = crowd;
    if all.is_yes() || are_few(crowd) {
        return overview.clone();
    }
    let body = |position: u32| &overview.bodies[position as usize];
    let is_explained = |bond: &Bond| {
        let [from, to] = [body(bond.from), body(bond.to)];
        match explained {
            // Of a namespace that is unfolded, what happens inside.
            Some(Selection::Star(star)) => {
                from.id == *star
                    || to.id == *star
                    || (from.namespace == *star && to.namespace == *star)
            }
            Some(Selection::Ribbon(source, destination)) => {
                from.id == *source && to.id == *destination
            }
            _ => false,
        }
    };
    let mut few = Overview { bonds: Vec::new(), bodies: overview.bodies.clone(), ..*overview };
    for (position, bond) in (0..).zip(&overview.bonds) {
        if changed.contains(&position) || is_explained(bond) {
            few.bonds.push(bond.clone());
        }
    }
    few
}

/// The most workloads of which the worker tells what is open to those that are not there yet.
const EXPOSABLE: u32 = 200;

/// Whether that can be asked of so many.
pub fn is_exposable(crowd: &Crowd) -> bool {
    crowd.overview.all.workloads <= EXPOSABLE
}

/// What there is, and what of it is not in the picture.
pub fn remark(crowd: &Crowd, ribbons: Shown) -> String {
    let overview = &crowd.overview;
    let Overview { found, all, left_out, .. } = overview;
    let mut remark = format!("{}, {}", many(all.workloads, "workload"), many(all.pods, "pod"));
    if found != all {
        remark += &format!("; {} found", found.workloads);
    }
    if left_out.bodies > 0 {
        remark += &format!("; {} not drawn: fold, or filter", many(left_out.bodies, "star"));
    }
    if !ribbons.is_yes() && !are_few(crowd) {
        remark += "; choose a star to see its calls";
    } else if left_out.bonds > 0 {
        remark += &format!("; {} of the fewest pairs not drawn", many(left_out.bonds, "ribbon"));
    }
    remark + "."
}

/// The height of what stands above the stars, in pixels: a crowd leaves no other room for it.
pub const STRIP: f64 = 40.0;

/// The smallest disc below which there is room for a word on what it stands for, in pixels.
const ROOMY: f64 = 14.0;

/// What a star stands for, where there is room to say so.
pub fn note(body: &Body, radius: f64) -> Option<String> {
    count(body).filter(|_| radius >= ROOMY)
}

/// How far a long reading is.
pub fn progress((read, of): (u32, u32)) -> Html {
    html! {
        <label class="progress">
            { "Reading…" }
            <progress max={of.to_string()} value={read.to_string()} />
        </label>
    }
}

/// A star is a hub when it has ribbons with so many of the others, out of four.
const HUB: usize = 3;

/// Fewer stars than this have no hubs: all of them may well call each other.
const FEW: usize = 6;

/// The stars that nearly all others have to do with, while others do not.
fn hubs(overview: &Overview) -> BTreeSet<String> {
    let stars = overview.bodies.len();
    let mut others = vec![0; stars];
    for bond in overview.bonds.iter().filter(|bond| bond.from != bond.to) {
        others[bond.from as usize] += 1;
        others[bond.to as usize] += 1;
    }
    let most = 2 * (stars.max(1) - 1);
    let is_hub = |(_, own): &(&Body, &usize)| 4 * **own >= HUB * most;
    let mut hubs = BTreeSet::new();
    let found = overview.bodies.iter().zip(&others).filter(is_hub);
    hubs.extend(found.map(|(body, _)| body.id.clone()));
    // Where everybody is one, none stands out.
    if stars < FEW || 2 * hubs.len() > stars { BTreeSet::new() } else { hubs }
}

/// What chooses among many workloads.
pub fn controls(session: &Session, crowd: &Crowd, dispatch: &Callback<Action>) -> Html {
    let (lens, ribbons) = (&session.lens, session.ribbons);
    let find: Callback<InputEvent> = {
        let lens = lens.clone();
        field(dispatch, move |filter| Action::Focus(Lens { filter, ..lens.clone() }))
    };
    let focus = |label: &'static str, lens: Lens| button(label, Action::Focus(lens), dispatch);
    let hubs = hubs(&crowd.overview);
    let all = click(dispatch, Action::ToggleRibbons);
    html! {
        <>
            <input
                type="search"
                class="find"
                aria-label="Find workloads"
                placeholder="name, app=web, ns:shop"
                spellcheck="false"
                value={lens.filter.clone()}
                oninput={find}
            />
            if !are_few(crowd) {
                <button class="switch" role="switch" aria-checked={ribbons.is_yes().to_string()} onclick={all}>{ "All ribbons" }</button>
            }
            if !lens.unfolded.is_empty() {
                { focus("Fold all", Lens { unfolded: Default::default(), ..lens.clone() }) }
            }
            if !lens.muted.is_empty() {
                { focus("Unmute all", Lens { muted: Default::default(), ..lens.clone() }) }
            } else if !hubs.is_empty() {
                { focus("Mute hubs", Lens { muted: hubs, ..lens.clone() }) }
            }
        </>
    }
}
