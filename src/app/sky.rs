//! The sky: the picture, drawn as SVG, with balls of HTML above it.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::SharedAnalysis;
use super::balls;
use super::crowd;
use super::derive::{Shared, measure};
use super::legend::legend;
use super::session::{Action, Motion, Selection, Shown, Stage, click};
use super::stars::{Context, note, ribbon, star};
use crate::analysis::Visibility;
use crate::explain;
use crate::message::{Exposed, Seen};
use crate::overview::Overview;
use crate::picture::{self, Look, Picture, View};
use crate::probe::LinkState;
use crate::scenario::Scenario;
use crate::scene::{Moved, Px, Region, Size};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub analysis: SharedAnalysis,
    /// What is seen of workloads that are too many to be drawn one by one.
    pub crowd: Option<Shared<Seen>>,
    /// Why each of its links is as it is.
    pub reasons: Shared<Vec<String>>,
    /// How many mistakes keep something out of the picture.
    pub refused: usize,
    pub scenario: &'static Scenario,
    pub view: View,
    pub blocked: Shown,
    /// Whether all ribbons of a crowd are drawn, however many they are.
    pub ribbons: Shown,
    pub ghosts: Shown,
    pub motion: Motion,
    pub stage: Stage,
    pub selection: Option<Selection>,
    pub moved: Moved,
    /// What is open to those that are not there yet, where it is shown.
    pub exposed: Option<Shared<Vec<Exposed>>>,
    pub dispatch: Callback<Action>,
}

/// How much larger everything in the sky is: on stage, names are to be read from the back row, as far
/// as there is room for it.
fn zoom(stage: Stage, sky: Size) -> f64 {
    match stage {
        Stage::Off => 1.0,
        Stage::On => ((sky.width * sky.height).sqrt() / ROOMY).clamp(1.0, 1.5),
    }
}

/// The mean side of a sky that holds a scenario's names with ease, in pixels.
const ROOMY: f64 = 700.0;

/// The attribute's word for a view.
pub fn view_word(view: View) -> &'static str {
    match view {
        View::Cluster => "cluster",
        View::Observer => "observer",
    }
}

