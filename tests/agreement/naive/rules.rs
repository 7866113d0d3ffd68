//! Whether policies admit one connection.

use serde_norway::Value;

use super::objects::{
    self, End, IpBlockPods, Labels, World, items, labels, namespace, number, text,
};
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    pub open: bool,
    pub egress: Side,
    pub ingress: Side,
}

/// A connection that somebody tries to make.
#[derive(Clone, Copy, Debug)]
pub struct Connection<'a> {
    pub from: End<'a>,
    pub to: End<'a>,
    pub protocol: &'a str,
    pub port: u16,
}

/// Judges a connection: what is said of the first family in which it comes about, or else of the
/// first in which the two could talk; nothing where they share none.
pub fn judge(world: &World, connection: Connection) -> Sides {
    let Connection { from, to, .. } = connection;
    let exempt = is_itself(from, to) || on_the_same_node(world, from, to);
    let within = |ipv6: bool| {
        if exempt {
            return Sides { open: true, ..Sides::default() };
        }
        let egress = side(world, "egress", connection, ipv6);
        let ingress = side(world, "ingress", connection, ipv6);
        Sides { open: egress.admits() && ingress.admits(), egress, ingress }
    };
    let shared = [false, true].into_iter().filter(|ipv6| speaks(from, *ipv6) && speaks(to, *ipv6));
    let judged: Vec<Sides> = shared.map(within).collect();
    let told = judged.iter().find(|sides| sides.open).or(judged.first());
    told.cloned().unwrap_or_default()
}

/// Whether an end has an address of the family. One of unknown address may have either.
fn speaks(end: End, ipv6: bool) -> bool {
    match end {
        End::Outside(span) => span.ipv6 == ipv6,
        End::Pod(pod) | End::Replica(pod) => {
            pod.addresses.is_empty() || pod.addresses.iter().any(|span| span.ipv6 == ipv6)
        }
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

/// What the policies say that govern an end of a connection: `from` for egress, `to` for ingress.
fn side(world: &World, direction: &str, connection: Connection, ipv6: bool) -> Side {
    let Connection { from, to, protocol, port } = connection;
    let (governed, peer, field) =
        if direction == "egress" { (from, to, "to") } else { (to, from, "from") };
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
            let (peers, ports) = (items(&rule[field]), items(&rule["ports"]));
            let is_peer = |entry| is_peer(world, entry, &pod.namespace, peer, ipv6);
            let is_port = |entry| is_port(world, entry, to, protocol, port);
            if (peers.is_empty() || peers.iter().any(is_peer))
                && (ports.is_empty() || ports.iter().any(is_port))
            {
                side.admitted_by.push(format!("{name} rule {}", index + 1));
            }
        }
        side.isolated_by.push(name);
    }
    side.isolated_by.sort();
    side.admitted_by.sort();
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

/// Whether a block holds the whole of where `end` may be, in one family.
fn in_block(world: &World, block: &Value, end: End, ipv6: bool) -> bool {
    let spans = match end {
        End::Outside(span) => vec![span],
        End::Pod(pod) | End::Replica(pod) => whereabouts(world, pod),
    };
    let cidr = Span::cidr(&text(&block["cidr"]));
    let excepts: Vec<Span> =
        items(&block["except"]).iter().map(|except| Span::cidr(&text(except))).collect();
    spans.iter().any(|span| {
        let is_excepted = excepts.iter().any(|except| except.touches(*span));
        span.ipv6 == ipv6 && cidr.covers(*span) && !is_excepted
    })
}

/// Where a pod's addresses lie, as far as blocks are asked: a node is always asked about, a pod
/// where blocks match pods. One of unknown address is somewhere in its network.
fn whereabouts(world: &World, pod: &Pod) -> Vec<Span> {
    if world.settings.ipblock_pods == IpBlockPods::Never && !world.is_node(pod) {
        Vec::new()
    } else if !pod.addresses.is_empty() {
        pod.addresses.clone()
    } else if pod.spec["hostNetwork"] == true {
        vec![Span::IPV4]
    } else {
        vec![Span::cidr(&world.settings.pod_cidr)]
    }
}

/// Whether an entry of `ports` holds the port of the destination. A node declares no names.
fn is_port(world: &World, entry: &Value, destination: End, protocol: &str, port: u16) -> bool {
    let wanted = objects::protocol(entry);
    if wanted != protocol {
        return false;
    }
    if entry["port"].is_null() {
        return true;
    }
    match number(&entry["port"]) {
        Some(first) => (first..=number(&entry["endPort"]).unwrap_or(first)).contains(&port),
        None => {
            let pod = destination.pod().filter(|pod| !world.is_node(pod));
            let declared = pod.map(Pod::ports).unwrap_or_default();
            declared.contains(&(text(&entry["port"]), wanted, port))
        }
    }
}
