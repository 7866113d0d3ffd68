//! What is open to those that are not there yet: the answer to [`Ask::Expose`](crate::message::Ask).

use std::collections::BTreeMap;

use crate::evaluate::Model;
use crate::exposure::{self, Row};
use crate::message::Exposed;
use crate::policy::Direction;

/// Of how many workloads it is told: of more it would take long, and nobody could read it.
const MOST: usize = 200;

/// What is open to each of those that are not there yet, workload by workload.
///
/// # Errors
///
/// There are too many workloads.
pub(super) fn exposed(model: &Model) -> Result<Vec<Exposed>, String> {
    if model.cluster.workloads.len() > MOST {
        return Err(format!(
            "of more than {MOST} workloads it is told by the command netpol exposure alone"
        ));
    }
    let rows = exposure::exposure(model).rows;
    let of = |direction: Direction| rows.iter().filter(move |row| row.direction == direction);
    let key = |row: &Row| (row.stranger.clone(), row.workload);
    let reached: BTreeMap<_, &Row> = of(Direction::Egress).map(|row| (key(row), row)).collect();
    let told = |row| told(model, row, reached.get(&key(row)).copied());
    Ok(of(Direction::Ingress).map(told).collect())
}

fn told(model: &Model, reaches: &Row, reached: Option<&Row>) -> Exposed {
    let state = match () {
        () if reaches.unnamed.is_all() => "open",
        () if reaches.at_most.is_empty() => "blocked",
        () => "partly",
    };
    let rows = std::iter::once(reaches).chain(reached);
    let sentences = rows.map(|row| exposure::sentence(model, std::slice::from_ref(row)));
    Exposed {
        who: exposure::subject(&reaches.stranger),
        workload: model.cluster.workloads[reaches.workload].path(),
        state: state.to_owned(),
        sentence: sentences.collect::<Vec<_>>().join(". "),
    }
}
