//! One star and one ribbon of the picture.

use std::cell::Cell;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::SharedAnalysis;
use super::session::{Action, Selection, Stage, click};
use super::sky::px;
use crate::analysis::Visibility;
use crate::message::Exposed;
use crate::picture::{Look, Picture, RibbonState, StarState};
use crate::probe::{LinkState, Stop};
use crate::scene::{Heading, Point, Ribbon, Role, Scale, Star};

/// The calls from one workload to another, and why they get through or not.
pub fn ribbon(
    picture: &Picture,
    why: &str,
    index: usize,
    selection: Option<&Selection>,
    dispatch: &Callback<Action>,
) -> Html {
    let ribbon = &picture.scene.ribbons[index];
    let RibbonState { state, stop, .. } = picture.ribbons[index];
    let [from, to] = [ribbon.from, ribbon.to].map(|star| &picture.scene.stars[star]);
    let meant = Selection::Ribbon(from.id.clone(), to.id.clone());
    let is_selected = selection == Some(&meant);
    let select = click(dispatch, Action::Select(Some(meant)));
    let reach = match (state, &ribbon.mark) {
        (LinkState::Blocked, Some(mark)) => (mark.along * 1000.0) as u32,
        _ => 1000,
    };
    let head = ribbon.head.map(|point| point.to_string()).join(" ");
    // In a crowd only what shows is there: what is not cannot fade in, and is quick to draw.
    let is_drawn = |states: &[LinkState]| !is_dense(picture) || states.contains(&state);
    let flows = is_drawn(&[LinkState::Open, LinkState::Partly]);
    let dashes = is_drawn(&[LinkState::Partly, LinkState::Blocked]);
    html! {
        <g
            key={format!("{}>{}", from.id, to.id)}
            class={classes!("ribbon", colour(from), is_selected.then_some("selected"))}
            data-from={from.id.clone()}
            data-to={to.id.clone()}
            data-state={state.to_string()}
            data-stopped={stop.filter(|_| state == LinkState::Blocked).map(Stop::as_str)}
            onclick={select}
        >
            <title>{ format!("{} → {}, {}", from.name, to.name, why) }</title>
            <path class="hit" d={ribbon.path.clone()} />
            if dashes {
                <path class="dash" d={ribbon.path.clone()} />
            }
            if flows {
                <path class="flow" d={ribbon.path.clone()} pathLength="1" style={format!("--reach:calc({reach}/1000)")} />
                <polygon class="head" points={head} />
            }
            if let Some(mark) = &ribbon.mark {
                { self::mark(stop, mark.at) }
            }
            if is_selected || !is_dense(picture) {
                { label(ribbon, &picture.scene.scale) }
            }
        </g>
    }
}

/// How many ribbons are so many that each is drawn with as little as it takes.
const DENSE: usize = 60;

/// Whether a picture is crowded with ribbons.
pub fn is_dense(picture: &Picture) -> bool {
    picture.ribbons.len() > DENSE
}

fn label(ribbon: &Ribbon, scale: &Scale) -> Html {
    let label = ribbon.caption(scale);
    html! {
        <text
            class="label"
            x={px(label.at.x)}
            y={px(label.at.y)}
            text-anchor={label.anchor.as_str()}
        >
            { &label.text }
        </text>
    }
}

/// Where a blocked call breaks, drawn around a point of the mark's own size: a cross, or a question
/// mark for a name that is not resolved. Upright, as a question mark is read.
pub fn mark(stop: Option<Stop>, at: Point) -> Html {
    let shape = match stop {
        Some(Stop::Dns) => "M-.25 -.2C-.25 -.55 .3 -.55 .3 -.2C.3 0 0 0 0 .2M0 .4V.45",
        Some(Stop::Service) => "M-.35 0H.35",
        Some(Stop::Egress | Stop::Ingress | Stop::Both) | None => {
            "M-.35 -.35L.35 .35M-.35 .35L.35 -.35"
        }
    };
    html! {
        <g class="mark" transform={format!("translate({at})")}>
            <circle r=".62" />
            <path d={shape} />
        </g>
    }
}

