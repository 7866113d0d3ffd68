//! What is drawn of an analysis or an overview: which stars and ribbons, and how each is marked.
//!
//! In: an [`Analysis`] and the view it is looked at in, or an [`Overview`], which has but one. Out: a
//! [`Picture`], a [`Scene`] with what is known about each star and ribbon. The geometry never depends on
//! the view or on what is open, so that nothing jumps; a view only decides what shows.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, Visibility};
use crate::cluster::Workload;
use crate::overview::{Body, Bond, Level, Overview};
use crate::probe::{Link, LinkState, Stop};
use crate::scene::{
    self, Ground, Kind, Moved, Pair, RibbonSpec, Role, Scene, Size, StandsFor, StarSpec, State,
};

/// Whose eyes the picture is seen with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// What is so.
    #[default]
    Cluster,
    /// What the observer can see of it.
    Observer,
}

/// A scene, and what its stars and ribbons stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The geometry.
    pub scene: Scene,
    /// What each star of the scene is, in its order.
    pub stars: Vec<StarState>,
    /// What each ribbon of the scene is, in its order.
    pub ribbons: Vec<RibbonState>,
}

/// What a star stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StarState {
    /// The workload's position in the cluster, or the body's in [`Overview::bodies`].
    pub workload: usize,
    /// How it looks to the observer, where there is one.
    pub visibility: Option<Visibility>,
    /// How it is drawn.
    pub look: Look,
}

/// How a star is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A disc in its colour.
    Star,
    /// An outline and a name: the observer does not see it.
    Ghost,
}

/// What a ribbon stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RibbonState {
    /// The position in [`Analysis::links`] or [`Overview::bonds`].
    pub link: usize,
    /// How much gets through.
    pub state: LinkState,
    /// Where the first call that does not get through is stopped.
    pub stop: Option<Stop>,
    /// Whether the view holds it: the observer draws a ribbon only between two stars that it sees.
    pub shows: bool,
}

/// What the ground of a picture depends on: who is there and who calls whom, not what gets through.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    stars: Vec<StarSpec>,
    pairs: Vec<Pair>,
}

/// The cast of an analysis. `codes` are the short names that a scenario gives to workloads
/// (`ns/name`).
pub fn cast(analysis: &Analysis, codes: &BTreeMap<String, String>) -> Cast {
    let star = |(i, workload): (usize, &Workload)| StarSpec {
        namespace: workload.namespace.clone(),
        name: workload.name.clone(),
        code: codes.get(&workload.path()).cloned(),
        role: if analysis.observer == Some(i) { Role::Observer } else { Role::Service },
        stands_for: None,
    };
    let stars = Stars::of(analysis);
    let pair = |link: &Link| Pair { from: stars.star(link.from), to: stars.star(link.to) };
    Cast {
        stars: analysis.workloads().map(star).collect(),
        pairs: analysis.links.iter().map(pair).collect(),
    }
}

/// The cast of an overview.
pub fn cast_of(overview: &Overview) -> Cast {
    let star = |body: &Body| StarSpec {
        namespace: body.namespace.clone(),
        name: body.name.clone(),
        code: None,
        role: Role::Service,
        stands_for: Some(StandsFor {
            id: body.id.clone(),
            kind: match body.level {
                Level::Namespace => Kind::Namespace,
                Level::Workload => Kind::Workload,
                Level::Pod => Kind::Pod,
            },
            pods: body.count.pods,
        }),
    };
    let pair = |bond: &Bond| Pair { from: bond.from as usize, to: bond.to as usize };
    Cast {
        stars: overview.bodies.iter().map(star).collect(),
        pairs: overview.bonds.iter().map(pair).collect(),
    }
}

/// Where everything is.
pub fn ground(cast: &Cast, size: Size, moved: &Moved) -> Ground {
    scene::ground(size, &cast.stars, &cast.pairs, moved)
}

/// The positions in the cluster of the stars' workloads, in the stars' order.
struct Stars(Vec<usize>);

impl Stars {
    fn of(analysis: &Analysis) -> Stars {
        Stars(analysis.workloads().map(|(i, _)| i).collect())
    }

    fn star(&self, workload: usize) -> usize {
        self.0.binary_search(&workload).unwrap_or(usize::MAX)
    }
}

