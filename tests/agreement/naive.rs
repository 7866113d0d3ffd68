//! The rules of network policies, stated a second time.
//!
//! What the crate decides with types, tables and sets of ports is decided here by plain loops over
//! the objects as the parser gives them, for one source, one destination, one protocol and one port
//! at a time. It shares no line and no parser with the crate (`serde_norway` descends from libyaml,
//! as kubectl's parser does), it is slow, and it is for documents that a server accepts: it
//! validates nothing. Where the two disagree one of them is wrong.

mod addresses;
mod calls;
mod objects;
mod rules;

pub use calls::{Outcome, Url, probes, sees};
pub use objects::{HostNetwork, IpBlockPods, Settings, World};
pub use rules::{Side, Sides};

use addresses::Span;
use objects::Pod;
