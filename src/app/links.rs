//! Keeps the address and the session in step.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use web_sys::History;
use yew::prelude::*;

use super::address;
use super::desk::Desk;
use super::session::{Action, Author, Session};
use super::tools::Use;

/// The fragment of the page's address.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The shortest time between two writings of an address, in milliseconds: browsers take a hundred in half a
/// minute, and a star that is dragged changes its address with every move.
const PAUSE: u32 = 300;

/// What the address is to be, and whether it has been written just now.
#[derive(Default)]
struct Line {
    newest: String,
    is_resting: bool,
}

/// Writes the session into the address, and follows the address where people send it. A step or a
/// scenario is a place that Back returns to; a switch or a view is not.
#[hook]
pub fn use_address(session: &UseReducerHandle<Session>, dispatch: &Callback<Action>) {
    let fragment_now = address::format(session);
    let place = (session.step, session.deployed.scenario.slug.as_str(), session.is_own());
    let last = use_mut_ref(|| place);
    let line = use_mut_ref(Line::default);
    use_effect_with((fragment_now, place), move |(to, place)| {
        let before = last.replace(*place);
        line.borrow_mut().newest.clone_from(to);
        if before != *place {
            write(to, History::push_state_with_url);
        } else if !line.borrow().is_resting {
            write(to, History::replace_state_with_url);
            rest(&line);
        }
    });
    use_effect_with(dispatch.clone(), |dispatch| {
        let dispatch = dispatch.clone();
        let listener = EventListener::new(&window(), "popstate", move |_| {
            let fragment = fragment();
            let author = author(&fragment);
            dispatch.emit(Action::Follow(fragment, author));
        });
        move || drop(listener)
    });
}

/// How long after the last change what is chosen is packed into the address, in milliseconds.
const SETTLED: u32 = 600;

/// The most bytes of own files that are packed without being asked for: more make no link.
const MOST: usize = 500_000;

/// Has own files and expectations packed for the address, a moment after they have changed.
#[hook]
pub fn use_packing(session: &UseReducerHandle<Session>, dispatch: &Callback<Action>) {
    let texts = session.open_desk().map(|desk| {
        let files = desk.files.iter();
        let files = files.map(|f| (f.path.clone(), f.text.clone(), f.is_applied));
        (desk.base.clone(), desk.shown, files.collect::<Vec<_>>())
    });
    let (session, dispatch) = (session.clone(), dispatch.clone());
    use_effect_with((texts, session.tools.expectations.clone()), move |_| {
        // The question copies every file, so it waits for people to stop typing.
        let settled = Timeout::new(SETTLED, move || {
            let size = session.open_desk().map_or(0, Desk::size);
            if size < MOST && !session.is_packed() {
                dispatch.emit(Action::Use(Use::Pack));
            }
        });
        move || drop(settled)
    });
}

/// Writes nothing for a while, and then what is the address by then.
fn rest(line: &Rc<RefCell<Line>>) {
    line.borrow_mut().is_resting = true;
    let line = Rc::clone(line);
    let over = Timeout::new(PAUSE, move || {
        let mut now = line.borrow_mut();
        now.is_resting = false;
        write(&now.newest, History::replace_state_with_url);
    });
    over.forget();
}

/// Where this page keeps the address that it has written last, for as long as the tab.
const KEY: &str = "netpol.address";

/// Who has written an address.
pub fn author(fragment: &str) -> Author {
    let storage = window().session_storage().ok().flatten();
    let ours = storage.and_then(|storage| storage.get_item(KEY).ok()?);
    if ours.as_deref() == Some(fragment) { Author::Page } else { Author::Somebody }
}

/// Writes an address, unless it is there already.
fn write(to: &str, how: impl Fn(&History, &JsValue, &str, Option<&str>) -> Result<(), JsValue>) {
    if let Some(history) = window().history().ok().filter(|_| to != fragment()) {
        // An address that cannot be written is no reason to stop, nor one that cannot be kept.
        let _ = how(&history, &JsValue::NULL, "", Some(to));
        if let Ok(Some(storage)) = window().session_storage() {
            let _ = storage.set_item(KEY, to);
        }
    }
}
