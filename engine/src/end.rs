//! Whom do the words for the two ends of a call mean, and which port those for its port?
//!
//! In: what people write, on the command line, in a form or in a file: `frontend/client`,
//! `frontend/client[Deployment]`, `frontend/client#2` for another pod of the same workload, an
//! address, [`INTERNET`], and of whom is called also the DNS name of a Service,
//! `queue.infrastructure`. Out: a [`Call`] for `probe` to follow, or a sentence that says what is
//! not understood. Knows neither page nor terminal.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::cluster::Workload;
use crate::diagnostic::Quoted;
use crate::evaluate::{Model, Peer, Pod};
use crate::net::{self, Family, Protocol};
use crate::policy::{Direction, PeerMatcher};
use crate::probe::{Call, Target, Url, peer_at};

/// The word for a host on the internet, as far as policies can tell it from others: not at all.
pub const INTERNET: &str = "internet";

/// The addresses that [`INTERNET`] stands for where possible: they are kept for documentation.
const DOCUMENTATION: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];

/// Why words for a call mean none: a sentence, lower case and without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown(String);

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unknown {}

/// The port of a call and its protocol, written `5000/TCP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Port {
    /// From 1 to 65535.
    pub number: u16,
    /// TCP where it is not written.
    pub protocol: Protocol,
}

impl FromStr for Port {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let (number, protocol) = match text.trim().split_once('/') {
            Some((number, protocol)) => {
                let wrong = |()| {
                    let protocol = Quoted(protocol);
                    Unknown(format!("the protocol must be `TCP`, `UDP` or `SCTP`, not {protocol}"))
                };
                (number, protocol.parse().map_err(wrong)?)
            }
            None => (text.trim(), Protocol::default()),
        };
        match number.parse() {
            Ok(number) if number > 0 => Ok(Port { number, protocol }),
            _ => Err(Unknown(format!(
                "the port must be a number from 1 to 65535, not {}",
                Quoted(number)
            ))),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol)
    }
}

/// The call from one end to another. `namespace` is that of the names of Services without one, where
/// the caller is outside the cluster; the names that a pod calls are those of its own.
///
/// # Errors
///
/// An end that is not in the model, that may be any of several, or that no policy ever sees; or two
/// ends outside the cluster.
pub fn call(
    model: &Model,
    from: &str,
    to: &str,
    port: Port,
    namespace: &str,
) -> Result<Call, Unknown> {
    let (from, to) = (from.trim(), to.trim());
    let source = match from.parse() {
        _ if from == INTERNET => internet(model).peer(),
        Ok(address) => at(model, address)?,
        Err(_) => pod(model, from)?,
    };
    let Port { number: port, protocol } = port;
    let to = match to.parse() {
        _ if to == INTERNET => Target::Peer(internet(model).peer()),
        Ok(address) => Target::Peer(at(model, address)?),
        Err(_) if to.is_empty() || to.contains('/') => Target::Peer(pod(model, to)?),
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
        (Peer::External(source), Target::Peer(Peer::External(to))) => Err(Unknown(format!(
            "{source} and {to} are both outside the cluster, where policies do not reach"
        ))),
        _ => Ok(Call { from: source, to, protocol, port }),
    }
}

/// The address that stands for [`INTERNET`]. It prints as a sentence that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Internet {
    /// The address.
    pub address: IpAddr,
    /// Whether some `ipBlock` tells it from most others.
    pub naming: Naming,
}

/// Whether an `ipBlock` that is not one of everything holds an address, or excepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// One does, as of every other address that could stand for the internet.
    Named,
    /// None does.
    Unnamed,
}

impl Internet {
    fn peer(self) -> Peer {
        Peer::External(self.address)
    }
}

impl fmt::Display for Internet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.naming {
            Naming::Unnamed => "which no ipBlock names",
            Naming::Named => "although an ipBlock names it, as every other address is named too",
        };
        write!(f, "{} stands for the internet, {why}", self.address)
    }
}

/// The address that stands for the internet: one that no `ipBlock` names, if there is any.
pub fn internet(model: &Model) -> Internet {
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
    // Else the lowest that is free: the family's first, or the one after a network. Nobody has the very
    // first address of all; the last before any network is as free.
    let begins = named.iter().filter_map(|network| net::following(network.broadcast()));
    let begins = begins.chain([Family::of(usual).bounds().0]);
    let host = |first: IpAddr| match first.is_unspecified() {
        true => named
            .iter()
            .map(|n| n.network())
            .filter(|n| n.is_ipv4() == usual.is_ipv4())
            .min()
            .map_or(usual, net::preceding),
        false => first,
    };
    let free = Some(usual).filter(is_free).or_else(|| begins.filter(is_free).min().map(host));
    match free {
        Some(address) => Internet { address, naming: Naming::Unnamed },
        None => Internet { address: usual, naming: Naming::Named },
    }
}

/// The peer at an address.
fn at(model: &Model, address: IpAddr) -> Result<Peer, Unknown> {
    let mut services = model.cluster.services.iter();
    match services.find(|service| service.addresses.contains(&address)) {
        Some(service) => Err(Unknown(format!(
            "`{address}` is the address of a Service, which policies never see: call it by name, \
             `{}`",
            service.host()
        ))),
        None => Ok(peer_at(&model.cluster, address)),
    }
}

