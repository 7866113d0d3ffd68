//! What a workload that watches others sees of them.

use super::{Call, Outcome, Reply, Url, call};
use crate::evaluate::{Model, Peer};

/// A workload that watches, and the URLs it calls: it sees a target when its call gets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observer {
    /// The workload's position in the cluster.
    pub workload: usize,
    /// What it calls.
    pub targets: Vec<Url>,
}

/// What an observer's call to one of its targets came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The call.
    pub call: Call,
    /// What became of it.
    pub reply: Reply,
}

impl Sight {
    /// Whether the observer sees the target.
    pub fn is_seen(&self) -> bool {
        self.reply.outcome == Outcome::Open
    }

    /// Whether the target is this workload.
    pub fn watches(&self, workload: usize) -> bool {
        self.reply.attempts.iter().any(|attempt| attempt.is_to(workload))
    }
}

/// What the observer sees, target by target.
pub fn sights(model: &Model, observer: &Observer) -> Vec<Sight> {
    let from = Peer::pod(observer.workload);
    let namespace = &model.cluster.workloads[observer.workload].namespace;
    let calls = observer.targets.iter().map(|url| url.call(&model.cluster, from, namespace));
    calls.map(|made| Sight { reply: call(model, &made), call: made }).collect()
}
