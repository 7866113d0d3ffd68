//! Whether policies admit one connection.

use serde_norway::Value;

use super::objects::{End, IpBlockPods, Labels, World, items, labels, namespace, number, text};
use super::{Pod, Span};

/// What one side says: who isolates the pod there, and which rules admit the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Policies, as `namespace/name`.
    pub isolated_by: Vec<String>,
    /// Rules, as `namespace/name rule 1`.
    pub admitted_by: Vec<String>,
}

impl Side {
    /// Whether this side lets the connection through.
    pub fn admits(&self) -> bool {
        self.isolated_by.is_empty() || !self.admitted_by.is_empty()
    }
}

/// Both sides of a connection, and whether it comes about.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    pub open: bool,
    pub egress: Side,
    pub ingress: Side,
}

/// Judges a connection from `from` to `to`.
pub fn judge(world: &World, from: End, to: End, protocol: &str, port: u16) -> Sides {
    if is_itself(from, to) || on_the_same_node(world, from, to) {
        return Sides { open: true, ..Sides::default() };
    }
    let mut union = Sides::default();
    for ipv6 in families(from, to) {
        let egress = side(world, "egress", from, to, to, protocol, port, ipv6);
        let ingress = side(world, "ingress", to, from, to, protocol, port, ipv6);
        union.open |= egress.admits() && ingress.admits();
        add(&mut union.egress, egress);
        add(&mut union.ingress, ingress);
    }
    union
}

