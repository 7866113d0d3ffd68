//! Who reaches whom, as a table: the picture in words, and the screen reader's way in.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::SharedAnalysis;
use super::derive::Shared;
use super::session::{Action, Selection, Shown, click};
use crate::analysis::Visibility;
use crate::evaluate::Peer;
use crate::explain;
use crate::message::Exposed;
use crate::picture::View;

/// What the table says.
struct Contents {
    /// The names of those that are called.
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// The calls of one workload.
struct Row {
    name: String,
    cells: Vec<Cell>,
}

/// What a cell says.
pub struct Cell {
    /// The outcome, in its words.
    word: String,
    /// The reason.
    reason: String,
    /// What can be read about it, when there is more.
    more: Option<Selection>,
}

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub analysis: SharedAnalysis,
    /// Why each of its links is as it is.
    pub reasons: Shared<Vec<String>>,
    pub view: View,
    pub shown: Shown,
    pub selection: Option<Selection>,
    /// What is open to those that are not there yet, where it is shown.
    pub exposed: Option<Shared<Vec<Exposed>>>,
    pub dispatch: Callback<Action>,
}

/// From how many cells on a table that only screen readers meet comes after the picture, and not with
/// it.
const LARGE: usize = 100;

/// The table, shown or only there for screen readers.
#[component]
pub fn Matrix(props: &Props) -> Html {
    let Props { analysis, shown, .. } = props;
    let shown = *shown;
    let settled = use_state_eq(|| props.clone());
    let waits = !shown.is_yes() && services(analysis).count().pow(2) > LARGE;
    {
        let settled = settled.setter();
        use_effect_with(props.clone(), move |props| {
            let props = props.clone();
            let later = waits.then(|| Timeout::new(0, move || settled.set(props)));
            move || drop(later)
        });
    }
    let table = if waits { (*settled).clone() } else { props.clone() };
    html! {
        <section class={classes!("matrix", (!shown.is_yes()).then_some("shut"))} aria-label="Matrix">
            <div class="table" tabindex={shown.is_yes().then_some("0")} role="group" aria-label="Matrix, scrollable">
                <Table ..table />
            </div>
        </section>
    }
}

/// The table itself. A component, because it is large: it stays as it is as long as nothing that it
/// shows has changed.
#[component]
fn Table(props: &Props) -> Html {
    let Props { analysis, reasons, view, shown, selection, exposed, dispatch } = props;
    let (shown, selection) = (*shown, selection.as_ref());
    let Contents { columns, mut rows } = contents(analysis, reasons, *view);
    rows.extend(exposed.iter().flat_map(|exposed| strangers(analysis, exposed)));
    html! {
        <table aria-label="Connectivity">
            <thead>
                <tr>
                    <th scope="col">{ "from, to" }</th>
                    { for columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }
                </tr>
            </thead>
            <tbody>
                { for rows.iter().map(|row| html! {
                    <tr key={row.name.clone()}>
                        <th scope="row">{ &row.name }</th>
                        { for row.cells.iter().map(|of| cell(of, shown, selection, dispatch)) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn services(analysis: &SharedAnalysis) -> impl Iterator<Item = usize> {
    analysis.workloads().map(|(i, _)| i).filter(|i| analysis.observer != Some(*i))
}

fn name(analysis: &SharedAnalysis, workload: usize) -> String {
    explain::name(&analysis.model, Peer::pod(workload))
}

/// What the table says, the observer's row last.
fn contents(analysis: &SharedAnalysis, reasons: &[String], view: View) -> Contents {
    let row = |from: usize| {
        let observes = analysis.observer == Some(from);
        let cells = services(analysis).map(|to| match observes {
            true => sight(analysis, to),
            false => call(analysis, reasons, from, to, view),
        });
        Row { name: name(analysis, from), cells: cells.collect() }
    };
    let callers = services(analysis).chain(analysis.observer);
    Contents {
        columns: services(analysis).map(|to| name(analysis, to)).collect(),
        rows: callers.map(row).collect(),
    }
}

/// What is open to those that are not there yet, a row each.
fn strangers(analysis: &SharedAnalysis, exposed: &[Exposed]) -> Vec<Row> {
    let row = |of: &[Exposed]| {
        let cell = |to: usize| {
            let path = analysis.model.cluster.workloads[to].path();
            match of.iter().find(|exposed| exposed.workload == path) {
                Some(Exposed { state, sentence, .. }) => {
                    said(state.clone(), sentence.clone(), Some(Selection::Star(path)))
                }
                None => unseen("nothing is known"),
            }
        };
        Row { name: of[0].who.clone(), cells: services(analysis).map(cell).collect() }
    };
    exposed.chunk_by(|a, b| a.who == b.who).map(row).collect()
}

/// What the observer's call to a workload comes to.
fn sight(analysis: &SharedAnalysis, to: usize) -> Cell {
    match analysis.sights.iter().find(|sight| sight.watches(to)) {
        None => unseen("not watched"),
        Some(sight) => {
            let observer = analysis.observer.map(|i| analysis.model.cluster.workloads[i].path());
            let more = observer.map(Selection::Star);
            let summary = explain::summarize(&analysis.model, &sight.call, &sight.reply);
            said(sight.reply.outcome.to_string(), summary, more)
        }
    }
}

fn call(analysis: &SharedAnalysis, reasons: &[String], from: usize, to: usize, view: View) -> Cell {
    let is_hidden =
        |i: usize| analysis.visibility(i).is_some_and(|visibility| visibility != Visibility::Seen);
    if view == View::Observer && (is_hidden(from) || is_hidden(to)) {
        return unseen("the observer does not see both ends");
    }
    let path = |i: usize| analysis.model.cluster.workloads[i].path();
    let Some(index) = analysis.link(from, to) else {
        return nothing(if from == to { "itself" } else { "no call" });
    };
    let link = &analysis.links[index];
    let Some(words) = link.words() else {
        return unseen("no call");
    };
    said(words, reasons[index].clone(), Some(Selection::Ribbon(path(from), path(to))))
}

/// A cell of two between whom there is no call.
pub fn nothing(reason: &str) -> Cell {
    Cell { word: "–".to_owned(), reason: reason.to_owned(), more: None }
}

fn unseen(reason: &str) -> Cell {
    Cell { word: "unseen".to_owned(), reason: format!(": {reason}"), more: None }
}

/// A cell of a summary that begins with the outcome's words already, or not.
pub fn said(word: String, summary: String, more: Option<Selection>) -> Cell {
    let reason = match summary.strip_prefix(&word) {
        Some(rest) => rest.to_owned(),
        None => format!(": {summary}"),
    };
    Cell { word, reason, more }
}

/// A cell of the table.
pub fn cell(
    cell: &Cell,
    shown: Shown,
    selection: Option<&Selection>,
    dispatch: &Callback<Action>,
) -> Html {
    let Cell { word, reason, more } = cell;
    let content = html! { <>{ word }<span class="spoken">{ reason }</span></> };
    let class = word.split(' ').next().unwrap_or_default().to_owned();
    // A control that cannot be seen must not take the focus.
    let content = match more.clone().filter(|_| shown.is_yes()) {
        None => content,
        Some(more) => {
            let pressed = (selection == Some(&more)).to_string();
            let onclick = click(dispatch, Action::Select(Some(more)));
            html! { <button {onclick} aria-pressed={pressed}>{ content }</button> }
        }
    };
    html! { <td {class} title={format!("{word}{reason}")}>{ content }</td> }
}
