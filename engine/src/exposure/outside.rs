//! The hosts outside the cluster, in the ranges that no policy tells apart.

use super::{Example, Row, Stranger, Variation, Way, passing};
use crate::evaluate::{Model, Peer};
use crate::net::{self, AddressRange, Connections, Family};
use crate::outside::{external_ranges, networks};
use crate::policy::Direction;

/// What hosts outside the cluster reach, and are reached by.
pub(super) fn rows(model: &Model, workloads: &[usize]) -> Vec<Row> {
    let named: Vec<_> = networks(model).filter(|network| network.prefix_len() > 0).collect();
    let ranges = external_ranges(model);
    // Those of a family that no block names are alike: the first of each stands for them.
    let is_free = |range: &&AddressRange| !named.iter().any(|net| net.contains(&range.first));
    let free = |family| ranges.iter().filter(is_free).find(move |r| Family::of(r.first) == family);
    let unnamed: Vec<AddressRange> =
        Family::ALL.into_iter().filter_map(|family| free(family).copied()).collect();
    let row = |workload: usize, direction| {
        let ask =
            |range: &AddressRange| passing(model, workload, direction, Peer::External(range.first));
        let union = |all: Connections, range: &AddressRange| all.union(&ask(range));
        let unnamed = unnamed.iter().fold(Connections::none(), union);
        let answers = net::join_adjacent(ranges.iter().map(|range| (*range, ask(range))));
        let variation = match answers.iter().all(|(_, connections)| *connections == unnamed) {
            true => Variation::Settled,
            false => Variation::Varies,
        };
        let at = |(range, connections)| {
            let example = Example { address: Some(range), ..Example::default() };
            Way { example, connections }
        };
        let first = Way { example: Example::default(), connections: unnamed };
        let answers = [first].into_iter().chain(answers.into_iter().map(at)).collect();
        Row::new(Stranger::Internet, workload, direction, answers, variation)
    };
    let rows = |direction| workloads.iter().map(move |workload| (*workload, direction));
    let asked = Direction::ALL.into_iter().flat_map(rows);
    asked.map(|(workload, direction)| row(workload, direction)).collect()
}
