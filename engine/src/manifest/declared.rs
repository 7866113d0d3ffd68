//! Namespaces and Services as their authors declare them: the API's own types, without the status
//! that servers add and nobody applies.

use k8s_openapi::api::core::v1::{NamespaceSpec, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;

/// A Namespace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Namespace {
    /// `metadata`.
    pub metadata: ObjectMeta,
    /// `spec`: nothing in it tells what policies do.
    pub spec: NamespaceSpec,
}

/// A Service.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Service {
    /// `metadata`.
    pub metadata: ObjectMeta,
    /// `spec`.
    pub spec: ServiceSpec,
}
