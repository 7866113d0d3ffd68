//! What can be asked of `netpol`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

use crate::connectivity::Siblings;
use crate::end::Port;
use crate::evaluate::{HostNetwork, IpBlockPods, Plugin};
use crate::owners;

const EXAMPLES: &str = "\
Examples:
  netpol connectivity manifests/
  kustomize build . | netpol connectivity --format table -
  netpol lint manifests/
  netpol diff before/ after/ --format markdown
  netpol explain manifests/ --from frontend/client --to queue.infrastructure --port 5000/TCP
  netpol expect manifests/ > expect.yaml
  netpol check expect.yaml manifests/

Exit codes:
  0  answered
  1  found what it looks for: diff, a difference; lint, a warning; check, an expectation that is not met
  2  the input or the arguments are refused, and nothing is answered

Diagnostics go to standard error as `file:line:column: severity: message`.";

const FORMATS: &str = "\
The JSON is a list, sorted bytewise by src and dst, one entry a line, of the pairs between which something
passes:
  {\"src\":S,\"dst\":D,\"conns\":{\"TCP\":[[80,80]],\"UDP\":[[1,65535]]}}
S and D are `namespace/name[Kind]` or, for hosts outside the cluster, `external:FIRST-LAST`; with
--replicas also `namespace/name[Kind]#2`, another pod of the same workload. Ports are inclusive,
disjoint, ascending intervals of the destination's ports. Protocols of which nothing passes are left out, and so
are pairs.

With --by workload, an owner and all that it owns are one, by `metadata.ownerReferences`: S and D name the
topmost owner (Deployment, CronJob, Rollout), whether the input holds it or not, and live pods count instead of
templates. Where a selector, a port name or an ipBlock of the input tells pods of one owner apart, these are
parts, each with what tells it from the others: `shop/web (track=canary)[Deployment]`, or, where labels do
not, its first pod: `shop/db (db-0)[StatefulSet]`. What has no pods or has finished is left out, with a note.";

const DIFFERENCES: &str = "\
Exit code 0 when nothing differs, 1 when something does. Workloads are compared by `namespace/name[Kind]`, hosts outside
the cluster by address. A pair of ends has

  opened    where nothing passed before        closed    where nothing passes now
  widened   where more passes than before      narrowed  where less does
  changed   where some is gained and some lost

and all pairs of a workload that is added have opened, all of one that is removed closed. `namespace/name[Kind]#2` is
another pod of the same workload; how many there are makes no difference. The table and the Markdown begin with the
pairs of workloads that are in both states.

The JSON is an object, one entry of its lists a line:
  {\"added\":[W,...],\"removed\":[W,...],\"differences\":[
  {\"src\":S,\"dst\":D,\"change\":\"opened\",\"gained\":{\"TCP\":[[80,80]]},\"lost\":{}},...]}
with ends, ports and their order as in `netpol connectivity`.";

const STRANGERS: &str = "\
Told is what passes between every workload and
  new-pod:NAMESPACE  a pod of that namespace that is not there yet, of whatever labels
  new-namespace      a pod of a namespace that is not in the input, of whatever name and labels
  internet           hosts outside the cluster
as the policies are now. UNNAMED is for one that no rule names: without labels, or outside at an address that no ipBlock
names. AT MOST is for all of them together, whatever they are like, and WITH gives examples of those for whom
more passes. Labels can take as well as give, where policies select by them. A new pod is on the pod network
(--pod-cidr), on whatever node, and declares no ports: what rules admit by the name of a port is not counted.

The JSON is an object:
  {\"namedPorts\":[NAME,...],\"exposure\":[
  {\"src\":S,\"dst\":D,\"unnamed\":P,\"atMost\":P,\"variation\":V,\"ways\":[{\"labels\":{},\"conns\":P},...]},...]}
with ends, ports P and order as in `netpol connectivity`. V is `settled` where labels make no difference, `varies`
where they may, or `cut short` where there was too much to try, so that more than atMost may pass. A way
has, as far as they matter, labels, namespace (its labels), address (FIRST-LAST) and node.";

const FINDINGS: &str = "\
Policies are judged together, and only where the input holds the cluster that a finding needs. Exit code 1
when there is a warning; findings of severity info alone leave it at 0. A policy is not reported for what its
annotation `netpol-playground/ignore: id, id` names.

The JSON is a list, in the order of the input, of
  {\"id\":...,\"severity\":...,\"file\":...,\"line\":1,\"column\":1,\"message\":...,\"why\":...,\"silence\":...,\"fix\":...}
where fix is null or {\"title\":...,\"line\":1,\"column\":1,\"old\":...,\"new\":...}: in the value that begins there, the
first old becomes new.";

const EXPECTATIONS: &str = "\
FILE is YAML or JSON, one document with the list `expect`:
  expect:
    - {from: frontend/client, to: backend/facade, port: 9000/TCP, verdict: open}
    - {from: frontend/client, to: queue.infrastructure, port: 5000, verdict: blocked}
    - {from: internet, to: backend/facade, verdict: blocked}
from and to are what --from and --to of `netpol explain` take. A port without a protocol is TCP. Without a port
an item is about all ports: `open` is met when something passes, and `blocked` when nothing does; by the name of
a Service they are the ports of the Service, and the one counts that lets most through.

`open` is met by the outcome open; `blocked` by blocked and not resolved. no such service, no endpoints and some
backends meet neither. An item whose ends the input does not hold fails.

Exit code 1 when an item is missed or fails. A wrong item is refused (2); with --keep-going it is set aside,
unless nothing is left. `netpol expect` writes such a file.";

const EXPECTED: &str = "\
The items are the calls that are made among the workloads: those of a workload's probes (container arguments
`--urls=`), else one to every port that another offers: its Services', by name, else its containers', else one on
any port. `netpol check` of the same input meets them all.";

const OUTCOMES: &str = "\
The output begins with the outcome: open, blocked, not resolved, no such service, no endpoints or
some backends. Whatever it is, the exit code is 0.

Of each policy that selects an end of a connection it is told how it stands to it: does not apply, admits,
does not admit, or cannot decide, where that depends on the network plugin or on an address that the
manifests do not give. The outcome then is that of the plugin which the flags describe.

The JSON is an object of
  {\"outcome\":...,\"summary\":...,\"call\":{...},\"internet\":...,\"lookup\":...,\"service\":...,
   \"connections\":[...],\"badges\":[...],\"notEvaluated\":[...]}
where lookup and service are null for a call to an address, and connections are those that the call comes
down to, one a backend, each with its two sides, and with the policies on each side. For every rule of a
policy it says whether it admits the connection, and if not, which part of it fails on what.";

const FROM: &str = "Who calls: namespace/name, namespace/name[Kind] (either with #2: another pod of it), an address, or `internet`";

const TO: &str = "Whom: as --from, or a Service by its name, such as queue.infrastructure";

/// What Kubernetes network policies do to an application, without a cluster
#[derive(Parser)]
#[command(name = "netpol", version, after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    Connectivity(Connectivity),
    Diff(Diff),
    Explain(Explain),
    Exposure(Exposure),
    Lint(Lint),
    Check(Check),
    Expect(Expect),
}

/// List who can reach whom, and on which ports
#[derive(clap::Args)]
#[command(after_help = FORMATS)]
pub(super) struct Connectivity {
    #[command(flatten)]
    pub input: Input,

    /// How to write the list
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,

    /// What counts as one: every object, or an owner with its ReplicaSets, Jobs and Pods
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Object)]
    pub by: By,

    /// List also what passes between two pods of one workload
    #[arg(long)]
    replicas: bool,
}

/// Say what is different between two states: what opened, closed, widened and narrowed
#[derive(clap::Args)]
#[command(after_help = DIFFERENCES)]
pub(super) struct Diff {
    /// The manifests before: a file, a folder, or - for standard input
    pub before: PathBuf,

    /// The manifests after: likewise
    pub after: PathBuf,

    #[command(flatten)]
    pub terms: Terms,

    /// How to write the differences
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    pub format: DiffFormat,

    /// What counts as one: every object, or an owner with its ReplicaSets, Jobs and Pods
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Object)]
    pub by: By,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Table,
    /// For programs
    Json,
    /// For a pull request
    Markdown,
}

/// Say why a call gets through, or where it is stopped
#[derive(clap::Args)]
#[command(after_help = OUTCOMES)]
pub(super) struct Explain {
    #[command(flatten)]
    pub input: Input,

    #[arg(long, value_name = "END", help = FROM)]
    pub from: String,

    #[arg(long, value_name = "END", help = TO)]
    pub to: String,

    /// On which port, and by which protocol (TCP, UDP or SCTP; TCP unless given)
    #[arg(long, value_name = "N/PROTOCOL")]
    pub port: Port,

    /// How to write the explanation
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Text,
    /// For programs: all of it, as docs/schema/explain.schema.json describes
    Json,
}

/// Say what a pod that is not there yet could reach, and be reached by
#[derive(clap::Args)]
#[command(after_help = STRANGERS)]
pub(super) struct Exposure {
    #[command(flatten)]
    pub input: Input,

    /// How to write the answer
    #[arg(long, value_enum, default_value_t = ExposureFormat::Table)]
    pub format: ExposureFormat,

    /// What counts as one: every object, or an owner with its ReplicaSets, Jobs and Pods
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Object)]
    pub by: By,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ExposureFormat {
    /// For people, a line for every pair
    Table,
    /// For people, in sentences
    Text,
    /// For programs
    Json,
}

/// Say what in the policies is probably a mistake
#[derive(clap::Args)]
#[command(after_help = FINDINGS)]
pub(super) struct Lint {
    #[command(flatten)]
    pub input: Input,

    /// How to write the findings
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub format: LintFormat,
}

/// Say whether what is expected of calls is so
#[derive(clap::Args)]
#[command(after_help = EXPECTATIONS)]
pub(super) struct Check {
    /// The expectations: a file, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    #[command(flatten)]
    pub input: Input,

    /// How to write what each expectation comes to
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,

    /// What counts as one: every object, or an owner with its ReplicaSets, Jobs and Pods
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Object)]
    pub by: By,
}

