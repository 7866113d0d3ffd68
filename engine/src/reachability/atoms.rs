//! Ports, cut into atoms: two ports are in one atom if no rule tells them apart.

use std::collections::{BTreeSet, HashMap};

use crate::labels::set::Set;
use crate::net::{Connections, PortRange, Protocol};

/// A range of ports of one protocol that some rule means.
pub(super) type Meant = (Protocol, PortRange);

/// All ports of all protocols, in atoms.
pub(super) struct Atoms(Vec<Connections>);

impl Atoms {
    /// Cuts the ports so that each of the ranges that rules mean is made of whole atoms.
    pub fn new(meant: &BTreeSet<Meant>) -> Atoms {
        let mut atoms: Vec<Connections> = Vec::new();
        let mut by_use: HashMap<Vec<&Meant>, usize> = HashMap::new();
        for protocol in Protocol::ALL {
            let of_protocol = || meant.iter().filter(move |(of, _)| *of == protocol);
            for interval in intervals(of_protocol().map(|(_, range)| *range)) {
                let users = of_protocol().filter(|(_, range)| range.contains(interval.first));
                let atom = *by_use.entry(users.collect()).or_insert_with(|| {
                    atoms.push(Connections::none());
                    atoms.len() - 1
                });
                atoms[atom].insert(protocol, interval);
            }
        }
        Atoms(atoms)
    }

    /// All atoms.
    pub fn all(&self) -> Set {
        Set::of(0..self.0.len())
    }

    /// How many atoms there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The atom of a port.
    pub fn of_port(&self, protocol: Protocol, port: u16) -> Option<usize> {
        self.0.iter().position(|atom| atom.contains(protocol, port))
    }

    /// The atoms of ports that a rule means.
    pub fn of(&self, ports: &Connections) -> Set {
        let is_meant = |atom: &Connections| atom.first().is_some_and(|(p, n)| ports.contains(p, n));
        let atoms = self.0.iter().enumerate().filter(|(_, atom)| is_meant(atom));
        atoms.map(|(number, _)| number).collect()
    }

    /// The ports of some atoms.
    pub fn connections(&self, atoms: &Set) -> Connections {
        atoms.iter().fold(Connections::none(), |all, atom| all.union(&self.0[atom]))
    }
}

/// The ports, cut at both ends of every range.
fn intervals(ranges: impl Iterator<Item = PortRange>) -> impl Iterator<Item = PortRange> {
    let mut starts = BTreeSet::from([PortRange::ALL.first]);
    for range in ranges {
        starts.insert(range.first);
        starts.extend(range.last.checked_add(1));
    }
    let lasts: Vec<u16> = starts.iter().skip(1).map(|next| next - 1).collect();
    let lasts = lasts.into_iter().chain([PortRange::ALL.last]);
    starts.into_iter().zip(lasts).map(|(first, last)| PortRange { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_cut_where_a_rule_tells_them_apart_and_nowhere_else() {
        let range = |first, last| PortRange { first, last };
        let meant = BTreeSet::from([
            (Protocol::Tcp, range(80, 90)),
            (Protocol::Tcp, range(85, 85)),
            (Protocol::Udp, PortRange::ALL),
        ]);
        let atoms = Atoms::new(&meant);
        let text: Vec<String> = atoms.0.iter().map(Connections::to_string).collect();
        let expected = ["TCP 1-79,91-65535 SCTP all", "TCP 80-84,86-90", "TCP 85", "UDP all"];
        assert_eq!(text, expected);
        let mut ports = Connections::none();
        ports.insert(Protocol::Tcp, range(80, 90));
        assert_eq!(atoms.connections(&atoms.of(&ports)), ports);
        assert!(atoms.connections(&atoms.all()).is_all());
        assert_eq!(Atoms::new(&BTreeSet::new()).len(), 1);
    }
}
