//! One of the two doors of a connection: what was found there, and the words for it.

use super::names::name;
use super::workload_of;
use crate::evaluate::{self, DirectionVerdict, Exemption, Model, Peer, Traffic, Verdict};
use crate::net::{Connections, Family};
use crate::policy::{Direction, RuleRef};

/// One of the two doors of a connection.
pub(super) struct Side<'a> {
    pub model: &'a Model,
    pub direction: Direction,
    pub traffic: Traffic,
    pub verdict: &'a Verdict,
}

impl<'a> Side<'a> {
    /// The end whose door this is.
    pub fn here(&self) -> Peer {
        match self.direction {
            Direction::Egress => self.traffic.source,
            Direction::Ingress => self.traffic.destination,
        }
    }

    /// The other end.
    pub fn there(&self) -> Peer {
        match self.direction {
            Direction::Egress => self.traffic.destination,
            Direction::Ingress => self.traffic.source,
        }
    }

    /// What this end is called.
    pub fn here_name(&self) -> String {
        name(self.model, self.here())
    }

    /// What the other end is called.
    pub fn there_name(&self) -> String {
        name(self.model, self.there())
    }

    /// What was found.
    pub fn found(&self) -> &'a DirectionVerdict {
        self.verdict.side(self.direction)
    }

    /// The rules that match the other end, and what they admit, in the family of the verdict.
    pub fn matching_rules(&self) -> Vec<(RuleRef, Connections)> {
        let Traffic { source, destination, .. } = self.traffic;
        evaluate::matching_rules(self.model, self.direction, source, destination, self.family())
    }

    /// The family of the verdict, or the one that is judged in where the ends share none.
    pub fn family(&self) -> Family {
        self.verdict.family.unwrap_or(Family::V4)
    }

    /// Whether the policies that isolate the pod have no rules at all, for anybody.
    pub fn has_no_rules(&self) -> bool {
        workload_of(self.model, self.here()).is_some_and(|workload| {
            let mut isolating = evaluate::isolating(self.model, self.direction, workload);
            isolating.all(|(_, rules)| rules.is_empty())
        })
    }

    /// Whom no rule admits: the other end; and on which port, where rules admit it on others.
    pub fn unadmitted(&self) -> String {
        let there = self.there_name();
        if self.matching_rules().iter().all(|(_, ports)| ports.is_empty()) {
            return there;
        }
        format!("{there} on {} {}", self.traffic.protocol, self.traffic.port)
    }

    /// Why no policy is asked.
    pub fn exempt(&self, exemption: Exemption) -> String {
        let here = self.here_name();
        match (exemption, self.direction) {
            (Exemption::Outside, _) => {
                format!("{here} is outside the cluster, where policies do not reach")
            }
            (Exemption::HostNetwork, _) => {
                format!("{here} is on its node's network, and policies do not isolate nodes")
            }
            (Exemption::SameNode, Direction::Egress) => {
                format!("{here} always reaches the node that it runs on")
            }
            (Exemption::SameNode, Direction::Ingress) => {
                format!("{here} always admits the node that it runs on")
            }
            (Exemption::Itself, _) => "a pod cannot be cut off from itself".to_owned(),
        }
    }
}
