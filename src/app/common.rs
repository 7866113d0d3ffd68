//! What many parts of the page are made of. Written once: each element of `html!` is some hundred bytes of the page.

use yew::prelude::*;

use super::session::{Action, click};

/// A paragraph of a class.
pub fn paragraph(class: &'static str, text: impl Into<AttrValue>) -> Html {
    paragraph_of(class, text.into())
}

/// A remark that is of less weight.
pub fn muted(text: impl Into<AttrValue>) -> Html {
    paragraph("muted", text)
}

/// What keeps something from being up to date.
pub fn alert(why: impl Into<AttrValue>) -> Html {
    alert_of(why.into())
}

/// The title of a list.
pub fn heading(text: impl Into<AttrValue>) -> Html {
    heading_of(text.into())
}

/// A button.
pub fn button(label: impl Into<AttrValue>, action: Action, dispatch: &Callback<Action>) -> Html {
    labelled(None, label.into(), click(dispatch, action))
}

/// A button that is of less weight.
pub fn quiet(label: impl Into<AttrValue>, action: Action, dispatch: &Callback<Action>) -> Html {
    labelled(Some("quiet"), label.into(), click(dispatch, action))
}

fn paragraph_of(class: &'static str, text: AttrValue) -> Html {
    html! { <p {class}>{ text }</p> }
}

fn alert_of(why: AttrValue) -> Html {
    html! { <p class="stale" role="alert">{ why }</p> }
}

fn heading_of(text: AttrValue) -> Html {
    html! { <h3>{ text }</h3> }
}

fn labelled(class: Option<&'static str>, label: AttrValue, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {class} {onclick}>{ label }</button> }
}