#[component]
pub fn Sky(props: &Props) -> Html {
    let Props { analysis, scenario, view, blocked, ghosts, motion, stage, .. } = props;
    let node = use_node_ref();
    let whole = use_size(&node);
    let zoom = zoom(*stage, whole);
    let strip = if props.crowd.is_some() { crowd::STRIP } else { 0.0 };
    let size = Size { width: whole.width / zoom, height: (whole.height - strip).max(0.0) / zoom };
    let crowd = &props.crowd;
    let overview = use_memo((crowd.clone(), props.ribbons), |(crowd, ribbons)| {
        let crowd = crowd.as_ref().and_then(|seen| seen.crowd.as_ref());
        crowd.map(|crowd| crowd::drawn(crowd, *ribbons))
    });
    let overview: Shared<Option<Overview>> = overview.into();
    let of = (analysis.clone(), overview.clone(), *scenario);
    let cast = use_memo(of, |(analysis, overview, scenario)| match &**overview {
        Some(overview) => picture::cast_of(overview),
        None => picture::cast(analysis, &scenario.codes),
    });
    // A policy moves nothing: the ground stays as long as the same workloads call each other.
    let ground = use_memo((cast, size, props.moved.clone()), |(cast, size, moved)| {
        picture::ground(cast, *size, moved)
    });
    let of = (analysis.clone(), overview.clone(), *view, Shared::from(ground));
    let picture = use_memo(of, |(analysis, overview, view, ground)| {
        measure("netpol:render", || match &**overview {
            Some(overview) => picture::draw_overview(overview, ground),
            None => picture::draw(analysis, *view, ground),
        })
    });
    let picture: Shared<Picture> = picture.into();
    let drawn: Rc<Vec<usize>> = use_memo((picture.clone(), *blocked), |(picture, blocked)| {
        let shows = |i: &usize| {
            let ribbon = &picture.ribbons[*i];
            ribbon.shows && (blocked.is_yes() || ribbon.state != LinkState::Blocked)
        };
        (0..picture.ribbons.len()).filter(shows).collect()
    });
    let balls = use_memo((picture.clone(), drawn.clone()), |(picture, drawn)| {
        let along = balls::travelled(picture, drawn);
        let keyframes = balls::keyframes(picture, &along);
        (along, keyframes)
    });
    let reach = use_reach(drawn.len());
    let Picture { scene, stars, .. } = &*picture;
    let style = format!(
        "--zoom:{};--name:{}px;--note:{}px;--ribbon:{}px;--mark:{}",
        Px(zoom),
        Px(scene.scale.name),
        Px(scene.scale.note),
        Px(scene.scale.ribbon),
        Px(scene.scale.mark)
    );
    let look = |i: usize| (ghosts.is_yes() || stars[i].look == Look::Star).then_some(i);
    let shown: Vec<usize> = (0..stars.len()).filter_map(look).collect();
    html! {
        <div class={classes!("sky", crowd.is_some().then_some("crowd"))} ref={node} {style}>
            <svg
                role="group"
                aria-label="Picture: who reaches whom. The table Connectivity says the same."
                width={px(scene.size.width)}
                height={px(scene.size.height)}
            >
                { for scene.regions.iter().filter(|region| {
                    // A namespace without a star in sight is not in sight.
                    shown.iter().any(|i| region.namespace == namespace(&picture, *i))
                }).map(|of| region(of, crowd.is_some(), &props.dispatch)) }
                <g class="ribbons" aria-hidden="true">
                    { for drawn.iter().take(reach).map(|i| {
                        let link = picture.ribbons[*i].link;
                        let why = match &*overview {
                            Some(overview) => crowd::passing(&overview.bonds[link]),
                            None => props.reasons[link].clone(),
                        };
                        ribbon(&picture, &why, *i, props.selection.as_ref(), &props.dispatch)
                    }) }
                </g>
                { for shown.iter().map(|i| {
                    let exposed = props.exposed.as_ref().map(|exposed| exposed.as_slice());
                    let context = Context { selection: props.selection.as_ref(), stage: *stage, exposed };
                    let note = match &*overview {
                        Some(overview) => crowd::note(&overview.bodies[*i], scene.stars[*i].radius),
                        None => note(analysis, &stars[*i]),
                    };
                    star(&picture, note, *i, context, &props.dispatch)
                }) }
            </svg>
            { balls::balls(&picture, &balls.0, &balls.1, *motion) }
            if let Some(remark) = remark(props.refused) {
                <p class="remark">{ remark }</p>
            } else if let Some(crowd) = crowd.as_ref().and_then(|seen| seen.crowd.as_ref()) {
                <p class="strip">{ crowd::remark(crowd, props.ribbons) }</p>
            }
            if let Some(overview) = &*overview {
                if overview.bodies.is_empty() {
                    <div class="blank"><p>{ "No workload is found." }</p></div>
                }
            } else if let Some(message) = message(analysis, *view) {
                <div class="blank">
                    <p>{ message }</p>
                    if analysis.workloads().all(|(i, _)| analysis.observer == Some(i)) {
                        <button
                            class="primary"
                            onclick={click(&props.dispatch, Action::Visit(0))}
                        >
                            { "Start again" }
                        </button>
                    }
                </div>
            }
            { legend() }
        </div>
    }
}

/// Lights the stars of these workloads, as a style sheet: the cursor of the editor moves with every key,
/// and the picture need not be made anew for it.
pub fn lit(workloads: &[String]) -> String {
    let quoted = |path: &String| path.replace('\\', "\\\\").replace('"', "\\\"");
    let star = |path: &String| format!("[data-workload=\"{}\"]", quoted(path));
    let stars: Vec<String> = workloads.iter().map(star).collect();
    match stars.is_empty() {
        true => String::new(),
        false => format!(
            ".star:is({}) .halo{{stroke:var(--accent);stroke-width:4px;stroke-dasharray:6 4}}",
            stars.join(",")
        ),
    }
}

