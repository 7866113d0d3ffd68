//! What `--help` says beyond a line for each argument.

pub(super) const EXAMPLES: &str = "\
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

pub(super) const FORMATS: &str = "\
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

pub(super) const DIFFERENCES: &str = "\
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
  {\"src\":S,\"dst\":D,\"change\":\"opened\",\"gained\":{\"TCP\":[[80,80]]},\"lost\":{}},...],
  \"notEvaluated\":[KIND,...]}
with ends, ports and their order as in `netpol connectivity`.";

pub(super) const STRANGERS: &str = "\
Told is what passes between every workload and
  new-pod:NAMESPACE  a pod of that namespace that is not there yet, of whatever labels
  new-namespace      a pod of a namespace that is not in the input, of whatever name and labels
  internet           hosts outside the cluster
as the policies are now. UNNAMED is for one that no rule names: without labels, or outside at an address that no ipBlock
names. AT MOST is for all of them together, whatever they are like, and WITH gives examples of those for whom
more passes. Labels can take as well as give, where policies select by them. A new pod is on the pod network
(--pod-cidr), on whatever node, and declares no ports: what rules admit by the name of a port is not counted.

The JSON is an object:
  {\"exposure\":[
  {\"src\":S,\"dst\":D,\"unnamed\":P,\"atMost\":P,\"variation\":V,\"ways\":[{\"labels\":{},\"conns\":P},...]},...],
  \"namedPorts\":[NAME,...],\"notEvaluated\":[KIND,...]}
with ends, ports P and order as in `netpol connectivity`. V is `settled` where labels make no difference, `varies`
where they may, or `cut short` where there was too much to try, so that more than atMost may pass. A way
has, as far as they matter, labels, namespace (its labels), address (FIRST-LAST) and node.";

pub(super) const FINDINGS: &str = "\
Policies are judged together, and only where the input holds the cluster that a finding needs. Exit code 1
when there is a warning; findings of severity info alone leave it at 0. A policy is not reported for what its
annotation `netpol-playground/ignore: id, id` names.

The JSON is a list, in the order of the input, of
  {\"id\":...,\"severity\":...,\"file\":...,\"line\":1,\"column\":1,\"message\":...,\"why\":...,\"silence\":...,\"fix\":...}
where fix is null or {\"title\":...,\"line\":1,\"column\":1,\"old\":...,\"new\":...}: in the value that begins there, the
first old becomes new.";

pub(super) const EXPECTATIONS: &str = "\
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

pub(super) const EXPECTED: &str = "\
The items are the calls that are made among the workloads: those of a workload's probes (container arguments
`--urls=`), else one to every port that another offers: its Services', by name, else its containers', else one on
any port. `netpol check` of the same input meets them all.";

pub(super) const OUTCOMES: &str = "\
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

pub(super) const FROM: &str = "Who calls: namespace/name, namespace/name[Kind] (either with #2: another pod of it), an address, or `internet`";

pub(super) const TO: &str =
    "Whom: as --from, or a Service by its name, such as queue.infrastructure";
