//! Protocols, ports and addresses: the vocabulary of a connection.
//!
//! Sets are kept in one canonical form (disjoint, ascending, maximal ranges), so that equal sets
//! are equal values and print alike.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The protocols that NetworkPolicy knows. Others (ICMP, ...) are left to the network plugin.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Protocol {
    /// What an absent `protocol` means.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP, isolated by policies even where a plugin cannot carry it.
    Sctp,
}

impl Protocol {
    /// Every protocol, in the order in which they are written everywhere.
    pub const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

    /// The API's word: `TCP`, `UDP` or `SCTP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Protocol {
    type Err = ();

    /// Exactly the API's words: `tcp` is not one.
    fn from_str(text: &str) -> Result<Self, ()> {
        Protocol::ALL.into_iter().find(|protocol| protocol.as_str() == text).ok_or(())
    }
}

/// Ports `first..=last`, both in `1..=65535`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PortRange {
    /// The lowest port.
    pub first: u16,
    /// The highest port, at least `first`.
    pub last: u16,
}

impl PortRange {
    /// Every port there is.
    pub const ALL: PortRange = PortRange { first: 1, last: u16::MAX };

    /// The range of one port.
    pub const fn single(port: u16) -> Self {
        PortRange { first: port, last: port }
    }

    /// Whether the port lies in the range.
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// A set of ports of one protocol, as disjoint, ascending, maximal ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PortSet(Vec<PortRange>);

impl PortSet {
    /// Every port.
    pub fn all() -> Self {
        PortSet(vec![PortRange::ALL])
    }

    /// The ranges: disjoint, ascending, and no two of them adjacent.
    pub fn ranges(&self) -> &[PortRange] {
        &self.0
    }

    /// Whether no port is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every port is in the set.
    pub fn is_all(&self) -> bool {
        self.0 == [PortRange::ALL]
    }

    /// Whether the port is in the set.
    pub fn contains(&self, port: u16) -> bool {
        self.0.iter().any(|range| range.contains(port))
    }

    /// Adds a range.
    pub fn insert(&mut self, range: PortRange) {
        // Those that it overlaps or adjoins become one with it; the others stay in order.
        let ends_before = |other: &PortRange| u32::from(other.last) + 1 < u32::from(range.first);
        let begins_by = |other: &PortRange| u32::from(other.first) <= u32::from(range.last) + 1;
        let start = self.0.partition_point(ends_before);
        let end = self.0.partition_point(begins_by);
        let merged = self.0.drain(start..end).fold(range, |merged, other| PortRange {
            first: merged.first.min(other.first),
            last: merged.last.max(other.last),
        });
        self.0.insert(start, merged);
    }

    /// The ports in either set.
    pub fn union(mut self, other: &PortSet) -> PortSet {
        other.0.iter().for_each(|range| self.insert(*range));
        self
    }

    /// The ports in both sets.
    pub fn intersection(&self, other: &PortSet) -> PortSet {
        let mut both = Vec::new();
        for a in &self.0 {
            for b in &other.0 {
                let (first, last) = (a.first.max(b.first), a.last.min(b.last));
                if first <= last {
                    both.push(PortRange { first, last });
                }
            }
        }
        PortSet(both)
    }

    /// The ports of this set that are not in the other one.
    pub fn difference(&self, other: &PortSet) -> PortSet {
        let mut rest = Vec::new();
        for range in &self.0 {
            // Where the part of the range begins that no range of the other set has cut yet.
            let mut start = Some(range.first);
            for hole in &other.0 {
                match start {
                    Some(first) if hole.last >= first && hole.first <= range.last => {
                        if first < hole.first {
                            rest.push(PortRange { first, last: hole.first - 1 });
                        }
                        start = hole.last.checked_add(1);
                    }
                    _ => {}
                }
            }
            if let Some(first) = start.filter(|first| *first <= range.last) {
                rest.push(PortRange { first, last: range.last });
            }
        }
        PortSet(rest)
    }
}

/// What may pass between two ends: a set of ports for each protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Connections([PortSet; 3]);

impl Connections {
    /// Nothing at all.
    pub fn none() -> Self {
        Connections::default()
    }

    /// Every port of every protocol.
    pub fn all() -> Self {
        Connections([PortSet::all(), PortSet::all(), PortSet::all()])
    }

    /// The ports of one protocol.
    pub fn ports(&self, protocol: Protocol) -> &PortSet {
        &self.0[protocol as usize]
    }

    /// Adds a range of ports of one protocol.
    pub fn insert(&mut self, protocol: Protocol, range: PortRange) {
        self.0[protocol as usize].insert(range);
    }

    /// The lowest port of the first protocol that may pass.
    pub fn first(&self) -> Option<(Protocol, u16)> {
        let lowest = |protocol| Some((protocol, self.ports(protocol).ranges().first()?.first));
        Protocol::ALL.into_iter().find_map(lowest)
    }

