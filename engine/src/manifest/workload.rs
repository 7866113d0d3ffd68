//! What is read of the objects that pods come from, and of Nodes: little, so that objects of any
//! API version are taken.
//!
//! The names of these types begin with `Partial`, which is what makes their reading lenient.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ContainerPort;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::Deserialize;

use super::path::Path;

/// The parts of a Pod, or of a pod template, that matter to policies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialPod {
    /// `metadata`.
    pub metadata: ObjectMeta,
    /// `spec`.
    pub spec: PartialPodSpec,
    /// `status`: nothing in a template.
    pub status: PartialPodStatus,
}

/// The parts of a pod's `spec` that matter to policies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PartialPodSpec {
    /// `containers`.
    pub containers: Vec<PartialContainer>,
    /// `initContainers`, sidecars among them.
    pub init_containers: Vec<PartialContainer>,
    /// `hostNetwork`.
    pub host_network: bool,
    /// `nodeName`.
    pub node_name: Option<String>,
}

/// The parts of a container that matter to policies and to probes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PartialContainer {
    /// `command`.
    pub command: Vec<String>,
    /// `args`.
    pub args: Vec<String>,
    /// `ports`.
    pub ports: Vec<ContainerPort>,
    /// `restartPolicy`: `Always` makes an init container a sidecar.
    pub restart_policy: Option<String>,
}

/// What a server has found out about a pod.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialPodStatus {
    /// `phase`.
    pub phase: String,
    /// `podIP`.
    #[serde(rename = "podIP")]
    pub pod_ip: String,
    /// `podIPs`.
    #[serde(rename = "podIPs")]
    pub pod_ips: Vec<PartialAddress>,
    /// `hostIP`.
    #[serde(rename = "hostIP")]
    pub host_ip: String,
    /// `hostIPs`.
    #[serde(rename = "hostIPs")]
    pub host_ips: Vec<PartialAddress>,
}

/// One address of a pod or of its node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialAddress {
    /// `ip`.
    pub ip: String,
}

/// An object that pods come from.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `metadata` of the object itself.
    pub metadata: ObjectMeta,
    /// `spec.replicas`, or `spec.parallelism` of a Job, where given.
    pub replicas: Option<i32>,
    /// `status.conditions`, of what has pods made for it.
    pub conditions: Vec<PartialCondition>,
    /// `selector`, beside the template: it says nothing about traffic, and is read because the
    /// server is strict about it.
    pub selector: LabelSelector,
    /// The pod, or the template of its pods.
    pub pod: PartialPod,
    /// Where in the object the pod is.
    pub pod_path: &'static Path<'static>,
}

static SPEC: Path<'static> = Path::ROOT.key("spec");
static TEMPLATE: Path<'static> = SPEC.key("template");
static JOB_TEMPLATE: Path<'static> = SPEC.key("jobTemplate");
static JOB_SPEC: Path<'static> = JOB_TEMPLATE.key("spec");
static JOB_POD: Path<'static> = JOB_SPEC.key("template");
static ROOT: Path<'static> = Path::ROOT;

impl From<PartialPod> for Workload {
    fn from(pod: PartialPod) -> Self {
        let metadata = pod.metadata.clone();
        let selector = LabelSelector::default();
        let conditions = Vec::new();
        Workload { metadata, replicas: None, conditions, selector, pod, pod_path: &ROOT }
    }
}

/// A Deployment, ReplicaSet, StatefulSet, DaemonSet or Job; with another type of selector, a
/// ReplicationController.
#[derive(Default, Deserialize)]
#[serde(default, bound = "S: Default + Deserialize<'de>")]
pub(super) struct PartialController<S = LabelSelector> {
    metadata: ObjectMeta,
    spec: PartialControllerSpec<S>,
    status: PartialControllerStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, bound = "S: Default + Deserialize<'de>")]
struct PartialControllerSpec<S> {
    replicas: Option<i32>,
    parallelism: Option<i32>,
    selector: S,
    template: PartialPod,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PartialControllerStatus {
    conditions: Vec<PartialCondition>,
}

/// One entry of `status.conditions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialCondition {
    /// `type`: what may hold.
    pub r#type: String,
    /// `status`: whether it does, `True`, `False` or `Unknown`.
    pub status: String,
}

impl From<PartialController> for Workload {
    fn from(controller: PartialController) -> Self {
        let PartialController { metadata, spec, status } = controller;
        Workload {
            metadata,
            replicas: spec.replicas.or(spec.parallelism),
            conditions: status.conditions,
            selector: spec.selector,
            pod: spec.template,
            pod_path: &TEMPLATE,
        }
    }
}

impl From<PartialController<BTreeMap<String, String>>> for Workload {
    fn from(controller: PartialController<BTreeMap<String, String>>) -> Self {
        let PartialController { metadata, spec, status } = controller;
        let selector = LabelSelector { match_labels: Some(spec.selector), match_expressions: None };
        Workload {
            metadata,
            replicas: spec.replicas,
            conditions: status.conditions,
            selector,
            pod: spec.template,
            pod_path: &TEMPLATE,
        }
    }
}

/// A CronJob: the pods are two templates down.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PartialCronJob {
    metadata: ObjectMeta,
    spec: PartialCronJobSpec,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartialCronJobSpec {
    job_template: PartialController,
}

impl From<PartialCronJob> for Workload {
    fn from(cron_job: PartialCronJob) -> Self {
        let spec = cron_job.spec.job_template.spec;
        Workload {
            metadata: cron_job.metadata,
            replicas: spec.parallelism,
            conditions: Vec::new(),
            selector: spec.selector,
            pod: spec.template,
            pod_path: &JOB_POD,
        }
    }
}

/// The parts of a Node that matter to policies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialNode {
    /// `metadata`.
    pub metadata: ObjectMeta,
    /// `status`.
    pub status: PartialNodeStatus,
}

/// The parts of a Node's `status` that matter to policies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialNodeStatus {
    /// `addresses`, of every type.
    pub addresses: Vec<PartialNodeAddress>,
}

/// One of a Node's addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartialNodeAddress {
    /// `type`: `InternalIP`, `ExternalIP`, or a kind of name.
    pub r#type: String,
    /// `address`.
    pub address: String,
}
