//! The objects of a text, and who can be at the end of a connection.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Deserialize;
use serde_norway::Value;

use super::Span;

/// Labels by key.
pub type Labels = BTreeMap<String, String>;

/// What is left to the network plugin.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// Whether an ipBlock matches pods by their address.
    pub ipblock_pods: IpBlockPods,
    /// What a hostNetwork pod is to policies.
    pub host_network: HostNetwork,
    /// Where pods of unknown address are.
    pub pod_cidr: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            ipblock_pods: IpBlockPods::Ip,
            host_network: HostNetwork::Node,
            pod_cidr: "10.244.0.0/16".to_owned(),
        }
    }
}

/// How an ipBlock matches pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IpBlockPods {
    Ip,
    Never,
}

/// What a hostNetwork pod counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostNetwork {
    Node,
    Pod,
}

/// A pod, or what stands for the pods of a workload.
#[derive(Clone, Debug)]
pub struct Pod {
    pub namespace: String,
    pub name: String,
    pub kind: String,
    pub labels: Labels,
    /// The pod's `spec`.
    pub spec: Value,
    /// Its addresses; none when nothing tells them.
    pub addresses: Vec<Span>,
    /// Whether its workload has several pods.
    pub several: bool,
}

impl Pod {
    /// `namespace/name[Kind]`.
    pub fn id(&self) -> String {
        format!("{}/{}[{}]", self.namespace, self.name, self.kind)
    }

    /// The declared ports of containers, then of sidecars: name, protocol, number.
    pub fn ports(&self) -> Vec<(String, String, u16)> {
        let sidecars =
            items(&self.spec["initContainers"]).iter().filter(|c| c["restartPolicy"] == "Always");
        let mut ports = Vec::new();
        for container in items(&self.spec["containers"]).iter().chain(sidecars) {
            for port in items(&container["ports"]) {
                let protocol = protocol(port);
                ports.push((
                    text(&port["name"]),
                    protocol,
                    number(&port["containerPort"]).expect("a container port"),
                ));
            }
        }
        ports
    }
}

/// One end of a connection.
#[derive(Clone, Copy, Debug)]
pub enum End<'w> {
    /// A pod.
    Pod(&'w Pod),
    /// Another pod of the same workload.
    Replica(&'w Pod),
    /// An address outside the cluster.
    Outside(Span),
}

impl<'w> End<'w> {
    /// The pod at this end, if it is in the cluster.
    pub fn pod(self) -> Option<&'w Pod> {
        match self {
            End::Pod(pod) | End::Replica(pod) => Some(pod),
            End::Outside(_) => None,
        }
    }
}

/// Everything that a text declares.
#[derive(Clone, Debug)]
pub struct World {
    pub settings: Settings,
    pub pods: Vec<Pod>,
    pub services: Vec<Value>,
    pub policies: Vec<Value>,
    namespaces: BTreeMap<String, Labels>,
}

impl World {
    /// Reads the objects of `source`, several documents of YAML or JSON.
    pub fn read(source: &str, settings: Settings) -> World {
        let mut objects = Vec::new();
        for document in serde_norway::Deserializer::from_str(source) {
            open(Value::deserialize(document).expect("a readable document"), "", &mut objects);
        }
        let mut last: Vec<Value> = Vec::new();
        for object in objects {
            let identity =
                |o: &Value| (text(&o["kind"]), namespace(o), text(&o["metadata"]["name"]));
            last.retain(|earlier| identity(earlier) != identity(&object));
            last.push(object);
        }
        let of_kind =
            |kind: &str| last.iter().filter(|o| o["kind"] == kind).cloned().collect::<Vec<_>>();
        let nodes = of_kind("Node");
        World {
            pods: last.iter().filter_map(|object| pod(object, &nodes)).collect(),
            services: of_kind("Service"),
            policies: of_kind("NetworkPolicy"),
            namespaces: of_kind("Namespace")
                .iter()
                .map(|n| (text(&n["metadata"]["name"]), labels(&n["metadata"]["labels"])))
                .collect(),
            settings,
        }
    }

    /// The labels of a namespace, which exists also when nothing declares it, and carries its name.
    pub fn namespace_labels(&self, name: &str) -> Labels {
        let mut labels = self.namespaces.get(name).cloned().unwrap_or_default();
        labels.insert("kubernetes.io/metadata.name".to_owned(), name.to_owned());
        labels
    }

    /// The pod `namespace/name` or `namespace/name[Kind]`.
    pub fn pod(&self, reference: &str) -> &Pod {
        let mut found = self
            .pods
            .iter()
            .filter(|p| p.id() == reference || format!("{}/{}", p.namespace, p.name) == reference);
        let pod = found.next().unwrap_or_else(|| panic!("no pod {reference}"));
        assert!(found.next().is_none(), "several pods {reference}");
        pod
    }

    /// Whether policies see the node where this pod is.
    pub fn is_node(&self, pod: &Pod) -> bool {
        self.settings.host_network == HostNetwork::Node && pod.spec["hostNetwork"] == true
    }

