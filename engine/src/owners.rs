//! Which objects are one workload?
//!
//! A cluster gives many things twice: a Deployment, its ReplicaSets and their Pods are three kinds of
//! object and one thing to look at. In: the cluster by object, its policies, and the network plugin.
//! Out: the cluster by workload, and what is left out of it. An owner and all that it owns become one
//! workload, or several parts where some rule in use tells its pods apart: `ancestry` says what owns
//! what, `sight` what rules see of a pod, `part` what a part is and is called.
//!
//! Live pods say more than templates, and replace them: a template stays only where no live pod is
//! known. Nothing here decides about traffic, and merging changes no verdict between two pods of
//! different workloads, but for one that no merged workload could tell: pods of an owner that are
//! spread over several nodes are taken to share none with a pod on its node's network. To the pods
//! of the very same node, that one is open whatever policies say.
//!
//! The owners are those that objects name, and one that they do not: a pod of a ReplicaSet that the
//! input does not hold is its Deployment's if it has the label `pod-template-hash` and the ReplicaSet
//! is called after it, because only Deployments name ReplicaSets so. (Rollouts of Argo do the same by a
//! label of their own.) An absent Job is not traced to a CronJob: a Job made by hand can have any name.
//!
//! What stays as it is: Deployments, StatefulSets, DaemonSets and CronJobs whose owner is another
//! object still, because operators own many that have nothing else in common; and a suspended CronJob,
//! which stands for the pods of a Job that can be made of it at any time.

mod ancestry;
mod part;
mod sight;

#[cfg(test)]
mod tests;

use crate::assemble::provide_dns;
use crate::cluster::{Cluster, Phase, Replicas, Service, Workload, WorkloadKind};
use crate::diagnostic::{Diagnostic, Location, Quoted, Severity};
use crate::evaluate::Plugin;
use crate::policy::Policy;
use ancestry::{Ancestry, Lineage};
use part::Part;
use sight::Sight;

/// What a workload is taken to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Every object that pods come from, whatever its replicas or phase.
    #[default]
    Object,
    /// An owner with all that it owns, or a part of that: see [`merge`].
    Workload,
}

/// A cluster by workload.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The cluster, in which an owner and what it owns are one.
    pub cluster: Cluster,
    /// For each workload, the positions in the cluster by object of the objects that it is made of:
    /// live pods, else templates. None for the cluster DNS that every cluster is taken to have.
    pub members: Vec<Vec<usize>>,
    /// What is left out, because it has no pods or has finished.
    pub notes: Vec<Diagnostic>,
}

/// Makes one workload of an owner and all that it owns, as far as the policies and Services do not
/// tell its pods apart.
pub fn merge(cluster: &Cluster, policies: &[Policy], plugin: &Plugin) -> Merged {
    merge_as_seen(cluster, policies, &cluster.services, plugin)
}

/// The same, as far as these policies and Services do not tell its pods apart, whether they are those
/// of the cluster or not: so that two clusters have the same parts, all those of both are given for each.
pub fn merge_as_seen(
    cluster: &Cluster,
    policies: &[Policy],
    services: &[Service],
    plugin: &Plugin,
) -> Merged {
    let workloads = &cluster.workloads;
    let ancestry = Ancestry::of(workloads);
    let mut sight = Sight::new(cluster, policies, services, plugin);
    let mut parts = Vec::new();
    let mut notes = Vec::new();
    for lineage in &ancestry.lineages {
        let counted = counted(workloads, &ancestry, lineage);
        notes.extend(finished(workloads, lineage));
        if counted.is_empty() {
            notes.extend(left_out(workloads, lineage));
        }
        let told_apart = sight.tell_apart(&counted);
        parts.extend(told_apart.into_iter().map(|members| Part {
            workload: part::workload(workloads, lineage, &members, &sight),
            members,
        }));
    }
    part::name(&mut parts, workloads, &sight);
    let order = |workload: &Workload| {
        (workload.namespace.clone(), workload.name.clone(), workload.kind.clone())
    };
    parts.sort_by_cached_key(|part| order(&part.workload));
    let (merged, mut members): (Vec<_>, Vec<_>) =
        parts.into_iter().map(|part| (part.workload, part.members)).unzip();
    let (namespaces, services) = (cluster.namespaces.clone(), cluster.services.clone());
    let mut cluster = Cluster { namespaces, workloads: merged, services };
    provide_dns(&mut cluster);
    if let Some(implicit) = cluster.workloads.iter().position(Workload::is_implicit) {
        members.insert(implicit, Vec::new());
    }
    Merged { cluster, members, notes }
}

