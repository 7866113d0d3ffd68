//! Who reaches whom, for all pairs of ends at once, and what a policy changes of it.
//!
//! In: a [`Model`]. Out: what passes between any two ends, the same as [`evaluate::connections`] says,
//! which stays the reference: no reason is given here, and nothing is decided that is not decided there.
//!
//! What makes it fast is that most ends are alike. `classes` are ends that no rule tells apart, `atoms`
//! are ports that no rule tells apart, and `terms` are what policies say of them, in sets. `door` has the
//! rows: whom each class lets pass on its side. A connection needs both doors, so `reached` puts the
//! rows of sources and destinations together. To turn a policy on or off is to make the rows of the
//! classes anew that it selects, and to compare: see `switch`.
//!
//! Two things are no matter of classes: a pod is not kept from itself, nor from a pod that counts as
//! the node that it runs on.

mod atoms;
mod bits;
mod classes;
mod door;
mod reached;
mod slots;
mod switch;
mod terms;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluate::{self, Model, Peer};
use crate::net::{AddressRange, Connections};
use crate::policy::{Direction, Policy};

use crate::labels::set::{Set, WORD};
use atoms::Atoms;
use classes::{Asked, Classes};
use door::Door;
use terms::Compiler;

pub use reached::{Passes, Passing, Reached};
pub use switch::{Change, Difference, Switch};

/// All pairs of ends of a model, as far as policies are on.
pub struct Reachability {
    model: Model,
    rows: Rows,
    /// Policies in the place of those of the model, by position.
    replaced: BTreeMap<usize, Policy>,
    /// The number of each policy, by position: there may be more for which the ends are cut.
    numbers: Vec<usize>,
    classes: Classes,
    /// How each workload stands to its node.
    nodes: Vec<OnNode>,
    atoms: Atoms,
    /// By direction, in the order of [`Direction::ALL`].
    doors: [Door; 2],
    /// Which policies are on, by number.
    on: Vec<bool>,
}

/// What becomes of the rows of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// They are kept, unless they are too many: more than 32 MiB at a door.
    #[default]
    Kept,
    /// They are made whenever they are looked at.
    Made,
}

/// Ends that no rule tells apart, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(usize);

/// Who is in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members<'r> {
    /// Pods of these workloads, by their positions in the cluster, ascending.
    Workloads(&'r [usize]),
    /// Hosts outside the cluster.
    Hosts(AddressRange),
}

/// How a workload stands to its node.
#[derive(Clone, Copy, PartialEq, Eq)]
struct OnNode {
    /// Whether its pods count as the node.
    is_node: bool,
    /// The node, by number, when it is known.
    node: Option<usize>,
}

impl Reachability {
    /// All pairs of a model, with all of its policies on.
    pub fn new(model: &Model) -> Reachability {
        Reachability::with(model, Rows::Kept)
    }

    /// All pairs of a model, with all of its policies on.
    pub fn with(model: &Model, rows: Rows) -> Reachability {
        let policies: Vec<&Policy> = model.policies.iter().collect();
        let on = vec![true; policies.len()];
        Reachability::cut(model, rows, &policies, on)
    }

    /// Cuts ends and ports as all of the policies ask for it, whether they are on or not.
    fn cut(model: &Model, rows: Rows, policies: &[&Policy], on: Vec<bool>) -> Reachability {
        let asked = Asked::by(policies);
        let (classes, facts) = Classes::new(model, &asked);
        let atoms = Atoms::new(&terms::meant(policies, &facts));
        let mut compiler = Compiler::new(model, &asked, &classes, &atoms, facts);
        let doors = Direction::ALL.map(|direction| {
            Door::new(&classes, atoms.len(), compiler.compile(policies, direction), rows)
        });
        let nodes = nodes(model);
        let (model, replaced) = (model.clone(), BTreeMap::new());
        let numbers = (0..policies.len()).collect();
        let mut all =
            Reachability { model, rows, replaced, numbers, classes, nodes, atoms, doors, on };
        for policy in (0..policies.len()).filter(|policy| all.on[*policy]) {
            for door in &mut all.doors {
                door.isolate(policy, Switch::On);
            }
        }
        all.evaluate();
        all
    }

    /// Makes every row anew. It has been done when there is a `Reachability`: this is what is measured.
    pub fn evaluate(&mut self) {
        for door in &mut self.doors {
            door.fill(&self.on);
        }
    }

    /// How many classes of pods there are, and how many of hosts outside.
    pub fn classes(&self) -> (usize, usize) {
        (self.classes.members.len(), self.classes.ranges.len())
    }

