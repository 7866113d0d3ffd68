//! What would change what becomes of a call?
//!
//! In: a [`Model`] and a call. Out: an [`Advice`]: why the call gets through, or does not; the smallest
//! change of policies that makes it the other way round; and, where that does more, the change that does
//! the least besides. Small is what touches few objects, then what takes few lines of YAML. Every change
//! is carried out on the model before it is suggested: `probe` says what becomes of the call then, and
//! [`effects`] what else. Knows no texts: how a change is written into one is for the page's worker.
//!
//! What is written names ends by the labels that tell them from others, and hosts outside the cluster by
//! their addresses. Lasting labels are meant: what controllers make up for every pod or rollout is not
//! used. Not everything that policies could say is thought of: at most so many ways as the constants in
//! `open`, `close` and `plan` have it, so that an answer takes a moment.
//!
//! | module | question |
//! |---|---|
//! | `change` | what is a change, and what comes of it? |
//! | `effect` | what else does it open and close? |
//! | `telling` | how does a rule name an end? |
//! | `goal` | what is wanted, and what is done besides? |
//! | `need` | which doors stop a call? |
//! | `open`, `close` | which ways are there to open a call, and to close it? |
//! | `narrow` | how does a rule admit a connection no more? |
//! | `plan` | which way is the smallest, and which does the least besides? |
//! | `words` | what is it called? |

mod change;
mod close;
mod effect;
mod goal;
mod narrow;
mod need;
mod open;
mod plan;
mod telling;
mod words;

#[cfg(test)]
mod tests;

use crate::connectivity::Pair;
use crate::evaluate::{DirectionVerdict, Model, Peer, Traffic};
use crate::explain::{Explanation, explain};
use crate::probe::{self, Attempt, Call, Outcome, Reply, Target};
use goal::{Closing, Opening, Own, tied};
use plan::{Besides, Goal, Judged, choose};
use telling::Ground;

pub use change::{Change, Edit, Splice, apply, differing, needs_types};
pub use effect::{Effects, effects};

/// What would change what becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why: the summary of its [`Explanation`], which begins with the outcome's words.
    pub why: String,
    /// What policies cannot do about it, a sentence each.
    pub limits: Vec<String>,
    /// What to change: the smallest change, and after it one that does less besides, if there is one. They
    /// open the call if it is not open, and close it if it is.
    pub suggestions: Vec<Suggestion>,
}

/// A change that opens a call, or closes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to do: `admit TCP 80 by ingress rule 1 of shop/till`.
    pub title: String,
    /// The same for programs, to be made one after the other.
    pub changes: Vec<Change>,
    /// How many lines are new or gone, in YAML of block style.
    pub lines: usize,
    /// What else gets through then, besides the call and the lookup of its name.
    pub opens: Vec<Pair>,
    /// What else does not get through any more.
    pub closes: Vec<Pair>,
    /// The changes as YAML for people.
    pub yaml: String,
}

/// What would open a call that does not get through, or only to some of its backends, and what would
/// close one that does.
pub fn suggest(model: &Model, call: &Call) -> Advice {
    let call = &between_first_pods(call);
    let reply = probe::call(model, call);
    let explanation = explain(model, call, &reply);
    let ground = Ground::new(model);
    let (limits, judged) = match reply.outcome {
        Outcome::Open => closing(&ground, call, &reply),
        _ => opening(&ground, call, &reply, &explanation),
    };
    Advice {
        outcome: reply.outcome,
        why: explanation.summary,
        limits,
        suggestions: judged.into_iter().map(|judged| judged.suggestion).collect(),
    }
}

