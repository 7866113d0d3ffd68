//! The engine, asked and answering in the naive rules' words, so that answers compare.

use std::net::IpAddr;

use netpol_playground::analysis::{self, Analysis, Request, analyze};
use netpol_playground::connectivity::{End, Pair, Siblings, connectivity};
use netpol_playground::diagnostic::Diagnostic;
use netpol_playground::evaluate::{
    DirectionVerdict, HostNetwork, IpBlockPods, Model, Peer, Plugin,
};
use netpol_playground::expect::{self, Expectation, Standing};
use netpol_playground::manifest::Source;
use netpol_playground::net::AddressRange;
use netpol_playground::outside::external_ranges;
use netpol_playground::policy::RuleRef;
use netpol_playground::probe::{self, Call, Link, Observer, Reply, Target};

use crate::naive::{self, Outcome, Settings, Side, Sides};

/// What the engine made of a text.
pub struct Engine(Analysis);

/// The network plugin of some settings.
pub fn plugin(settings: &Settings) -> Plugin {
    let ip_block_pods = match settings.ipblock_pods {
        naive::IpBlockPods::Ip => IpBlockPods::Ip,
        naive::IpBlockPods::Never => IpBlockPods::Never,
    };
    let host_network = match settings.host_network {
        naive::HostNetwork::Node => HostNetwork::Node,
        naive::HostNetwork::Pod => HostNetwork::Pod,
    };
    let pod_cidr = settings.pod_cidr.parse().expect("a pod network");
    Plugin::new(ip_block_pods, host_network, pod_cidr)
}

impl Engine {
    /// Reads the objects of `text`; documents that are refused are set aside.
    pub fn read(text: &str, settings: &Settings) -> Engine {
        let plugin = plugin(settings);
        let fragment = analysis::read(&Source::new("case.yaml", text));
        Engine(analyze([&fragment], &Request { plugin, ..Request::default() }))
    }

    /// The cluster, its policies and the plugin.
    pub fn model(&self) -> &Model {
        &self.0.model
    }

    /// Everything the engine has to say about the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// What becomes of a call; the words are those of [`naive::World::ask`].
    pub fn ask(&self, from: &str, to: &str, port: &str) -> Outcome {
        let (port, protocol) = port.split_once('/').expect("port/protocol");
        let to = match (self.peer(to), to.split_once('.')) {
            (Some(peer), _) => Target::Peer(peer),
            (None, Some((name, namespace))) => {
                Target::Service { namespace: namespace.to_owned(), name: name.to_owned() }
            }
            (None, None) => panic!("nobody is {to}"),
        };
        let call = Call {
            from: self.peer(from).expect("a caller"),
            to,
            protocol: protocol.parse().expect("a protocol"),
            port: port.parse().expect("a port"),
        };
        self.outcome(&probe::call(&self.0.model, &call))
    }

    /// Whether the workload sees what answers at the URL.
    pub fn sees(&self, workload: &str, url: &str) -> bool {
        let url = url.parse().expect("a URL");
        let observer = Observer { workload: self.workload(workload), targets: vec![url] };
        probe::sights(&self.0.model, &observer).iter().all(|sight| sight.is_seen())
    }

    /// The expectations that are written of what is so, read again.
    pub fn expectations(&self) -> Vec<Expectation> {
        let text = expect::of(&self.0.model, None);
        let reading = expect::read(&Source::new("expect.yaml", text.as_str()));
        assert_eq!(reading.diagnostics, [], "{text}");
        reading.expectations
    }

    /// Whether an expectation is met.
    pub fn judge(&self, expectation: &Expectation) -> Standing {
        expect::judge(&self.0.model, expectation, "default").standing
    }

    /// What is drawn between two workloads, `namespace/name`: its state, and where it is stopped.
    pub fn ribbon(&self, from: &str, to: &str) -> Option<(String, Option<String>)> {
        let drawn = self.0.link(self.workload(from), self.workload(to)).map(|i| &self.0.links[i]);
        let stop = |link: &Link| link.stop().map(|stop| stop.as_str().to_owned());
        drawn.map(|link| (link.state().to_string(), stop(link)))
    }

