//! A cluster that is too large to be drawn pod by pod: by namespace, then workload, then pods.
//!
//! In: a [`Model`](crate::evaluate::Model) whose workloads are whole, as [`owners`](crate::owners) makes them,
//! and a [`Lens`]: what is unfolded, looked for and muted. Out: an [`Overview`] of what there is to draw,
//! [`Body`] by body, and how much gets through between them, [`Bond`] by bond. Pairs are those of
//! [`probe::links`](crate::probe::links()), and each is as open as it is there;
//! [`reachability`](crate::reachability) makes it quick.

mod bodies;
mod bonds;
mod calls;
mod census;
mod columns;
mod filter;
mod offers;
mod plan;
mod tally;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::probe::{LinkState, Stop};

pub use census::Census;

/// What of a cluster is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lens {
    /// Namespaces (`ns`) that are drawn as their workloads, and workloads (`ns/name`) that are drawn as their
    /// pods, by [`Body::id`].
    pub unfolded: BTreeSet<String>,
    /// Only workloads for which all of these words hold: `key=value`, `key!=value` of their labels,
    /// `ns:name` of their namespace, and any other word as a part of `ns/name`, in capitals or not.
    pub filter: String,
    /// Bodies whose bonds are left out, by [`Body::id`].
    pub muted: BTreeSet<String>,
    /// The body that is looked at, by [`Body::id`]: its bonds are the last to be left out.
    pub focus: Option<String>,
    /// How many bodies and bonds there may be.
    pub most: Most,
}

/// How much is drawn at most, or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Most {
    /// Of bodies: the last ones of unfolded namespaces are left out first, and the folded namespaces last.
    pub bodies: u32,
    /// Of bonds: those of the fewest pairs of workloads are left out first, whatever gets through, so
    /// that a policy does not change which ones are drawn.
    pub bonds: u32,
}

/// What there is to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// By namespace, name and number.
    pub bodies: Vec<Body>,
    /// By the positions of their ends.
    pub bonds: Vec<Bond>,
    /// How many workloads the filter lets through, and how many pods they have.
    pub found: Count,
    /// How many there are.
    pub all: Count,
    /// How many bodies, and how many bonds between those that are drawn, are left out for being too many;
    /// not the bonds of muted bodies.
    pub left_out: Most,
}

/// How many workloads, and how many pods they have as far as the input tells: at least one each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Workloads.
    pub workloads: u32,
    /// Pods.
    pub pods: u32,
}

/// Something that is drawn as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What it is called in lenses and addresses: `ns`, `ns/name`, `ns/name#3` of a third pod; and
    /// `ns/name[Kind]` in the place of `ns/name` where another workload has that already.
    pub id: String,
    /// What it is.
    pub level: Level,
    /// The namespace that it is, or is in.
    pub namespace: String,
    /// Its name: that of the namespace, the workload or the pod.
    pub name: String,
    /// What it stands for.
    pub count: Count,
    /// How many of its workloads are isolated for egress, and how many for ingress. Pods that count as
    /// their node never are.
    pub isolated: [u32; 2],
}

/// What a [`Body`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// All workloads of a namespace that the filter lets through.
    Namespace,
    /// All pods of a workload.
    Workload,
    /// One pod.
    Pod,
}

/// The calls from one body to another, or within one, counted by pair of workloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    /// The position of the calling body.
    pub from: u32,
    /// The position of the called body.
    pub to: u32,
    /// Pairs between which every call gets through.
    pub open: u32,
    /// Pairs between which some do.
    pub partly: u32,
    /// Pairs between which none does.
    pub blocked: u32,
    /// Where the calls are stopped, between two workloads or their pods, when none gets through.
    pub stop: Option<Stop>,
}

impl Most {
    /// Nothing at all.
    pub const NONE: Most = Most { bodies: 0, bonds: 0 };
}

impl Default for Most {
    /// As much as can be told apart on a screen.
    fn default() -> Most {
        Most { bodies: 300, bonds: 1000 }
    }
}

impl Default for Overview {
    /// Of a cluster without workloads.
    fn default() -> Overview {
        let (found, all) = (Count::default(), Count::default());
        Overview { bodies: Vec::new(), bonds: Vec::new(), found, all, left_out: Most::NONE }
    }
}

impl Body {
    /// Whether it can be unfolded: it stands for what can be drawn one by one.
    pub fn has_parts(&self) -> bool {
        match self.level {
            Level::Namespace => true,
            Level::Workload => self.count.pods > 1,
            Level::Pod => false,
        }
    }
}

impl Bond {
    /// Whether it is one of a body's, by [`Body::id`].
    pub fn touches(&self, bodies: &[Body], id: &str) -> bool {
        [self.from, self.to].into_iter().any(|body| bodies[body as usize].id == id)
    }

    /// How much gets through, over all pairs.
    pub fn state(&self) -> LinkState {
        match (self.open, self.partly, self.blocked) {
            (_, 0, 0) => LinkState::Open,
            (0, 0, _) => LinkState::Blocked,
            _ => LinkState::Partly,
        }
    }

    /// How many pairs of workloads there are.
    pub fn pairs(&self) -> u32 {
        self.open + self.partly + self.blocked
    }
}
