//! The questions that Kubernetes or the input leaves open, where their answer decides.

use super::workload_of;
use crate::cluster::Routing;
use crate::evaluate::{
    Dependence, HostNetwork, IpBlockPods, Model, Traffic, dependences, isolating,
};
use crate::policy::Direction;
use crate::probe::{Call, Reply, Target, resolve};

/// The badges of a call.
pub(super) fn badges(model: &Model, call: &Call, reply: &Reply) -> Vec<String> {
    let lookup = reply.lookup.iter().map(|lookup| lookup.traffic);
    let connections = lookup.chain(reply.attempts.iter().map(|attempt| attempt.traffic));
    let open: Vec<_> = connections.flat_map(|traffic| dependences(model, traffic)).collect();
    let asked = Dependence::ALL.into_iter().filter(|question| open.contains(question));
    let mut badges: Vec<String> = asked.map(|question| badge(model, question)).collect();
    if reply.attempts.iter().any(|attempt| is_hairpin(model, call, attempt.traffic)) {
        badges.push(
            "depends on the network plugin: whether a pod that calls itself through its own \
             Service counts as itself (here it does)"
                .to_owned(),
        );
    }
    badges
}

fn badge(model: &Model, question: Dependence) -> String {
    match question {
        Dependence::IpBlockPods => {
            let answer = match model.plugin.ip_block_pods {
                IpBlockPods::Ip => "it does",
                IpBlockPods::Never => "it does not",
            };
            format!(
                "depends on the network plugin: whether an ipBlock matches pods (here {answer})"
            )
        }
        Dependence::HostNetwork => {
            let answer = match model.plugin.host_network {
                HostNetwork::Node => "it is",
                HostNetwork::Pod => "it is not",
            };
            format!(
                "depends on the network plugin: whether a pod on its node's network is the node \
                 to policies (here {answer})"
            )
        }
        Dependence::UnknownAddress => {
            "depends on an address that the manifests do not give: an ipBlock covers a part of \
             where the pod may lie"
                .to_owned()
        }
    }
}

/// Whether a pod calls itself by way of a Service's address, where policies would have a say in a
/// call of another pod.
fn is_hairpin(model: &Model, call: &Call, traffic: Traffic) -> bool {
    let Target::Service { namespace, name } = &call.to else { return false };
    let translated = |routing: &Routing| *routing == Routing::Translated;
    let is_isolated = |direction| {
        workload_of(model, traffic.source)
            .is_some_and(|workload| isolating(model, direction, workload).next().is_some())
    };
    traffic.source == traffic.destination
        && resolve(&model.cluster, namespace, name).is_some_and(|s| translated(&s.routing))
        && Direction::ALL.into_iter().any(is_isolated)
}
