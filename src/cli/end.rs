//! Whom `--from` and `--to` mean.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Failure;
use super::args::CallPort;
use crate::cluster::Workload;
use crate::diagnostic::Quoted;
use crate::evaluate::{Model, Peer, Pod};
use crate::net::AddressRange;
use crate::policy::{Direction, PeerMatcher};
use crate::probe::{Call, Target, Url, peer_at};
use crate::reachability::external_ranges;

/// A host on the internet, as far as policies can tell it from others: not at all.
pub(super) const INTERNET: &str = "internet";

/// The addresses that [`INTERNET`] stands for where possible: they are kept for documentation.
const DOCUMENTATION: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];

/// The call that the arguments describe. `namespace` is that of names without one, where the caller
/// is outside the cluster.
///
/// # Errors
///
/// An end that is not in the input, or two ends outside the cluster.
pub(super) fn call(
    model: &Model,
    from: &str,
    to: &str,
    port: CallPort,
    namespace: &str,
) -> Result<Call, Failure> {
    let source = match from.parse() {
        _ if from == INTERNET => internet(model).0,
        Ok(address) => at(model, address)?,
        Err(_) => pod(model, from)?,
    };
    let CallPort { number: port, protocol } = port;
    let to = match to.parse() {
        _ if to == INTERNET => Target::Peer(internet(model).0),
        Ok(address) => Target::Peer(at(model, address)?),
        Err(_) if to.contains('/') => Target::Peer(pod(model, to)?),
        Err(_) => {
            let namespace = match source {
                Peer::Pod(pod) => &model.workload(pod).namespace,
                Peer::External(_) => namespace,
            };
            let url = Url { host: to.to_ascii_lowercase(), port };
            url.call(&model.cluster, source, namespace).to
        }
    };
    match (source, &to) {
        (Peer::External(source), Target::Peer(Peer::External(to))) => Err(Failure::Usage(format!(
            "{source} and {to} are both outside the cluster, where policies do not reach"
        ))),
        _ => Ok(Call { from: source, to, protocol, port }),
    }
}

/// A peer that stands for the internet, and whether no `ipBlock` but those of everything names it.
pub(super) fn internet(model: &Model) -> (Peer, Naming) {
    let policies = model.policies.iter();
    let rules = policies.flat_map(|p| Direction::ALL.into_iter().filter_map(|d| p.rules(d)));
    let blocks = rules.flatten().flat_map(|rule| &rule.peers).filter_map(|peer| match peer {
        PeerMatcher::Block(block) => Some(block),
        PeerMatcher::Pods { .. } => None,
    });
    let networks = blocks.flat_map(|block| std::iter::once(&block.cidr).chain(&block.except));
    let named: Vec<_> = networks.filter(|network| network.prefix_len() > 0).collect();
    // Pods that speak IPv6 only cannot talk to a host that speaks IPv4.
    let speaks_v4 = |workload: &Workload| {
        workload.addresses.is_empty() || workload.addresses.iter().any(IpAddr::is_ipv4)
    };
    let mut workloads = model.cluster.workloads.iter().filter(|workload| !workload.is_implicit());
    let [v4, v6] = DOCUMENTATION;
    let usual = if workloads.any(speaks_v4) { v4 } else { v6 };
    let is_free = |address: &IpAddr| {
        address.is_ipv4() == usual.is_ipv4()
            && !named.iter().any(|network| network.contains(address))
    };
    let ranges = external_ranges(model);
    // Nobody has the very first address.
    let host = |range: &AddressRange| match range.first.is_unspecified() {
        true => range.last,
        false => range.first,
    };
    let free = [usual].into_iter().chain(ranges.iter().map(host)).find(is_free);
    match free {
        Some(address) => (Peer::External(address), Naming::Unnamed),
        None => (Peer::External(usual), Naming::Named),
    }
}

/// Whether some `ipBlock` tells an address from most others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    Named,
    Unnamed,
}

/// The peer at an address.
fn at(model: &Model, address: IpAddr) -> Result<Peer, Failure> {
    let mut services = model.cluster.services.iter();
    match services.find(|service| service.addresses.contains(&address)) {
        Some(service) => Err(Failure::Usage(format!(
            "`{address}` is the address of a Service, which policies never see: call it by name, \
             `{}`",
            service.host()
        ))),
        None => Ok(peer_at(&model.cluster, address)),
    }
}

/// The pod that `ns/name`, `ns/name[Kind]`, or either with `#2`, means.
fn pod(model: &Model, text: &str) -> Result<Peer, Failure> {
    let (path, replica) = match text.strip_suffix("#2") {
        Some(path) => (path, 1),
        None => (text, 0),
    };
    let workloads = || model.cluster.workloads.iter().enumerate();
    let means = |workload: &Workload| workload.id() == path || workload.path() == path;
    let found: Vec<_> = workloads().filter(|(_, workload)| means(workload)).collect();
    match found[..] {
        [(_, workload)] if replica > 0 && !workload.has_siblings() => {
            Err(Failure::Usage(format!("{} has one pod only", Quoted(path))))
        }
        [(workload, _)] => Ok(Peer::Pod(Pod { workload, replica })),
        [] => Err(unknown(model, path)),
        _ => {
            let ids = found.iter().map(|(_, workload)| format!("`{}`", workload.id()));
            Err(Failure::Usage(format!(
                "{} may be any of {}",
                Quoted(path),
                ids.collect::<Vec<_>>().join(", ")
            )))
        }
    }
}

/// That nothing is called so, and what is called almost so.
fn unknown(model: &Model, path: &str) -> Failure {
    let (namespace, wanted) = path.split_once('/').unwrap_or(("", path));
    let wanted = wanted.split('[').next().unwrap_or_default();
    let is_near = |workload: &&Workload| workload.name == wanted || workload.namespace == namespace;
    let near: Vec<_> = model.cluster.workloads.iter().filter(is_near).map(Workload::id).collect();
    let hint = match near.is_empty() {
        true => String::new(),
        false => format!("; there is {}", near.join(", ")),
    };
    Failure::Usage(format!("no workload of the input is called {}{hint}", Quoted(path)))
}
