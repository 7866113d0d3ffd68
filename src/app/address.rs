//! The address: the part of the session that a link carries, in the fragment.
//!
//! `#/workshop-v1` is a scenario with all switches off, `#/workshop/7` the seventh step of a tour.
//! After `?` come the differences from that: `on=` holds the switches that are on, as a hexadecimal
//! number with one bit a switch, the first switch the lowest; `view=` is `cluster` or `observer`.
//! `#/own` is own manifests, which the address does not hold; `#url=` and an address asks for manifests
//! that lie there. Old addresses keep their meaning. Unknown parts are passed over with a message.

use super::desk::request::Request;
use super::desk::{self, request};
use super::session::{Deployment, Session, Switches};
use crate::picture::View;
use crate::presets;
use crate::scenario::Scenario;

/// What an address says.
#[derive(Clone, PartialEq)]
pub struct Address {
    /// Where it leads.
    pub place: Place,
    /// The switches that are on, when they are not the place's own.
    pub applied: Option<Switches>,
    /// The view, when it is not the place's own.
    pub view: Option<View>,
}

/// Where an address leads.
#[derive(Clone, PartialEq)]
pub enum Place {
    /// It does not say.
    Nowhere,
    /// A scenario.
    Scenario(&'static Scenario),
    /// A step of the tour, counted from 0.
    Step(usize),
    /// Own manifests.
    Own,
    /// Manifests somewhere else, which are fetched when somebody agrees.
    Request(Request),
}

impl Place {
    /// What is deployed there.
    fn deployed(&self) -> Option<Deployment> {
        match self {
            Place::Nowhere | Place::Own | Place::Request(_) => None,
            Place::Scenario(scenario) => Some(Deployment::plain(scenario)),
            Place::Step(index) => Session::tour().steps.get(*index).map(Deployment::of),
        }
    }

    /// The view in which it opens.
    fn view(&self) -> View {
        match self {
            Place::Nowhere | Place::Own | Place::Request(_) | Place::Scenario(_) => View::Cluster,
            Place::Step(_) => View::Observer,
        }
    }
}

/// Reads a fragment, with or without its `#`. What is not understood is left out and named.
pub fn parse(fragment: &str) -> (Address, Option<String>) {
    let fragment = fragment.trim_start_matches('#');
    if let Some(wanted) = fragment.strip_prefix("url=") {
        let place = request::parse(wanted);
        let said = place.as_ref().err().cloned();
        let place = place.map_or(Place::Nowhere, Place::Request);
        return (Address { place, applied: None, view: None }, said);
    }
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let mut unknown = Vec::new();
    let place = place(path.trim_matches('/')).unwrap_or_else(|| {
        unknown.push(path);
        Place::Nowhere
    });
    let mut address = Address { place, applied: None, view: None };
    for part in query.split('&').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("view", "cluster")) => address.view = Some(View::Cluster),
            Some(("view", "observer")) => address.view = Some(View::Observer),
            Some(("on", digits)) => match switches(&address.place, digits) {
                Some(applied) => address.applied = Some(applied),
                None => unknown.push(part),
            },
            _ => unknown.push(part),
        }
    }
    (address, message(&unknown))
}

fn place(path: &str) -> Option<Place> {
    if path.is_empty() {
        return Some(Place::Nowhere);
    }
    let Some((slug, number)) = path.split_once('/') else {
        if path == desk::SLUG {
            return Some(Place::Own);
        }
        return presets::scenario(path).map(Place::Scenario);
    };
    let tour = Some(Session::tour()).filter(|tour| tour.slug == slug)?;
    let index = number.parse::<usize>().ok()?.checked_sub(1)?;
    (index < tour.steps.len()).then_some(Place::Step(index))
}

fn switches(place: &Place, digits: &str) -> Option<Switches> {
    let deployed = place.deployed()?;
    let bits = u64::from_str_radix(digits, 16).ok()?;
    // Bits of switches that there are not would be carried along for ever.
    let known = (0..deployed.scenario.policies.len()).fold(0, |all, i| all | 1u64 << i.min(63));
    Some(Switches(bits & known))
}

/// How much of a part that is not understood is quoted.
const QUOTED: usize = 60;

fn message(unknown: &[&str]) -> Option<String> {
    let quote = |part: &&str| {
        let text: String = part.chars().take(QUOTED).collect();
        if text.len() < part.len() { format!("“{text}…”") } else { format!("“{text}”") }
    };
    let parts: Vec<_> = unknown.iter().map(quote).collect();
    (!parts.is_empty()).then(|| {
        format!("The address asks for {}, which this page does not know.", parts.join(" and "))
    })
}

/// The fragment of a session, with its `#`.
pub fn format(session: &Session) -> String {
    if let Some(request) = &session.request {
        return format!("#url={}", request.address);
    }
    let (place, path) = match session.step {
        _ if session.is_own() => (Place::Own, desk::SLUG.to_owned()),
        Some(index) => (Place::Step(index), format!("{}/{}", Session::tour().slug, index + 1)),
        None => {
            let scenario = session.deployed.scenario;
            (Place::Scenario(scenario), scenario.slug.to_owned())
        }
    };
    let mut differences = Vec::new();
    if place.deployed().is_some_and(|deployed| deployed.applied != session.deployed.applied) {
        differences.push(format!("on={:x}", session.deployed.applied.0));
    }
    if place.view() != session.view {
        let view = match session.view {
            View::Cluster => "cluster",
            View::Observer => "observer",
        };
        differences.push(format!("view={view}"));
    }
    let separator = if differences.is_empty() { "" } else { "?" };
    format!("#/{path}{separator}{}", differences.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::Theme;
    use crate::scene::Moved;

    fn session(fragment: &str) -> Session {
        Session::at(fragment, Theme::System, Moved::new())
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
        check("#/<script>", "#/workshop-v1", "<script>");
    }
}
