//! What is drawn as one: namespaces, workloads and pods, as a lens unfolds them.

use std::collections::HashSet;
use std::ops::Range;

use super::{Body, Count, Lens, Level};
use crate::cluster::{Cluster, Workload};

/// The bodies of a lens, and the workloads behind them.
pub(super) struct Bodies {
    pub all: Vec<Body>,
    /// The workloads that the filter lets through, by position.
    pub found: Vec<usize>,
    /// Which of those each body stands for; the pods of one workload all for that.
    of: Vec<Range<usize>>,
    /// The bodies that stand for each workload of the cluster: several if they are its pods.
    pub places: Vec<Range<usize>>,
    /// Which of the bodies have no bonds.
    pub muted: Vec<bool>,
    /// How many bodies were too many.
    pub left_out: usize,
}

/// What each workload is called in lenses, by position.
pub(super) fn ids(cluster: &Cluster) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut id = |workload: &Workload| {
        let path = workload.path();
        if workload.is_implicit() || taken.insert(path.clone()) { path } else { workload.id() }
    };
    cluster.workloads.iter().map(&mut id).collect()
}

/// How many workloads, and how many pods they have.
pub(super) fn count<'w>(workloads: impl IntoIterator<Item = &'w Workload>) -> Count {
    workloads.into_iter().fold(Count::default(), |count, workload| Count {
        workloads: count.workloads + 1,
        pods: count.pods + workload.pods.len().max(1) as u32,
    })
}

impl Bodies {
    /// Those of the workloads that were found. `isolated` says of a workload whether it is isolated for
    /// egress, and for ingress.
    pub fn new(
        cluster: &Cluster,
        ids: &[String],
        found: Vec<usize>,
        lens: &Lens,
        isolated: impl Fn(usize) -> [bool; 2],
    ) -> Bodies {
        let workload = |i: &usize| &cluster.workloads[*i];
        let mut bodies = Bodies {
            all: Vec::new(),
            of: Vec::new(),
            places: vec![0..0; cluster.workloads.len()],
            muted: Vec::new(),
            left_out: 0,
            found,
        };
        let mut start = 0;
        while let Some(first) = bodies.found.get(start) {
            let namespace = workload(first).namespace.clone();
            let same = |i: &&usize| workload(i).namespace == namespace;
            let end = start + bodies.found[start..].iter().take_while(same).count();
            if lens.unfolded.contains(&namespace) {
                (start..end).for_each(|i| bodies.unfold(cluster, ids, i, lens, &isolated));
            } else {
                bodies.all.push(Body {
                    id: namespace.clone(),
                    level: Level::Namespace,
                    name: namespace.clone(),
                    namespace,
                    count: count(bodies.found[start..end].iter().map(workload)),
                    isolated: sum(bodies.found[start..end].iter().map(|i| isolated(*i))),
                });
                bodies.of.push(start..end);
            }
            start = end;
        }
        bodies
    }

    /// Adds the body of a workload, or those of its pods. It is given by its place among those found.
    fn unfold(
        &mut self,
        cluster: &Cluster,
        ids: &[String],
        place: usize,
        lens: &Lens,
        isolated: impl Fn(usize) -> [bool; 2],
    ) {
        let position = self.found[place];
        let workload = &cluster.workloads[position];
        let id = &ids[position];
        let whole = Body {
            id: id.clone(),
            level: Level::Workload,
            namespace: workload.namespace.clone(),
            name: workload.name.clone(),
            count: count([workload]),
            isolated: sum([isolated(position)]),
        };
        if !whole.has_parts() || !lens.unfolded.contains(id) {
            self.all.push(whole);
            return self.of.push(place..place + 1);
        }
        for (number, pod) in (1..).zip(&workload.pods) {
            self.all.push(Body {
                id: format!("{id}#{number}"),
                level: Level::Pod,
                name: pod.name.clone(),
                count: Count { workloads: 1, pods: 1 },
                ..whole.clone()
            });
            self.of.push(place..place + 1);
        }
    }

    /// Leaves out bodies if there are more than so many: folded namespaces last, because there is no other
    /// way to see what is in them.
    pub fn cut(&mut self, most: usize) {
        let is_folded = |body: &Body| body.level == Level::Namespace;
        let folded = self.all.iter().filter(|body| is_folded(body)).count();
        let mut room = [most.saturating_sub(folded), most];
        let mut fits = |body: &Body| {
            let room = &mut room[usize::from(is_folded(body))];
            let fits = *room > 0;
            *room = room.saturating_sub(1);
            fits
        };
        let fit: Vec<bool> = self.all.iter().map(&mut fits).collect();
        let (mut first, mut second) = (fit.iter(), fit.iter());
        self.all.retain(|_| first.next() == Some(&true));
        self.of.retain(|_| second.next() == Some(&true));
        self.left_out = fit.len() - self.all.len();
    }

    /// Says which bodies stand for which workloads and have bonds, once it is known which bodies there are.
    pub fn settle(&mut self, lens: &Lens) {
        self.muted = self.all.iter().map(|body| lens.muted.contains(&body.id)).collect();
        for (body, range) in self.of.iter().enumerate() {
            for &workload in &self.found[range.clone()] {
                let place = &mut self.places[workload];
                *place = if place.end == 0 { body..body + 1 } else { place.start..body + 1 };
            }
        }
    }

    /// The workloads behind a body.
    pub fn workloads(&self, body: usize) -> &[usize] {
        &self.found[self.of[body].clone()]
    }
}

/// How many of some workloads are isolated, in each direction.
fn sum(isolated: impl IntoIterator<Item = [bool; 2]>) -> [u32; 2] {
    isolated.into_iter().fold([0; 2], |[egress, ingress], [out, into]| {
        [egress + u32::from(out), ingress + u32::from(into)]
    })
}
