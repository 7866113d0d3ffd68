//! What becomes of a call: by address, or by the name of a Service.

use std::net::IpAddr;

use serde_norway::Value;

use super::Span;
use super::objects::{self, End, Pod, World, items, labels, namespace, number, text};
use super::rules::{Connection, Sides, judge, selects};

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The outcome in the contract's words.
    pub words: String,
    /// Where the call is stopped.
    pub stopped: Option<String>,
    /// Both sides of the connection; of several, the first that does not come about.
    pub sides: Sides,
}

impl World {
    /// What becomes of a call, as people ask: `from` is `namespace/name` or an address, `to` may be
    /// `namespace/name#2` or `service.namespace` as well, and `port` is `80/TCP`.
    pub fn ask(&self, from: &str, to: &str, port: &str) -> Outcome {
        let (port, protocol) = port.split_once('/').expect("port/protocol");
        let port = port.parse().expect("a port");
        let from = self.end(from).expect("a caller");
        match (self.end(to), to.split_once('.')) {
            (Some(to), _) => call_address(self, from, to, protocol, port),
            (None, Some((service, home))) => call(self, from, service, home, protocol, port),
            (None, None) => panic!("nobody is {to}"),
        }
    }

    /// The end of a connection that a word names; nothing for the name of a Service.
    fn end(&self, name: &str) -> Option<End<'_>> {
        if let Ok(address) = name.parse() {
            return Some(End::Outside(Span::of(address)));
        }
        name.contains('/').then(|| match name.strip_suffix("#2") {
            Some(workload) => End::Replica(self.pod(workload)),
            None => End::Pod(self.pod(name)),
        })
    }
}

/// A call to `to` itself.
fn call_address(world: &World, from: End, to: End, protocol: &str, port: u16) -> Outcome {
    let sides = judge(world, Connection { from, to, protocol, port });
    let stopped = match (sides.egress.admits(), sides.ingress.admits()) {
        _ if sides.open => None,
        (false, true) => Some("egress".to_owned()),
        (true, false) => Some("ingress".to_owned()),
        (false, false) => Some("both".to_owned()),
        // The two share no address family: no policy stops them.
        (true, true) => None,
    };
    let words = if sides.open { "open" } else { "blocked" }.to_owned();
    Outcome { words, stopped, sides }
}

/// A call to the Service `name` of `home`.
fn call(world: &World, from: End, name: &str, home: &str, protocol: &str, port: u16) -> Outcome {
    let nowhere = |words: &str, stopped: &str| Outcome {
        words: words.to_owned(),
        stopped: Some(stopped.to_owned()),
        sides: Sides::default(),
    };
    if !resolves(world, from) {
        return nowhere("not resolved", "dns");
    }
    let Some(service) = service(world, home, name).map(|service| alias(world, service)) else {
        return nowhere("no such service", "service");
    };
    let mut outcomes = Vec::new();
    for (pod, port) in endpoints(world, service, protocol, port) {
        // Among several pods of one workload a call to their Service is a call to the others.
        let to = match from {
            End::Pod(caller) if std::ptr::eq(caller, pod) && pod.several => End::Replica(pod),
            _ => End::Pod(pod),
        };
        outcomes.push(call_address(world, from, to, protocol, port));
    }
    let unreached = outcomes.iter().find(|outcome| outcome.words != "open");
    let Some(told) = unreached.or(outcomes.first()) else {
        return nowhere("no endpoints", "service");
    };
    let mut told = told.clone();
    if outcomes.iter().any(|outcome| outcome.words == "open") && unreached.is_some() {
        told.words = "some backends".to_owned();
    }
    told
}

/// The Service of the cluster that an ExternalName Service is an alias for, or else itself.
fn alias<'w>(world: &'w World, service: &'w Value) -> &'w Value {
    let host = text(&service["spec"]["externalName"]);
    let mut parts = host.split('.');
    let (name, home) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match self::service(world, home, name) {
        Some(other) if service["spec"]["type"] == "ExternalName" => other,
        _ => service,
    }
}

fn service<'w>(world: &'w World, home: &str, name: &str) -> Option<&'w Value> {
    world.services.iter().find(|s| namespace(s) == home && s["metadata"]["name"] == name)
}