/// Write what passes now as expectations for `netpol check`
#[derive(clap::Args)]
#[command(after_help = EXPECTED)]
pub(super) struct Expect {
    #[command(flatten)]
    pub input: Input,

    /// What counts as one: every object, or an owner with its ReplicaSets, Jobs and Pods
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Object)]
    pub by: By,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people: `file:line:column: met: from -> to on port: why`, and a line that counts
    Text,
    /// For programs: a list with an entry for each expectation
    Json,
    /// For continuous integration: JUnit's XML, as Jenkins and GitLab read it
    Junit,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LintFormat {
    /// For people: `file:line:column: severity: message [id]`
    Text,
    /// For programs: a list of findings
    Json,
}

/// What is read, and how.
#[derive(clap::Args)]
pub(super) struct Input {
    /// Manifests: files, folders (every .yaml, .yml and .json file in them) or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub terms: Terms,
}

/// How the input is read, and what is assumed where it and Kubernetes leave something open.
#[derive(clap::Args)]
pub(super) struct Terms {
    /// Report refused documents, set them aside and go on with the rest
    #[arg(long)]
    pub keep_going: bool,

    /// The namespace of objects that name none
    #[arg(long, value_name = "NAME", default_value = "default",
          value_parser = NonEmptyStringValueParser::new())]
    pub namespace: String,

    /// Whether an ipBlock matches pods: by their addresses, or never (left to the network plugin)
    #[arg(long, value_enum, value_name = "HOW", default_value_t = BlockedPods::Ip)]
    ipblock_pods: BlockedPods,

    /// What a pod with hostNetwork is to policies: its node, or a pod (left to the network plugin)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = HostNetworkPods::Node)]
    host_network: HostNetworkPods,

    /// Where pods lie whose addresses the manifests do not give
    #[arg(long, value_name = "CIDR", default_value = "10.244.0.0/16", value_parser = network)]
    pod_cidr: IpNet,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// For programs, and for a diff
    Json,
    /// For people
    Table,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum By {
    /// Every object that pods come from, whatever its replicas or phase
    Object,
    /// An owner and all that it owns, as far as no rule tells its pods apart
    Workload,
}