/// The pod that `ns/name`, `ns/name[Kind]`, or either with `#2`, means.
fn pod(model: &Model, text: &str) -> Result<Peer, Unknown> {
    let (path, replica) = match text.strip_suffix("#2") {
        Some(path) => (path, 1),
        None => (text, 0),
    };
    let workloads = || model.cluster.workloads.iter().enumerate();
    let means = |workload: &Workload| workload.id() == path || workload.path() == path;
    let found: Vec<_> = workloads().filter(|(_, workload)| means(workload)).collect();
    match found[..] {
        [(_, workload)] if replica > 0 && !workload.has_siblings() => {
            Err(Unknown(format!("{} has one pod only", Quoted(path))))
        }
        [(workload, _)] => Ok(Peer::Pod(Pod { workload, replica })),
        [] => Err(unknown(model, path)),
        _ => {
            let ids = found.iter().map(|(_, workload)| format!("`{}`", workload.id()));
            Err(Unknown(format!(
                "{} may be any of {}",
                Quoted(path),
                ids.collect::<Vec<_>>().join(", ")
            )))
        }
    }
}

/// How many workloads are offered instead of one that is not there.
const OFFERED: usize = 5;

/// That nothing is called so, and what is called almost so.
fn unknown(model: &Model, path: &str) -> Unknown {
    let (namespace, wanted) = path.split_once('/').unwrap_or(("", path));
    let wanted = wanted.split('[').next().unwrap_or_default();
    let is_near = |workload: &&Workload| workload.name == wanted || workload.namespace == namespace;
    let near = model.cluster.workloads.iter().filter(is_near);
    let (mut near, neighbours): (Vec<_>, Vec<_>) = near.partition(|w| w.name == wanted);
    near.extend(neighbours);
    let offered: Vec<_> = near.iter().take(OFFERED).map(|workload| workload.id()).collect();
    let more = match near.len() - offered.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let hint = match offered.is_empty() {
        true => String::new(),
        false => format!("; there is {}{more}", offered.join(", ")),
    };
    Unknown(format!("no workload of the input is called {}{hint}", Quoted(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Request, analyze, read};
    use crate::manifest::Source;

    #[test]
    fn ports() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let found: Result<Port, Unknown> = text.parse();
            let found = found.map(|port| port.to_string()).map_err(|error| error.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        };
        check("80", Ok("80/TCP"));
        check(" 53/UDP ", Ok("53/UDP"));
        check("65535/SCTP", Ok("65535/SCTP"));
        check("0", Err("the port must be a number from 1 to 65535, not `0`"));
        check("65536", Err("the port must be a number from 1 to 65535, not `65536`"));
        check("http", Err("the port must be a number from 1 to 65535, not `http`"));
        check("", Err("the port must be a number from 1 to 65535, not ``"));
        check("80/tcp", Err("the protocol must be `TCP`, `UDP` or `SCTP`, not `tcp`"));
        check("80/", Err("the protocol must be `TCP`, `UDP` or `SCTP`, not ``"));
    }

    #[test]
    fn ends() {
        let pods: String =
            ["shop/till", "shop/stock", "bank/till", "bank/a", "bank/b", "bank/c", "bank/d"]
                .into_iter()
                .map(|path| {
                    let (namespace, name) = path.split_once('/').unwrap();
                    let metadata = format!("{{name: {name}, namespace: {namespace}}}");
                    format!("{{apiVersion: v1, kind: Pod, metadata: {metadata}}}\n---\n")
                })
                .collect();
        let model = analyze([&read(&Source::new("ends.yaml", pods))], &Request::default()).model;
        let host = |namespace: &str, name: &str| {
            Ok(Target::Service { namespace: namespace.to_owned(), name: name.to_owned() })
        };
        let address = |text: &str| Ok(Target::Peer(Peer::External(text.parse().unwrap())));
        let check = |from: &str, to: &str, expected: Result<Target, &str>| {
            let port = Port { number: 80, protocol: Protocol::Tcp };
            let found = call(&model, from, to, port, "default").map(|call| call.to);
            let found = found.map_err(|error| error.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{from} to {to}");
        };
        check("shop/till", "Stock", host("shop", "stock"));
        check("shop/till", "stock.bank.svc.cluster.local", host("bank", "stock"));
        check("shop/till", "example.com.", host("com", "example"));
        check("shop/till", "www.example.com", host("", "www.example.com"));
        check("internet", "stock", host("default", "stock"));
        check(" shop/till[Pod] ", " 8.8.8.8 ", address("8.8.8.8"));
        check("shop/till", "internet", address("203.0.113.1"));
        check(
            "bank/till",
            "bank/safe",
            Err("no workload of the input is called `bank/safe`; there is bank/a[Pod], \
                 bank/b[Pod], bank/c[Pod], bank/d[Pod], bank/till[Pod]"),
        );
        check(
            "bank/stock",
            "stock",
            Err("no workload of the input is called `bank/stock`; there is shop/stock[Pod], \
                 bank/a[Pod], bank/b[Pod], bank/c[Pod], bank/d[Pod] and 1 more"),
        );
        check("bank/till", "", Err("no workload of the input is called ``"));
        check(
            "8.8.8.8",
            "internet",
            Err(
                "8.8.8.8 and 203.0.113.1 are both outside the cluster, where policies do not reach",
            ),
        );
    }
}