/// The pods a Service's port leads to, and the port of each.
fn endpoints<'w>(
    world: &'w World,
    service: &Value,
    protocol: &str,
    port: u16,
) -> Vec<(&'w Pod, u16)> {
    let spec = &service["spec"];
    let wanted = labels(&spec["selector"]);
    let mut endpoints = Vec::new();
    if wanted.is_empty() || spec["type"] == "ExternalName" {
        return endpoints;
    }
    for pod in &world.pods {
        if pod.namespace != namespace(service)
            || wanted.iter().any(|(key, value)| pod.labels.get(key) != Some(value))
        {
            continue;
        }
        if spec["clusterIP"] == "None" {
            endpoints.push((pod, port));
            continue;
        }
        for entry in items(&spec["ports"]) {
            if objects::protocol(entry) != protocol || number(&entry["port"]) != Some(port) {
                continue;
            }
            let target =
                if entry["targetPort"].is_null() { &entry["port"] } else { &entry["targetPort"] };
            let name = text(target);
            let named = || {
                pod.ports()
                    .into_iter()
                    .find(|(n, p, _)| *n == name && p == protocol)
                    .map(|(.., number)| number)
            };
            endpoints.extend(number(target).or_else(named).map(|target| (pod, target)));
        }
    }
    endpoints
}

/// The DNS of a cluster whose manifests declare none.
const IMPLICIT_DNS: &str = "
apiVersion: v1
kind: Pod
metadata: {namespace: kube-system, name: dns, labels: {k8s-app: kube-dns}}
spec:
  containers:
    - ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}]
";

/// Whether `from`, where it is a pod, reaches the cluster DNS over UDP.
fn resolves(world: &World, from: End) -> bool {
    if from.pod().is_none() {
        return true;
    }
    let implicit = World::read(IMPLICIT_DNS, world.settings.clone());
    let mut servers = Vec::new();
    for (home, name) in [("kube-system", "kube-dns"), ("openshift-dns", "dns-default")] {
        if servers.is_empty() {
            servers = service(world, home, name)
                .map(|s| endpoints(world, s, "UDP", 53))
                .unwrap_or_default();
        }
    }
    if servers.is_empty() {
        let labelled: Value =
            serde_norway::from_str("matchLabels: {k8s-app: kube-dns}").expect("a selector");
        servers = world
            .pods
            .iter()
            .filter(|p| p.namespace == "kube-system" && selects(&labelled, &p.labels))
            .map(|p| (p, 53))
            .collect();
    }
    if servers.is_empty() {
        servers = implicit.pods.iter().map(|pod| (pod, 53)).collect();
    }
    servers.into_iter().any(|(pod, port)| {
        judge(world, Connection { from, to: End::Pod(pod), protocol: "UDP", port }).open
    })
}

/// What a probe calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    pub service: String,
    pub namespace: String,
    pub port: u16,
}

impl Url {
    /// Reads `http://service.namespace:port/path`; nothing for other forms.
    pub fn parse(url: &str) -> Option<Url> {
        let authority = url.strip_prefix("http://")?.split('/').next()?;
        let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
        if host.parse::<IpAddr>().is_ok() {
            return None;
        }
        let (service, rest) = host.split_once('.')?;
        let namespace = rest.split('.').next()?;
        Some(Url {
            service: service.to_owned(),
            namespace: namespace.to_owned(),
            port: port.parse().ok()?,
        })
    }
}

/// The URLs that a pod's containers try, from their `--urls=`.
pub fn probes(pod: &Pod) -> Vec<Url> {
    let mut urls = Vec::new();
    for container in items(&pod.spec["containers"]) {
        for argument in items(&container["command"]).iter().chain(items(&container["args"])) {
            if let Some(list) = text(argument).strip_prefix("--urls=") {
                urls.extend(list.split(',').filter_map(Url::parse));
            }
        }
    }
    urls
}

/// Whether `observer` sees what answers at `url`.
pub fn sees(world: &World, observer: &str, url: &str) -> bool {
    let url = Url::parse(url).expect("the URL of a Service");
    let service = format!("{}.{}", url.service, url.namespace);
    world.ask(observer, &service, &format!("{}/TCP", url.port)).words == "open"
}