/// What a star depends on besides the picture.
pub struct Context<'s> {
    /// What is selected.
    pub selection: Option<&'s Selection>,
    /// Whether the page is a stage.
    pub stage: Stage,
    /// What is open to those that are not there yet, where it is shown.
    pub exposed: Option<&'s [Exposed]>,
}

/// The smallest disc with room for a code in full size.
const ROOMY: f64 = 20.0;

/// A workload.
pub fn star(
    picture: &Picture,
    note: Option<String>,
    index: usize,
    Context { selection, stage, exposed }: Context<'_>,
    dispatch: &Callback<Action>,
) -> Html {
    let star = &picture.scene.stars[index];
    let StarState { visibility, look, .. } = picture.stars[index];
    let meant = Selection::Star(star.id.clone());
    let is_selected = selection == Some(&meant);
    let note = match exposed {
        Some(exposed) => Some(open_to(&star.id, exposed)),
        None => note,
    };
    let onclick = {
        let (dispatch, id) = (dispatch.clone(), star.id.clone());
        move |_: MouseEvent| {
            if !IS_DRAG.replace(false) {
                dispatch.emit(Action::Touch(id.clone()));
            }
        }
    };
    let onkeydown = {
        let (dispatch, ways, id) = (dispatch.clone(), ways(picture, index), star.id.clone());
        move |event: KeyboardEvent| match (event.key().as_str(), stage) {
            ("Enter" | " ", _) => {
                event.prevent_default();
                dispatch.emit(Action::Touch(id.clone()));
            }
            (key, Stage::Off) => {
                let Some((_, to)) = ways.iter().find(|(way, _)| *way == key) else { return };
                event.prevent_default();
                focus(to);
            }
            _ => {}
        }
    };
    let (centre, radius) = (star.centre, star.radius);
    let (seen, watched) =
        (visibility == Some(Visibility::Seen), visibility != Some(Visibility::NotWatched));
    let rings = (1..=star.rings).map(|ring| html! {
        <circle class="ring" r={px(radius + 4.0 * ring as f64)} cx={px(centre.x)} cy={px(centre.y)} />
    });
    // As large as its disc has room for.
    let code = (radius < ROOMY).then(|| format!("font-size:{}px", px(radius * 0.9)));
    let caption = note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
    let role = match star.role {
        Role::Observer => Some("observer"),
        Role::Service => None,
    };
    html! {
        <g
            key={star.id.clone()}
            class={classes!(
                "star",
                colour(star),
                (look == Look::Ghost).then_some("ghost"),
                role,
                is_selected.then_some("selected"),
            )}
            role="button"
            tabindex="0"
            aria-label={format!("{}{caption}", full_name(star))}
            aria-pressed={is_selected.to_string()}
            data-workload={star.id.clone()}
            data-role={role}
            data-watched={role.is_none().then(|| watched.to_string())}
            data-seen={role.is_none().then(|| seen.to_string())}
            {onclick}
            {onkeydown}
            onpointerdown={pressed}
            onpointermove={dragged(star, dispatch)}
        >
            <circle class="halo" r={px(radius + 6.0)} cx={px(centre.x)} cy={px(centre.y)} />
            <circle class="disc" r={px(radius)} cx={px(centre.x)} cy={px(centre.y)} />
            { for rings }
            <text class="code" x={px(centre.x)} y={px(centre.y)} style={code}>{ &star.code }</text>
            <text
                class="name"
                x={px(star.label.name.at.x)}
                y={px(star.label.name.at.y)}
                text-anchor={star.label.name.anchor.as_str()}
            >
                { &star.label.name.text }
            </text>
            if let Some(note) = note {
                <text
                    class="note"
                    x={px(star.label.note.x)}
                    y={px(star.label.note.y)}
                    text-anchor={star.label.name.anchor.as_str()}
                >
                    { note }
                </text>
            }
        </g>
    }
}

