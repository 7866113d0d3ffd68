//! Files that declare more workloads than can be drawn one by one, and what is seen of them.
//!
//! A switch of a file that holds policies and nothing else is turned in the [`Census`], which knows the
//! policies of all such files, on or not: that takes no time, however large the cluster is. The page is
//! given what there is to draw, and of the cluster only what bears on what is explained.

use std::collections::BTreeSet;

use super::Reader;
use super::change::Change;
use crate::cluster::{Service, Workload};
use crate::dns;
use crate::evaluate::{Model, Peer};
use crate::explain;
use crate::fragment::{Declared, Fragment, Mention};
use crate::message::{self, Look, Pairs, Seen, Table, Window};
use crate::net::Protocol;
use crate::overview::{Census, Lens, Overview};
use crate::policy::{Policy, PolicyRef};
use crate::probe::{self, LinkState};
use crate::project::Selection;
use crate::reachability::Switch;

/// Beyond so many workloads, clusters are drawn folded.
const CROWD: usize = 40;

/// Up to so many workloads that are looked for are drawn one by one.
const FEW: usize = 30;

/// How many pairs of workloads are told of a ribbon.
const PAIRS: usize = 50;

/// How many cells of the table are told at once.
const CELLS: u32 = 4_000;

/// How many of the policies of a namespace are told.
const POLICIES: usize = 100;

/// Many workloads.
pub(super) struct Crowd {
    census: Census,
    /// What declares the policies, by their positions.
    files: Vec<Option<u32>>,
    /// The files that are only policies, and can be turned without any reading.
    switches: BTreeSet<u32>,
    /// The files that are off, of these.
    off: BTreeSet<u32>,
    /// Policies that are not evaluated, and other objects.
    mentions: Vec<Declared>,
    /// What was seen last, and what was other than before.
    told: Overview,
    change: Change,
}

impl Crowd {
    /// Whether a model is one.
    pub fn is_one(model: &Model) -> bool {
        model
            .cluster
            .workloads
            .iter()
            .filter(|workload| !workload.is_implicit())
            .nth(CROWD)
            .is_some()
    }

    /// The policies of a model, `off` being the files that are. `file` tells which file something is in.
    pub fn new(
        model: &Model,
        switches: BTreeSet<u32>,
        off: BTreeSet<u32>,
        mentions: [Vec<Mention>; 2],
        file: impl Fn(&Policy) -> Option<u32>,
    ) -> Crowd {
        let [unevaluated, others] = mentions;
        let unevaluated = unevaluated.into_iter().map(Declared::Unevaluated);
        let mut crowd = Crowd {
            census: Census::new(model),
            files: model.policies.iter().map(file).collect(),
            switches,
            off: BTreeSet::new(),
            mentions: unevaluated.chain(others.into_iter().map(Declared::Other)).collect(),
            told: Overview::default(),
            change: Change::default(),
        };
        crowd.turn(off);
        crowd
    }

    /// The files whose switches can be turned.
    pub fn switches(&self) -> &BTreeSet<u32> {
        &self.switches
    }

    /// Turns these files off, and the others on.
    pub fn turn(&mut self, off: BTreeSet<u32>) {
        let turned = |(position, file): (usize, &Option<u32>)| {
            let (was, is) = (self.off.contains(&(*file)?), off.contains(&(*file)?));
            let to = if is { Switch::Off } else { Switch::On };
            (was != is).then_some((PolicyRef(position), to))
        };
        let turns: Vec<_> = self.files.iter().enumerate().filter_map(turned).collect();
        self.census.switch(&turns);
        self.off = off;
    }

    /// The policies that are on.
    pub fn model(&self) -> Model {
        let model = self.census.model();
        let on = self.on().map(|(_, policy)| policy.clone()).collect::<Vec<_>>();
        Model { policies: on.into(), ..model.clone() }
    }

    fn on(&self) -> impl Iterator<Item = (usize, &Policy)> {
        let policies = self.census.model().policies.iter().enumerate();
        policies.filter(|(position, _)| {
            self.files[*position].is_none_or(|file| !self.off.contains(&file))
        })
    }

