//! What of a rule a connection does not fit: as data, and in words.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::names::{either, list};
use crate::diagnostic::Quoted;
use crate::labels::Requirement;
use crate::net::{Coverage, IpBlock, PortSet, Protocol};

/// One part of a rule that a connection does not fit, and what the connection has there instead.
///
/// It prints as a clause: ``pod label `app` is `web`, not `api` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// A requirement of `podSelector` that the labels of the other end do not meet.
    PodLabel {
        /// The requirement.
        required: Requirement,
        /// The value of its key; `None` where the pod has no such label.
        found: Option<String>,
    },
    /// A requirement of `namespaceSelector` that the labels of the other end's namespace do not meet.
    NamespaceLabel {
        /// The namespace of the other end.
        namespace: String,
        /// The requirement.
        required: Requirement,
        /// The value of its key; `None` where the namespace has no such label.
        found: Option<String>,
    },
    /// Without `namespaceSelector` a peer means pods of the policy's own namespace.
    Namespace {
        /// The policy's.
        own: String,
        /// That of the other end.
        found: String,
    },
    /// Selectors select pods, and the other end is this address outside the cluster.
    Outside(IpAddr),
    /// Selectors select pods, and the other end counts as its node.
    Node,
    /// The address of the other end is not in the `cidr` of an `ipBlock`.
    Address {
        /// `cidr`.
        cidr: IpNet,
        /// The address.
        found: IpAddr,
    },
    /// The address of the other end is in the `cidr` of an `ipBlock`, and in an `except` of it.
    Except {
        /// The entry of `except`.
        except: IpNet,
        /// The address.
        found: IpAddr,
    },
    /// The input does not tell the address of the other end, and not all that it may be is in an
    /// `ipBlock`.
    UnknownAddress {
        /// The block.
        block: IpBlock,
        /// Where the address lies.
        network: IpNet,
    },
    /// As the network plugin is assumed to be, an `ipBlock` matches no pods.
    PodByAddress,
    /// An `ipBlock` of an address family in which the two ends do not talk.
    Family,
    /// No entry of `ports` is of the connection's protocol.
    Protocol {
        /// The protocols of the entries.
        admitted: Vec<Protocol>,
        /// The connection's.
        found: Protocol,
    },
    /// The port is none of those that `ports` names by number for the connection's protocol.
    Port {
        /// Those ports.
        admitted: PortSet,
        /// The connection's protocol.
        protocol: Protocol,
        /// The connection's port.
        found: u16,
    },
    /// An entry of `ports` that is a name, by which the destination does not mean the port.
    NamedPort {
        /// The name.
        name: String,
        /// The protocol of the entry, which is the connection's.
        protocol: Protocol,
        /// What the destination is called.
        destination: String,
        /// The ports that it declares by this name; `None` where it is no pod and can declare none.
        declared: Option<Vec<(Protocol, u16)>>,
    },
}

impl Miss {
    /// How far the connection is from fitting, to tell which of several peers or rules is nearest:
    /// a label is nearer than an address, and an end of another sort is further off than both.
    pub(super) fn distance(&self) -> usize {
        match self {
            Miss::PodLabel { .. }
            | Miss::NamespaceLabel { .. }
            | Miss::Namespace { .. }
            | Miss::Except { .. }
            | Miss::Port { .. }
            | Miss::NamedPort { .. } => 1,
            Miss::Protocol { .. } | Miss::Address { .. } | Miss::UnknownAddress { .. } => 2,
            Miss::PodByAddress | Miss::Family => 3,
            Miss::Outside(_) | Miss::Node => 4,
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Miss::PodLabel { required, found } => {
                label(f, "the pod", "pod label", required, found.as_deref())
            }
            Miss::NamespaceLabel { namespace, required, found } => {
                let namespace = format!("namespace {namespace}");
                label(f, &namespace, "namespace label", required, found.as_deref())
            }
            Miss::Namespace { own, found } => {
                write!(f, "the pod is in namespace {found}, not {own}")
            }
            Miss::Outside(address) => {
                write!(f, "{address} is outside the cluster, where selectors select nothing")
            }
            Miss::Node => f.write_str("the pod counts as its node, which no selector selects"),
            Miss::Address { cidr, found } => write!(f, "address {found} is not in {cidr}"),
            Miss::Except { except, found } => {
                write!(f, "address {found} is in the exception {except}")
            }
            Miss::UnknownAddress { block, network } => {
                let how_much = match block.coverage(network) {
                    Coverage::Nothing => "none",
                    Coverage::Part | Coverage::Everything => "not all",
                };
                write!(f, "the pod lies somewhere in {network}, {how_much} of which is in {block}")
            }
            Miss::PodByAddress => f.write_str("an ipBlock is taken not to match pods"),
            Miss::Family => f.write_str("the ends do not share the block's address family"),
            Miss::Protocol { admitted, found } => {
                write!(f, "the protocol is {found}, not {}", either(admitted))
            }
            Miss::Port { admitted, protocol, found } => {
                write!(f, "the port is {protocol} {found}, not {}", either(admitted.ranges()))
            }
            Miss::NamedPort { name, protocol, destination, declared } => {
                let name = Quoted(name);
                match declared.as_deref() {
                    None => write!(f, "only a pod declares a port {name}"),
                    Some([]) => write!(f, "{destination} declares no {protocol} port {name}"),
                    Some(ports) => {
                        let ports =
                            ports.iter().map(|(protocol, port)| format!("{protocol} {port}"));
                        write!(f, "port {name} of {destination} is {}", list(ports))
                    }
                }
            }
        }
    }
}

/// How the labels of an object, or one of them, fail a requirement.
fn label(
    f: &mut fmt::Formatter<'_>,
    whose: &str,
    which: &str,
    required: &Requirement,
    found: Option<&str>,
) -> fmt::Result {
    let key = Quoted(required.key());
    match (required, found.map(Quoted)) {
        (Requirement::In(_, values), Some(found)) => {
            let values: Vec<_> = values.iter().map(|value| Quoted(value)).collect();
            write!(f, "{which} {key} is {found}, not {}", either(&values))
        }
        (Requirement::NotIn(..), Some(found)) => write!(f, "{which} {key} must not be {found}"),
        (Requirement::Exists(_) | Requirement::DoesNotExist(_), Some(_)) => {
            write!(f, "{whose} has the label {key}")
        }
        (_, None) => write!(f, "{whose} has no label {key}"),
    }
}
