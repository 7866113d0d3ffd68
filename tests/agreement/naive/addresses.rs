//! Addresses as numbers: which lie in a block, and which do not.

use std::net::IpAddr;

/// Addresses of one family from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Whether the addresses are IPv6; the families never mix.
    pub ipv6: bool,
    /// The lowest address as a number.
    pub first: u128,
    /// The highest address as a number.
    pub last: u128,
}

impl Span {
    /// Every IPv4 address.
    pub const IPV4: Span = Span { ipv6: false, first: 0, last: u32::MAX as u128 };

    /// One address.
    pub fn of(address: IpAddr) -> Span {
        let (ipv6, number) = match address {
            IpAddr::V4(v4) => (false, u128::from(u32::from(v4))),
            IpAddr::V6(v6) => (true, u128::from(v6)),
        };
        Span { ipv6, first: number, last: number }
    }

    /// The addresses of a CIDR, whose host bits are masked off; octets may have leading zeros.
    pub fn cidr(text: &str) -> Span {
        let (address, mask) = text.split_once('/').expect("a cidr has a mask");
        let mask: u32 = mask.parse().expect("a mask is a number");
        let address = if address.contains(':') {
            address.parse().expect("an IPv6 address")
        } else {
            let octets: Vec<u8> =
                address.split('.').map(|o| o.parse().expect("an octet")).collect();
            IpAddr::from(<[u8; 4]>::try_from(octets).expect("four octets"))
        };
        let one = Span::of(address);
        let host_bits = if one.ipv6 { 128 } else { 32 } - mask;
        let holes = if host_bits == 128 { u128::MAX } else { (1 << host_bits) - 1 };
        Span { ipv6: one.ipv6, first: one.first & !holes, last: one.first | holes }
    }

    /// Whether all of `other` lies in `self`.
    pub fn covers(self, other: Span) -> bool {
        self.ipv6 == other.ipv6 && self.first <= other.first && other.last <= self.last
    }

    /// Whether any of `other` lies in `self`.
    pub fn touches(self, other: Span) -> bool {
        self.ipv6 == other.ipv6 && self.first <= other.last && other.first <= self.last
    }
}
