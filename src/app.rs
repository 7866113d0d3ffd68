//! The page: a session of choices, everything derived from it, and one part of the page a file.
//!
//! The only part of the crate that names Yew or the browser, with `main`. Intents go to the session
//! as `session::Action`s; texts and switches are the truth, and what is drawn is derived from
//! them at every change. A part is a function from what it shows to `Html`; components, each of which
//! costs about 2 kB of the first load, are only the page, the sky, which has state of its own, and
//! the matrix: both are large, and must not be made anew whenever a key is pressed.

mod address;
mod balls;
mod change;
mod common;
mod crowd;
mod derive;
mod desk;
mod drawer;
mod file;
mod header;
mod kept;
mod keys;
mod legend;
mod links;
mod matrix;
mod policies;
mod session;
mod share;
mod sky;
mod stage;
mod stars;
mod theme;
mod toolbar;
mod tools;
mod tour;
mod why;
mod worker;

use std::cell::RefCell;

use yew::prelude::*;

use common::button;
use derive::{Shared, analysis};
use desk::Desk;
use matrix::Matrix;
use session::{Action, Deployment, Session, Sheet, Shown, Stage, click};
use sky::Sky;
use theme::Theme;
use tools::Drawer;
use why::Labelling;
use worker::Work;

use crate::message::Ask;

/// The page.
#[component]
pub fn App() -> Html {
    let session = use_reducer(|| {
        let fragment = links::fragment();
        Session::at(&fragment, links::author(&fragment), Theme::worn(), kept::moved())
    });
    let dispatch = use_callback(session.dispatcher(), |action: Action, to| to.dispatch(action));
    links::use_address(&session, &dispatch);
    keys::use_keys(&dispatch);
    stage::use_fullscreen(session.stage, &dispatch);
    use_effect_with(session.theme, |theme| theme.wear());
    use_effect_with(session.moved.clone(), kept::keep_moved);
    file::use_cited_line(session.file.as_ref());
    let open = session.open_desk();
    desk::intake::use_intake(&dispatch);
    worker::use_worker(work(&session), &dispatch);
    share::use_taking(&session, &dispatch);
    links::use_packing(&session, &dispatch);
    desk::panel::use_editor(open, &dispatch);
    let full = dispatch.reform(|()| {
        Action::Notify(
            "These manifests are too large to be kept: they are lost when the page is closed."
                .to_owned(),
        )
    });
    desk::kept::use_kept(session.desk.as_ref(), &full);

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
    let file = session.file.as_ref();
    let crowd = session.crowd();
    let changed = change::use_change(&before, &after);
    let changed = match open.and_then(|desk| desk.change.clone()).filter(|_| crowd.is_some()) {
        Some(change) => change.into(),
        None => changed,
    };
    let reasons = (*use_memo(after.clone(), derive::reasons)).clone();
    let refused = open.map_or(0, Desk::refused);
    let tools = &session.tools;
    let is_matrix = tools.drawer == Some(Drawer::Matrix) && !on_stage;
    let exposed = session.exposed();
    let pointed = open.and_then(|desk| desk.pointed.as_ref());
    let lit = pointed.map_or_else(String::new, |pointed| sky::lit(&pointed.workloads));
    let labelling = if session.is_own() { Labelling::Edited } else { Labelling::Told };
    html! {
        <div class={classes!("page", on_stage.then_some("on-stage"), session.is_own().then_some("own-manifests"))} data-sheet={sheet}>
            { header::header(&session, &dispatch) }
            if let Some(notice) = &session.notice {
                <p class="notice" role="alert">
                    { notice }
                    { button("Dismiss", Action::Dismiss, &dispatch) }
                </p>
            }
            if let Some(request) = &session.request {
                { desk::request::consent(request, &dispatch) }
            }
            <main data-view={sky::view_word(session.view)} data-analysis={session.analyses.to_string()}>
                <section class="stars" aria-label="Stars">
                    <style>{ lit }{ drawer::marks(&session) }</style>
                    <Sky
                        analysis={after.clone()}
                        crowd={crowd.clone()}
                        reasons={reasons.clone()}
                        {refused}
                        {scenario}
                        view={session.view}
                        blocked={session.blocked}
                        ribbons={session.ribbons}
                        ghosts={session.ghosts}
                        motion={session.motion}
                        stage={session.stage}
                        selection={session.selection.clone()}
                        moved={session.moved.clone()}
                        exposed={exposed.clone()}
                        dispatch={dispatch.clone()}
                    />
                    if let Some(progress) = open.and_then(|desk| desk.progress) {
                        { crowd::progress(progress) }
                    }
                    if let Some(file) = file {
                        { file::file(scenario, file, &dispatch) }
                    }
                    { toolbar::toolbar(&session, &dispatch) }
                    { change::line(changed, change::cause(&session)) }
                    if on_stage {
                        { stage::caption(&session) }
                    }
                </section>
                <nav class="sheets" aria-label="Parts of the page">
                    { for [Sheet::Tour, Sheet::Policies, Sheet::Why, Sheet::Matrix].map(|turn| {
                        let label = match turn {
                            Sheet::Tour => "Tour",
                            Sheet::Policies if session.is_own() => "Manifests",
                            Sheet::Policies => "Policies",
                            Sheet::Why => "Why",
                            Sheet::Matrix => "Matrix",
                        };
                        let onclick = click(&dispatch, Action::Turn(turn));
                        let pressed = (session.sheet == turn).to_string();
                        html! { <button {onclick} aria-pressed={pressed}>{ label }</button> }
                    }) }
                </nav>
                if let Some(open) = open {
                    <aside class="side own" aria-label="Manifests">
                        { desk::panel::panel(open, session.earlier.is_some(), &dispatch) }
                    </aside>
                } else {
                    <aside class="side" aria-label="Tour and policies">
                        { tour::tour(&session, &dispatch) }
                        { policies::policies(&session.deployed, file, &dispatch) }
                    </aside>
                }
                { why::form(&after, session.selection.as_ref(), &dispatch) }
                { why::why(&session, &after, labelling, &dispatch) }
                { drawer::drawers(&session, html! {
                    if crowd.is_some() {
                        { crowd::table::table(&session, is_matrix, &dispatch) }
                    } else {
                    <Matrix
                        analysis={after.clone()}
                        {reasons}
                        view={session.view}
                        shown={if is_matrix { Shown::Yes } else { Shown::No }}
                        selection={session.selection.clone()}
                        exposed={exposed.clone()}
                        dispatch={dispatch.clone()}
                    />
                    }
                }, &dispatch) }
            </main>
        </div>
    }
}

