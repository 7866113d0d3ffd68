//! Addresses: blocks that mean pods or Services, and what the network plugin makes of them.

use crate::cluster::PodNetwork;
use crate::diagnostic::Location;
use crate::evaluate::{self, IpBlockPods, Model, Peer, Plugin};
use crate::net::IpBlock;
use crate::policy::{Direction, PeerMatcher, Policy};

use super::ground::Ground;
use super::{Report, Rule};

/// A block of at most so many bits of host was written for a few addresses, not for a part of the world.
const FEW_BITS: u8 = 8;

pub(super) fn check(ground: &Ground, index: usize, report: &mut Report) {
    let policy = &ground.model.policies[index];
    for direction in Direction::ALL {
        for rule in policy.rules(direction).unwrap_or_default() {
            for (peer, location) in rule.peers.iter().zip(&rule.peer_locations) {
                if let PeerMatcher::Block(block) = peer {
                    inside(ground, block, location, report);
                    if !report.has(&[Rule::BlockInsideCluster], location) {
                        decided(ground, policy, direction, (peer, block), location, report);
                    }
                }
            }
        }
    }
}

fn inside(ground: &Ground, block: &IpBlock, location: &Location, report: &mut Report) {
    let Model { cluster, plugin, .. } = ground.model;
    let host_bits = block.cidr.max_prefix_len() - block.cidr.prefix_len();
    let is_narrow = host_bits <= FEW_BITS;
    let network = |workload: usize| cluster.workloads[workload].network;
    let addressed = ground.addressed(block);
    let mut nodes = addressed.iter().filter(|workload| network(*workload) == PodNetwork::Host);
    let mut pods = addressed.iter().filter(|workload| network(*workload) == PodNetwork::Own);
    let pod = pods.next().filter(|_| is_narrow).map(|workload| &cluster.workloads[workload]);
    let mut services = cluster.services.iter().filter(|_| is_narrow);
    let service = services.find(|service| service.addresses.iter().any(|a| block.contains(*a)));
    let what = if nodes.next().is_some() {
        return;
    } else if let Some(service) = service {
        format!("it holds the address of the Service `{}`", service.host())
    } else if let Some(pod) = pod {
        format!("it holds an address of {}", pod.path())
    } else if plugin.pod_cidr.contains(&block.cidr) {
        format!("it lies in the pod network {}", plugin.pod_cidr)
    } else {
        return;
    };
    let message =
        format!("`ipBlock` {block} is inside the cluster: {what}; select pods by their labels");
    report.add(Rule::BlockInsideCluster, location, message, None);
}

/// Says so when the block admits a pod on some plugins and not on others, and nothing else admits it.
fn decided(
    ground: &Ground,
    policy: &Policy,
    direction: Direction,
    (peer, block): (&PeerMatcher, &IpBlock),
    location: &Location,
    report: &mut Report,
) {
    let Plugin { host_network, pod_cidr, .. } = ground.model.plugin;
    let with = |pods| {
        let plugin = Plugin::new(pods, host_network, pod_cidr);
        Model { plugin, ..ground.model.clone() }
    };
    let [matched, unmatched] = [IpBlockPods::Ip, IpBlockPods::Never].map(with);
    let selected = ground.selected(policy);
    let decides = |other: usize| {
        selected.iter().any(|here| {
            let (source, destination) = match direction {
                Direction::Egress => (here, other),
                Direction::Ingress => (other, here),
            };
            let ends = [source, destination].map(Peer::pod);
            let passes = |model: &Model| evaluate::connections(model, ends[0], ends[1]);
            here != other && passes(&matched) != passes(&unmatched)
        })
    };
    let means = |i: &usize| {
        let is_pod = ground.model.cluster.workloads[*i].network == PodNetwork::Own;
        is_pod && evaluate::means(&matched, &policy.namespace, peer, *i)
    };
    let other = ground.perhaps_meant(block).iter().filter(means).find(|other| decides(*other));
    if let Some(other) = other {
        let name = ground.names([other]);
        let message = format!(
            "whether {peer} include pods, {name} among them, depends on the network plugin"
        );
        report.add(Rule::PluginDecides, location, message, None);
    }
}