    /// Whether nothing may pass.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(PortSet::is_empty)
    }

    /// Whether everything may pass.
    pub fn is_all(&self) -> bool {
        self.0.iter().all(PortSet::is_all)
    }

    /// How many ports may pass, of all protocols together.
    pub fn size(&self) -> usize {
        let ranges = self.0.iter().flat_map(|ports| ports.ranges());
        ranges.map(|range| usize::from(range.last - range.first) + 1).sum()
    }

    /// Whether this protocol and port may pass.
    pub fn contains(&self, protocol: Protocol, port: u16) -> bool {
        self.ports(protocol).contains(port)
    }

    /// What passes in either.
    pub fn union(self, other: &Connections) -> Connections {
        let [tcp, udp, sctp] = self.0;
        Connections([tcp.union(&other.0[0]), udp.union(&other.0[1]), sctp.union(&other.0[2])])
    }

    /// What passes in both.
    pub fn intersection(&self, other: &Connections) -> Connections {
        Connections(std::array::from_fn(|i| self.0[i].intersection(&other.0[i])))
    }

    /// What passes in this one and not in the other.
    pub fn difference(&self, other: &Connections) -> Connections {
        Connections(std::array::from_fn(|i| self.0[i].difference(&other.0[i])))
    }
}

impl fmt::Display for Connections {
    /// For people: `TCP 80,443 UDP all`, `all connections`, `no connections`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all connections");
        }
        if self.is_empty() {
            return f.write_str("no connections");
        }
        let mut separator = "";
        for protocol in Protocol::ALL {
            let ports = self.ports(protocol);
            if ports.is_empty() {
                continue;
            }
            write!(f, "{separator}{protocol} ")?;
            if ports.is_all() {
                f.write_str("all")?;
            } else {
                let ranges: Vec<_> = ports.ranges().iter().map(PortRange::to_string).collect();
                f.write_str(&ranges.join(","))?;
            }
            separator = " ";
        }
        Ok(())
    }
}

/// An address family. The two never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both families, the older first.
    pub const ALL: [Family; 2] = [Family::V4, Family::V6];

    /// The family of an address.
    pub fn of(address: IpAddr) -> Family {
        if address.is_ipv4() { Family::V4 } else { Family::V6 }
    }

    /// The first and the last address of the family.
    pub fn bounds(self) -> (IpAddr, IpAddr) {
        match self {
            Family::V4 => (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into()),
            Family::V6 => (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::from(u128::MAX).into()),
        }
    }
}

/// A peer's `ipBlock`: the addresses of a CIDR without those of its exceptions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IpBlock {
    /// `cidr`, host bits masked off.
    pub cidr: IpNet,
    /// `except`: holes in this block, which other peers may still fill. Each lies inside `cidr`.
    pub except: Vec<IpNet>,
}

impl IpBlock {
    /// The networks that it names: its own and its exceptions'.
    pub fn networks(&self) -> impl Iterator<Item = &IpNet> {
        std::iter::once(&self.cidr).chain(&self.except)
    }

    /// Whether the address is in the block and in none of its exceptions.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidr.contains(&address) && !self.except.iter().any(|hole| hole.contains(&address))
    }

    /// How much of a network the block holds.
    pub fn coverage(&self, network: &IpNet) -> Coverage {
        let touches = |a: &IpNet, b: &IpNet| a.contains(b) || b.contains(a);
        if !touches(&self.cidr, network) || self.except.iter().any(|hole| hole.contains(network)) {
            Coverage::Nothing
        } else if self.cidr.contains(network)
            && !self.except.iter().any(|hole| touches(hole, network))
        {
            Coverage::Everything
        } else {
            Coverage::Part
        }
    }

    /// Whether the block holds every address of its family.
    pub fn is_whole_family(&self) -> bool {
        self.cidr.prefix_len() == 0 && self.except.is_empty()
    }
}

impl fmt::Display for IpBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cidr)?;
        if !self.except.is_empty() {
            let holes: Vec<_> = self.except.iter().map(IpNet::to_string).collect();
            write!(f, " except {}", holes.join(", "))?;
        }
        Ok(())
    }
}

/// How much of a network an [`IpBlock`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// No address of the network.
    Nothing,
    /// Some addresses, but not all: what holds for a pod depends on which address it gets.
    Part,
    /// Every address of the network.
    Everything,
}

/// The addresses `first..=last` of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    /// The lowest address.
    pub first: IpAddr,
    /// The highest address, of the same family.
    pub last: IpAddr,
}

impl AddressRange {
    /// Whether `next` begins where this range ends.
    pub fn adjoins(&self, next: &AddressRange) -> bool {
        following(self.last) == Some(next.first)
    }
}

