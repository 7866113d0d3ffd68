//! The drawers below the sky: who reaches whom, what is different, what is expected.

mod compare;
mod expectations;

pub use compare::marks;

use yew::prelude::*;

use super::session::{Action, Session, click};
use super::tools::Drawer;

/// The drawers' buttons, the table, which is always there, and what is in the drawer that is open.
pub fn drawers(session: &Session, matrix: Html, dispatch: &Callback<Action>) -> Html {
    let open = session.tools.drawer;
    let button = |drawer: Drawer| {
        let toggle = click(dispatch, Action::ToggleDrawer(drawer));
        let count = expectations::count(session).filter(|_| drawer == Drawer::Expectations);
        html! {
            <button class="drawer" aria-expanded={(open == Some(drawer)).to_string()} onclick={toggle}>
                { drawer.title() }
                if let Some((class, count)) = count {
                    <span {class}>{ format!(" {count}") }</span>
                }
            </button>
        }
    };
    html! {
        <section class="drawers" aria-label="Drawers">
            <div class="bar">{ for Drawer::ALL.map(button) }</div>
            { matrix }
            { match open {
                Some(Drawer::Compare) => compare::compare(session, dispatch),
                Some(Drawer::Expectations) => expectations::expectations(session, dispatch),
                Some(Drawer::Matrix) | None => Html::default(),
            } }
        </section>
    }
}
