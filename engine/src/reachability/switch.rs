//! What is different when a policy is turned on or off, or another takes its place.
//!
//! Only the rows of the classes that the policy selects are made anew. The difference between them and
//! what they were says at which door a class now lets pass whom it did not, or no longer does: that is
//! the list of what has changed, once the other door is asked.

use std::collections::BTreeMap;
use std::mem;
use std::rc::Rc;

use super::reached::Passing;
use super::{Class, Reachability, Rows};
use crate::evaluate::Model;
use crate::labels::set::{Set, WORD, bits};
use crate::net::Connections;
use crate::policy::{Direction, Policy, PolicyRef};

/// Whether a policy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It does.
    On,
    /// It is as if it did not exist.
    Off,
}

/// What is different at the doors of some classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// By direction, then by class.
    sides: [Vec<Side>; 2],
}

/// A class that lets pass others than before.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Side {
    class: usize,
    /// Its rows: the bits that have changed.
    rows: Vec<u64>,
}

/// A pair of classes between which something else passes than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who connects.
    pub source: Class,
    /// To whom.
    pub destination: Class,
    /// What passes now, and did not.
    pub opened: Rc<Connections>,
    /// What passed, and does not now.
    pub closed: Rc<Connections>,
}

impl Reachability {
    /// Turns a policy of the model on or off.
    pub fn switch(&mut self, policy: PolicyRef, to: Switch) -> Difference {
        self.turn(&[(self.numbers[policy.0], to)])
    }

    /// Turns policies of the model on or off, all at once. Of several turns of one, the last counts.
    pub fn switch_all(&mut self, turns: &[(PolicyRef, Switch)]) -> Difference {
        let turns = turns.iter().map(|(policy, to)| (self.numbers[policy.0], *to));
        let turns: BTreeMap<usize, Switch> = turns.collect();
        self.turn(&turns.into_iter().collect::<Vec<_>>())
    }

    /// Puts another policy in the place of one of the model, whatever it is called, and turns it on.
    ///
    /// Ends and ports are cut anew, for what the one asks and for what the other does. So the classes of
    /// before mean nothing any more, and those of the difference are the new ones.
    pub fn replace(&mut self, policy: PolicyRef, by: Policy) -> Difference {
        let PolicyRef(position) = policy;
        let next = self.numbers.len();
        let policies: Vec<&Policy> = self.policies().chain([&by]).collect();
        let mut on: Vec<bool> = self.numbers.iter().map(|number| self.on[*number]).collect();
        on.push(false);
        let mut both = Reachability::cut(&self.model, self.rows, &policies, on);
        let difference = both.turn(&[(position, Switch::Off), (next, Switch::On)]);
        // The one that was there stays off.
        both.numbers.truncate(next);
        both.numbers[position] = next;
        both.replaced = mem::take(&mut self.replaced);
        both.replaced.insert(position, by);
        *self = both;
        difference
    }

    /// All pairs of the model after some change of policies, and what is different since the one before
    /// it, which is of the same cluster and plugin.
    ///
    /// Ends and ports are cut for the policies of both.
    pub fn after(before: &Model, after: &Model) -> (Reachability, Difference) {
        let mut policies: Vec<&Policy> = before.policies.iter().collect();
        let mut on = vec![true; policies.len()];
        let mut numbers = Vec::new();
        for policy in after.policies.iter() {
            let mut namesakes = before.policies.of(&policy.namespace);
            let same = namesakes.find(|(_, other)| other.says_the_same(policy));
            numbers.push(same.map_or(policies.len(), |(PolicyRef(number), _)| number));
            if same.is_none() {
                policies.push(policy);
                on.push(false);
            }
        }
        let mut both = Reachability::cut(after, Rows::Kept, &policies, on);
        let gone = (0..before.policies.len()).filter(|number| !numbers.contains(number));
        let gone = gone.map(|number| (number, Switch::Off));
        let new = (before.policies.len()..policies.len()).map(|number| (number, Switch::On));
        let difference = both.turn(&gone.chain(new).collect::<Vec<_>>());
        both.numbers = numbers;
        (both, difference)
    }

    /// Turns policies on or off, all at once, by their numbers, of which none may be given twice.
    fn turn(&mut self, turns: &[(usize, Switch)]) -> Difference {
        let is_new = |&&(policy, to): &&(usize, Switch)| self.on[policy] != (to == Switch::On);
        let turns: Vec<_> = turns.iter().filter(is_new).copied().collect();
        let mut difference = Difference::default();
        for (direction, sides) in Direction::ALL.into_iter().zip(&mut difference.sides) {
            let mut classes = Set::default();
            let door = &self.doors[direction as usize];
            turns.iter().for_each(|(policy, _)| classes.add(door.selected(*policy)));
            let rows = |class| Side { class, rows: door.rows(class, &self.on).into_owned() };
            sides.extend(classes.iter().map(rows));
        }
        for (policy, to) in turns {
            self.on[policy] = to == Switch::On;
            self.doors.iter_mut().for_each(|door| door.isolate(policy, to));
        }
        for (direction, sides) in Direction::ALL.into_iter().zip(&mut difference.sides) {
            for Side { class, rows } in &mut *sides {
                let door = &mut self.doors[direction as usize];
                door.refill(*class, &self.on);
                let now = door.rows(*class, &self.on);
                rows.iter_mut().zip(&*now).for_each(|(word, now)| *word ^= now);
            }
            sides.retain(|side| side.rows.iter().any(|word| *word != 0));
        }
        difference
    }
}

impl Difference {
    /// How many classes let pass others than before, at either door.
    pub fn len(&self) -> usize {
        self.sides.iter().map(Vec::len).sum()
    }

    /// Whether no door lets pass others than before.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pairs of classes between which something else passes than before, in the state in which
    /// the difference was made. Where two ends [pass anyway](Reachability::passes_anyway), nothing has
    /// changed between them, whatever is said of their classes.
    pub fn changes(&self, after: &Reachability) -> Vec<Change> {
        let mut pairs = Vec::new();
        for (direction, sides) in Direction::ALL.into_iter().zip(&self.sides) {
            for Side { class, rows } in sides {
                for there in others(rows, after.classes.words()) {
                    let (far, pair) = match direction {
                        Direction::Egress => (Direction::Ingress, (*class, there)),
                        Direction::Ingress => (Direction::Egress, (there, *class)),
                    };
                    // Most often the other door is shut, as it was.
                    if self.rows(far, there).is_some() || after.admits(far, there, *class) {
                        pairs.push(pair);
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let nothing = Difference::default();
        let mut ports = Passing::of(after);
        let mut change = |(source, destination)| {
            let was = after.passing(source, destination, self);
            let is = after.passing(source, destination, &nothing);
            (was != is).then(|| Change {
                source: Class(source),
                destination: Class(destination),
                opened: ports.connections(is.without(&was)),
                closed: ports.connections(was.without(&is)),
            })
        };
        pairs.into_iter().filter_map(&mut change).collect()
    }

    /// The bits that have changed of a class's rows; none if none has.
    pub(super) fn rows(&self, direction: Direction, class: usize) -> Option<&[u64]> {
        let sides = &self.sides[direction as usize];
        let found = sides.binary_search_by_key(&class, |side| side.class).ok()?;
        Some(&sides[found].rows)
    }
}

/// The classes that any of some rows has a bit of.
fn others(rows: &[u64], width: usize) -> impl Iterator<Item = usize> + '_ {
    (0..width).flat_map(move |word| {
        let any = rows.iter().skip(word).step_by(width).fold(0, |any, row| any | row);
        bits(any).map(move |bit| word * WORD + bit)
    })
}
