//! What Kubernetes leaves to the network plugin, and the answers that are assumed.

use ipnet::IpNet;

use crate::net::Coverage;

/// The answers of a network plugin to the questions that Kubernetes leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// Whether an `ipBlock` matches pods.
    pub ip_block_pods: IpBlockPods,
    /// What a pod on its node's network is.
    pub host_network: HostNetwork,
    /// Where a pod lies whose address the input does not tell.
    pub pod_cidr: IpNet,
    /// How much of the pod network a block must hold to match a pod of unknown address.
    pub(super) unknown_address: Coverage,
}

/// Whether an `ipBlock` matches pods by their addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum IpBlockPods {
    /// As the end-to-end tests of Kubernetes and Calico have it.
    #[default]
    Ip,
    /// As Cilium has it: blocks mean addresses outside the cluster.
    Never,
}

/// What a pod with `hostNetwork: true` is to policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HostNetwork {
    /// Its node: not isolated, matched by no selector, matched by blocks with the node's address.
    #[default]
    Node,
    /// A pod like any other.
    Pod,
}

impl Default for Plugin {
    fn default() -> Self {
        let pod_cidr = IpNet::new_assert([10, 244, 0, 0].into(), 16);
        Plugin::new(IpBlockPods::default(), HostNetwork::default(), pod_cidr)
    }
}

impl Plugin {
    /// A plugin of these choices.
    pub fn new(ip_block_pods: IpBlockPods, host_network: HostNetwork, pod_cidr: IpNet) -> Self {
        Plugin { ip_block_pods, host_network, pod_cidr, unknown_address: Coverage::Everything }
    }

    /// The same plugin with the other answer to one question.
    pub(super) fn otherwise(&self, question: Dependence) -> Plugin {
        let mut other = self.clone();
        match question {
            Dependence::IpBlockPods => {
                other.ip_block_pods = match self.ip_block_pods {
                    IpBlockPods::Ip => IpBlockPods::Never,
                    IpBlockPods::Never => IpBlockPods::Ip,
                }
            }
            Dependence::HostNetwork => {
                other.host_network = match self.host_network {
                    HostNetwork::Node => HostNetwork::Pod,
                    HostNetwork::Pod => HostNetwork::Node,
                }
            }
            Dependence::UnknownAddress => other.unknown_address = Coverage::Part,
        }
        other
    }
}

/// A question whose other answer would have changed a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dependence {
    /// Whether an `ipBlock` matches pods: left to the plugin.
    IpBlockPods,
    /// What a pod on its node's network is: left to the plugin.
    HostNetwork,
    /// Which address a pod has: not told by the input, and a block covers a part of the pod
    /// network.
    UnknownAddress,
}

impl Dependence {
    /// Every question.
    pub const ALL: [Dependence; 3] =
        [Dependence::IpBlockPods, Dependence::HostNetwork, Dependence::UnknownAddress];
}
