//! Own manifests beside the sky: their files, the editor, and what is said of them.

use gloo::utils::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::super::common::{alert, muted, paragraph, quiet};
use super::super::session::{Action, click, field};
use super::super::tools::Use;
use super::super::worker::editor;
use super::excerpt::Excerpt;
use super::said::{Items, Said, first};
use super::{Desk, File, Intent, LISTED, Reveal};
use crate::message::Said as Told;

/// What brings everything that is needed out of a live cluster: no Secrets, no ConfigMaps.
const COMMAND: &str = "kubectl get networkpolicies,namespaces,nodes,services,pods,deployments,replicasets,\
                       statefulsets,daemonsets,jobs,cronjobs,replicationcontrollers -A -o yaml > cluster.yaml";

/// Loads the editor as soon as there is something to edit, and brings into sight what is asked for.
#[hook]
pub fn use_editor(desk: Option<&Desk>, dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    // A long file is read first: both take what there is of the machine.
    let is_needed = desk.is_some_and(|desk| {
        let shown = desk.shown_file();
        shown.is_some_and(|file| file.excerpt.is_none() || !desk.declared.is_empty())
    });
    use_effect_with(is_needed, move |is_needed| {
        if *is_needed {
            spawn_local(async move {
                if !editor().await {
                    dispatch.emit(Action::Own(Intent::DoWithoutEditor));
                }
            });
        }
    });
    use_effect_with(desk.and_then(|desk| desk.reveal), |reveal| {
        if let Some(reveal) = reveal {
            show(*reveal);
        }
    });
}

/// Puts the cursor of the text area there, which the editor follows.
fn show(reveal: Reveal) {
    let area = document().query_selector("manifest-editor textarea").ok().flatten();
    let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let text = area.value();
    let lines = text.split('\n').take(reveal.line.saturating_sub(1) as usize);
    let before: usize = lines.map(|line| line.encode_utf16().count() + 1).sum();
    let line = text.split('\n').nth(reveal.line.saturating_sub(1) as usize).unwrap_or_default();
    let column: usize =
        line.chars().take(reveal.column.saturating_sub(1) as usize).map(char::len_utf16).sum();
    let at = (before + column) as u32;
    // A place that is gone by now is not shown, and the area keeps its cursor.
    let _ = area.set_selection_range(at, at);
    if area.hidden() {
        if let (Some(element), Ok(event)) = (area.parent_element(), Event::new("reveal")) {
            // An editor that is not there yet does it when it comes.
            let _ = element.set_attribute("reveal", "");
            let _ = element.dispatch_event(&event);
        }
    } else {
        let _ = area.focus();
    }
}

/// Everything about own manifests.
pub fn panel(desk: &Desk, earlier: bool, dispatch: &Callback<Action>) -> Html {
    html! {
        <section class="desk" aria-labelledby="desk">
            <header>
                <h2 id="desk">{ "Own manifests" }</h2>
                { quiet("New file", Action::Own(Intent::New), dispatch) }
                if !desk.files.is_empty() {
                    { quiet("Start over", Action::Own(Intent::StartOver), dispatch) }
                }
            </header>
            if earlier {
                <p class="earlier">
                    { "The files that lay here before are kept. " }
                    <button class="quiet" onclick={click(dispatch, Action::Use(Use::BringBack))}>
                        { "Bring them back" }
                    </button>
                </p>
            }
            { muted("Nothing leaves this browser: files are read, judged and kept here alone.") }
            { files(desk, dispatch) }
            if let Some(file) = desk.shown_file() {
                { text(desk, file, dispatch) }
            }
            if desk.files.is_empty() {
                { nothing() }
            }
            { lists(desk, dispatch) }
        </section>
    }
}

/// A tab and a switch for every file. Each list is whole, for screen readers; rows put them side by side.
fn files(desk: &Desk, dispatch: &Callback<Action>) -> Html {
    let own = |intent: Intent| click(dispatch, Action::Own(intent));
    let row = |index: usize| format!("grid-row:{}", index + 1);
    let tab = |(index, file): (usize, &File)| {
        let is_shown = desk.shown == Some(file.id);
        html! {
            <button
                key={file.id}
                role="tab"
                style={row(index)}
                aria-selected={is_shown.to_string()}
                aria-controls={is_shown.then_some("manifest")}
                title={file.path.to_string()}
                onclick={own(Intent::Show(file.id))}
            >
                { &*file.path }
            </button>
        }
    };
    let switch = |(index, file): (usize, &File)| {
        html! {
            <button
                key={file.id}
                class="switch"
                role="switch"
                style={row(index)}
                aria-checked={file.is_applied.to_string()}
                aria-label={file.path.to_string()}
                onclick={own(Intent::Turn(file.id))}
            />
        }
    };
    let close = |(index, file): (usize, &File)| {
        html! {
            <button
                key={file.id}
                class="quiet close"
                style={row(index)}
                aria-label={format!("Close {}", file.path)}
                onclick={own(Intent::Close(file.id))}
            >
                { "✕" }
            </button>
        }
    };
    let listed = desk.listed();
    let files = || listed.iter().copied().enumerate();
    let find: Callback<InputEvent> = field(dispatch, |part| Action::Own(Intent::Find(part)));
    html! {
        <>
        if desk.files.len() > LISTED {
            <label class="found">
                { format!("{} of {} files", listed.len(), desk.files.len()) }
                <input type="search" placeholder="a part of the name" spellcheck="false" value={desk.find.clone()} oninput={find} />
            </label>
        }
        <div class="files">
            <div role="group" aria-label="Applied files">{ for files().map(switch) }</div>
            <div role="tablist" aria-label="Files" aria-orientation="vertical">{ for files().map(tab) }</div>
            <div role="group" aria-label="Close files">{ for files().map(close) }</div>
        </div>
        </>
    }
}

