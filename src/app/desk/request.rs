//! Manifests at an address that a link asks for: `#url=`. Nothing is fetched before somebody agrees.

use web_sys::Url;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::super::session::{Action, click};
use super::super::worker::{part, sentence};
use super::Intent;

/// An address that a link asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The whole address, as the browser understands it.
    pub address: String,
    /// Whom it would be fetched from.
    pub host: String,
}

/// What a link asks for, by the text after `url=`.
///
/// # Errors
///
/// A sentence, when nothing can be fetched from there.
pub fn parse(text: &str) -> Result<Request, String> {
    let decoded = js_sys::decode_uri_component(text).ok().map(String::from);
    let text = decoded.as_deref().unwrap_or(text);
    let url =
        Url::new(text).map_err(|_| format!("“{text}” is no address: it begins with https://"))?;
    if !["https:", "http:"].contains(&url.protocol().as_str()) || url.host().is_empty() {
        return Err(format!(
            "“{text}” is nothing that can be fetched: an address begins with https://"
        ));
    }
    // Whoever wrote the link must not make the host hard to see.
    url.set_username("");
    url.set_password("");
    Ok(Request { address: url.href(), host: url.host() })
}

/// Asks whether it may be fetched.
pub fn consent(request: &Request, dispatch: &Callback<Action>) -> Html {
    let fetch = {
        let (request, dispatch) = (request.clone(), dispatch.clone());
        move |_: MouseEvent| fetch(request.clone(), dispatch.clone())
    };
    let refuse = click(dispatch, Action::Refuse);
    html! {
        <section class="notice consent" role="alertdialog" aria-labelledby="consent" aria-describedby="consent-what">
            <h2 id="consent">{ format!("Fetch manifests from {}?", request.host) }</h2>
            <p id="consent-what">
                { "The link asks this page to load " }<code>{ &request.address }</code>
                { ". That host would see the request. Nothing has been fetched yet." }
            </p>
            <button class="primary" onclick={fetch}>{ format!("Fetch from {}", request.host) }</button>
            <button onclick={refuse}>{ "Do not fetch" }</button>
        </section>
    }
}

fn fetch(request: Request, dispatch: Callback<Action>) {
    dispatch.emit(Action::Refuse);
    spawn_local(async move {
        let fetched = match part().await {
            Ok(part) => part.fetched(&request.address).await.map_err(|error| sentence(&error)),
            Err(why) => Err(why),
        };
        match fetched.map(|text| text.as_string().unwrap_or_default()) {
            Ok(text) => {
                let path = request.address.split(['?', '#']).next().unwrap_or_default();
                let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
                dispatch.emit(Action::Own(Intent::Bring(vec![(name.to_owned(), text)])));
            }
            Err(why) => dispatch.emit(Action::Notify(format!(
                "{} could not be fetched ({why}). Hosts may refuse pages of other sites (CORS), or be out of reach: \
                 download the file and open it here, or ask the host for its raw file.",
                request.address
            ))),
        }
    });
}