impl fmt::Display for AddressRange {
    /// `FIRST-LAST`, IPv6 as RFC 5952 writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// Cuts a family's addresses at every edge of the given networks: within one of the resulting
/// ranges, no network tells two addresses apart. Ascending, without gaps.
pub fn partition<'a>(
    family: Family,
    networks: impl Iterator<Item = &'a IpNet>,
) -> Vec<AddressRange> {
    let (lowest, highest) = family.bounds();
    let mut starts = vec![lowest];
    for network in networks.filter(|network| Family::of(network.addr()) == family) {
        starts.push(network.network());
        starts.extend(following(network.broadcast()));
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| preceding(*next)).chain([highest]);
    starts.iter().zip(ends).map(|(&first, last)| AddressRange { first, last }).collect()
}

/// Makes one range of neighbours of which the same is said; the ranges are ascending.
pub fn join_adjacent<T: PartialEq>(
    ranges: impl IntoIterator<Item = (AddressRange, T)>,
) -> Vec<(AddressRange, T)> {
    let mut joined: Vec<(AddressRange, T)> = Vec::new();
    for (range, said) in ranges {
        match joined.last_mut() {
            Some((last, of_last)) if *of_last == said && last.adjoins(&range) => {
                last.last = range.last;
            }
            _ => joined.push((range, said)),
        }
    }
    joined
}

/// The address after this one; none after the last of the family.
pub(crate) fn following(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => v4.to_bits().checked_add(1).map(|bits| Ipv4Addr::from_bits(bits).into()),
        IpAddr::V6(v6) => v6.to_bits().checked_add(1).map(|bits| Ipv6Addr::from_bits(bits).into()),
    }
}

/// The address before this one, which is not the first of its family.
pub(crate) fn preceding(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits().saturating_sub(1)).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits().saturating_sub(1)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_sets_are_canonical() {
        let set = |ranges: &[(u16, u16)]| {
            let mut set = PortSet::default();
            ranges.iter().for_each(|&(first, last)| set.insert(PortRange { first, last }));
            set
        };
        assert_eq!(set(&[(80, 80), (81, 90), (1, 10)]), set(&[(1, 10), (80, 90)]));
        assert_eq!(set(&[(1, 100), (50, 60)]), set(&[(1, 100)]));
        assert_eq!(set(&[(1, 1000), (1001, u16::MAX)]), PortSet::all());
        let both = set(&[(1, 100), (200, 300)]).intersection(&set(&[(50, 250)]));
        assert_eq!(both, set(&[(50, 100), (200, 250)]));
        let rest =
            set(&[(1, 100), (200, 300), (400, 500)]).difference(&set(&[(50, 250), (300, 500)]));
        assert_eq!(rest, set(&[(1, 49), (251, 299)]));
        let none = PortSet::default();
        assert_eq!(PortSet::all().difference(&none), PortSet::all());
        assert_eq!(PortSet::all().difference(&PortSet::all()), none);
        assert_eq!(PortSet::all().difference(&set(&[(u16::MAX, u16::MAX)])), set(&[(1, 65534)]));
        assert_eq!(set(&[(1, 9)]).difference(&set(&[(10, 20)])), set(&[(1, 9)]));
    }

    #[test]
    fn the_partition_has_no_gaps_and_keeps_the_ends() {
        let networks =
            ["0.0.0.0/0", "10.0.0.0/8", "255.255.255.255/32", "0.0.0.0/32", "10.0.0.0/32"];
        let networks: Vec<IpNet> = networks.iter().map(|n| n.parse().unwrap()).collect();
        let ranges = partition(Family::V4, networks.iter());
        let text: Vec<_> = ranges.iter().map(AddressRange::to_string).collect();
        assert_eq!(
            text,
            [
                "0.0.0.0-0.0.0.0",
                "0.0.0.1-9.255.255.255",
                "10.0.0.0-10.0.0.0",
                "10.0.0.1-10.255.255.255",
                "11.0.0.0-255.255.255.254",
                "255.255.255.255-255.255.255.255",
            ]
        );
    }

    #[test]
    fn coverage_of_a_network() {
        let check = |cidr: &str, except: &[&str], expected| {
            let block = IpBlock {
                cidr: cidr.parse().unwrap(),
                except: except.iter().map(|e| e.parse().unwrap()).collect(),
            };
            assert_eq!(block.coverage(&"10.244.0.0/16".parse().unwrap()), expected, "{block}");
        };
        check("0.0.0.0/0", &[], Coverage::Everything);
        check("10.244.0.0/16", &[], Coverage::Everything);
        check("10.244.1.0/24", &[], Coverage::Part);
        check("0.0.0.0/0", &["10.244.1.0/24"], Coverage::Part);
        check("0.0.0.0/0", &["10.0.0.0/8"], Coverage::Nothing);
        check("192.168.0.0/16", &[], Coverage::Nothing);
        check("::/0", &[], Coverage::Nothing);
    }
}
