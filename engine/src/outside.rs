//! The addresses outside the cluster, in ranges that no policy tells apart.

use ipnet::IpNet;

use crate::cluster::Workload;
use crate::evaluate::Model;
use crate::net::{self, AddressRange, Family};
use crate::policy::{Direction, PeerMatcher};

/// The addresses outside the cluster, cut only where some block or exception begins or ends.
/// IPv6 is there when a block or a pod speaks it.
pub fn external_ranges(model: &Model) -> Vec<AddressRange> {
    common_ranges(&[model])
}

/// The same for several models at once: within one of the ranges, none of them tells two addresses
/// apart.
pub fn common_ranges(models: &[&Model]) -> Vec<AddressRange> {
    let networks: Vec<_> = models.iter().flat_map(|model| networks(model)).collect();
    ranges(&networks, models.iter().flat_map(|model| &model.cluster.workloads))
}

/// The same for networks that policies name, and the pods that there are.
pub(crate) fn ranges<'a>(
    networks: &[&IpNet],
    workloads: impl Iterator<Item = &'a Workload>,
) -> Vec<AddressRange> {
    let mut ranges = net::partition(Family::V4, networks.iter().copied());
    let pods = workloads.flat_map(|workload| &workload.addresses);
    let mut addresses = networks.iter().map(|network| network.addr()).chain(pods.copied());
    if addresses.any(|address| Family::of(address) == Family::V6) {
        ranges.extend(net::partition(Family::V6, networks.iter().copied()));
    }
    ranges
}

/// The networks that policies name: those of every `ipBlock` and of every exception.
pub(crate) fn networks(model: &Model) -> impl Iterator<Item = &IpNet> {
    let rules = model
        .policies
        .iter()
        .flat_map(|policy| Direction::ALL.into_iter().filter_map(|d| policy.rules(d)).flatten());
    let blocks = rules.flat_map(|rule| &rule.peers).filter_map(|peer| match peer {
        PeerMatcher::Block(block) => Some(block),
        PeerMatcher::Pods { .. } => None,
    });
    blocks.flat_map(|block| block.networks())
}