    /// What is seen, if it is looked at so. Only a change of the files is a change to tell.
    pub fn seen(&mut self, look: &Look, is_changed: bool) -> Seen {
        let lens = self.lens(look);
        let Crowd { census, told, change, .. } = self;
        let overview = census.overview_by(&lens, |whole| {
            let ids = |overview: &Overview| -> Vec<String> {
                overview.bodies.iter().map(|body| body.id.clone()).collect()
            };
            if is_changed {
                *change = Change::between(told, whole);
            } else if ids(told) != ids(whole) {
                // It was of other bodies.
                *change = Change::default();
            }
            *told = whole.clone();
            whole.cut(lens.most.bonds as usize, |bodies, bond| {
                let focus = lens.focus.as_ref();
                change.shows(bond) || focus.is_some_and(|focus| bond.touches(bodies, focus))
            });
        });
        let changed = (0..).zip(&overview.bonds).filter(|(_, bond)| change.shows(bond));
        let changed = changed.map(|(position, _)| position).collect();
        let (pairs, explained) = (self.pairs(&lens, look), look.selection.clone());
        let change = self.change.to_string();
        let crowd = message::Crowd { overview, pairs, change, changed, explained };
        Seen { fragment: self.part(look.selection.as_ref()), crowd: Some(crowd) }
    }

    /// What is looked through: at the star that is explained, and few that are looked for need not be
    /// unfolded.
    fn lens(&self, look: &Look) -> Lens {
        let mut lens = look.lens.clone();
        if let Some(Selection::Star(star)) = &look.selection {
            lens.focus = Some(star.clone());
        }
        if !lens.filter.trim().is_empty() && self.census.found(&lens.filter).len() <= FEW {
            lens.unfolded.extend(self.census.model().cluster.namespaces.keys().cloned());
        }
        lens
    }

    /// Tells what is seen as a change of what another crowd was told of.
    pub fn after(self, other: Crowd) -> Crowd {
        Crowd { told: other.told, ..self }
    }