/// The text of a file. `manifest-editor` makes an editor of the text area once its script is there; without
/// it, the text area is the editor.
fn text(desk: &Desk, file: &File, dispatch: &Callback<Action>) -> Html {
    let id = file.id;
    let oninput: Callback<InputEvent> =
        field(dispatch, move |text| Action::Own(Intent::Write(id, text)));
    let told = |of: fn(&Told) -> &String| {
        desk.said.as_ref().map(|said| of(said).clone()).filter(|json| !json.is_empty())
    };
    let pointed = desk.pointed.as_ref().map(|pointed| pointed.sentence.clone());
    html! {
        <div id="manifest" class="manifest" role="tabpanel" aria-label={file.path.to_string()}>
            <manifest-editor
                path={place(file)}
                first={(file.first_line() > 1).then(|| file.first_line().to_string())}
                revision={file.revision.to_string()}
                marks={told(|said| &said.marks)}
                vocabulary={told(|said| &said.vocabulary)}
                ~before={file.before.as_deref().map(JsValue::from)}
            >
                <textarea
                    aria-label="Manifest"
                    spellcheck="false"
                    hidden={!desk.is_plain}
                    value={file.edited().to_owned()}
                    {oninput}
                />
            </manifest-editor>
            if let Some(excerpt) = &file.excerpt {
                { leaf(file, excerpt, dispatch) }
            }
            <p class="pointed">{ pointed.unwrap_or_default() }</p>
        </div>
    }
}

/// What the editor knows a text by: of a long file, each part of it is one.
fn place(file: &File) -> String {
    match file.first_line() {
        1 => file.path.to_string(),
        line => format!("{}:{line}", file.path),
    }
}

/// Which lines of a long file are in the editor, and the way to others.
fn leaf(file: &File, excerpt: &Excerpt, dispatch: &Callback<Action>) -> Html {
    let id = file.id;
    let to = |is_later| click(dispatch, Action::Own(Intent::Leaf(id, excerpt.beside(is_later))));
    let last = excerpt.first_line + excerpt.text(&file.text).matches('\n').count() as u32;
    html! {
        <div class="leaf">
            <button class="quiet" disabled={excerpt.first_line == 1} onclick={to(false)}>{ "Earlier" }</button>
            <span class="muted">{ format!("Lines {} to {last} of {}", excerpt.first_line, excerpt.all) }</span>
            <button class="quiet" disabled={last >= excerpt.all} onclick={to(true)}>{ "Later" }</button>
        </div>
    }
}

fn stale(lines: &[u32]) -> String {
    let lines: Vec<_> = lines.iter().map(u32::to_string).collect();
    let (document, is) =
        if lines.len() == 1 { ("document at line", "is") } else { ("documents at lines", "are") };
    format!(
        "The {document} {} {is} refused as it stands: the picture shows how it was before.",
        lines.join(", ")
    )
}

fn nothing() -> Html {
    html! {
        <div class="empty">
            <p>{ "Open files or a folder, drop them anywhere on the page, or paste YAML." }</p>
            <p>{ "From a live cluster, this gets everything that is needed, and no Secrets:" }</p>
            <pre class="command" tabindex="0" aria-label="Command"><code>{ COMMAND }</code></pre>
            <button class="quiet" onclick={|_: MouseEvent| copy(COMMAND)}>{ "Copy command" }</button>
        </div>
    }
}

fn copy(text: &str) {
    // Where the clipboard is forbidden, the text is there to be selected.
    let _ = gloo::utils::window().navigator().clipboard().write_text(text);
}

/// What is said of the files.
fn lists(desk: &Desk, dispatch: &Callback<Action>) -> Html {
    let stale_lines = desk.shown.map_or(&[][..], |id| desk.stale(id));
    let lists = desk.said.as_ref().map(|said| {
        let (diagnostics, findings) = (said.diagnostics.as_slice(), said.findings.as_slice());
        html! {
            <>
                if !stale_lines.is_empty() {
                    { paragraph("stale", stale(stale_lines)) }
                }
                <Said
                    title="Diagnostics"
                    nothing="Everything that is applied is taken."
                    count={diagnostics.len()}
                    items={Items::Diagnostics(first(diagnostics))}
                    dispatch={dispatch.clone()}
                />
                <Said
                    title="Findings"
                    nothing="Nothing in the policies looks like a mistake."
                    count={findings.len()}
                    items={Items::Findings(first(findings))}
                    dispatch={dispatch.clone()}
                />
            </>
        }
    });
    html! { <div class="lists">{ failure(desk) }{ lists.unwrap_or_default() }</div> }
}

fn failure(desk: &Desk) -> Html {
    html! {
        if let Some(why) = &desk.failure {
            { alert(format!("Nothing is read at the moment: {why}. The next change tries again; a reload keeps the texts.")) }
        }
    }
}