    /// Every pair between which something passes.
    pub fn connectivity(&self) -> Vec<Pair> {
        connectivity(&self.0.model, Siblings::Listed)
    }

    /// Whether the list of pairs says that a connection gets through; nothing where the list
    /// leaves the ends out.
    pub fn lists(&self, pairs: &[Pair], from: &str, to: &str, port: &str) -> Option<bool> {
        let (port, protocol) = port.split_once('/').expect("port/protocol");
        let port = port.parse().expect("a port");
        let protocol = protocol.parse().expect("a protocol");
        let path = |workload: usize| self.0.model.cluster.workloads[workload].path();
        let is = |end: End, name: &str| match end {
            End::Workload(workload) => path(workload) == name,
            End::Sibling(workload) => name.strip_suffix("#2") == Some(&path(workload)),
            End::External(range) => name.parse().is_ok_and(|address| holds(range, address)),
        };
        let ranges = external_ranges(&self.0.model);
        let has_range = |name: &str| {
            name.parse().map_or(true, |address| ranges.iter().any(|range| holds(*range, address)))
        };
        let is_sibling = to.strip_suffix("#2").is_none_or(|workload| workload == from);
        (is_sibling && has_range(from) && has_range(to)).then(|| {
            let mut between =
                pairs.iter().filter(|pair| is(pair.source, from) && is(pair.destination, to));
            between.any(|pair| pair.connections.contains(protocol, port))
        })
    }

    /// The end of a connection that a word names; nothing for the name of a Service.
    fn peer(&self, name: &str) -> Option<Peer> {
        if let Ok(address) = name.parse() {
            return Some(Peer::External(address));
        }
        name.contains('/').then(|| match name.strip_suffix("#2") {
            Some(workload) => Peer::sibling(self.workload(workload)),
            None => Peer::pod(self.workload(name)),
        })
    }

    fn workload(&self, name: &str) -> usize {
        let workloads = &self.0.model.cluster.workloads;
        let is_meant = |i: &usize| workloads[*i].id() == name || workloads[*i].path() == name;
        (0..workloads.len()).find(is_meant).unwrap_or_else(|| panic!("no workload {name}"))
    }

    fn outcome(&self, reply: &Reply) -> Outcome {
        let words = reply.outcome.to_string();
        let attempts = if words == "not resolved" { &[][..] } else { &reply.attempts };
        let unreached = attempts.iter().find(|attempt| !attempt.verdict.is_open());
        let told = unreached.or(attempts.first()).map(|attempt| &attempt.verdict);
        // Two ends that share no family are kept apart by no side.
        let kept_apart = told.is_some_and(|verdict| verdict.family.is_none());
        let sides = told.filter(|_| !kept_apart).map(|verdict| Sides {
            open: verdict.is_open(),
            egress: self.side(&verdict.egress),
            ingress: self.side(&verdict.ingress),
        });
        let stopped = reply.stop().filter(|_| !kept_apart);
        Outcome {
            words,
            stopped: stopped.map(|stop| stop.as_str().to_owned()),
            sides: sides.unwrap_or_default(),
        }
    }

    fn side(&self, verdict: &DirectionVerdict) -> Side {
        let rule = |rule: &RuleRef| {
            format!("{} rule {}", self.0.model.policy(rule.policy).path(), rule.number())
        };
        let (isolated_by, by) = match verdict {
            DirectionVerdict::NotEnforced(_) | DirectionVerdict::NotIsolated => {
                return Side::default();
            }
            DirectionVerdict::Allowed { isolated_by, by } => (isolated_by, by.as_slice()),
            DirectionVerdict::Denied { isolated_by } => (isolated_by, [].as_slice()),
        };
        let mut side = Side {
            isolated_by: isolated_by.iter().map(|p| self.0.model.policy(*p).path()).collect(),
            admitted_by: by.iter().map(rule).collect(),
        };
        side.isolated_by.sort();
        side.admitted_by.sort();
        side
    }
}

fn holds(range: AddressRange, address: IpAddr) -> bool {
    (range.first..=range.last).contains(&address)
}
