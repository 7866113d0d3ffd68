//! On which ports rules admit.

use std::collections::BTreeSet;

use crate::cluster::Workload;
use crate::diagnostic::{Location, Quoted};
use crate::nearest::nearest;
use crate::net::Protocol;
use crate::policy::{Direction, PeerMatcher, Policy, PortMatcher, PortSpec, Rule as PolicyRule};

use super::ground::Ground;
use super::{Fix, Report, Rule};

pub(super) fn check(ground: &Ground, policy: usize, report: &mut Report) {
    let policy = &ground.model.policies[policy];
    for direction in Direction::ALL {
        for rule in policy.rules(direction).unwrap_or_default() {
            if direction == Direction::Egress && is_dns_to_all(rule) {
                let message = "port 53 is open to the whole world: name the cluster DNS in `to`";
                report.add(Rule::DnsToTheWorld, &rule.location, message.to_owned(), None);
            }
            let destinations = destinations(ground, policy, direction, rule);
            for (port, location) in rule.ports.iter().zip(&rule.port_locations) {
                check_port(ground, port, location, &destinations, report);
                nameless(direction, rule, port, location, report);
            }
        }
    }
}

/// Whether a rule admits lookups to any destination, and nothing else.
fn is_dns_to_all(rule: &PolicyRule) -> bool {
    let is_all =
        |peer: &PeerMatcher| matches!(peer, PeerMatcher::Block(block) if block.is_whole_family());
    let is_dns = |port: &PortMatcher| match &port.port {
        PortSpec::Range(range) => (range.first, range.last) == (53, 53),
        PortSpec::Named(_) => false,
    };
    (rule.peers.is_empty() || rule.peers.iter().any(is_all))
        && !rule.ports.is_empty()
        && rule.ports.iter().all(is_dns)
}

/// The workloads whose ports a rule means, when all of them are known.
fn destinations<'g>(
    ground: &Ground<'g>,
    policy: &Policy,
    direction: Direction,
    rule: &PolicyRule,
) -> Vec<&'g Workload> {
    let destinations = match direction {
        Direction::Ingress => ground.selected(policy),
        Direction::Egress => ground.all_meant(policy, rule).unwrap_or_default(),
    };
    destinations.iter().map(|i| &ground.model.cluster.workloads[i]).collect()
}

fn check_port(
    ground: &Ground,
    port: &PortMatcher,
    location: &Location,
    destinations: &[&Workload],
    report: &mut Report,
) {
    let declares_some = |workload: &&Workload| !workload.ports.is_empty();
    if destinations.is_empty() || !destinations.iter().all(declares_some) {
        return;
    }
    match &port.port {
        PortSpec::Range(range) if range.first == range.last => {
            let declares = |workload: &&Workload| {
                let mut ports = workload.ports.iter();
                ports.any(|p| p.protocol == port.protocol && p.port == range.first)
            };
            if destinations.iter().any(declares) {
                return;
            }
            let ends = Ends { protocol: port.protocol, number: range.first, destinations };
            if !service_port(ground, &ends, location, report) {
                undeclared(&ends, location, report);
            }
        }
        PortSpec::Range(_) => {}
        PortSpec::Named(name) => {
            if destinations.iter().any(|w| w.named_ports(name, port.protocol).next().is_some()) {
                return;
            }
            let names: BTreeSet<&str> = destinations
                .iter()
                .flat_map(|workload| &workload.ports)
                .filter(|declared| declared.protocol == port.protocol)
                .filter_map(|declared| declared.name.as_deref())
                .collect();
            let names: Vec<&str> = names.into_iter().collect();
            let near = nearest(name, &names);
            let hint = near.map_or_else(String::new, |near| format!(": did you mean `{near}`"));
            let protocol = port.protocol;
            let message = format!(
                "no container declares a {protocol} port {} in {}, so that the name admits nothing{hint}",
                Quoted(name),
                said(destinations),
            );
            let fix = near.map(|near| replace(location, name, near));
            report.add(Rule::UndeclaredPort, location, message, fix);
        }
    }
}

/// A port that is not declared, and who does not declare it.
struct Ends<'e> {
    protocol: Protocol,
    number: u16,
    destinations: &'e [&'e Workload],
}

/// A Service of the destinations has the port, and another one behind it.
fn service_port(ground: &Ground, ends: &Ends, location: &Location, report: &mut Report) -> bool {
    let Ends { protocol, number, destinations } = ends;
    let services = ground.model.cluster.services.iter();
    let behind: BTreeSet<(String, u16)> = services
        .flat_map(|service| {
            let selected = destinations.iter().filter(|workload| service.selects(workload));
            let ports = selected.filter_map(|w| service.pod_port(*protocol, *number, w));
            ports.map(|port| (service.host(), port)).collect::<Vec<_>>()
        })
        .filter(|(_, port)| port != number)
        .collect();
    let Some((service, _)) = behind.first() else { return false };
    let targets: BTreeSet<u16> = behind.iter().map(|(_, port)| *port).collect();
    let list: Vec<String> = targets.iter().map(u16::to_string).collect();
    let message = format!(
        "{number} is the port of the Service `{service}`; policies see the pod's, {}",
        list.join(" or ")
    );
    let only = list.first().filter(|_| list.len() == 1);
    let fix = only.map(|target| replace(location, &number.to_string(), target));
    report.add(Rule::ServicePort, location, message, fix);
    true
}

fn undeclared(ends: &Ends, location: &Location, report: &mut Report) {
    let Ends { protocol, number, destinations } = ends;
    let others: BTreeSet<(Protocol, u16)> = destinations
        .iter()
        .flat_map(|workload| &workload.ports)
        .map(|port| (port.protocol, port.port))
        .collect();
    const FEW: usize = 4;
    let mut list: Vec<String> =
        others.iter().take(FEW).map(|(protocol, port)| format!("{protocol} {port}")).collect();
    if others.len() > FEW {
        list.push(format!("{} more", others.len() - FEW));
    }
    let message = format!(
        "no container of {} declares {protocol} {number}: they declare {}",
        said(destinations),
        list.join(", ")
    );
    report.add(Rule::UndeclaredPort, location, message, None);
}

/// A named port says nothing about addresses outside the cluster.
fn nameless(
    direction: Direction,
    rule: &PolicyRule,
    port: &PortMatcher,
    location: &Location,
    report: &mut Report,
) {
    let is_block = |peer: &PeerMatcher| matches!(peer, PeerMatcher::Block(_));
    let outside = !rule.peers.is_empty() && rule.peers.iter().all(is_block);
    if let (Direction::Egress, true, PortSpec::Named(name)) = (direction, outside, &port.port) {
        let name = Quoted(name);
        let message = format!(
            "the port name {name} means nothing to addresses outside the cluster: write the number"
        );
        report.add(Rule::UndeclaredPort, location, message, None);
    }
}

fn replace(location: &Location, old: &str, new: &str) -> Fix {
    Fix {
        title: format!("write {new}"),
        location: location.clone(),
        old: old.to_owned(),
        new: new.to_owned(),
    }
}

fn said(workloads: &[&Workload]) -> String {
    const FEW: usize = 3;
    let mut names: Vec<String> =
        workloads.iter().take(FEW).map(|workload| workload.path()).collect();
    if workloads.len() > FEW {
        names.push(format!("{} more", workloads.len() - FEW));
    }
    names.join(", ")
}
