//! Clusters and policies nobody thought of: strategies, and their text.
//!
//! The pools of names, labels, ports and addresses are small on purpose: what matters is how often
//! things meet. A draft is numbers; it gets its names when it is written, so that the same draft
//! can be written under other names.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Everything that is generated.
#[derive(Clone, Debug)]
pub struct Draft {
    pub namespaces: Vec<Labels>,
    pub workloads: Vec<Workload>,
    pub services: Vec<Service>,
    pub policies: Vec<Policy>,
}

/// Keys and values, both as numbers.
pub type Labels = BTreeMap<usize, usize>;

#[derive(Clone, Debug)]
pub struct Workload {
    pub namespace: usize,
    labels: Labels,
    pub shape: Shape,
    /// One of two nodes, or one that is not declared.
    node: Option<usize>,
    /// Name, protocol, number.
    ports: Vec<(usize, &'static str, u16)>,
}

/// What a workload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A pod of which these addresses are known.
    Pod(Known),
    /// A pod on its node's network.
    HostNetwork,
    /// Two pods of one template.
    Replicated,
}

/// A Service with TCP port 80.
#[derive(Clone, Debug)]
pub struct Service {
    namespace: usize,
    selector: Labels,
    target: PortValue,
    headless: bool,
}

/// The families of which a pod's address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Neither,
    Ipv4,
    Ipv6,
    Both,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub namespace: usize,
    selector: Selector,
    /// `policyTypes`, where it is there.
    pub types: Option<Vec<&'static str>>,
    pub ingress: Option<Vec<Rule>>,
    pub egress: Option<Vec<Rule>>,
}

#[derive(Clone, Debug)]
pub struct Rule {
    peers: Option<Vec<Peer>>,
    ports: Option<Vec<Port>>,
}