/// Draws an analysis on the ground of its cast.
pub fn draw(analysis: &Analysis, view: View, ground: &Ground) -> Picture {
    let positions = Stars::of(analysis);
    let ribbon = |link: &Link| RibbonSpec {
        from: positions.star(link.from),
        to: positions.star(link.to),
        state: state(link.state()),
        stop: link.stop().map(stop),
        label: ports(link),
    };
    let ribbons: Vec<RibbonSpec> = analysis.links.iter().map(ribbon).collect();
    let scene = scene::draw(ground, &ribbons);
    let Stars(workloads) = positions;
    let stars: Vec<StarState> = workloads
        .iter()
        .map(|&workload| {
            let visibility = analysis.visibility(workload);
            let hidden = visibility.is_some_and(|visibility| visibility != Visibility::Seen);
            let look = if view == View::Observer && hidden { Look::Ghost } else { Look::Star };
            StarState { workload, visibility, look }
        })
        .collect();
    let ribbons = scene.ribbons.iter().filter_map(|ribbon| {
        let ends = (workloads[ribbon.from], workloads[ribbon.to]);
        let index = analysis.link(ends.0, ends.1)?;
        let link = &analysis.links[index];
        let shows = [ribbon.from, ribbon.to].iter().all(|star| stars[*star].look == Look::Star);
        Some(RibbonState { link: index, state: link.state(), stop: link.stop(), shows })
    });
    Picture { ribbons: ribbons.collect(), stars, scene }
}

/// Draws an overview on the ground of its cast.
pub fn draw_overview(overview: &Overview, ground: &Ground) -> Picture {
    let ribbon = |bond: &Bond| RibbonSpec {
        from: bond.from as usize,
        to: bond.to as usize,
        state: state(bond.state()),
        stop: bond.stop.map(stop),
        label: passing(bond),
    };
    let specs: Vec<RibbonSpec> = overview.bonds.iter().map(ribbon).collect();
    let scene = scene::draw(ground, &specs);
    let star = |workload| StarState { workload, visibility: None, look: Look::Star };
    let stars = (0..overview.bodies.len()).map(star).collect();
    // Every bond between bodies that there are is drawn, and in their order.
    let mut bonds = overview.bonds.iter().enumerate();
    let ribbons = scene.ribbons.iter().filter_map(|ribbon| {
        let is_it = |(_, bond): &(usize, &Bond)| {
            (bond.from as usize, bond.to as usize) == (ribbon.from, ribbon.to)
        };
        let (link, bond) = bonds.find(is_it)?;
        Some(RibbonState { link, state: bond.state(), stop: bond.stop, shows: true })
    });
    Picture { ribbons: ribbons.collect(), stars, scene }
}

/// How many of a bond's pairs something gets through between, where it stands for several: `12 of 400`.
pub fn passing(bond: &Bond) -> String {
    match bond.pairs() {
        0 | 1 => String::new(),
        pairs => format!("{} of {pairs}", bond.open + bond.partly),
    }
}

/// The ports that a link's calls are made on, as its label says them: `TCP 80, 443`.
pub fn ports(link: &Link) -> String {
    let mut label = String::new();
    let mut protocol = None;
    for attempt in &link.attempts {
        if attempt.any_port.is_some() {
            return "any port".to_owned();
        }
        let call = &attempt.call;
        if protocol == Some(call.protocol) {
            label.push_str(&format!(", {}", call.port));
        } else {
            let separator = if label.is_empty() { "" } else { ", " };
            label.push_str(&format!("{separator}{} {}", call.protocol, call.port));
            protocol = Some(call.protocol);
        }
    }
    label
}

fn state(state: LinkState) -> State {
    match state {
        LinkState::Open => State::Open,
        LinkState::Partly => State::Partly,
        LinkState::Blocked => State::Blocked,
    }
}

fn stop(stop: Stop) -> scene::Stop {
    match stop {
        Stop::Dns => scene::Stop::Dns,
        Stop::Egress => scene::Stop::Egress,
        Stop::Ingress => scene::Stop::Ingress,
        Stop::Both => scene::Stop::Both,
        Stop::Service => scene::Stop::Service,
    }
}
