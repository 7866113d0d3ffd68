//! What Kubernetes network policies do to an application, without a cluster.

pub mod diagnostic;
pub mod labels;
pub mod net;
pub mod cluster;
pub mod policy;
pub mod scenario;
