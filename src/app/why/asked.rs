//! Any call that somebody asks about: from whom, to whom, on which port.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::SharedAnalysis;
use super::super::common::paragraph;
use super::super::session::{Action, Selection};
use super::call::explained_call;
use crate::end::{self, INTERNET};
use crate::explain::explain;
use crate::probe;

/// The namespace of a Service's name that comes from outside the cluster without one.
const NAMESPACE: &str = "default";

/// The call in the words of the form, explained; or what is wrong with them.
pub fn explained(
    analysis: &SharedAnalysis,
    [from, to, port]: [&String; 3],
    dispatch: &Callback<Action>,
) -> Html {
    let model = &analysis.model;
    let call = port.parse().and_then(|port| end::call(model, from, to, port, NAMESPACE));
    match call {
        Err(why) => html! { <p class="summary blocked" role="alert">{ why.to_string() }</p> },
        Ok(call) => {
            let explanation = explain(model, &call, &probe::call(model, &call));
            let subject = paragraph("subject", format!("{from} → {to}, {port}"));
            let internet = [from, to].into_iter().any(|end| end.trim() == INTERNET);
            html! {
                <>
                    { explained_call(&explanation, subject, dispatch) }
                    if internet {
                        { paragraph("badge", end::internet(model).to_string()) }
                    }
                </>
            }
        }
    }
}

/// How many ends are offered: more are of no help.
const OFFERED: usize = 200;

/// From, to and port. What is typed is read when it is asked, and is no choice before.
pub fn form(
    analysis: &SharedAnalysis,
    selection: Option<&Selection>,
    dispatch: &Callback<Action>,
) -> Html {
    let [from, to, port] = match selection {
        Some(Selection::Call(from, to, port)) => [from.clone(), to.clone(), port.clone()],
        Some(Selection::Ribbon(from, to)) => [from.clone(), to.clone(), String::new()],
        Some(Selection::Star(from)) => [from.clone(), String::new(), String::new()],
        None => Default::default(),
    };
    let onsubmit = dispatch.reform(|event: SubmitEvent| {
        event.prevent_default();
        let [from, to, port] = ["ask-from", "ask-to", "ask-port"].map(value);
        Action::Select(Some(Selection::Call(from, to, port)))
    });
    let field = |id: &'static str,
                 label: &'static str,
                 value: String,
                 hint: &'static str,
                 list: Option<&'static str>| {
        html! {
            <label>
                { label }
                <input {id} {value} placeholder={hint} {list} spellcheck="false" autocomplete="off" required=true />
            </label>
        }
    };
    let workloads = analysis.workloads().map(|(_, workload)| workload.path());
    let services = analysis.model.cluster.services.iter().map(|service| service.host());
    let ends = workloads.chain(services).chain([INTERNET.to_owned()]).take(OFFERED);
    html! {
        <form class="ask" aria-label="Ask about a call" {onsubmit}>
            { field("ask-from", "From", from, "frontend/client", Some("ends")) }
            { field("ask-to", "To", to, "queue.infrastructure", Some("ends")) }
            { field("ask-port", "Port", port, "80/TCP", None) }
            <button>{ "Explain" }</button>
            <datalist id="ends">{ for ends.map(|end| html! { <option value={end} /> }) }</datalist>
        </form>
    }
}

fn value(id: &str) -> String {
    let field = document().get_element_by_id(id);
    let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map_or_else(String::new, |field| field.value().trim().to_owned())
}
