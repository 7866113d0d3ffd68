//! What a policy selects and governs, and what its annotation says.

use crate::cluster::PodNetwork;
use crate::diagnostic::Quoted;
use crate::evaluate::HostNetwork;
use crate::nearest::nearest;
use crate::policy::{Direction, IGNORE_ANNOTATION, Policy};

use super::ground::Ground;
use super::{Report, Rule};

pub(super) fn check(ground: &Ground, policy: &Policy, report: &mut Report) {
    annotation(policy, report);
    selection(ground, policy, report);
    types(policy, report);
}

fn annotation(policy: &Policy, report: &mut Report) {
    let Some((ids, location)) = &policy.written.ignore else { return };
    for id in ids.split(',').map(str::trim).filter(|id| Rule::of(id).is_none()) {
        let known: Vec<&str> = Rule::ALL.into_iter().map(Rule::id).collect();
        let hint = match nearest(id, &known) {
            Some(near) => format!("did you mean `{near}`"),
            None => format!("the findings are {}", known.join(", ")),
        };
        let id = Quoted(id);
        let message = format!("`{IGNORE_ANNOTATION}` names {id}, which is no finding: {hint}");
        report.add(Rule::UnknownFinding, location, message, None);
    }
}

fn selection(ground: &Ground, policy: &Policy, report: &mut Report) {
    let Policy { namespace, selector, written, .. } = policy;
    let selected = ground.selected(policy);
    if selected.is_empty() {
        let workloads = &ground.model.cluster.workloads;
        let elsewhere = || ground.fitting(selector);
        if ground.knows(namespace) {
            let here = workloads.iter().filter(|workload| workload.namespace == *namespace);
            let near = ground.nearest_labels(selector, here.map(|workload| &workload.labels));
            let hint =
                near.as_ref().map(|near| format!(": {}", near.question())).unwrap_or_default();
            let message =
                format!("the policy selects no pod: none of {namespace} is {selector}{hint}");
            let fix = near.map(|near| near.fix(&written.selector));
            report.add(Rule::SelectsNoPod, &written.selector, message, fix);
        } else if !selector.is_everything() && !elsewhere().is_empty() {
            let names = ground.names(elsewhere().iter());
            let message = format!(
                "the policy selects no pod: nothing runs in its namespace {namespace}, and a policy acts on \
                 its own only; {names} would fit"
            );
            report.add(Rule::SelectsNoPod, &written.selector, message, None);
        }
        return;
    }
    let on_nodes = |i: usize| ground.model.cluster.workloads[i].network == PodNetwork::Host;
    if !selector.is_everything() && selected.iter().all(on_nodes) {
        let does = match ground.model.plugin.host_network {
            HostNetwork::Node => "isolates nothing here",
            HostNetwork::Pod => "isolates it here",
        };
        let names = ground.names(selected.iter());
        let message = format!(
            "whether the policy isolates {names} depends on the network plugin: it is on its node's \
             network, and the policy {does}"
        );
        report.add(Rule::PluginDecides, &written.selector, message, None);
    }
}

fn types(policy: &Policy, report: &mut Report) {
    let written = &policy.written;
    let egress_rules = written.egress.as_ref();
    if written.types == 0 {
        match (egress_rules, &written.ingress) {
            (Some((0, location)), _) => {
                let message = "an empty `egress` without `policyTypes` leaves egress open, and the policy \
                               isolates ingress: list `Egress` in `policyTypes`";
                report.add(Rule::PolicyTypes, location, message.to_owned(), None);
            }
            (Some((_, location)), None) => {
                let message = "without `policyTypes` a policy with nothing but `egress` isolates ingress too, \
                               and admits none: list `Egress` alone, or both";
                report.add(Rule::PolicyTypes, location, message.to_owned(), None);
            }
            _ => {}
        }
        return;
    }
    for direction in Direction::ALL {
        let given = policy.written_rules(direction).filter(|(count, _)| *count > 0);
        if let (Some((count, location)), None) = (given, policy.rules(direction)) {
            let (rules, does) = if *count == 1 { ("1 rule", "does") } else { ("rules", "do") };
            let word = match direction {
                Direction::Egress => "Egress",
                Direction::Ingress => "Ingress",
            };
            let message = format!(
                "`policyTypes` leaves out `{word}`, so that {rules} for {direction} {does} nothing"
            );
            report.add(Rule::PolicyTypes, location, message, None);
        }
    }
}