fn namespace(picture: &Picture, star: usize) -> &str {
    let id = &picture.scene.stars[star].id;
    id.split_once('/').map_or(id, |(namespace, _)| namespace)
}

/// A namespace. Of a crowd, its title folds it.
fn region(region: &Region, folds: bool, dispatch: &Callback<Action>) -> Html {
    let Region { bounds, title, namespace, .. } = region;
    let fold = folds.then(|| click(dispatch, Action::Fold(namespace.clone())));
    html! {
        <g class="region" key={region.namespace.clone()}>
            <rect
                x={px(bounds.x)}
                y={px(bounds.y)}
                width={px(bounds.width)}
                height={px(bounds.height)}
                rx={px(region.corner)}
            />
            <text
                x={px(title.at.x)}
                y={px(title.at.y)}
                text-anchor={title.anchor.as_str()}
                class={folds.then_some("folds")}
                role={folds.then_some("button")}
                aria-label={folds.then(|| format!("Fold {namespace}"))}
                onclick={fold}
            >
                { &title.text }
            </text>
        </g>
    }
}

/// A length for an attribute, to a tenth of a pixel.
pub fn px(value: f64) -> String {
    Px(value).to_string()
}

/// What stands above the stars, where the picture is not all there is to know.
fn remark(refused: usize) -> Option<String> {
    let mistakes = match refused {
        0 => return None,
        1 => "1 mistake".to_owned(),
        many => format!("{many} mistakes"),
    };
    Some(format!("{mistakes}: what is refused is not in the picture, or as it was before."))
}

/// Why the sky is blank, where it is.
fn message(analysis: &SharedAnalysis, view: View) -> Option<String> {
    let mut services =
        analysis.workloads().filter(|(i, _)| analysis.observer != Some(*i)).peekable();
    if services.peek().is_none() {
        return Some("Nothing runs here any more: there is nothing to switch.".to_owned());
    }
    let observer = analysis.observer.filter(|_| view == View::Observer)?;
    if services.any(|(i, _)| analysis.visibility(i) == Some(Visibility::Seen)) {
        return None;
    }
    let name = &analysis.model.cluster.workloads[observer].name;
    let sight = analysis.sights.first()?;
    let why = explain::summarize(&analysis.model, &sight.call, &sight.reply);
    let count = analysis.sights.len();
    Some(format!("{name} sees none of the {count} services it watches. The first is {why}."))
}

/// How many ribbons are drawn at once for the first time: more would block the page.
const AT_ONCE: usize = 30;

/// How many of so many ribbons to draw: those that were drawn before, and then some more at a time.
#[hook]
fn use_reach(ribbons: usize) -> usize {
    let reach = use_state_eq(|| AT_ONCE);
    let setter = reach.setter();
    use_effect_with((ribbons, *reach), move |(ribbons, reach)| {
        let next = reach + AT_ONCE;
        let more = (reach < ribbons).then(|| Timeout::new(0, move || setter.set(next)));
        move || drop(more)
    });
    *reach
}

/// The size of an element, followed as it changes.
#[hook]
fn use_size(node: &NodeRef) -> Size {
    let size = use_state_eq(first_guess);
    let setter = size.setter();
    use_effect_with(node.clone(), move |node| {
        let element = node.cast::<Element>();
        let measured = element.clone();
        let measure = move || {
            if let Some(element) = &measured {
                let (width, height) = (element.client_width(), element.client_height());
                setter.set(Size { width: width.into(), height: height.into() });
            }
        };
        // At once, and not first when the observer is heard: nothing must jump in sight.
        measure();
        let changed = Closure::<dyn Fn()>::new(measure);
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(changed);
        }
    });
    *size
}

/// The size of the sky before it can be measured: most of the window.
fn first_guess() -> Size {
    let inner = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64());
    let width = inner(window().inner_width()).unwrap_or(1440.0);
    let height = inner(window().inner_height()).unwrap_or(900.0);
    Size { width: (width - 300.0).max(width * 0.6), height: (height - 180.0).max(height * 0.5) }
}