/// What the worker has to know and to answer.
fn work(session: &Session) -> Work {
    let mut standing = session.tools.standing(session.asked_call());
    if session.tools.drawer == Some(Drawer::Matrix) && session.deployed.crowd().is_some() {
        standing.push(Ask::Window(session.tools.window.clone()));
    }
    let is_preset = !session.is_own();
    let is_asked = !standing.is_empty() || !session.tools.errands.is_empty();
    Work {
        desk: (!is_preset || is_asked).then(|| subject(session)),
        is_preset,
        deleted: session.deployed.deleted,
        look: session.look(),
        state: session.analyses,
        standing,
        errands: session.tools.errands.clone(),
    }
}

thread_local! {
    /// The files of a scenario as the worker was given them: the same texts are not read again.
    static PRESET: RefCell<Option<(Deployment, Desk)>> = const { RefCell::new(None) };
}

fn subject(session: &Session) -> Desk {
    if session.is_own() {
        return session.subject();
    }
    PRESET.with_borrow_mut(|known| match known {
        Some((of, desk)) if *of == session.deployed => desk.clone(),
        _ => {
            let desk = session.subject();
            *known = Some((session.deployed.clone(), desk.clone()));
            desk
        }
    })
}

/// What every component that derives from the analysis is given.
type SharedAnalysis = Shared<crate::analysis::Analysis>;
