//! A Service of the API to a [`Service`].

use std::net::IpAddr;

use k8s_openapi::api::core::v1 as api;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::cluster::{Routing, Service, ServicePort, TargetPort};
use crate::diagnostic::Quoted;
use crate::labels::Selector;
use crate::manifest::{self, Object, Path};

use super::findings::Findings;
use super::ip_block::address;
use super::names::{NameSyntax, check_labels, check_metadata};
use super::ports::{self, NumberOrName};

/// The Service that an object is; whether it is refused is among the findings.
pub(super) fn service(
    object: &Object,
    given: &manifest::Service,
    namespace: String,
    findings: &mut Findings,
) -> Service {
    check_metadata(object, NameSyntax::Label, findings);
    let path = Path::ROOT.key("spec");
    let spec = &given.spec;
    let routing = routing(spec, &path, findings);
    let selector = spec.selector.as_ref().filter(|selector| !selector.is_empty());
    if let Some(labels) = selector {
        check_labels(labels, &path.key("selector"), findings);
    }
    let ports_path = path.key("ports");
    let given_ports = spec.ports.as_deref().unwrap_or_default();
    if given_ports.is_empty() && routing == Routing::Translated {
        findings.refuse(&ports_path, format!("`{ports_path}` must have at least one entry"));
    }
    let ports = given_ports.iter().enumerate();
    let ports = ports.map(|(i, given)| port(given, &ports_path.index(i), findings)).collect();
    Service {
        namespace,
        name: object.name.clone(),
        routing,
        selector: selector.map(Selector::from),
        ports,
        addresses: addresses(spec, &path, findings),
        location: object.location(),
    }
}

fn routing(spec: &api::ServiceSpec, path: &Path, findings: &mut Findings) -> Routing {
    match spec.type_.as_deref() {
        Some("ExternalName") => {
            let alias = spec.external_name.clone().unwrap_or_default();
            if alias.is_empty() {
                let field = path.key("externalName");
                findings.refuse(&field, format!("`{field}` is missing"));
            }
            return Routing::Alias(alias);
        }
        None | Some("" | "ClusterIP" | "NodePort" | "LoadBalancer") => {}
        Some(other) => {
            let field = path.key("type");
            findings.refuse(
                &field,
                format!(
                    "`{field}` must be `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`, \
                     not {}",
                    Quoted(other)
                ),
            );
        }
    }
    match cluster_ips(spec).next() {
        Some("None") => Routing::Headless,
        _ => Routing::Translated,
    }
}

/// `clusterIPs`, or the older `clusterIP`.
fn cluster_ips(spec: &api::ServiceSpec) -> impl Iterator<Item = &str> {
    let listed = spec.cluster_ips.iter().flatten();
    let single = spec.cluster_ip.iter().filter(|_| spec.cluster_ips.is_none());
    listed.chain(single).map(String::as_str).filter(|text| !text.is_empty())
}

fn addresses(spec: &api::ServiceSpec, path: &Path, findings: &mut Findings) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    for text in cluster_ips(spec).filter(|text| *text != "None") {
        match address(text) {
            Some(address) => addresses.push(address),
            None => {
                let field = match spec.cluster_ips {
                    Some(_) => path.key("clusterIPs"),
                    None => path.key("clusterIP"),
                };
                findings.refuse(
                    &field,
                    format!("`{field}` must be `None` or an address, not {}", Quoted(text)),
                );
            }
        }
    }
    addresses
}

fn port(given: &api::ServicePort, path: &Path, findings: &mut Findings) -> ServicePort {
    // Unlike in a policy, an empty protocol is defaulted.
    let protocol = given.protocol.as_deref().filter(|protocol| !protocol.is_empty());
    let protocol = ports::protocol(protocol, &path.key("protocol"), findings);
    let port = ports::number(given.port, &path.key("port"), findings);
    let target = match &given.target_port {
        Some(target) if !is_absent(target) => {
            match ports::number_or_name(target, &path.key("targetPort"), findings) {
                NumberOrName::Number(number) => TargetPort::Number(number),
                NumberOrName::Name(name) => TargetPort::Name(name),
            }
        }
        _ => TargetPort::Number(port),
    };
    ServicePort { protocol, port, target }
}

/// The API takes 0 and the empty string for absent here.
fn is_absent(target: &IntOrString) -> bool {
    match target {
        IntOrString::Int(number) => *number == 0,
        IntOrString::String(name) => name.is_empty(),
    }
}
