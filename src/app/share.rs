//! To pass on what is chosen, and to take it away: links, files, pictures.

use gloo::utils::{document, window};
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::address;
use super::common::button;
use super::session::{Action, Session};
use super::tools::{Taking, Use};
use super::worker::part;
use crate::project::{ENDING, LONG_ADDRESS};

/// The ways to take something away.
pub fn share(session: &Session, dispatch: &Callback<Action>) -> Html {
    let title = session.deployed.scenario.title.clone();
    let export = |label: &'static str, what: &'static str| {
        let (title, dispatch) = (title.clone(), dispatch.clone());
        let onclick = move |_: MouseEvent| {
            let (title, dispatch) = (title.clone(), dispatch.clone());
            spawn_local(async move {
                let taken = match part().await {
                    Ok(part) => part
                        .export(what, &title)
                        .await
                        .map_err(|error| super::worker::sentence(&error)),
                    Err(why) => Err(why),
                };
                match taken {
                    Err(why) => dispatch.emit(Action::Notify(format!("Not taken: {why}."))),
                    Ok(()) if what == "copy" => {
                        dispatch.emit(Action::Notify("Copied as Markdown.".to_owned()))
                    }
                    Ok(()) => {}
                }
            });
        };
        html! { <button {onclick}>{ label }</button> }
    };
    html! {
        <details class="menu">
            <summary class="button">{ "Take away" }</summary>
            <div>
                { take("Project file", Taking::Project(None), dispatch) }
                { take("Policies that are on (YAML)", Taking::Policies(None), dispatch) }
                { export("Picture as SVG", "svg") }
                { export("Picture as PNG", "png") }
                { export("Matrix as Markdown", "md") }
                { export("Matrix as CSV", "csv") }
                { export("Copy as Markdown", "copy") }
            </div>
        </details>
    }
}

/// The button that copies the link.
pub fn link(dispatch: &Callback<Action>) -> Html {
    take("Copy link", Taking::Link, dispatch)
}

fn take(label: &'static str, taking: Taking, dispatch: &Callback<Action>) -> Html {
    button(label, Action::Use(Use::Take(taking)), dispatch)
}

/// A button that copies a text.
pub fn copy(label: &'static str, text: String, dispatch: &Callback<Action>) -> Html {
    let dispatch = dispatch.clone();
    let onclick = move |_: MouseEvent| write(&text, "It is copied.".to_owned(), &dispatch);
    html! { <button class="quiet" {onclick}>{ label }</button> }
}

/// Puts a text into the clipboard, and says so, or that the browser forbids it.
fn write(text: &str, done: String, dispatch: &Callback<Action>) {
    let (written, dispatch) = (window().navigator().clipboard().write_text(text), dispatch.clone());
    spawn_local(async move {
        dispatch.emit(Action::Notify(match JsFuture::from(written).await {
            Ok(_) => done,
            Err(_) => "The browser does not let this page copy: the link is the page's address."
                .to_owned(),
        }));
    });
}

fn save(name: &'static str, text: String, dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    spawn_local(async move {
        match part().await {
            Ok(part) => part.save(name, &text),
            Err(why) => dispatch.emit(Action::Notify(why)),
        }
    });
}

/// Takes away what was asked for as soon as it is there.
#[hook]
pub fn use_taking(session: &Session, dispatch: &Callback<Action>) {
    let ready = match &session.tools.taking {
        Some(Taking::Link) if session.is_packed() => Some((None, address::format(session))),
        Some(Taking::Project(Some(text))) => Some((Some(PROJECT), text.clone())),
        Some(Taking::Policies(Some(text))) => Some((Some("policies.yaml"), text.clone())),
        _ => None,
    };
    let dispatch = dispatch.clone();
    use_effect_with(ready, move |ready| {
        match ready {
            None => return,
            Some((Some(name), text)) => save(name, text.clone(), &dispatch),
            Some((None, fragment)) => {
                let address = document().base_uri().ok().flatten().unwrap_or_default();
                let link = format!("{}{fragment}", address.split('#').next().unwrap_or_default());
                write(&link, told(link.chars().count()), &dispatch);
            }
        }
        dispatch.emit(Action::Use(Use::Taken));
    });
}

/// What a project file is called. It ends as those do that are known again.
const PROJECT: &str = "project.netpol.json";

fn told(length: usize) -> String {
    debug_assert!(PROJECT.ends_with(ENDING));
    if length <= LONG_ADDRESS {
        return "The link is copied.".to_owned();
    }
    format!(
        "The link is copied. It has {length} characters, and chat tools break links of more than \
         {LONG_ADDRESS}: a project file (Take away) goes anywhere."
    )
}
