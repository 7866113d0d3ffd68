//! What is said to differ between two clusters is what differs in the verdicts, on every pair of
//! generated clusters that have some workloads in common.

use std::net::IpAddr;

use netpol_playground::compare::{Comparison, Difference, Kind, compare};
use netpol_playground::connectivity::End;
use netpol_playground::evaluate::{Model, Peer, connections};
use netpol_playground::net::Connections;
use netpol_playground::outside::common_ranges;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::engine::Engine;
use crate::generated::{Draft, Naming, OUTSIDE, draft};
use crate::naive::Settings;
use crate::properties::{config, settings};

/// Two clusters in which workloads are alike, but for those that one of them has not.
fn states() -> impl Strategy<Value = [Draft; 2]> {
    (draft(), draft(), vec(any::<bool>(), 4)).prop_map(|(before, after, kept)| {
        let mut after = after;
        for (index, workload) in after.workloads.iter_mut().enumerate() {
            if let (true, Some(same)) = (kept[index], before.workloads.get(index)) {
                *workload = same.clone();
            }
        }
        [before, after]
    })
}

fn model(draft: &Draft, settings: &Settings) -> Model {
    Engine::read(&draft.text(Naming("a")), settings).model().clone()
}

/// An end, as both states may have it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// `ns/name[Kind]`.
    Pod(String),
    /// Another pod of the same workload.
    Sibling(String),
    Outside(IpAddr),
}

impl Place {
    fn peer(&self, model: &Model) -> Option<Peer> {
        let find = |id: &String| model.cluster.workloads.iter().position(|w| w.id() == *id);
        match self {
            Place::Pod(id) => find(id).map(Peer::pod),
            Place::Sibling(id) => find(id).map(Peer::sibling),
            Place::Outside(address) => Some(Peer::External(*address)),
        }
    }

    fn is(&self, comparison: &Comparison, end: End) -> bool {
        match (self, end) {
            (Place::Pod(id), End::Workload(workload))
            | (Place::Sibling(id), End::Sibling(workload)) => {
                comparison.workloads[workload].id == *id
            }
            (Place::Outside(address), End::External(range)) => {
                (range.first..=range.last).contains(address)
            }
            _ => false,
        }
    }
}

/// Every pair of ends that may differ.
fn pairs(models: &[Model; 2]) -> Vec<(Place, Place)> {
    let workloads = || models.iter().flat_map(|model| &model.cluster.workloads);
    let mut ids: Vec<String> =
        workloads().filter(|w| !w.is_implicit()).map(|workload| workload.id()).collect();
    ids.sort();
    ids.dedup();
    // IPv6 is there when one of the clusters speaks it.
    let ranges = common_ranges(&models.each_ref());
    let is_there =
        |address: &IpAddr| ranges.iter().any(|range| (range.first..=range.last).contains(address));
    let outside = OUTSIDE.map(|address| address.parse::<IpAddr>().expect("an address"));
    let outside: Vec<IpAddr> = outside.into_iter().filter(is_there).collect();
    let mut pairs = Vec::new();
    for id in &ids {
        let others = ids.iter().filter(|other| *other != id).cloned().map(Place::Pod);
        pairs.extend(others.map(|other| (Place::Pod(id.clone()), other)));
        if workloads().any(|workload| workload.id() == *id && workload.has_siblings()) {
            pairs.push((Place::Pod(id.clone()), Place::Sibling(id.clone())));
        }
        for outside in outside.iter().map(|address| Place::Outside(*address)) {
            pairs.push((Place::Pod(id.clone()), outside.clone()));
            pairs.push((outside, Place::Pod(id.clone())));
        }
    }
    pairs
}

fn passing(model: &Model, from: &Place, to: &Place) -> Connections {
    match (from.peer(model), to.peer(model)) {
        (Some(from), Some(to)) => connections(model, from, to),
        _ => Connections::none(),
    }
}

fn mirrored(kind: Kind) -> Kind {
    match kind {
        Kind::Opened => Kind::Closed,
        Kind::Widened => Kind::Narrowed,
        Kind::Changed => Kind::Changed,
        Kind::Narrowed => Kind::Widened,
        Kind::Closed => Kind::Opened,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_cluster_does_not_differ_from_itself(draft in draft(), settings in settings()) {
        let model = model(&draft, &settings);
        prop_assert!(compare(&model, &model).is_empty());
    }

    #[test]
    fn the_way_back_is_the_mirror_image(states in states(), settings in settings()) {
        let [before, after] = states.each_ref().map(|draft| model(draft, &settings));
        let (there, back) = (compare(&before, &after), compare(&after, &before));
        let differences = back.differences.iter().map(|difference| Difference {
            kind: mirrored(difference.kind),
            gained: difference.lost.clone(),
            lost: difference.gained.clone(),
            ..*difference
        });
        prop_assert_eq!(&there.differences, &differences.collect::<Vec<_>>());
        for (there, back) in there.workloads.iter().zip(&back.workloads) {
            prop_assert_eq!(&there.id, &back.id);
            prop_assert_eq!((there.before, there.after), (back.after, back.before));
        }
    }

    #[test]
    fn what_is_gained_and_lost_leads_from_one_to_the_other(
        states in states(), settings in settings(),
    ) {
        let models = states.each_ref().map(|draft| model(draft, &settings));
        let comparison = compare(&models[0], &models[1]);
        for (from, to) in pairs(&models) {
            let [before, after] = models.each_ref().map(|model| passing(model, &from, &to));
            let mut told = comparison.differences.iter().filter(|difference| {
                from.is(&comparison, difference.source)
                    && to.is(&comparison, difference.destination)
            });
            let difference = told.next();
            prop_assert!(told.next().is_none(), "{:?} -> {:?} is told twice", from, to);
            let nothing = Connections::none();
            let (gained, lost) = difference.map_or((&nothing, &nothing), |d| (&d.gained, &d.lost));
            prop_assert_eq!(&before.clone().union(gained).difference(lost), &after);
            prop_assert!(gained.intersection(&before).is_empty());
            prop_assert!(lost.intersection(&after).is_empty());
            if let Some(Difference { kind, .. }) = difference {
                let opened = before.is_empty();
                let closed = after.is_empty();
                prop_assert!(!(gained.is_empty() && lost.is_empty()));
                prop_assert_eq!(*kind == Kind::Opened, opened);
                prop_assert_eq!(*kind == Kind::Closed, closed);
                let both = !opened && !closed;
                prop_assert_eq!(*kind == Kind::Widened, both && lost.is_empty());
                prop_assert_eq!(*kind == Kind::Narrowed, both && gained.is_empty());
            }
        }
    }
}