    /// The pairs of workloads behind the ribbon that is explained; none where it is one pair of workloads.
    fn pairs(&self, lens: &Lens, look: &Look) -> Option<Pairs> {
        let Some(Selection::Ribbon(from, to)) = &look.selection else { return None };
        if ![from, to].iter().any(|end| self.named(end).is_empty()) {
            return None;
        }
        let (count, some) = self.census.pairs(lens, from, to, PAIRS);
        let workloads = &self.census.model().cluster.workloads;
        let named = |(from, to, state): (usize, usize, LinkState)| {
            (workloads[from].path(), workloads[to].path(), state)
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Some(Pairs { count, some: some.into_iter().map(named).collect() })
    }

    /// The workloads of a name, or a pod of which has it: all of them, so that it is not clearer than it is.
    fn named(&self, word: &str) -> Vec<usize> {
        let word = word.trim();
        let name = word.rsplit_once('#').map_or(word, |(name, _)| name);
        let workloads = self.census.model().cluster.workloads.iter().enumerate();
        let named = workloads.filter(|(_, w)| w.path() == name || w.id() == name);
        named.map(|(i, _)| i).collect()
    }

    /// The workloads that a word for an end of a call may mean.
    fn meant(&self, word: &str) -> Vec<usize> {
        let (cluster, named) = (&self.census.model().cluster, self.named(word));
        if !named.is_empty() {
            return named;
        }
        match word.trim().parse().map(|address| probe::peer_at(cluster, address)) {
            Ok(Peer::Pod(pod)) => vec![pod.workload],
            Ok(Peer::External(_)) => Vec::new(),
            Err(_) => self.services(word).into_iter().flat_map(|of| cluster.backends(of)).collect(),
        }
    }

    /// The Services that a word for an end of a call may mean, by name or by address, and those that they
    /// are aliases of.
    fn services(&self, word: &str) -> Vec<&Service> {
        let cluster = &self.census.model().cluster;
        let name = word.trim().split('.').next().unwrap_or_default().to_ascii_lowercase();
        let address = word.trim().parse().ok();
        let is_meant = |service: &&Service| {
            service.name == name
                || address.is_some_and(|address| service.addresses.contains(&address))
        };
        let meant = cluster.services.iter().filter(is_meant);
        let led = |service: &Service| probe::resolve(cluster, &service.namespace, &service.name);
        meant.flat_map(|service| [Some(service), led(service)]).flatten().collect()
    }

    /// What of the cluster bears on what is explained: its ends, the cluster DNS, their namespaces, the
    /// Services that lead to them and the policies that select them. It comes to the same between them as
    /// all of the cluster does.
    fn part(&self, selection: Option<&Selection>) -> Fragment {
        let Model { cluster, .. } = self.census.model();
        let ends: Vec<&str> = match selection {
            None => Vec::new(),
            Some(Selection::Star(star)) => vec![star],
            Some(Selection::Ribbon(from, to) | Selection::Call(from, to, _)) => vec![from, to],
        };
        let mut workloads: BTreeSet<usize> = ends.iter().flat_map(|end| self.meant(end)).collect();
        if !workloads.is_empty() {
            let servers = Protocol::ALL.into_iter().flat_map(|by| dns::servers(cluster, by));
            workloads.extend(servers.map(|(server, _)| server));
        }
        let workloads: Vec<&Workload> = workloads
            .into_iter()
            .map(|i| &cluster.workloads[i])
            .filter(|w| !w.is_implicit())
            .collect();
        let named: Vec<&Service> = ends.iter().flat_map(|end| self.services(end)).collect();
        let services = cluster.services.iter().filter(|service| {
            let is_named = named.iter().any(|named| std::ptr::eq(*named, *service));
            is_named || workloads.iter().any(|workload| service.selects(workload))
        });
        let of_ends = |policy: &Policy| workloads.iter().any(|workload| policy.selects(workload));
        let policies = self.on().filter(|(_, policy)| of_ends(policy));
        let of_namespaces = self.on().filter(|(_, p)| ends.contains(&&*p.namespace) && !of_ends(p));
        let policies = policies.chain(of_namespaces.take(POLICIES)).map(|(_, policy)| policy);
        let declared = cluster.namespaces.values().cloned().map(Declared::Namespace);
        let objects = declared
            .chain(workloads.iter().map(|workload| Declared::Workload((*workload).clone())))
            .chain(services.cloned().map(Declared::Service))
            .chain(policies.cloned().map(Declared::Policy))
            .chain(self.mentions.iter().cloned());
        Fragment { objects: objects.collect(), ..Fragment::default() }
    }
}

impl Reader {
    /// A part of the table of who reaches whom.
    pub(super) fn window(&self, wanted: &Window) -> Table {
        // The page has the whole table of fewer workloads.
        let Some(Crowd { census, .. }) = &self.crowd else { return Table::default() };
        let workloads = &self.model.cluster.workloads;
        let (from, to) = (census.found(&wanted.from), census.found(&wanted.to));
        let part = |all: &[usize], (first, count): (u32, u32), most: u32| {
            let first = (first as usize).min(all.len());
            let end = (first + count.min(most) as usize).min(all.len());
            (first as u32, all[first..end].to_vec())
        };
        let (column, columns) = part(&to, wanted.columns, CELLS / 10);
        let (row, rows) = part(&from, wanted.rows, CELLS / (columns.len().max(1) as u32));
        let names = |of: &[usize]| of.iter().map(|i| workloads[*i].path()).collect();
        let cells = rows.iter().flat_map(|from| columns.iter().map(move |to| (*from, *to)));
        Table {
            size: (from.len() as u32, to.len() as u32),
            corner: (row, column),
            cells: cells.map(|(from, to)| self.cell(from, to)).collect(),
            rows: names(&rows),
            columns: names(&columns),
        }
    }

    fn cell(&self, from: usize, to: usize) -> Option<(String, String)> {
        let link = probe::link(&self.model, from, to)?;
        Some((link.words()?, explain::summarize_link(&self.model, link.telling()?)))
    }
}
