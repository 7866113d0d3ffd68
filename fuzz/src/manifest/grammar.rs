//! Manifests that are nearly right, from nothing.
//!
//! Names, labels and ports are of a few values, so that objects find one another.

use crate::dice::Dice;
use crate::shape::Shape::{self, List, Map, Word};
use crate::shape::written;

const NAME: Shape =
    Word(&["a", "b", "web", "kube-system", "kube-dns", "default", "A", "a.b", "-", "1"]);
const LABELS: Shape = Map(&[
    ("app", Word(&["a", "b", "\"\"", "1", "k8s"])),
    ("tier", Word(&["a", "b", "yes", "~"])),
    ("k8s-app", Word(&["kube-dns"])),
    ("kubernetes.io/metadata.name", NAME),
    ("?-/x/", Word(&["a", "a b"])),
]);
const METADATA: Shape = Map(&[
    ("name", NAME),
    ("namespace", NAME),
    ("labels", LABELS),
    ("?generateName", NAME),
    ("annotations", LABELS),
    ("uid", NAME),
    (
        "ownerReferences",
        List(&Map(&[
            ("apiVersion", Word(&["v1", "apps/v1", "batch/v1"])),
            ("kind", Word(&["Deployment", "ReplicaSet", "CronJob", "Job", "Pod"])),
            ("name", NAME),
            ("uid", NAME),
            ("controller", Word(&["true", "false", "yes"])),
        ])),
    ),
]);
const SELECTOR: Shape = Map(&[
    ("matchLabels", LABELS),
    (
        "matchExpressions",
        List(&Map(&[
            ("key", Word(&["app", "tier", "-", "a/b/c"])),
            ("operator", Word(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "in", "~"])),
            ("values", List(&Word(&["a", "b", "\"\"", "1", "_"]))),
        ])),
    ),
]);
const PROTOCOL: Shape = Word(&["TCP", "UDP", "SCTP", "tcp", "~", "ICMP"]);
const PORT: Shape = Word(&[
    "80",
    "53",
    "8080",
    "http",
    "dns",
    "\"80\"",
    "65535",
    "8e1",
    "0x50",
    "443",
    "0",
    "65536",
    "-1",
    "80.0",
    "HTTP",
    "\"\"",
    "a_b",
    "x-name-that-is-too-long",
]);
const BLOCK: Shape = Word(&[
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.244.0.0/16",
    "10.244.0.1/32",
    "10.1.2.3/8",
    "::/0",
    "fd00::/8",
    "fd00::1/128",
    "::ffff:10.0.0.0/104",
    "10.0.0.0",
    "010.0.0.0/8",
    "10.0.0.0/33",
]);
const ADDRESS: Shape = Word(&["10.244.0.1", "10.0.0.2", "fd00::1", "\"\"", "010.0.0.1", "a"]);
const PEERS: Shape = List(&Map(&[
    ("podSelector", SELECTOR),
    ("namespaceSelector", SELECTOR),
    ("ipBlock", Map(&[("cidr", BLOCK), ("except", List(&BLOCK))])),
]));
const POLICY_PORTS: Shape =
    List(&Map(&[("port", PORT), ("protocol", PROTOCOL), ("endPort", PORT)]));
const POLICY: Shape = Map(&[
    ("podSelector", SELECTOR),
    ("policyTypes", List(&Word(&["Ingress", "Egress", "ingress", "~"]))),
    ("ingress", List(&Map(&[("from", PEERS), ("ports", POLICY_PORTS), ("?to", PEERS)]))),
    ("egress", List(&Map(&[("to", PEERS), ("ports", POLICY_PORTS), ("?from", PEERS)]))),
]);
const CONTAINERS: Shape = List(&Map(&[
    ("name", NAME),
    ("image", NAME),
    (
        "args",
        List(&Word(&[
            "--urls=http://a.b:80/c,tcp://web:53",
            "--urls=",
            "--urls=udp://b.a.svc.cluster.local:53",
        ])),
    ),
    ("ports", List(&Map(&[("name", PORT), ("containerPort", PORT), ("protocol", PROTOCOL)]))),
]));
const POD: Shape = Map(&[
    ("containers", CONTAINERS),
    ("initContainers", CONTAINERS),
    ("hostNetwork", Word(&["true", "false", "on"])),
    ("nodeName", NAME),
]);
const TEMPLATE: Shape = Map(&[("metadata", METADATA), ("spec", POD)]);
const CONTROLLER: Shape = Map(&[
    ("template", TEMPLATE),
    ("replicas", Word(&["0", "1", "2", "-1", "1.5"])),
    ("selector", SELECTOR),
]);
const NOTHING: Shape = Map(&[]);