/// What a change of policies does besides what it is for, which is to open a call that is not open and to
/// close one that is; nothing where it does not do that, or the opposite to others.
pub fn besides(before: &Model, after: &Model, call: &Call) -> Option<Effects> {
    fn weighed(goal: &impl Goal, before: &Model, after: &Model) -> Option<Effects> {
        let (effects, _) = goal.weigh(effects(before, after))?;
        goal.is_reached(after).then_some(effects)
    }
    let call = &between_first_pods(call);
    let reply = probe::call(before, call);
    let ground = Ground::new(before);
    let own = Own::of(&ground, &reply);
    match reply.outcome {
        Outcome::Open => weighed(&Closing { call, own, reply: &reply }, before, after),
        _ => weighed(&Opening { call, own }, before, after),
    }
}

/// The same call between the first pods of workloads, which are like the others; from the first pod to
/// another one where both are of one workload.
fn between_first_pods(call: &Call) -> Call {
    let Call { from, to, protocol, port } = call.clone();
    let first = |end: Peer| match end {
        Peer::Pod(pod) => Peer::pod(pod.workload),
        outside => outside,
    };
    let to = match to {
        Target::Peer(to) if first(from) != first(to) => Target::Peer(first(to)),
        Target::Peer(Peer::Pod(pod)) if from != Peer::Pod(pod) => {
            Target::Peer(Peer::sibling(pod.workload))
        }
        Target::Peer(to) => Target::Peer(first(to)),
        service => service,
    };
    Call { from: first(from), to, protocol, port }
}

fn opening(
    ground: &Ground,
    call: &Call,
    reply: &Reply,
    explanation: &Explanation,
) -> (Vec<String>, Vec<Judged>) {
    let cannot = |why: String| (vec![format!("no policy can open it: {why}")], Vec::new());
    if reply.attempts.is_empty() {
        let of_service = |title: &str| title.starts_with("Service ");
        let service = explanation.sections.iter().find(|section| of_service(&section.title));
        return cannot(service.map_or_else(String::new, |section| section.sentence.clone()));
    }
    match open::plans(ground, reply) {
        Err(why) => cannot(why),
        Ok(plans) => {
            let goal = Opening { call, own: Own::of(ground, reply) };
            let judged = choose(ground.model, plans, &goal).suggestions();
            let limits = match judged.is_empty() {
                true => vec!["no small change opens it and closes nothing".to_owned()],
                false => Vec::new(),
            };
            (limits, judged)
        }
    }
}

fn closing(ground: &Ground, call: &Call, reply: &Reply) -> (Vec<String>, Vec<Judged>) {
    let plans = close::plans(ground, reply);
    if plans.is_empty() {
        let why = exemptions(ground.model, reply);
        return (vec![format!("no policy can close it: {why}")], Vec::new());
    }
    let goal = Closing { call, own: Own::of(ground, reply), reply };
    let judged = choose(ground.model, plans, &goal).suggestions();
    let limits = match judged.last() {
        None => vec!["no small change closes it and opens nothing".to_owned()],
        Some(finest) => {
            let tied = tied(ground, reply, &finest.suggestion.closes);
            let alone = finest.besides == Besides::default();
            let crude = (!alone).then(|| "no small change closes it alone".to_owned());
            tied.into_iter().chain(crude).collect()
        }
    };
    (limits, judged)
}

/// Why no policy is asked about a connection that a call comes down to.
fn exemptions(model: &Model, reply: &Reply) -> String {
    let is_exempt = |attempt: &&Attempt| {
        let verdict = &attempt.verdict;
        let exempt = |side| matches!(side, &DirectionVerdict::NotEnforced(_));
        exempt(&verdict.egress) && exempt(&verdict.ingress)
    };
    let Some(attempt) = reply.attempts.iter().find(is_exempt) else { return String::new() };
    let Traffic { source, destination, protocol, port } = attempt.traffic;
    let direct = Call { from: source, to: Target::Peer(destination), protocol, port };
    let sections = explain(model, &direct, &probe::call(model, &direct)).sections;
    let mut sentences: Vec<String> = sections.into_iter().map(|section| section.sentence).collect();
    sentences.dedup();
    sentences.join("; ")
}
