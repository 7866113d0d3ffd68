//! What can be asked of `netpol`.

mod help;

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

use crate::connectivity::Siblings;
use crate::end::Port;
use crate::evaluate::{HostNetwork, IpBlockPods, Plugin};
use crate::owners;
use help::{
    DIFFERENCES, EXAMPLES, EXPECTATIONS, EXPECTED, FINDINGS, FORMATS, FROM, OUTCOMES, STRANGERS, TO,
};

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
