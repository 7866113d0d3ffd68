//! What becomes of a call: by address, or by the name of a Service.

use std::net::IpAddr;

use serde_norway::Value;

use super::objects::{End, Pod, World, items, labels, namespace, number, text};
use super::rules::{Sides, judge, selects};

/// What becomes of a call.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The outcome in the contract's words.
    pub words: &'static str,
    /// Where the call is stopped.
    pub stopped: Option<&'static str>,
    /// Both sides of the connection, of the first backend where there are several.
    pub sides: Sides,
}

/// A call to `to` itself.
pub fn call_address(world: &World, from: End, to: End, protocol: &str, port: u16) -> Outcome {
    let sides = judge(world, from, to, protocol, port);
    let (words, stopped) = match (sides.open, sides.egress.admits(), sides.ingress.admits()) {
        (true, ..) => ("open", None),
        (false, false, true) => ("blocked", Some("egress")),
        (false, true, false) => ("blocked", Some("ingress")),
        (false, ..) => ("blocked", Some("both")),
    };
    Outcome { words, stopped, sides }
}

/// A call to the Service `name` of `home`.
pub fn call(
    world: &World,
    from: End,
    name: &str,
    home: &str,
    protocol: &str,
    port: u16,
) -> Outcome {
    let nowhere =
        |words, stopped| Outcome { words, stopped: Some(stopped), sides: Sides::default() };
    if !resolves(world, from) {
        return nowhere("not resolved", "dns");
    }
    let Some(service) = service(world, home, name) else {
        return nowhere("no such service", "service");
    };
    let outcomes: Vec<Outcome> = endpoints(world, service, protocol, port)
        .into_iter()
        .map(|(pod, port)| call_address(world, from, End::Pod(pod), protocol, port))
        .collect();
    let open = outcomes.iter().filter(|outcome| outcome.words == "open").count();
    match outcomes.first() {
        None => nowhere("no endpoints", "service"),
        Some(first) if open == 0 || open == outcomes.len() => first.clone(),
        Some(first) => Outcome { words: "some backends", ..first.clone() },
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
            let spoken = if entry["protocol"].is_null() {
                "TCP".to_owned()
            } else {
                text(&entry["protocol"])
            };
            if spoken != protocol || number(&entry["port"]) != Some(port) {
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

/// Whether `from` reaches the cluster DNS, over UDP.
fn resolves(world: &World, from: End) -> bool {
    let implicit = World::read(
        "{apiVersion: v1, kind: Pod, metadata: {namespace: kube-system, name: dns, labels: {k8s-app: kube-dns}}, spec: {containers: \
         [{ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}]}]}}",
        world.settings.clone(),
    );
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
    servers.into_iter().any(|(pod, port)| judge(world, from, End::Pod(pod), "UDP", port).open)
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
pub fn sees(world: &World, observer: &Pod, url: &Url) -> bool {
    call(world, End::Pod(observer), &url.service, &url.namespace, "TCP", url.port).words == "open"
}
