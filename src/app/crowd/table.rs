//! Who reaches whom among many workloads: a table of which only what is in sight is there.

use web_sys::Element;
use yew::prelude::*;

use super::super::matrix;
use super::super::session::{Action, Selection, Session, Shown, field};
use super::super::tools::Use;
use crate::message::{Table, Window};

/// The size of a cell, in pixels, as the style sheet has it.
const CELL: (u32, u32) = (120, 28);

/// How many rows and columns there are at first, until the table has been scrolled.
const SIGHT: (u32, u32) = (16, 12);

/// The part of a table that is in sight before anybody has scrolled it.
pub fn first() -> Window {
    Window { rows: (0, SIGHT.0), columns: (0, SIGHT.1), ..Window::default() }
}

/// The table in its drawer. Shut, it says how to get at it.
pub fn table(session: &Session, is_shown: bool, dispatch: &Callback<Action>) -> Html {
    let window = &session.tools.window;
    let told = session.tools.told.table.as_ref().filter(|_| is_shown);
    let search = |label: &'static str, value: &str, put: fn(&mut Window, String)| {
        let window = window.clone();
        let oninput: Callback<InputEvent> = field(dispatch, move |words| {
            // What is found begins at its corner, as large as what was in sight.
            let (rows, columns) = ((0, window.rows.1), (0, window.columns.1));
            let mut window = Window { rows, columns, ..window.clone() };
            put(&mut window, words);
            Action::Use(Use::Scroll(window))
        });
        html! {
            <label>
                { label }
                <input type="search" value={value.to_owned()} placeholder="name, app=web, ns:shop" spellcheck="false" {oninput} />
            </label>
        }
    };
    let onscroll = {
        let window = window.clone();
        dispatch.reform(move |event: Event| {
            let frame: Element = event.target_unchecked_into();
            let part = |offset: i32, length: i32, cell: u32| {
                (offset.max(0) as u32 / cell, length.max(0) as u32 / cell + 1)
            };
            let rows = part(frame.scroll_top(), frame.client_height(), CELL.1);
            let columns = part(frame.scroll_left(), frame.client_width(), CELL.0);
            Action::Use(Use::Scroll(Window { rows, columns, ..window.clone() }))
        })
    };
    let size = told.map_or((0, 0), |table| table.size);
    // What is sticky stays in sight; what is as large as the whole table makes the scroll bars.
    let whole = format!("width:{}px;height:{}px", (size.1 + 2) * CELL.0, (size.0 + 1) * CELL.1);
    html! {
        <section class={classes!("matrix", "large", (!is_shown).then_some("shut"))} aria-label="Matrix">
            if is_shown {
                <div class="turn">
                    { search("From", &window.from, |window, words| window.from = words) }
                    { search("To", &window.to, |window, words| window.to = words) }
                    <span class="muted">{ format!("{} rows, {} columns", size.0, size.1) }</span>
                </div>
            }
            <div class="table" tabindex={is_shown.then_some("0")} role="group" aria-label="Matrix, scrollable" {onscroll}>
                <div style={whole}>
                    <table aria-label="Connectivity" aria-rowcount={(size.0 + 1).to_string()} aria-colcount={(size.1 + 1).to_string()}>
                        if let Some(table) = told {
                            { contents(table, session.selection.as_ref(), dispatch) }
                        } else {
                            <caption>{ "Open the matrix to read who reaches whom." }</caption>
                        }
                    </table>
                </div>
            </div>
        </section>
    }
}

fn contents(table: &Table, selection: Option<&Selection>, dispatch: &Callback<Action>) -> Html {
    let Table { rows, columns, cells, corner, .. } = table;
    let row = |(i, from): (usize, &String)| {
        let cells = &cells[i * columns.len()..][..columns.len()];
        let cell = |(to, told): (&String, &Option<(String, String)>)| {
            let said = match told.clone() {
                None => matrix::nothing("no call"),
                Some((words, reason)) => {
                    let more = Selection::Ribbon(from.clone(), to.clone());
                    matrix::said(words, reason, Some(more))
                }
            };
            matrix::cell(&said, Shown::Yes, selection, dispatch)
        };
        html! {
            <tr aria-rowindex={(corner.0 as usize + i + 2).to_string()}>
                <th scope="row" title={from.clone()}>{ from }</th>
                { for columns.iter().zip(cells).map(cell) }
            </tr>
        }
    };
    html! {
        <>
            <thead>
                <tr aria-rowindex="1">
                    <th scope="col">{ "from, to" }</th>
                    { for columns.iter().map(|name| html! { <th scope="col" title={name.clone()}>{ name }</th> }) }
                </tr>
            </thead>
            <tbody>{ for rows.iter().enumerate().map(row) }</tbody>
        </>
    }
}
