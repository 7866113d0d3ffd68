//! What Kubernetes network policies do to an application, without a cluster.

pub mod diagnostic;
pub mod scene;
