//! The session as an address: where it is, and what differs from that place.
//!
//! What an address says and how it is written is `crate::address`. Here is what of a session goes into
//! it; the session itself follows one.

use super::session::{Deployment, Session};
use crate::address::{self, Address, Place};
use crate::fragment::Declared;
use crate::picture::View;
use crate::project::{Places, SKY};
use crate::scene::Point;

impl Place {
    /// What is deployed there.
    fn deployed(&self) -> Option<Deployment> {
        match self {
            Place::Nowhere | Place::Own | Place::Elsewhere(_) => None,
            Place::Scenario(scenario) => Some(Deployment::plain(scenario)),
            Place::Step(index) => Session::tour().steps.get(*index).map(Deployment::of),
        }
    }

    /// The view in which it opens.
    fn view(&self) -> View {
        match self {
            Place::Nowhere | Place::Own | Place::Elsewhere(_) | Place::Scenario(_) => View::Cluster,
            Place::Step(_) => View::Observer,
        }
    }
}

/// The fragment of a session, with its `#`.
pub fn format(session: &Session) -> String {
    address::format(&address(session))
}

fn address(session: &Session) -> Address {
    if let Some(request) = &session.request {
        return Place::Elsewhere(request.address.clone()).into();
    }
    let place = match session.step {
        _ if session.is_own() => Place::Own,
        Some(index) => Place::Step(index),
        None => Place::Scenario(session.deployed.scenario),
    };
    let applied = session.deployed.applied;
    let differs = place.deployed().is_some_and(|deployed| deployed.applied != applied);
    Address {
        applied: differs.then_some(applied.0),
        view: (place.view() != session.view).then_some(session.view),
        selection: session.selection.clone(),
        folded: session.folded.clone(),
        lens: session.lens.clone(),
        moved: moved(session),
        packed: session.packed.clone(),
        place,
    }
}

/// The stars that were dragged, of those that there are: others were dragged in other scenarios.
fn moved(session: &Session) -> Places {
    let fragments = session.deployed.fragments();
    let crowd = session.deployed.crowd();
    let moved = session.moved.iter().filter(|(id, _)| {
        if let Some(crowd) = crowd {
            return crowd.overview.bodies.iter().any(|body| body.id == **id);
        }
        let is_it = |object: &Declared| match object {
            Declared::Workload(workload) => {
                id.split_once('/') == Some((&workload.namespace, &workload.name))
            }
            _ => false,
        };
        fragments.iter().any(|fragment| fragment.objects.iter().any(is_it))
    });
    let mut places = Places::new();
    places.extend(moved.map(|(id, Point { x, y })| (id.clone(), [part(*x), part(*y)])));
    places
}

/// A part of the sky, in thousandths.
pub fn part(part: f64) -> u16 {
    (part.clamp(0.0, 1.0) * f64::from(SKY)).round() as u16
}

/// A place of an address, in parts of the sky.
pub fn point([x, y]: [u16; 2]) -> Point {
    let part = |part| f64::from(part) / f64::from(SKY);
    Point::new(part(x), part(y))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::*;
    use crate::app::session::{Action, Author};
    use crate::app::theme::Theme;
    use crate::scene::Moved;

    fn session(fragment: &str) -> Session {
        Session::at(fragment, Author::Somebody, Theme::System, Moved::new())
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        for address in [
            "#/workshop-v1",
            "#/workshop-v2",
            "#/workshop-v2?on=7f",
            "#/workshop-v2?on=15&view=observer",
            "#/workshop/1",
            "#/workshop/10",
            "#/workshop/7?view=cluster",
            "#/workshop/3?on=1",
            "#/workshop/3?why=frontend/client",
            "#/workshop-v1?why=frontend/client,backend/facade",
            "#/workshop-v1?moved=frontend/client,7,500,pci/payments,0,1000",
            "#/workshop-v1?folded=frontend,backend/facade",
            "#/workshop-v1?on=1&view=observer&why=pci/payments&folded=backend&moved=pci/payments,1,2&x=1eP",
        ] {
            let session = session(address);
            assert_eq!(format(&session), address);
            assert_eq!(session.notice, None, "{address}");
        }
    }

    #[test]
    fn unknown_parts_are_named_and_the_rest_counts() {
        let check = |address: &str, means: &str, named: &str| {
            let session = session(address);
            assert_eq!(format(&session), means, "{address}");
            assert!(session.notice.is_some_and(|notice| notice.contains(named)), "{address}");
        };
        check("#/nowhere", "#/workshop-v1", "nowhere");
        check("#/workshop/11", "#/workshop-v1", "workshop/11");
        check("#/workshop/0", "#/workshop-v1", "workshop/0");
        check("#/workshop/2?colour=red", "#/workshop/2", "colour=red");
        check("#/workshop-v2?on=zz&view=observer", "#/workshop-v2?view=observer", "on=zz");
        check("#/workshop-v2?why=a/b", "#/workshop-v2", "why=a/b");
        check("#/<script>", "#/workshop-v1", "<script>");
    }

    #[test]
    fn what_belongs_to_a_place_stays_there() {
        let session = session("#/workshop-v1?why=pci/payments&folded=pci&x=1eP");
        let session = Rc::new(session).reduce(Action::Choose("workshop-v2".to_owned()));
        assert_eq!(format(&session), "#/workshop-v2");
    }

    #[test]
    fn stars_that_are_not_there_are_not_in_the_address() {
        let mut elsewhere = Moved::new();
        elsewhere.put("shop/till".to_owned(), Point::new(0.5, 0.5));
        elsewhere.put("pci/payments".to_owned(), Point::new(-1.0, 0.12345));
        let session = Session::at("#/workshop/2", Author::Somebody, Theme::System, elsewhere);
        assert_eq!(format(&session), "#/workshop/2?moved=pci/payments,0,123");
    }
}
