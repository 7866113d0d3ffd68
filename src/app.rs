//! The page: a session of choices, everything derived from it, and one component a file.
//!
//! The only part of the crate that names Yew or the browser, with `main`. Intents go to the session
//! as [`session::Action`]s; texts and switches are the truth, and what is drawn is derived from
//! them at every change.

mod address;
mod balls;
mod change;
mod derive;
mod file;
mod header;
mod keys;
mod legend;
mod links;
mod matrix;
mod policies;
mod session;
mod sky;
mod stage;
mod stars;
mod theme;
mod toolbar;
mod tour;
mod why;

use gloo::storage::{LocalStorage, Storage};
use yew::prelude::*;

use change::ChangeLine;
use derive::{Shared, analysis};
use file::FileSheet;
use header::Header;
use matrix::Matrix;
use policies::Policies;
use session::{Action, Session, Sheet, Shown, Stage};
use sky::Sky;
use stage::Caption;
use theme::Theme;
use toolbar::Toolbar;
use tour::TourPanel;
use why::Why;

use crate::scene::{Moved, Point};

/// Where dragged stars are kept.
const MOVED: &str = "netpol.moved";

/// The page.
#[component]
pub fn App() -> Html {
    let session = use_reducer(|| {
        let moved: Vec<(String, f64, f64)> = LocalStorage::get(MOVED).unwrap_or_default();
        let moved: Moved = moved.into_iter().map(|(id, x, y)| (id, Point::new(x, y))).collect();
        Session::at(&links::fragment(), Theme::worn(), moved)
    });
    let dispatch = use_callback(session.dispatcher(), |action: Action, to| to.dispatch(action));
    links::use_address(&session, &dispatch);
    keys::use_keys(session.stage, &dispatch);
    stage::use_fullscreen(session.stage, &dispatch);
    use_effect_with(session.theme, |theme| theme.wear());
    use_effect_with(session.moved.clone(), |moved| {
        let moved: Vec<_> = moved.iter().map(|(id, place)| (id, place.x, place.y)).collect();
        // Storage may be forbidden: then a drag lasts as long as the page.
        let _ = LocalStorage::set(MOVED, moved);
    });

    let after = analysis(&session.deployed);
    let before = analysis(&session.before);
    let on_stage = session.stage == Stage::On;
    let sheet = match session.sheet {
        Sheet::Tour => "tour",
        Sheet::Policies => "policies",
        Sheet::Why => "why",
        Sheet::Matrix => "matrix",
    };
    let scenario = session.deployed.scenario;
    let dismiss = dispatch.reform(|_: MouseEvent| Action::Dismiss);
    html! {
        <div class={classes!("page", on_stage.then_some("on-stage"))} data-sheet={sheet}>
            <Header {scenario} theme={session.theme} dispatch={dispatch.clone()} />
            if let Some(notice) = &session.notice {
                <p class="notice" role="alert">
                    { notice }
                    <button onclick={dismiss}>{ "Dismiss" }</button>
                </p>
            }
            <main data-view={sky::view_word(session.view)}>
                <section class="stars" aria-label="Stars">
                    <Sky
                        analysis={after.clone()}
                        {scenario}
                        view={session.view}
                        blocked={session.blocked}
                        ghosts={session.ghosts}
                        motion={session.motion}
                        stage={session.stage}
                        selection={session.selection.clone()}
                        moved={session.moved.clone()}
                        dispatch={dispatch.clone()}
                    />
                    if let Some(file) = &session.file {
                        <FileSheet {scenario} file={file.clone()} dispatch={dispatch.clone()} />
                    }
                    <Toolbar
                        observer={scenario.observer.as_ref().map(|o| AttrValue::from(o.view.clone()))}
                        view={session.view}
                        blocked={session.blocked}
                        ghosts={session.ghosts}
                        motion={session.motion}
                        dispatch={dispatch.clone()}
                    />
                    <ChangeLine
                        before={before}
                        after={after.clone()}
                        cause={change::cause(&session)}
                    />
                    if on_stage {
                        <Caption step={session.current_step()} {scenario} />
                    }
                </section>
                <nav class="sheets" aria-label="Parts of the page">
                    { for [Sheet::Tour, Sheet::Policies, Sheet::Why, Sheet::Matrix].map(|turn| {
                        let label = match turn {
                            Sheet::Tour => "Tour",
                            Sheet::Policies => "Policies",
                            Sheet::Why => "Why",
                            Sheet::Matrix => "Matrix",
                        };
                        let onclick = dispatch.reform(move |_: MouseEvent| Action::Turn(turn));
                        let pressed = (session.sheet == turn).to_string();
                        html! { <button {onclick} aria-pressed={pressed}>{ label }</button> }
                    }) }
                </nav>
                <aside class="side" aria-label="Tour and policies">
                    <TourPanel
                        {scenario}
                        step={session.step}
                        astray={session.is_astray()}
                        dispatch={dispatch.clone()}
                    />
                    <Policies
                        {scenario}
                        applied={session.deployed.applied.clone()}
                        file={session.file.clone()}
                        dispatch={dispatch.clone()}
                    />
                </aside>
                <Why
                    analysis={after.clone()}
                    selection={session.selection.clone()}
                    dispatch={dispatch.clone()}
                />
                <Matrix
                    analysis={after}
                    view={session.view}
                    shown={if on_stage { Shown::No } else { session.matrix }}
                    selection={session.selection.clone()}
                    dispatch={dispatch.clone()}
                />
            </main>
        </div>
    }
}

/// What every component that derives from the analysis is given.
type SharedAnalysis = Shared<crate::analysis::Analysis>;