    /// Whether rows are kept. They are made when they are looked at if they are too many at a door, or if
    /// that is what was asked for.
    pub fn keeps_rows(&self) -> bool {
        self.doors.iter().all(Door::keeps_rows)
    }

    /// How many sets of ports there are that no rule tells apart.
    pub fn atoms(&self) -> usize {
        self.atoms.len()
    }

    /// The class of an end; none for an address of a family that neither a block nor a pod has.
    pub fn class(&self, peer: Peer) -> Option<Class> {
        match peer {
            Peer::Pod(pod) => Some(Class(self.classes.of[pod.workload])),
            Peer::External(address) => self.classes.of_address(address).map(Class),
        }
    }

    /// Who is in a class.
    pub fn members(&self, Class(class): Class) -> Members<'_> {
        match self.classes.range(class) {
            Some(range) => Members::Hosts(range),
            None => Members::Workloads(&self.classes.members[class]),
        }
    }

    /// Everything that can pass from one end to the other, as [`evaluate::connections`] has it; none
    /// is known of an address of a family that neither a block nor a pod has.
    pub fn connections(&self, source: Peer, destination: Peer) -> Option<Connections> {
        Passing::of(self).between(source, destination).map(Rc::unwrap_or_clone)
    }

    /// Whether everything passes whatever the policies say: from a pod to itself, and between two pods
    /// of one node of which one counts as the node.
    pub fn passes_anyway(&self, source: Peer, destination: Peer) -> bool {
        let (Peer::Pod(a), Peer::Pod(b)) = (source, destination) else { return false };
        source == destination || self.are_on_one_node(a.workload, b.workload)
    }

    fn are_on_one_node(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.nodes[a], self.nodes[b]);
        let talk = |speaking: &Set| {
            speaking.contains(self.classes.of[a]) && speaking.contains(self.classes.of[b])
        };
        (x.is_node || y.is_node)
            && x.node.is_some()
            && x.node == y.node
            && self.classes.speaking.iter().any(talk)
    }

    /// The atoms that pass from one class to another: a difference that is given is undone first.
    fn passing(&self, source: usize, destination: usize, undone: &Difference) -> Set {
        let mut passing = Set::default();
        for (family, speaking) in self.classes.speaking.iter().enumerate() {
            if !speaking.contains(source) || !speaking.contains(destination) {
                continue;
            }
            let leaving = self.admitted(Direction::Egress, source, destination, family, undone);
            let entering = self.admitted(Direction::Ingress, destination, source, family, undone);
            passing.add(&match (leaving, entering) {
                // Hosts outside have no door.
                (None, None) => self.atoms.all(),
                (Some(one), None) | (None, Some(one)) => one,
                (Some(leaving), Some(entering)) => leaving.intersection(&entering),
            });
        }
        passing
    }

    /// Whether anything passes the door of one class, from or to another.
    fn admits(&self, direction: Direction, here: usize, there: usize) -> bool {
        let door = &self.doors[direction as usize];
        let (word, bit) = (there / WORD, 1 << (there % WORD));
        here >= self.classes.outside || door.any(here, &self.on, word) & bit != 0
    }

    /// The atoms that pass the door of one class, from or to another; none where there is no door.
    fn admitted(
        &self,
        direction: Direction,
        here: usize,
        there: usize,
        family: usize,
        undone: &Difference,
    ) -> Option<Set> {
        if here >= self.classes.outside {
            return None;
        }
        let door = &self.doors[direction as usize];
        let (word, bit) = (there / WORD, 1 << (there % WORD));
        let (slots, words) = (door.slots(here), door.words(here, &self.on, word));
        let changed = undone.rows(direction, here);
        let mut admitted = Set::default();
        for (slot, row) in slots.iter().zip(family * slots.len()..) {
            let change = changed.map_or(0, |rows| rows[row * self.classes.words() + word]);
            if (words[row] ^ change) & bit != 0 {
                admitted.add(slot);
            }
        }
        Some(admitted)
    }

    /// The policies by position.
    fn policies(&self) -> impl Iterator<Item = &Policy> {
        let policies = self.model.policies.iter().enumerate();
        policies.map(|(position, policy)| self.replaced.get(&position).unwrap_or(policy))
    }
}

/// How the workloads of a model stand to their nodes.
fn nodes(model: &Model) -> Vec<OnNode> {
    let mut numbers = BTreeMap::new();
    let workloads = model.cluster.workloads.iter();
    let nodes = workloads.map(|workload| {
        let node = workload.node.as_deref().map(|name| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        });
        OnNode { is_node: evaluate::counts_as_node(&model.plugin, workload), node }
    });
    nodes.collect()
}
