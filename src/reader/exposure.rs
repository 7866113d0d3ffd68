//! What is open to those that are not there yet: the answer to [`Ask::Expose`](crate::message::Ask).

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
    let way = |of: &Row, direction: Direction| {
        let is_it = |row: &&Row| {
            (&row.stranger, row.workload, row.direction) == (&of.stranger, of.workload, direction)
        };
        rows.iter().find(is_it).cloned()
    };
    let ingress = rows.iter().filter(|row| row.direction == Direction::Ingress);
    Ok(ingress.map(|row| told(model, row, way(row, Direction::Egress))).collect())
}

fn told(model: &Model, reaches: &Row, reached: Option<Row>) -> Exposed {
    let state = match () {
        () if reaches.unnamed.is_all() => "open",
        () if reaches.at_most.is_empty() => "blocked",
        () => "partly",
    };
    let rows = [Some(reaches.clone()), reached];
    let sentences = rows.into_iter().flatten().map(|row| exposure::sentence(model, &[row]));
    Exposed {
        who: exposure::subject(&reaches.stranger),
        workload: model.cluster.workloads[reaches.workload].path(),
        state: state.to_owned(),
        sentence: sentences.collect::<Vec<_>>().join(". "),
    }
}