    /// An address outside that no block narrower than everything names.
    pub fn internet(&self) -> IpAddr {
        let mut blocks = Vec::new();
        for policy in &self.policies {
            for direction in ["ingress", "egress"] {
                for rule in items(&policy["spec"][direction]) {
                    for peer in items(&rule["from"]).iter().chain(items(&rule["to"])) {
                        blocks.push(text(&peer["ipBlock"]["cidr"]));
                        blocks.extend(items(&peer["ipBlock"]["except"]).iter().map(text));
                    }
                }
            }
        }
        let narrow: Vec<Span> = blocks
            .iter()
            .filter(|block| !block.is_empty() && !block.ends_with("/0"))
            .map(|block| Span::cidr(block))
            .collect();
        let free = |address: &IpAddr| !narrow.iter().any(|block| block.covers(Span::of(*address)));
        let candidates = (1..=223).map(|first| IpAddr::from([first, 8, 8, 8]));
        candidates.into_iter().find(free).expect("an address that no block names")
    }
}

/// The objects in a document: itself, or the items of a list.
fn open(mut object: Value, kind: &str, objects: &mut Vec<Value>) {
    if object["kind"].is_null() && !kind.is_empty() {
        object["kind"] = kind.into();
        object["apiVersion"] = "networking.k8s.io/v1".into();
    }
    let kind = text(&object["kind"]);
    if let Some(item_kind) = kind.strip_suffix("List") {
        for item in items(&object["items"]) {
            open(item.clone(), item_kind, objects);
        }
    } else if !kind.is_empty()
        && (kind != "NetworkPolicy" || object["apiVersion"] == "networking.k8s.io/v1")
    {
        objects.push(object);
    }
}

/// The pod of a Pod or of a workload's template; nothing for other kinds.
fn pod(object: &Value, nodes: &[Value]) -> Option<Pod> {
    let kind = text(&object["kind"]);
    let template = match kind.as_str() {
        "Pod" => object,
        "Deployment"
        | "ReplicaSet"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "ReplicationController" => &object["spec"]["template"],
        "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"],
        _ => return None,
    };
    let spec = &template["spec"];
    let mut addresses = Vec::new();
    if kind == "Pod" {
        addresses.push(text(&object["status"]["podIP"]));
        addresses.extend(items(&object["status"]["podIPs"]).iter().map(|ip| text(&ip["ip"])));
    }
    if spec["hostNetwork"] == true {
        for node in nodes.iter().filter(|node| node["metadata"]["name"] == spec["nodeName"]) {
            addresses
                .extend(items(&node["status"]["addresses"]).iter().map(|a| text(&a["address"])));
        }
    }
    let addresses = addresses.iter().filter_map(|a| a.parse().ok()).map(Span::of).collect();
    let several =
        kind == "DaemonSet" || object["spec"]["replicas"].as_u64().is_some_and(|pods| pods > 1);
    Some(Pod {
        namespace: namespace(object),
        name: text(&object["metadata"]["name"]),
        kind,
        labels: labels(&template["metadata"]["labels"]),
        spec: spec.clone(),
        addresses,
        several,
    })
}

/// The namespace of an object, which is `default` when it names none.
pub fn namespace(object: &Value) -> String {
    match &object["metadata"]["namespace"] {
        Value::Null => "default".to_owned(),
        named => text(named),
    }
}

/// The labels of a mapping, by the text of its keys.
pub fn labels(mapping: &Value) -> Labels {
    mapping
        .as_mapping()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key_text(key), text(value)))
        .collect()
}

/// The items of a list; none where it is absent or null.
pub fn items(list: &Value) -> &[Value] {
    list.as_sequence().map_or(&[], Vec::as_slice)
}

/// A scalar's text; null is the empty string.
pub fn text(scalar: &Value) -> String {
    match scalar {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => value.clone(),
        other => panic!("no scalar: {other:?}"),
    }
}

/// The protocol of a container's, a Service's or a rule's port.
pub fn protocol(entry: &Value) -> String {
    if entry["protocol"].is_null() { "TCP".to_owned() } else { text(&entry["protocol"]) }
}

/// A key's text. The parser takes the words of YAML 1.1 for strings, kubectl for booleans.
fn key_text(key: &Value) -> String {
    match text(key).as_str() {
        "on" | "yes" => "true".to_owned(),
        "off" | "no" => "false".to_owned(),
        other => other.to_owned(),
    }
}

/// A port number in any of YAML 1.1's notations, those that the parser takes for strings included;
/// nothing for a name, which has a letter.
pub fn number(scalar: &Value) -> Option<u16> {
    let plain = match scalar {
        Value::Number(value) => return value.as_f64().map(|value| value as u16),
        other => text(other).replace('_', ""),
    };
    match plain.strip_prefix('0') {
        Some(octal) => u16::from_str_radix(octal, 8).ok(),
        None => plain.parse().ok(),
    }
}
