//! A NetworkPolicy to a [`Policy`]: the defaults and the validation of `networking.k8s.io/v1`.

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec,
};

use crate::diagnostic::Quoted;
use crate::labels::Selector;
use crate::manifest::{Object, Path};
use crate::net::PortRange;
use crate::policy::{
    Direction, IGNORE_ANNOTATION, NamespaceMatcher, PeerMatcher, Policy, PortMatcher, PortSpec,
    Rule, Written,
};

use super::findings::Findings;
use super::ip_block::ip_block;
use super::names::{NameSyntax, check_metadata};
use super::ports::{self, NumberOrName};
use super::selector::selector;

/// The policy that an object is; whether it is refused is among the findings.
pub(super) fn policy(
    object: &Object,
    given: &NetworkPolicy,
    namespace: String,
    findings: &mut Findings,
) -> Policy {
    check_metadata(object, NameSyntax::Subdomain, findings);
    let path = Path::ROOT.key("spec");
    // An absent spec is an empty one: it selects every pod and admits nothing.
    let empty = NetworkPolicySpec::default();
    let spec = given.spec.as_ref().unwrap_or(&empty);
    let mut ingress = spec.ingress.iter().flatten().map(|rule| (&rule.from, &rule.ports));
    let mut egress = spec.egress.iter().flatten().map(|rule| (&rule.to, &rule.ports));
    let mut rules = |list: &str, peers: &str, given: &mut dyn Iterator<Item = GivenRule>| {
        let list = path.key(list);
        let mut rules = Vec::new();
        for (i, (given_peers, given_ports)) in given.enumerate() {
            rules.push(rule(given_peers, given_ports, peers, &list.index(i), findings));
        }
        rules
    };
    // What is not in force is validated all the same.
    let ingress = rules("ingress", "from", &mut ingress);
    let egress = rules("egress", "to", &mut egress);
    let governed = governed(spec, &path.key("policyTypes"), findings);
    let pod_selector = spec.pod_selector.as_ref().map_or_else(Selector::everything, |given| {
        selector(given, &path.key("podSelector"), findings)
    });
    Policy {
        namespace,
        name: object.name.clone(),
        selector: pod_selector,
        ingress: governed.contains(&Direction::Ingress).then_some(ingress),
        egress: governed.contains(&Direction::Egress).then_some(egress),
        location: object.location(),
        written: written(object, given, spec),
    }
}

fn written(object: &Object, given: &NetworkPolicy, spec: &NetworkPolicySpec) -> Written {
    let path = Path::ROOT.key("spec");
    let list = |field: &'static str, count: Option<usize>| {
        count.map(|count| (count, object.locate(&path.key(field))))
    };
    let annotations = given.metadata.annotations.as_ref();
    let ignore = annotations.and_then(|annotations| annotations.get(IGNORE_ANNOTATION));
    let metadata = Path::ROOT.key("metadata");
    Written {
        selector: object.locate(&path.key("podSelector")),
        types: spec.policy_types.as_ref().map_or(0, Vec::len),
        ingress: list("ingress", spec.ingress.as_ref().map(Vec::len)),
        egress: list("egress", spec.egress.as_ref().map(Vec::len)),
        ignore: ignore.map(|value| {
            let annotation = metadata.key("annotations");
            (value.clone(), object.locate(&annotation.key(IGNORE_ANNOTATION)))
        }),
    }
}

/// The peers and the ports of a rule of either direction.
type GivenRule<'g> = (&'g Option<Vec<NetworkPolicyPeer>>, &'g Option<Vec<NetworkPolicyPort>>);

/// The directions that a policy governs: `policyTypes`, or else ingress, and egress where there is
/// a rule for it. An empty list of egress rules is none.
fn governed(spec: &NetworkPolicySpec, path: &Path, findings: &mut Findings) -> Vec<Direction> {
    let given = spec.policy_types.iter().flatten();
    if given.clone().count() > 2 {
        findings.refuse(path, format!("`{path}` must have at most two entries"));
    }
    let mut directions = Vec::new();
    for (i, word) in given.enumerate() {
        match word.as_str() {
            "Ingress" => directions.push(Direction::Ingress),
            "Egress" => directions.push(Direction::Egress),
            other => {
                let path = path.index(i);
                let other = Quoted(other);
                let message = format!("`{path}` must be `Ingress` or `Egress`, not {other}");
                findings.refuse(&path, message);
            }
        }
    }
    if spec.policy_types.as_ref().is_none_or(Vec::is_empty) {
        directions.push(Direction::Ingress);
        if spec.egress.iter().flatten().next().is_some() {
            directions.push(Direction::Egress);
        }
    }
    directions
}

