//! To pass on what is chosen, and to take it away: links, files, pictures.

use gloo::utils::{document, window};
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::address;
use super::session::{Action, Session, click};
use super::tools::{Taking, Use};
use super::worker::part;
use crate::project::{ENDING, LONG_ADDRESS};

/// The ways to take something away.
pub fn share(session: &Session, dispatch: &Callback<Action>) -> Html {
    let take = |taking: Taking| click(dispatch, Action::Use(Use::Take(taking)));
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
    let policies = {
        let texts = policies(session);
        let (dispatch, is_empty) = (dispatch.clone(), texts.is_empty());
        let save = move |_: MouseEvent| save("policies.yaml", texts.clone(), &dispatch);
        html! { <button disabled={is_empty} onclick={save}>{ "Policies that are on (YAML)" }</button> }
    };
    html! {
        <details class="menu">
            <summary class="button">{ "Take away" }</summary>
            <div>
                <button onclick={take(Taking::Project(None))}>{ "Project file" }</button>
                { policies }
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
    let copy = click(dispatch, Action::Use(Use::Take(Taking::Link)));
    html! { <button onclick={copy}>{ "Copy link" }</button> }
}

/// The texts of the policies that are on.
fn policies(session: &Session) -> String {
    let is_policy = |document: &&str| {
        let mut lines = document.lines();
        lines.any(|line| {
            line.trim_end().trim_start_matches('{').trim_start() == "kind: NetworkPolicy"
        })
    };
    let desk = session.subject();
    let applied = desk.files.iter().filter(|file| file.is_applied);
    let documents: Vec<String> = applied
        .flat_map(|file| {
            let documents = file.text.split("\n---").filter(is_policy);
            documents
                .map(|document| document.trim_start_matches("---").trim().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    documents.iter().map(|document| format!("{document}\n")).collect::<Vec<_>>().join("---\n")
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
        Some(Taking::Link) if session.is_packed() => Some(Err(address::format(session))),
        Some(Taking::Project(Some(text))) => Some(Ok(text.clone())),
        _ => None,
    };
    let dispatch = dispatch.clone();
    use_effect_with(ready, move |ready| {
        match ready {
            None => return,
            Some(Ok(text)) => save(PROJECT, text.clone(), &dispatch),
            Some(Err(fragment)) => {
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
