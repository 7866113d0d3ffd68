//! What becomes of the calls between any two workloads, as far as policies are on.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::columns::{Row, Spot};
use super::offers::Intent;
use super::plan::Plan;
use crate::evaluate::{self, Model, Peer, Traffic};
use crate::net::{Connections, Protocol};
use crate::probe::{LinkState, Stop};
use crate::reachability::{Members, Reachability};

/// What becomes of the calls of a [`Plan`].
pub(super) struct Calls {
    /// The number of the row of each workload that calls whatever others offer.
    row_of: Vec<Option<usize>>,
    /// The words of each row, first to whom all calls get through, then to whom some do.
    rows: Vec<u64>,
    /// What becomes of the calls that probes name, by caller and called.
    intended: BTreeMap<usize, Vec<(usize, LinkState)>>,
    /// The workloads that can look names up.
    resolves: Vec<bool>,
    /// The model with the policies that are on alone, once it is asked.
    plain: OnceCell<Model>,
}

impl Calls {
    /// Judges all calls.
    pub fn new(all: &Reachability, plan: &Plan) -> Calls {
        let count = plan.offers.len();
        let mut calls = Calls {
            row_of: vec![None; count],
            rows: Vec::new(),
            intended: BTreeMap::new(),
            resolves: plan.resolves_anyway.clone(),
            plain: OnceCell::new(),
        };
        let width = plan.columns.width();
        for reached in all.reached_by_pods() {
            for (class, atoms) in reached.sources() {
                let Members::Workloads(members) = all.members(class) else { continue };
                let mut servers = plan.servers.iter();
                let resolves = servers.any(|(server, atom)| atoms.contains(*atom, *server));
                // Only a few of a class, if any, can look names up where the others cannot.
                let mut known = [None; 2];
                for &caller in members {
                    calls.resolves[caller] |= resolves;
                    if !plan.calls_all(caller) {
                        continue;
                    }
                    let resolves = calls.resolves[caller];
                    let row = known[usize::from(resolves)].get_or_insert_with(|| {
                        let start = calls.rows.len();
                        calls.rows.resize(start + 2 * width, 0);
                        let (open, partly) = calls.rows[start..].split_at_mut(width);
                        let mut row = Row { open, partly };
                        plan.columns.fill(|atom| atoms.of(atom), resolves, &mut row);
                        start / (2 * width).max(1)
                    });
                    calls.row_of[caller] = Some(*row);
                }
            }
        }
        for (caller, intents) in &plan.intents {
            let passes = |intent: &Intent| {
                (calls.resolves[*caller] || !intent.by_name) && all.passes(intent.traffic)
            };
            let state = |intents: &[Intent]| {
                let open = intents.iter().filter(|intent| passes(intent)).count();
                let state = match open {
                    0 => LinkState::Blocked,
                    _ if open < intents.len() => LinkState::Partly,
                    _ => LinkState::Open,
                };
                (intents[0].to, state)
            };
            let intended = intents.chunk_by(|a, b| a.to == b.to).map(state).collect();
            calls.intended.insert(*caller, intended);
        }
        calls
    }

    /// The number of the row of a workload that calls whatever others offer.
    pub fn row_of(&self, workload: usize) -> Option<usize> {
        self.row_of[workload]
    }

    /// The words of a row: to whom all calls get through, and to whom some do.
    pub fn row(&self, plan: &Plan, row: usize) -> (&[u64], &[u64]) {
        let width = plan.columns.width();
        self.rows[row * 2 * width..][..2 * width].split_at(width)
    }

    /// What a row says of a spot.
    pub fn at(&self, plan: &Plan, row: usize, Spot { word, bit }: Spot) -> LinkState {
        let (open, partly) = self.row(plan, row);
        match (open[word] & bit != 0, partly[word] & bit != 0) {
            (true, _) => LinkState::Open,
            (_, true) => LinkState::Partly,
            _ => LinkState::Blocked,
        }
    }

    /// What becomes of the calls that a workload's probes name, by whom they call; none without probes.
    pub fn intended(&self, workload: usize) -> Option<&[(usize, LinkState)]> {
        self.intended.get(&workload).map(Vec::as_slice)
    }

    /// What gets through from one workload to another; `None` if there is no call.
    pub fn state(&self, plan: &Plan, from: usize, to: usize) -> Option<LinkState> {
        if let Some(intended) = self.intended(from) {
            let found = intended.binary_search_by_key(&to, |(to, _)| *to).ok()?;
            return Some(intended[found].1);
        }
        let (row, spot) = (self.row_of[from]?, plan.columns.spots[to]?);
        let by_name = plan.offers[to].as_ref()?.is_by_name();
        match plan.beside[from].binary_search(&to) {
            _ if from == to && plan.alone[from] => None,
            Err(_) => Some(self.at(plan, row, spot)),
            Ok(_) if by_name && !self.resolves[from] => Some(LinkState::Blocked),
            Ok(_) => Some(LinkState::Open),
        }
    }

    /// Where the first of the calls between two workloads is stopped, when none gets through.
    pub fn stop(&self, all: &Reachability, plan: &Plan, from: usize, to: usize) -> Option<Stop> {
        let (by_name, port) = match plan.intents.get(&from) {
            Some(intents) => {
                let first = intents.iter().find(|intent| intent.to == to)?;
                let Traffic { protocol, port, .. } = first.traffic;
                (first.by_name, Some((protocol, port)))
            }
            None => {
                let offer = plan.offers[to].as_ref()?;
                let first = offer.ports().map(|ports| ports.first());
                (offer.is_by_name(), first.flatten().copied())
            }
        };
        if by_name && !self.resolves[from] {
            return Some(Stop::Dns);
        }
        let doors = all.admitted_at_doors(all.class_of(from), all.class_of(to));
        let (protocol, port) = port.unwrap_or_else(|| telling(&doors));
        match doors.first() {
            Some(doors) => {
                Some(Stop::between([0, 1].map(|side| doors[side].contains(protocol, port))))
            }
            // Of ends without a family in common, rows do not tell the doors apart.
            None => {
                let destination = if from == to { Peer::sibling(to) } else { Peer::pod(to) };
                let traffic = Traffic { source: Peer::pod(from), destination, protocol, port };
                let plain = self.plain.get_or_init(|| all.plain());
                Stop::of(&evaluate::verdict(plain, traffic))
            }
        }
    }
}

/// A port that shows what stops a call on no port in particular, as [`any_port`](crate::probe::any_port) has
/// it, where nothing passes.
fn telling(doors: &[[Connections; 2]]) -> (Protocol, u16) {
    let admitted = |side: usize| {
        doors.iter().fold(Connections::none(), |all, doors| all.union(&doors[side])).first()
    };
    admitted(0).or_else(|| admitted(1)).unwrap_or((Protocol::Tcp, 80))
}