/// The objects of a lineage that say what its pods are: live pods, else the templates nearest to
/// its head that pods can still come from.
fn counted(workloads: &[Workload], ancestry: &Ancestry, lineage: &Lineage) -> Vec<usize> {
    let is_live_pod =
        |i: &usize| workloads[*i].kind == WorkloadKind::Pod && workloads[*i].phase == Phase::Live;
    let pods: Vec<usize> = lineage.members.iter().copied().filter(is_live_pod).collect();
    if !pods.is_empty() {
        return pods;
    }
    // Of a Job whose pods have succeeded no others come, even if its own status does not say so.
    let succeeded = |job: usize| {
        workloads[job].kind == WorkloadKind::Job
            && lineage.members.iter().any(|&i| {
                ancestry.parents[i] == Some(job) && workloads[i].phase == Phase::Succeeded
            })
    };
    let is_open = |i: &usize| {
        let workload = &workloads[*i];
        workload.kind != WorkloadKind::Pod
            && workload.phase == Phase::Live
            && workload.replicas != Replicas::Zero
            && !succeeded(*i)
    };
    lineage.roots.iter().copied().filter(is_open).collect()
}

/// That a lineage has pods that have finished: one note for all of them.
fn finished(workloads: &[Workload], lineage: &Lineage) -> Option<Diagnostic> {
    let is_finished = |i: &&usize| {
        workloads[**i].kind == WorkloadKind::Pod && workloads[**i].phase != Phase::Live
    };
    let pods: Vec<usize> = lineage.members.iter().filter(is_finished).copied().collect();
    let first = *pods.first()?;
    let owner = lineage.path();
    let owner = format!("{} {}", lineage.kind, Quoted(&owner));
    let message = match pods.len() {
        _ if lineage.members == [first] && lineage.head == Some(first) => {
            format!("{owner} is left out: it has finished")
        }
        1 => format!("a pod of {owner} is left out: it has finished"),
        many => format!("{many} pods of {owner} are left out: they have finished"),
    };
    note(workloads[first].location.as_ref(), message)
}

/// Why nothing of a lineage is there, where it is not that its pods have finished.
fn left_out(workloads: &[Workload], lineage: &Lineage) -> Option<Diagnostic> {
    let owner = lineage.path();
    let owner = format!("{} {}", lineage.kind, Quoted(&owner));
    let root = |is_wanted: fn(&Workload) -> bool| {
        lineage.roots.iter().map(|&i| &workloads[i]).find(|workload| is_wanted(workload))
    };
    if let Some(empty) = root(|workload| workload.replicas == Replicas::Zero) {
        let field = match empty.kind {
            WorkloadKind::Job | WorkloadKind::CronJob => "parallelism",
            _ => "replicas",
        };
        let message = format!("{owner} is left out: it has no pods, by `{field}: 0`");
        return note(empty.location.as_ref(), message);
    }
    let has_pods = lineage.members.iter().any(|&i| workloads[i].kind == WorkloadKind::Pod);
    let ended = root(|workload| workload.phase != Phase::Live).filter(|_| !has_pods)?;
    note(ended.location.as_ref(), format!("{owner} is left out: it has finished"))
}

fn note(location: Option<&Location>, message: String) -> Option<Diagnostic> {
    Some(Diagnostic { location: location?.clone(), severity: Severity::Info, message })
}
