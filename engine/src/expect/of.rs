//! What is so now, written as expectations.

use std::collections::BTreeMap;

use super::Expected;
use crate::end::Port;
use crate::evaluate::{Model, Peer};
use crate::manifest::{self, EXPECT};
use crate::net::Protocol;
use crate::probe::{self, Attempt, LinkAttempt, Outcome, Target};

/// The first lines of the text.
const HEAD: &str = "\
# What passes between workloads, and what does not: every line is checked by itself.
# A verdict is `open` or `blocked`; a line without a port is about all ports.
";

/// What an item is about, in the order of the list: who calls, whom, and on which port.
type About = (String, String, Option<(Protocol, u16)>);

/// Expectations that are all met as long as everything stays as it is: the text of a file that
/// [`read`](super::read) takes, sorted, a line for each call of [`links`](probe::links()).
///
/// A call by name is expected by name. Where only some of the pods behind it can be reached it meets
/// neither verdict, and the calls to each of them are expected instead.
pub fn of(model: &Model, observer: Option<usize>) -> String {
    let mut items = BTreeMap::new();
    // The links of all workloads at once may be millions.
    for workload in 0..model.cluster.workloads.len() {
        let links = probe::links_from(model, observer, workload);
        links.iter().flat_map(|link| &link.attempts).for_each(|link| add(&mut items, model, link));
    }
    text(&items)
}

/// Adds what is expected of a call.
fn add(items: &mut BTreeMap<About, Expected>, model: &Model, link: &LinkAttempt) {
    let LinkAttempt { call, attempt, any_port, .. } = link;
    let from = written(model, call.from);
    let to = match &call.to {
        Target::Service { namespace, name } => format!("{name}.{namespace}"),
        Target::Peer(to) => written(model, *to),
    };
    if let Some(passing) = any_port {
        items.insert((from, to, None), expected(!passing.is_empty()));
        return;
    }
    let about = (from, to, Some((call.protocol, call.port)));
    if items.contains_key(&about) {
        return;
    }
    match probe::call(model, call).outcome {
        Outcome::Open => {
            items.insert(about, Expected::Open);
        }
        Outcome::Blocked | Outcome::NotResolved => {
            items.insert(about, Expected::Blocked);
        }
        Outcome::SomeBackends | Outcome::NoSuchService | Outcome::NoEndpoints => {
            let Attempt { traffic, verdict } = attempt;
            let to = written(model, traffic.destination);
            let about = (about.0, to, Some((traffic.protocol, traffic.port)));
            items.insert(about, expected(verdict.is_open()));
        }
    }
}

fn expected(passes: bool) -> Expected {
    if passes { Expected::Open } else { Expected::Blocked }
}

/// An end as [`end::call`](crate::end::call) takes it, no longer than it has to be.
fn written(model: &Model, peer: Peer) -> String {
    let pod = match peer {
        Peer::External(address) => return address.to_string(),
        Peer::Pod(pod) => pod,
    };
    let workload = model.workload(pod);
    let path = workload.path();
    // The workloads are sorted by namespace and name.
    let at = |step: isize| {
        let neighbour = pod.workload.checked_add_signed(step)?;
        model.cluster.workloads.get(neighbour)
    };
    let has_namesake = [-1, 1].into_iter().filter_map(at).any(|other| other.path() == path);
    let name = if has_namesake { workload.id() } else { path };
    if pod.replica > 0 { format!("{name}#2") } else { name }
}

fn text(items: &BTreeMap<About, Expected>) -> String {
    let mut text = format!("{HEAD}{EXPECT}:");
    if items.is_empty() {
        text += " []";
    }
    for ((from, to, port), verdict) in items {
        let [from, to] = [from, to].map(|end| manifest::string(end));
        let port = port.map(|(protocol, number)| format!("port: {}, ", Port { number, protocol }));
        let port = port.unwrap_or_default();
        text += &format!("\n  - {{from: {from}, to: {to}, {port}verdict: {verdict}}}");
    }
    text + "\n"
}