#[derive(Clone, Copy, ValueEnum)]
enum BlockedPods {
    /// As the end-to-end tests of Kubernetes and Calico have it
    Ip,
    /// As Cilium has it
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum HostNetworkPods {
    /// Not isolated, and matched by its node's address only
    Node,
    /// A pod like any other
    Pod,
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    text.parse().map_err(|_| "the pod network must be a CIDR, such as `10.244.0.0/16`")
}

impl From<By> for owners::By {
    fn from(by: By) -> Self {
        match by {
            By::Object => owners::By::Object,
            By::Workload => owners::By::Workload,
        }
    }
}

impl Connectivity {
    /// `--replicas`.
    pub fn siblings(&self) -> Siblings {
        if self.replicas { Siblings::Listed } else { Siblings::Omitted }
    }
}

impl Terms {
    /// The network plugin that the flags describe.
    pub fn plugin(&self) -> Plugin {
        let ip_block_pods = match self.ipblock_pods {
            BlockedPods::Ip => IpBlockPods::Ip,
            BlockedPods::Never => IpBlockPods::Never,
        };
        let host_network = match self.host_network {
            HostNetworkPods::Node => HostNetwork::Node,
            HostNetworkPods::Pod => HostNetwork::Pod,
        };
        Plugin::new(ip_block_pods, host_network, self.pod_cidr)
    }
}