/// How far a workload is open to those that are not there yet, in a few words.
fn open_to(workload: &str, exposed: &[Exposed]) -> String {
    let is_open = |of: &&Exposed| of.workload == workload && of.state != "blocked";
    let whom: Vec<&str> = exposed.iter().filter(is_open).map(|of| of.who.as_str()).collect();
    let all = exposed.iter().filter(|of| of.workload == workload).count();
    let internet = whom.contains(&INTERNET);
    let new = match whom.len() - usize::from(internet) {
        0 => "nobody new".to_owned(),
        new if new + 1 == all => "all new".to_owned(),
        new => format!("{new} of {} new", all - 1),
    };
    if internet { format!("{new}, internet") } else { new }
}

/// What the internet is called among those that are not there yet.
const INTERNET: &str = "the internet";

fn colour(star: &Star) -> Option<String> {
    star.colour.map(|colour| format!("colour-{colour}"))
}

fn full_name(star: &Star) -> String {
    match star.id.split_once('/') {
        Some((namespace, _)) => format!("{} in {namespace}", star.name),
        None => format!("Namespace {}", star.name),
    }
}

/// What is said below a star's name: why the observer does not see it.
pub fn note(analysis: &SharedAnalysis, star: &StarState) -> Option<String> {
    match star.visibility? {
        Visibility::Seen => None,
        Visibility::NotWatched => Some("not watched".to_owned()),
        Visibility::CutOff => {
            let sight = analysis.sights.iter().find(|sight| sight.watches(star.workload))?;
            Some(match sight.reply.stop() {
                Some(Stop::Dns) => "no lookup".to_owned(),
                Some(Stop::Egress) => "no way out".to_owned(),
                Some(Stop::Ingress | Stop::Both | Stop::Service) | None => "no way in".to_owned(),
            })
        }
    }
}

/// The neighbours that arrow keys lead to, by the key.
fn ways(picture: &Picture, star: usize) -> Vec<(&'static str, String)> {
    let keys = [
        ("ArrowLeft", Heading::Left),
        ("ArrowRight", Heading::Right),
        ("ArrowUp", Heading::Up),
        ("ArrowDown", Heading::Down),
    ];
    let leads = |(key, heading)| {
        let neighbour = picture.scene.neighbour(star, heading)?;
        Some((key, picture.scene.stars[neighbour].id.clone()))
    };
    keys.into_iter().filter_map(leads).collect()
}

fn focus(workload: &str) {
    let selector = format!("[data-workload=\"{workload}\"]");
    let found = document().query_selector(&selector).ok().flatten();
    if let Some(element) = found {
        // SVG elements take the focus as HTML ones do; without it, the key does nothing.
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

thread_local! {
    /// Whether the press that is under way has become a drag: then it selects nothing.
    static IS_DRAG: Cell<bool> = const { Cell::new(false) };
}

/// The star that a pointer is on. Yew listens at the root of the page, which is what
/// `current_target` would be.
fn pointed(event: &PointerEvent) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-workload]").ok()?
}

/// A star that is pressed follows the pointer, wherever it goes.
fn pressed(event: PointerEvent) {
    IS_DRAG.set(false);
    if let Some(star) = pointed(&event) {
        // A pointer that is gone again by now is not followed.
        let _ = star.set_pointer_capture(event.pointer_id());
    }
}

/// How far a pointer may stray, in pixels a move, before a press is a drag.
const STRAY: i32 = 1;

fn dragged(star: &Star, dispatch: &Callback<Action>) -> Callback<PointerEvent> {
    let (id, dispatch) = (star.id.clone(), dispatch.clone());
    Callback::from(move |event: PointerEvent| {
        let is_pressed = event.buttons() & 1 == 1;
        let strays = event.movement_x().abs().max(event.movement_y().abs()) > STRAY;
        let sky = pointed(&event).and_then(|star| star.closest("svg").ok().flatten());
        let (true, true, Some(sky)) = (is_pressed, strays || IS_DRAG.get(), sky) else { return };
        IS_DRAG.set(true);
        let bounds = sky.get_bounding_client_rect();
        let place = Point::new(
            (f64::from(event.client_x()) - bounds.x()) / bounds.width(),
            (f64::from(event.client_y()) - bounds.y()) / bounds.height(),
        );
        dispatch.emit(Action::Move(id.clone(), place));
    })
}
