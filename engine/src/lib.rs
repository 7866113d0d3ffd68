//! What Kubernetes network policies do to an application, without a cluster.
//!
//! ```text
//!  text        YAML or JSON
//!    │ manifest             typed objects, with the place of every value
//!    │ compile              API defaults and validation: the fragment of each source
//!    │ assemble             all fragments together
//!    ▼
//!  Model       cluster + dns, policy, the network plugin's choices
//!    │ evaluate             does this connection pass? The only place that decides
//!    ├─ owners              an owner and what it owns as one workload, where no rule tells its pods apart
//!    ├─ outside             the addresses outside the cluster, in ranges that no policy tells apart
//!    ├─ reachability        the same for all pairs at once, and what a policy changes of it
//!    ├─ connectivity        every pair of ends, and all that passes between them
//!    ├─ compare             what passes in one state and not in another
//!    ├─ probe               calls by name: lookup, Service, pod port; what an observer sees
//!    ├─ overview            a large cluster by namespace, workload and pod
//!    ├─ explain             why, in sentences
//!    ├─ suggest             what would change it
//!    ├─ exposure            what a pod that is not there yet could reach, and be reached by
//!    └─ expect              whether what should pass passes, and nothing else
//!    ▼
//!  Analysis    analysis     all that is known about some texts
//!    └─ change              what differs from another one
//! ```
//!
//! The page and the command `netpol` are fronts of this engine, in the package around it.
//!
//! What reads text returns a value and diagnostics: one bad document does not take the others with
//! it. After `compile` nothing can fail: there is a verdict on every call.
//!
//! ```
//! use netpol_engine::analysis::{Request, analyze, read};
//! use netpol_engine::explain::explain_link;
//! use netpol_engine::manifest::Source;
//!
//! let shop = "
//! {kind: Pod, apiVersion: v1, metadata: {name: till, namespace: shop, labels: {app: till}}}
//! ---
//! {kind: Pod, apiVersion: v1, metadata: {name: stock, namespace: shop, labels: {app: stock}}}
//! ---
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: closed, namespace: shop}
//! spec: {podSelector: {matchLabels: {app: stock}}}
//! ";
//! let fragment = read(&Source::new("shop.yaml", shop));
//! let analysis = analyze([&fragment], &Request::default());
//! assert_eq!(analysis.diagnostics, []);
//!
//! let name = |workload: usize| analysis.model.cluster.workloads[workload].name.as_str();
//! let why = |from: &str, to: &str| {
//!     let mut links = analysis.links.iter();
//!     let link = links.find(|link| name(link.from) == from && name(link.to) == to)?;
//!     Some(explain_link(&analysis.model, &link.attempts[0]).summary)
//! };
//! assert_eq!(
//!     why("stock", "till").as_deref(),
//!     Some("open: nothing isolates stock's egress or till's ingress"),
//! );
//! assert_eq!(
//!     why("till", "stock").as_deref(),
//!     Some("blocked at stock: its ingress is isolated by closed, and no rule admits till"),
//! );
//! ```
//!
//! # Scope
//!
//! All of `networking.k8s.io/v1` NetworkPolicy is evaluated: isolation by direction, selectors,
//! peers, `ipBlock` with exceptions, ports by number, range and name, and calls by the name of a
//! Service. Other kinds of policy (AdminNetworkPolicy, Calico's, Cilium's) are recognised and not
//! evaluated; where there are any, [`Analysis::unevaluated`](analysis::Analysis::unevaluated) lists
//! them.
//!
//! Some things have no place in a verdict:
//!
//! - **Replies.** Policies judge connections, not packets: the replies of an admitted one need no
//!   rule.
//! - **Time.** A cluster applies policies sooner or later, and whether connections that exist
//!   already survive a change is undefined. A verdict is about a new connection, once all has been
//!   applied.
//! - **Other protocols.** ICMP, ARP and all but TCP, UDP and SCTP are undefined: nothing is said of
//!   them.
//! - **Address translation.** A call through a Service is judged by the pod and the port that it
//!   ends at. Node ports, load balancers and NAT on the way out may change an address before a
//!   policy sees it: an outside address is taken as it is, as if nothing did.
//! - **Nodes.** They are no peers here. A pod's own node can always reach it, because the kubelet's
//!   probes come from there; on a pod's way to its node plugins differ. Addresses of nodes matter
//!   to pods on their node's network only.
//!
//! And some Kubernetes leaves to the network plugin. [`Plugin`](evaluate::Plugin) holds the
//! answers, and an explanation's [badges](explain::Explanation::badges) tell where one of them
//! decides:
//!
//! - Whether an `ipBlock` [matches pods](evaluate::IpBlockPods) by their addresses: it does, unless
//!   told otherwise. A pod of unknown address lies somewhere in [the pod
//!   network](evaluate::Plugin::pod_cidr), and is matched only by a block that covers all of it,
//!   exceptions taken away.
//! - What a pod with `hostNetwork` [is](evaluate::HostNetwork): its node, unless told otherwise.
//! - A pod that calls itself through its own Service (hairpin) counts as a pod that calls itself:
//!   open.
//!
//! # Modules, in reading order
//!
//! | module | question |
//! |---|---|
//! | [`diagnostic`] | what can be said about an input, and where? |
//! | [`nearest`] | which word was probably meant? |
//! | [`stray`] | what is a document that is no object? |
//! | [`labels`], [`net`] | which objects does a selector mean? what are ports and addresses? |
//! | [`cluster`], [`policy`], [`dns`] | what is there? what do policies say? who resolves names? |
//! | [`fragment`] | what does one source declare? |
//! | [`assemble`] | what do sources declare together? |
//! | [`manifest`] | which objects does a text hold? |
//! | [`write`](mod@write) | how is a policy written? |
//! | [`compile`] | what do the objects mean? |
//! | [`evaluate`] | does this connection pass? |
//! | [`owners`] | which objects are one workload? |
//! | [`outside`] | which addresses outside the cluster does no policy tell apart? |
//! | [`reachability`] | does every connection pass, all at once? what does a policy change? |
//! | [`connectivity`] | who reaches whom? |
//! | [`compare`] | who reaches whom now and did not, and the other way round? |
//! | [`probe`] | what becomes of a call, as an application makes it? |
//! | [`overview`] | what is there to draw of a cluster too large for its pods? |
//! | [`end`] | whom do the words for a call's ends mean? |
//! | [`explain`] | why? |
//! | [`suggest`] | what would change it? |
//! | [`exposure`] | what could a pod that is not there yet reach, and be reached by? |
//! | [`lint`] | what in these policies is probably a mistake? |
//! | [`expect`] | does what should pass, pass, and is what should be blocked, blocked? |
//! | [`analysis`], [`change`] | what is known about these texts? what is different now? |
//! | [`scenario`] | what is there to play with? |

pub mod diagnostic;
pub mod nearest;
pub mod stray;
pub mod labels;
pub mod net;
pub mod cluster;
pub mod policy;
pub mod dns;
pub mod fragment;
pub mod assemble;
pub mod manifest;
pub mod write;
pub mod compile;
pub mod evaluate;
pub mod owners;
pub mod outside;
pub mod reachability;
pub mod connectivity;
pub mod compare;
pub mod probe;
pub mod overview;
pub mod end;
pub mod explain;
pub mod suggest;
pub mod exposure;
pub mod analysis;
pub mod lint;
pub mod expect;
pub mod change;
pub mod scenario;
