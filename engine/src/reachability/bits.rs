//! What is asked by who counts pairs instead of listing them: where the bits of classes are in rows, and
//! what single doors admit.

use super::{Class, Difference, Reachability};
use crate::evaluate::{Model, Peer, Traffic};
use crate::labels::set::{Set, WORD};
use crate::net::{Connections, Protocol};
use crate::policy::{Direction, Policy};

impl Class {
    /// The word of a row that its bit is in, and the bit.
    pub(crate) fn bit(self) -> (usize, u64) {
        (self.0 / WORD, 1 << (self.0 % WORD))
    }
}

impl Reachability {
    /// The class of a workload's pods.
    pub(crate) fn class_of(&self, workload: usize) -> Class {
        Class(self.classes.of[workload])
    }

    /// The number of the atom of a port.
    pub(crate) fn atom(&self, protocol: Protocol, port: u16) -> Option<usize> {
        self.atoms.of_port(protocol, port)
    }

    /// Whether any policy that is on isolates a class of pods.
    pub(crate) fn is_isolated(&self, Class(class): Class, direction: Direction) -> bool {
        self.doors[direction as usize].is_isolated(class)
    }

    /// Whether a connection passes between two pods.
    pub(crate) fn passes(&self, traffic: Traffic) -> bool {
        let Traffic { source, destination, protocol, port } = traffic;
        let (Peer::Pod(from), Peer::Pod(to)) = (source, destination) else { return false };
        let passing = || {
            let [from, to] = [from, to].map(|pod| self.classes.of[pod.workload]);
            self.passing(from, to, &Difference::default())
        };
        self.passes_anyway(source, destination)
            || self.atom(protocol, port).is_some_and(|atom| passing().contains(atom))
    }

    /// What egress and ingress admit from one class of pods to another, in each family that both have.
    pub(crate) fn admitted_at_doors(
        &self,
        Class(from): Class,
        Class(to): Class,
    ) -> Vec<[Connections; 2]> {
        let talk = |(_, speaking): &(usize, &Set)| speaking.contains(from) && speaking.contains(to);
        let families = self.classes.speaking.iter().enumerate().filter(talk);
        let none = Difference::default();
        let admitted = |direction, here, there, family| {
            let atoms = self.admitted(direction, here, there, family, &none);
            atoms.map_or_else(Connections::all, |atoms| self.atoms.connections(&atoms))
        };
        let doors = families.map(|(family, _)| {
            let egress = admitted(Direction::Egress, from, to, family);
            [egress, admitted(Direction::Ingress, to, from, family)]
        });
        doors.collect()
    }

    /// The model with none but the policies that are on.
    pub(crate) fn plain(&self) -> Model {
        let policies = self.policies().zip(&self.numbers);
        let on: Vec<Policy> =
            policies.filter(|(_, number)| self.on[**number]).map(|(p, _)| p.clone()).collect();
        Model { policies: on.into(), ..self.model.clone() }
    }

    /// The model, with all of its policies.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }
}