/// The kinds that are read: `apiVersion`, `kind`, `spec`, `status`.
const KINDS: &[(&str, &str, &Shape, &Shape)] = &[
    ("networking.k8s.io/v1", "NetworkPolicy", &POLICY, &NOTHING),
    ("networking.k8s.io/v1", "NetworkPolicy", &POLICY, &NOTHING),
    ("v1", "Namespace", &NOTHING, &NOTHING),
    (
        "v1",
        "Node",
        &NOTHING,
        &Map(&[(
            "addresses",
            List(&Map(&[
                ("type", Word(&["InternalIP", "ExternalIP", "Hostname"])),
                ("address", ADDRESS),
            ])),
        )]),
    ),
    (
        "v1",
        "Pod",
        &POD,
        &Map(&[
            ("podIP", ADDRESS),
            ("podIPs", List(&Map(&[("ip", ADDRESS)]))),
            ("hostIP", ADDRESS),
            ("phase", Word(&["Running", "Succeeded", "Failed"])),
        ]),
    ),
    ("apps/v1", "Deployment", &CONTROLLER, &NOTHING),
    ("apps/v1", "ReplicaSet", &CONTROLLER, &NOTHING),
    ("apps/v1", "DaemonSet", &CONTROLLER, &NOTHING),
    ("batch/v1", "CronJob", &Map(&[("jobTemplate", Map(&[("spec", CONTROLLER)]))]), &NOTHING),
    (
        "v1",
        "Service",
        &Map(&[
            ("selector", LABELS),
            ("type", Word(&["ClusterIP", "ExternalName", "NodePort", "Other"])),
            ("externalName", NAME),
            ("clusterIP", Word(&["None", "10.96.0.1", "\"\"", "a"])),
            ("clusterIPs", List(&Word(&["None", "10.96.0.1", "fd00::2"]))),
            (
                "ports",
                List(&Map(&[
                    ("name", PORT),
                    ("port", PORT),
                    ("targetPort", PORT),
                    ("protocol", PROTOCOL),
                    ("nodePort", PORT),
                ])),
            ),
        ]),
        &NOTHING,
    ),
];

/// The lines of a document.
pub fn document(dice: &mut Dice) -> Vec<String> {
    let (api_version, kind, spec, status) = KINDS[dice.index(KINDS.len())];
    let mut lines =
        vec!["---".to_owned(), format!("apiVersion: {api_version}"), format!("kind: {kind}")];
    // What has no name is refused for that alone.
    let (name, metadata) = (written(&NAME, dice), written(&METADATA, dice));
    lines.push(match dice.once_in(8) {
        true => format!("metadata: {metadata}"),
        false => {
            format!("metadata: {{name: {name}, namespace: a, labels: {}}}", written(&LABELS, dice))
        }
    });
    for (field, shape) in [("spec", spec), ("status", status)] {
        if !matches!(shape, Map([])) || dice.once_in(8) {
            lines.push(format!("{field}: {}", written(shape, dice)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use netpol_engine::analysis::read;
    use netpol_engine::manifest::Source;

    use super::*;

    /// If all were refused, nothing would be evaluated; if none, no refusal would be reached.
    #[test]
    fn of_every_kind_some_are_taken_and_some_refused() {
        let mut seen: BTreeMap<&str, [bool; 2]> = BTreeMap::new();
        for seed in 0..4000 {
            let text = document(&mut Dice(seed)).join("\n");
            let fragment = read(&Source::new("generated.yaml", text.as_str()));
            let kind = text.lines().find_map(|line| line.strip_prefix("kind: "));
            let (_, kind, ..) = KINDS.iter().find(|(_, k, ..)| Some(*k) == kind).expect("a kind");
            let is_taken = !fragment.objects.is_empty();
            seen.entry(kind).or_default()[usize::from(is_taken)] = true;
        }
        assert!(seen.values().all(|seen| *seen == [true, true]), "{seen:?}");
        assert!(KINDS.iter().all(|(_, kind, ..)| seen.contains_key(kind)), "{seen:?}");
    }
}