fn add(union: &mut Side, side: Side) {
    for (all, more) in
        [(&mut union.isolated_by, side.isolated_by), (&mut union.admitted_by, side.admitted_by)]
    {
        for name in more {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all.sort();
    }
}

fn is_itself(from: End, to: End) -> bool {
    matches!((from, to), (End::Pod(a), End::Pod(b)) if std::ptr::eq(a, b))
}

/// A node reaches its pods and is reached by them.
fn on_the_same_node(world: &World, from: End, to: End) -> bool {
    let (Some(a), Some(b)) = (from.pod(), to.pod()) else {
        return false;
    };
    let node = &a.spec["nodeName"];
    (world.is_node(a) || world.is_node(b)) && !node.is_null() && *node == b.spec["nodeName"]
}

/// The families that both ends have; the one of the outside end, whatever the pod has. Where the
/// addresses known leave none, they do not tell the families, and either may be.
fn families(from: End, to: End) -> Vec<bool> {
    let has = |end: End, ipv6: bool| match end {
        End::Outside(span) => span.ipv6 == ipv6,
        End::Pod(pod) | End::Replica(pod) => pod.spans.iter().any(|span| span.ipv6 == ipv6),
    };
    let outside = [from, to].into_iter().find(|end| end.pod().is_none());
    let both: Vec<bool> = match outside {
        Some(end) => [false, true].into_iter().filter(|family| has(end, *family)).collect(),
        None => [false, true]
            .into_iter()
            .filter(|family| has(from, *family) && has(to, *family))
            .collect(),
    };
    if both.is_empty() { vec![false, true] } else { both }
}

/// What the policies that govern `governed` in `direction` say of a connection with `peer`.
#[expect(clippy::too_many_arguments, reason = "the question has that many parts")]
fn side(
    world: &World,
    direction: &str,
    governed: End,
    peer: End,
    destination: End,
    protocol: &str,
    port: u16,
    ipv6: bool,
) -> Side {
    let mut side = Side::default();
    let Some(pod) = governed.pod().filter(|pod| !world.is_node(pod)) else {
        return side;
    };
    for policy in &world.policies {
        let spec = &policy["spec"];
        if namespace(policy) != pod.namespace
            || !governs(spec, direction)
            || !selects(&spec["podSelector"], &pod.labels)
        {
            continue;
        }
        let name = format!("{}/{}", namespace(policy), text(&policy["metadata"]["name"]));
        for (index, rule) in items(&spec[direction]).iter().enumerate() {
            let peers = items(&rule[if direction == "ingress" { "from" } else { "to" }]);
            let ports = items(&rule["ports"]);
            if (peers.is_empty()
                || peers.iter().any(|p| is_peer(world, p, &pod.namespace, peer, ipv6)))
                && (ports.is_empty()
                    || ports.iter().any(|p| is_port(p, destination, protocol, port)))
            {
                side.admitted_by.push(format!("{name} rule {}", index + 1));
            }
        }
        side.isolated_by.push(name);
    }
    side
}

/// Whether a policy is about `direction`: as it says, or else ingress always and egress where it
/// has egress rules.
fn governs(spec: &Value, direction: &str) -> bool {
    let types = items(&spec["policyTypes"]);
    if types.is_empty() {
        direction == "ingress" || !items(&spec["egress"]).is_empty()
    } else {
        types.iter().any(|listed| text(listed).to_lowercase() == direction)
    }
}

/// Whether a selector matches labels; an absent one matches all.
pub fn selects(selector: &Value, candidate: &Labels) -> bool {
    for (key, value) in labels(&selector["matchLabels"]) {
        if candidate.get(&key) != Some(&value) {
            return false;
        }
    }
    for requirement in items(&selector["matchExpressions"]) {
        let value = candidate.get(&text(&requirement["key"]));
        let listed = value.is_some_and(|value| {
            items(&requirement["values"]).iter().any(|one| text(one) == *value)
        });
        let holds = match text(&requirement["operator"]).as_str() {
            "In" => listed,
            "NotIn" => !listed,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            other => panic!("no operator: {other}"),
        };
        if !holds {
            return false;
        }
    }
    true
}

/// Whether `end` is the peer of a rule of a policy in `home`, over one family.
fn is_peer(world: &World, peer: &Value, home: &str, end: End, ipv6: bool) -> bool {
    if !peer["ipBlock"].is_null() {
        return in_block(world, &peer["ipBlock"], end, ipv6);
    }
    let Some(pod) = end.pod().filter(|pod| !world.is_node(pod)) else {
        return false;
    };
    let namespace = if peer["namespaceSelector"].is_null() {
        pod.namespace == home
    } else {
        selects(&peer["namespaceSelector"], &world.namespace_labels(&pod.namespace))
    };
    namespace && selects(&peer["podSelector"], &pod.labels)
}

/// Whether a block holds the whole of where `end` may be.
fn in_block(world: &World, block: &Value, end: End, ipv6: bool) -> bool {
    let spans: Vec<Span> = match end {
        End::Outside(span) => vec![span],
        End::Pod(pod) | End::Replica(pod) if matchable(world, pod) => pod.spans.clone(),
        End::Pod(_) | End::Replica(_) => Vec::new(),
    };
    let cidr = Span::cidr(&text(&block["cidr"]));
    let excepts: Vec<Span> =
        items(&block["except"]).iter().map(|except| Span::cidr(&text(except))).collect();
    spans.iter().any(|span| {
        span.ipv6 == ipv6
            && cidr.covers(*span)
            && !excepts.iter().any(|except| except.touches(*span))
    })
}

/// Whether blocks are asked about this pod at all: a node they always match.
fn matchable(world: &World, pod: &Pod) -> bool {
    world.settings.ipblock_pods == IpBlockPods::Ip || world.is_node(pod)
}

/// Whether an entry of `ports` holds the port of the destination.
fn is_port(entry: &Value, destination: End, protocol: &str, port: u16) -> bool {
    let wanted =
        if entry["protocol"].is_null() { "TCP".to_owned() } else { text(&entry["protocol"]) };
    if wanted != protocol {
        return false;
    }
    if entry["port"].is_null() {
        return true;
    }
    match number(&entry["port"]) {
        Some(first) => (first..=number(&entry["endPort"]).unwrap_or(first)).contains(&port),
        None => {
            let declared = destination.pod().map(Pod::ports).unwrap_or_default();
            declared.contains(&(text(&entry["port"]), wanted, port))
        }
    }
}
