//! Which of several ways to change something is the smallest, and which does the least besides.
//!
//! Nothing is taken on trust: a plan counts only if the model in which it is carried out has become what
//! was wanted, and what else it does is read off that model.

use std::cmp::Ordering;

use super::Suggestion;
use super::change::{self, Change, Changed};
use super::effect::{Effects, effects};
use crate::evaluate::Model;
use crate::net::{Connections, PortRange, Protocol};

/// A way to change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
}

/// A change, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub change: Change,
    /// What it does, without a capital: `remove ingress rule 1 of shop/till`.
    pub title: String,
}

/// What is wanted of a plan.
pub(super) trait Goal {
    /// Whether the model has become what was wanted.
    fn is_reached(&self, after: &Model) -> bool;

    /// What a plan does besides what is wanted, and how much that is; none where it does what no plan
    /// may.
    fn weigh(&self, effects: Effects) -> Option<(Effects, Besides)>;
}

/// How much else a plan does than what is wanted: on how many pairs of ends, and on how many ports of
/// theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Besides {
    pub pairs: usize,
    pub ports: u64,
}

impl Besides {
    /// Counts what is done to one more pair.
    pub fn count(&mut self, connections: &Connections) {
        let ports = |protocol| connections.ports(protocol).ranges().iter();
        let count = |range: &PortRange| u64::from(range.last - range.first) + 1;
        self.pairs += usize::from(!connections.is_empty());
        self.ports += Protocol::ALL.into_iter().flat_map(ports).map(count).sum::<u64>();
    }
}

/// How much a plan changes: objects first, then lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    objects: usize,
    lines: usize,
}

/// The best of some plans.
#[derive(Default)]
pub(super) struct Choice {
    /// The smallest one; of several, the one that does the least besides.
    pub smallest: Option<Judged>,
    /// The one that does the least besides, where that is less than the smallest one does; of several,
    /// the smallest.
    pub finest: Option<Judged>,
}

/// A plan that does what is wanted.
#[derive(Clone)]
pub(super) struct Judged {
    pub suggestion: Suggestion,
    pub besides: Besides,
    size: Size,
}

/// The most plans of which it is seen what else comes of them.
const JUDGED: usize = 32;
/// The most pairs of ends that are listed for that, before it is left at the plans that were seen: a
/// policy for a whole namespace may be about all pairs of many pods.
const LISTED: usize = 100_000;

impl Plan {
    fn changes(&self) -> Vec<Change> {
        self.steps.iter().map(|step| step.change.clone()).collect()
    }

    fn changed(&self, model: &Model) -> Changed {
        change::changed(&model.policies, &self.changes())
    }

    fn size(&self, model: &Model) -> Size {
        let changed = self.changed(model);
        Size { objects: changed.objects(), lines: changed.lines(&model.policies) }
    }

    /// The model in which it is carried out.
    fn carried_out(&self, model: &Model) -> Model {
        Model { policies: change::apply(&model.policies, &self.changes()), ..model.clone() }
    }
}

/// Carries plans out, the smallest first, until one does nothing besides or too many have been tried.
pub(super) fn choose(model: &Model, plans: Vec<Plan>, goal: &impl Goal) -> Choice {
    let mut sized: Vec<(Size, Plan)> = Vec::new();
    for plan in plans {
        if !sized.iter().any(|(_, other)| *other == plan) {
            sized.push((plan.size(model), plan));
        }
    }
    // Stable: of two that are of one size, the one that was thought of first.
    sized.sort_by_key(|(size, _)| *size);
    let mut choice = Choice::default();
    let (mut judged, mut listed) = (0, 0);
    for (size, plan) in sized {
        let is_larger = choice.smallest.as_ref().is_some_and(|smallest| size > smallest.size);
        let does_nothing_else =
            choice.finest.as_ref().is_some_and(|it| it.besides == Besides::default());
        let is_enough = judged == JUDGED || listed >= LISTED && choice.smallest.is_some();
        if is_larger && does_nothing_else || is_enough {
            break;
        }
        let after = plan.carried_out(model);
        if goal.is_reached(&after) {
            let effects = effects(model, &after);
            listed += effects.opens.len() + effects.closes.len();
            choice.weigh(judge(model, &plan, size, goal.weigh(effects)));
            judged += 1;
        }
    }
    choice
}

fn judge(
    model: &Model,
    plan: &Plan,
    size: Size,
    weighed: Option<(Effects, Besides)>,
) -> Option<Judged> {
    let (effects, besides) = weighed?;
    let changes = plan.changes();
    // Several changes may be one step to take.
    let mut titles: Vec<String> = plan.steps.iter().map(|step| step.title.clone()).collect();
    titles.dedup();
    let changed = plan.changed(model);
    let types = changed.untyped(&model.policies);
    titles.extend(types.map(|path| format!("list both types in `policyTypes` of {path}")));
    let suggestion = Suggestion {
        title: titles.join("; "),
        lines: size.lines,
        yaml: change::yaml(&model.policies, &changes),
        changes,
        opens: effects.opens,
        closes: effects.closes,
    };
    Some(Judged { suggestion, besides, size })
}

impl Choice {
    fn weigh(&mut self, judged: Option<Judged>) {
        let Some(judged) = judged else { return };
        let is_before = |other: &Option<Judged>, order: fn(&Judged, &Judged) -> Ordering| {
            other.as_ref().is_none_or(|other| order(&judged, other).is_lt())
        };
        let by_size = |a: &Judged, b: &Judged| (a.size, a.besides).cmp(&(b.size, b.besides));
        let by_besides = |a: &Judged, b: &Judged| (a.besides, a.size).cmp(&(b.besides, b.size));
        let is_finest = is_before(&self.finest, by_besides);
        if is_before(&self.smallest, by_size) {
            self.smallest = Some(judged.clone());
        }
        if is_finest {
            self.finest = Some(judged);
        }
    }

    /// The suggestions to make, one or two.
    pub fn suggestions(self) -> Vec<Judged> {
        let Choice { smallest, finest } = self;
        let is_less = |finest: &Judged| {
            smallest.as_ref().is_none_or(|smallest| finest.besides < smallest.besides)
        };
        let finest = finest.filter(is_less);
        smallest.into_iter().chain(finest).collect()
    }
}
