//! What Kubernetes network policies do to an application, without a cluster.

pub mod diagnostic;
pub mod labels;
pub mod net;
pub mod cluster;
pub mod policy;
pub mod dns;
pub mod manifest;
pub mod compile;
pub mod evaluate;
pub mod connectivity;
pub mod probe;
pub mod explain;
pub mod analysis;
pub mod change;
pub mod scenario;
pub mod scene;
pub mod picture;
#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