#[derive(Clone, Debug)]
enum Peer {
    Pods(Selector),
    Namespaces(Selector, Option<Selector>),
    Block(&'static str),
}

#[derive(Clone, Debug)]
struct Selector {
    labels: Labels,
    /// Key, operator, values.
    expressions: Vec<(usize, &'static str, Vec<usize>)>,
}

#[derive(Clone, Debug)]
struct Port {
    protocol: Option<&'static str>,
    port: PortValue,
}

#[derive(Clone, Debug)]
enum PortValue {
    Absent,
    Number(u16),
    Range(u16, u16),
    Name(usize),
}

/// Blocks that tell the addresses in use apart, or hold them all.
const BLOCKS: [&str; 11] = [
    "{cidr: 0.0.0.0/0}",
    "{cidr: 0.0.0.0/0, except: [10.0.0.0/8, 203.0.113.0/25]}",
    "{cidr: 10.0.0.0/8}",
    "{cidr: 10.244.0.0/16, except: [10.244.1.2/32]}",
    "{cidr: 10.244.1.1/32}",
    "{cidr: 192.168.0.0/24, except: [192.168.0.1/32]}",
    "{cidr: 203.0.113.77/24}",
    "{cidr: 255.255.255.255/32}",
    "{cidr: \"::/0\", except: [\"fd00::1/128\"]}",
    "{cidr: \"fd00::/64\"}",
    "{cidr: \"fd00::/16\", except: [\"fd00::/64\"]}",
];

/// Addresses outside the cluster, some of them in none of the blocks.
pub const OUTSIDE: [&str; 5] =
    ["203.0.113.5", "203.0.113.200", "198.51.100.1", "255.255.255.255", "fd00::77"];

/// Ports inside, outside and at the ends of what rules name.
pub const PORTS: [u16; 6] = [1, 79, 80, 81, 90, 65535];

const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

pub fn draft() -> impl Strategy<Value = Draft> {
    drafts(2..5, 0..5)
}

/// So many that some are alike, and more than one policy selects each.
pub fn crowd() -> impl Strategy<Value = Draft> {
    drafts(5..14, 3..10)
}

fn drafts(workloads: Range<usize>, policies: Range<usize>) -> impl Strategy<Value = Draft> {
    (vec(labels(), 3), vec(workload(), workloads), vec(service(), 0..3), vec(policy(), policies))
        .prop_map(|(namespaces, workloads, services, policies)| Draft {
            namespaces,
            workloads,
            services,
            policies,
        })
}

fn labels() -> impl Strategy<Value = Labels> {
    btree_map(0..2usize, 0..2usize, 0..=2)
}

pub fn workload() -> impl Strategy<Value = Workload> {
    let known = select(vec![Known::Neither, Known::Ipv4, Known::Ipv6, Known::Both]);
    let shape = prop_oneof![
        4 => known.prop_map(Shape::Pod),
        1 => Just(Shape::HostNetwork),
        1 => Just(Shape::Replicated),
    ];
    let port = (0..2usize, select(&PROTOCOLS[..]), select(vec![79, 80, 90]));
    (0..3usize, labels(), shape, proptest::option::of(0..3usize), vec(port, 0..3)).prop_map(
        |(namespace, labels, shape, node, ports)| Workload {
            namespace,
            labels,
            shape,
            node,
            ports,
        },
    )
}

fn service() -> impl Strategy<Value = Service> {
    let target = prop_oneof![
        Just(PortValue::Absent),
        select(vec![80, 90]).prop_map(PortValue::Number),
        (0..2usize).prop_map(PortValue::Name),
    ];
    (0..3usize, labels(), target, proptest::bool::weighted(0.2)).prop_map(
        |(namespace, selector, target, headless)| Service { namespace, selector, target, headless },
    )
}

pub fn policy() -> impl Strategy<Value = Policy> {
    let types = proptest::option::of(subsequence(vec!["Ingress", "Egress"], 0..=2));
    let rules = || proptest::option::weighted(0.8, vec(rule(), 0..3));
    (0..3usize, selector(), types, rules(), rules()).prop_map(
        |(namespace, selector, types, ingress, egress)| Policy {
            namespace,
            selector,
            types,
            ingress,
            egress,
        },
    )
}

pub fn rule() -> impl Strategy<Value = Rule> {
    let peers = proptest::option::weighted(0.8, vec(peer(), 0..3));
    let ports = proptest::option::weighted(0.7, vec(port(), 0..3));
    (peers, ports).prop_map(|(peers, ports)| Rule { peers, ports })
}

fn peer() -> impl Strategy<Value = Peer> {
    prop_oneof![
        2 => selector().prop_map(Peer::Pods),
        2 => (selector(), proptest::option::of(selector()))
            .prop_map(|(namespaces, pods)| Peer::Namespaces(namespaces, pods)),
        2 => select(&BLOCKS[..]).prop_map(Peer::Block),
    ]
}

fn selector() -> impl Strategy<Value = Selector> {
    let values = subsequence(vec![0, 1], 1..=2);
    let expression = (0..2usize, select(vec!["In", "NotIn", "Exists", "DoesNotExist"]), values);
    (btree_map(0..2usize, 0..2usize, 0..2), vec(expression, 0..2))
        .prop_map(|(labels, expressions)| Selector { labels, expressions })
}

fn port() -> impl Strategy<Value = Port> {
    let value = prop_oneof![
        Just(PortValue::Absent),
        select(vec![1, 80, 65535]).prop_map(PortValue::Number),
        (79..=81u16, 81..=90u16).prop_map(|(first, last)| PortValue::Range(first, last)),
        (0..2usize).prop_map(PortValue::Name),
    ];
    (proptest::option::of(select(&PROTOCOLS[..])), value)
        .prop_map(|(protocol, port)| Port { protocol, port })
}

/// How a draft is named when it is written: every name and label begins with this word.
#[derive(Clone, Copy, Debug)]
pub struct Naming(pub &'static str);

impl Naming {
    /// `namespace/name` of a workload.
    pub fn workload(self, draft: &Draft, index: usize) -> String {
        format!("{0}ns{1}/{0}w{index}", self.0, draft.workloads[index].namespace)
    }

    /// `service.namespace`.
    pub fn service(self, draft: &Draft, index: usize) -> String {
        format!("{0}s{index}.{0}ns{1}", self.0, draft.services[index].namespace)
    }

    fn labels(self, labels: &Labels) -> String {
        let pairs: Vec<String> =
            labels.iter().map(|(key, value)| format!("{0}k{key}: {0}v{value}", self.0)).collect();
        format!("{{{}}}", pairs.join(", "))
    }

    fn selector(self, selector: &Selector) -> String {
        let mut expressions = Vec::new();
        for (key, operator, values) in &selector.expressions {
            let listed: Vec<String> = values.iter().map(|v| format!("{}v{v}", self.0)).collect();
            let values = if operator.ends_with("In") {
                format!(", values: [{}]", listed.join(", "))
            } else {
                String::new()
            };
            expressions.push(format!("{{key: {}k{key}, operator: {operator}{values}}}", self.0));
        }
        let labels = self.labels(&selector.labels);
        format!("{{matchLabels: {labels}, matchExpressions: [{}]}}", expressions.join(", "))
    }

    fn rules(self, rules: &[Rule], peers_field: &str) -> String {
        let mut written = Vec::new();
        for rule in rules {
            let peers = rule.peers.iter().map(|peers| {
                let peers: Vec<String> = peers.iter().map(|peer| self.peer(peer)).collect();
                format!("{peers_field}: [{}]", peers.join(", "))
            });
            let ports = rule.ports.iter().map(|ports| {
                let ports: Vec<String> = ports.iter().map(|port| self.port(port)).collect();
                format!("ports: [{}]", ports.join(", "))
            });
            written.push(format!("{{{}}}", peers.chain(ports).collect::<Vec<_>>().join(", ")));
        }
        format!("[{}]", written.join(", "))
    }

    fn peer(self, peer: &Peer) -> String {
        match peer {
            Peer::Pods(pods) => format!("{{podSelector: {}}}", self.selector(pods)),
            Peer::Namespaces(namespaces, pods) => {
                let pods = pods.as_ref().map_or("null".to_owned(), |pods| self.selector(pods));
                let namespaces = self.selector(namespaces);
                format!("{{namespaceSelector: {namespaces}, podSelector: {pods}}}")
            }
            Peer::Block(block) => format!("{{ipBlock: {block}}}"),
        }
    }

    fn port(self, port: &Port) -> String {
        let value = self.port_value(&port.port);
        format!("{{port: {value}, protocol: {}}}", port.protocol.unwrap_or("null"))
    }

    fn port_value(self, value: &PortValue) -> String {
        match value {
            PortValue::Absent => "null".to_owned(),
            PortValue::Number(number) => number.to_string(),
            PortValue::Range(first, last) => format!("{first}, endPort: {last}"),
            PortValue::Name(name) => format!("{}p{name}", self.0),
        }
    }
}

impl Draft {
    /// The draft as a text of many documents.
    pub fn text(&self, naming: Naming) -> String {
        let Naming(prefix) = naming;
        let mut text = String::new();
        for (index, labels) in self.namespaces.iter().enumerate() {
            let labels = naming.labels(labels);
            let metadata = format!("{{name: {prefix}ns{index}, labels: {labels}}}");
            document(&mut text, "v1", "Namespace", &metadata, "");
        }
        for (index, ipv6) in [", {type: InternalIP, address: \"fd00:1::1\"}", ""].iter().enumerate()
        {
            let address = format!("{{type: InternalIP, address: 192.168.0.{}}}", index + 1);
            let status = format!("status: {{addresses: [{address}{ipv6}]}}");
            document(&mut text, "v1", "Node", &format!("{{name: {prefix}node{index}}}"), &status);
        }
        for index in 0..self.workloads.len() {
            self.write_workload(&mut text, naming, index);
        }
        for (index, service) in self.services.iter().enumerate() {
            let metadata =
                format!("{{namespace: {prefix}ns{}, name: {prefix}s{index}}}", service.namespace);
            let selector = naming.labels(&service.selector);
            let target = naming.port_value(&service.target);
            let headless = if service.headless { "clusterIP: None, " } else { "" };
            let ports = format!("[{{port: 80, targetPort: {target}}}]");
            let spec = format!("spec: {{{headless}selector: {selector}, ports: {ports}}}");
            document(&mut text, "v1", "Service", &metadata, &spec);
        }
        for (index, policy) in self.policies.iter().enumerate() {
            let metadata =
                format!("{{namespace: {prefix}ns{}, name: {prefix}p{index}}}", policy.namespace);
            let mut spec = format!("spec: {{podSelector: {}", naming.selector(&policy.selector));
            if let Some(types) = &policy.types {
                _ = write!(spec, ", policyTypes: [{}]", types.join(", "));
            }
            for (field, peers, rules) in
                [("ingress", "from", &policy.ingress), ("egress", "to", &policy.egress)]
            {
                if let Some(rules) = rules {
                    _ = write!(spec, ", {field}: {}", naming.rules(rules, peers));
                }
            }
            spec.push('}');
            document(&mut text, "networking.k8s.io/v1", "NetworkPolicy", &metadata, &spec);
        }
        text
    }

    fn write_workload(&self, text: &mut String, naming: Naming, index: usize) {
        let (Naming(prefix), workload) = (naming, &self.workloads[index]);
        let mut ports = Vec::new();
        for (name, protocol, number) in &workload.ports {
            ports.push(format!(
                "{{name: {prefix}c{name}, image: example, ports: [{{name: {prefix}p{name}, \
                 protocol: {protocol}, containerPort: {number}}}]}}"
            ));
        }
        let containers = format!("containers: [{}]", ports.join(", "));
        let node = workload.node.map(|node| format!("nodeName: {prefix}node{node}, "));
        let host = if workload.shape == Shape::HostNetwork { "hostNetwork: true, " } else { "" };
        let spec = format!("{{{host}{}{containers}}}", node.unwrap_or_default());
        let labels = naming.labels(&workload.labels);
        let name = format!("namespace: {prefix}ns{}, name: {prefix}w{index}", workload.namespace);
        if workload.shape == Shape::Replicated {
            let template = format!("{{metadata: {{labels: {labels}}}, spec: {spec}}}");
            let body = format!("spec: {{replicas: 2, template: {template}}}");
            return document(text, "apps/v1", "Deployment", &format!("{{{name}}}"), &body);
        }
        let (ipv4, ipv6) = (format!("10.244.1.{}", index + 1), format!("\"fd00::{}\"", index + 1));
        let addresses = match workload.shape {
            Shape::Pod(Known::Ipv4) => vec![ipv4],
            Shape::Pod(Known::Ipv6) => vec![ipv6],
            Shape::Pod(Known::Both) => vec![ipv4, ipv6],
            _ => Vec::new(),
        };
        let ips: Vec<String> = addresses.iter().map(|ip| format!("{{ip: {ip}}}")).collect();
        let body = format!("spec: {spec}\nstatus: {{podIPs: [{}]}}", ips.join(", "));
        document(text, "v1", "Pod", &format!("{{{name}, labels: {labels}}}"), &body);
    }
}

fn document(text: &mut String, version: &str, kind: &str, metadata: &str, body: &str) {
    _ = writeln!(text, "---\napiVersion: {version}\nkind: {kind}\nmetadata: {metadata}\n{body}");
}