fn rule(
    peers: &Option<Vec<NetworkPolicyPeer>>,
    ports: &Option<Vec<NetworkPolicyPort>>,
    peers_field: &str,
    path: &Path,
    findings: &mut Findings,
) -> Rule {
    let (peers_path, ports_path) = (path.key(peers_field), path.key("ports"));
    let mut rule = Rule {
        peers: Vec::new(),
        ports: Vec::new(),
        location: findings.locate(path),
        peer_locations: Vec::new(),
        port_locations: Vec::new(),
    };
    for (i, given) in peers.iter().flatten().enumerate() {
        let path = peers_path.index(i);
        rule.peers.extend(peer(given, &path, findings));
        rule.peer_locations.push(findings.locate(&path));
    }
    for (i, given) in ports.iter().flatten().enumerate() {
        let path = ports_path.index(i);
        rule.ports.push(port(given, &path, findings));
        rule.port_locations.push(findings.locate(&path.key("port")));
    }
    rule
}

/// One entry of `from` or `to`; none when it is refused.
fn peer(given: &NetworkPolicyPeer, path: &Path, findings: &mut Findings) -> Option<PeerMatcher> {
    let pods = given
        .pod_selector
        .as_ref()
        .map(|given| selector(given, &path.key("podSelector"), findings));
    let namespaces = given
        .namespace_selector
        .as_ref()
        .map(|given| selector(given, &path.key("namespaceSelector"), findings));
    match (&given.ip_block, &pods, &namespaces) {
        (None, None, None) => {
            findings.refuse(
                path,
                format!(
                    "`{path}` must have a `podSelector`, a `namespaceSelector` or an `ipBlock`"
                ),
            );
            None
        }
        (None, ..) => Some(PeerMatcher::Pods {
            namespaces: namespaces.map_or(NamespaceMatcher::Own, NamespaceMatcher::Matching),
            pods: pods.unwrap_or_default(),
        }),
        (Some(given), None, None) => {
            ip_block(given, &path.key("ipBlock"), findings).map(PeerMatcher::Block)
        }
        (Some(given), ..) => {
            findings
                .refuse(path, format!("`{path}` must not have selectors besides its `ipBlock`"));
            ip_block(given, &path.key("ipBlock"), findings).map(PeerMatcher::Block)
        }
    }
}

/// One entry of a rule's `ports`.
fn port(given: &NetworkPolicyPort, path: &Path, findings: &mut Findings) -> PortMatcher {
    let protocol = ports::protocol(given.protocol.as_deref(), &path.key("protocol"), findings);
    let port_path = path.key("port");
    let given_port =
        given.port.as_ref().map(|given| ports::number_or_name(given, &port_path, findings));
    let end_path = path.key("endPort");
    let port = match (given_port, given.end_port) {
        (None, None) => PortSpec::Range(PortRange::ALL),
        (Some(NumberOrName::Name(name)), None) => PortSpec::Named(name),
        (Some(NumberOrName::Number(first)), None) => PortSpec::Range(PortRange::single(first)),
        (Some(NumberOrName::Number(first)), Some(end)) => {
            let last = ports::number(end, &end_path, findings);
            if (1..i32::from(first)).contains(&end) {
                findings.refuse(
                    &end_path,
                    format!("`{end_path}` must be at least `port`, which is {first}, not {end}"),
                );
            }
            PortSpec::Range(PortRange { first, last: last.max(first) })
        }
        (Some(NumberOrName::Name(name)), Some(_)) => {
            findings.refuse(
                &end_path,
                format!("`{end_path}` needs a number as `port`, not the name {}", Quoted(&name)),
            );
            PortSpec::Named(name)
        }
        (None, Some(_)) => {
            findings.refuse(&end_path, format!("`{end_path}` needs a `port` to begin at"));
            PortSpec::Range(PortRange::ALL)
        }
    };
    PortMatcher { protocol, port }
}
