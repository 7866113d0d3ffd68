//! Clusters of any size, as the text that `kubectl get namespaces,pods,networkpolicies` might give of them:
//! the same at every run.
//!
//! Pods have owners. Those of one are alike; it has labels of its own, which policies mention, so that there
//! are as many classes of pods as owners. A policy either isolates its namespace, or is about one owner:
//! whom it may call, and who may call it, by labels, namespaces, names of ports and addresses outside. Where
//! there are too few policies for that, each lists several owners, no two of which are on the same lists.

use std::fmt::Write;

use fastrand::Rng;

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Live pods, evenly among the owners.
    pub pods: usize,
    /// Owners, each with labels of its own.
    pub owners: usize,
    /// NetworkPolicies.
    pub policies: usize,
    /// Sets of ports that the policies tell apart, all that none mentions being one of them: at least
    /// three.
    pub atoms: usize,
}

/// The sizes that are measured, by what they are called.
pub const PLANS: [(&str, Plan); 5] = [
    ("40", Plan { pods: 40, owners: 20, policies: 16, atoms: 5 }),
    ("100", Plan { pods: 100, owners: 100, policies: 100, atoms: 5 }),
    ("1000", Plan { pods: 1000, owners: 200, policies: 200, atoms: 5 }),
    ("10000", Plan { pods: 10_000, owners: 1000, policies: 1000, atoms: 5 }),
    ("different", Plan { pods: 10_000, owners: 10_000, policies: 1000, atoms: 5 }),
];

/// How many kinds of owners there are, by a label that several of them share.
const TIERS: usize = 10;

/// How many networks outside the cluster policies mention.
const NETWORKS: usize = 64;

impl Plan {
    /// The same with other ports.
    pub fn with_atoms(self, atoms: usize) -> Plan {
        Plan { atoms, ..self }
    }

    /// The cluster as a text of many documents.
    pub fn text(&self) -> String {
        let mut writer = Writer { plan: *self, dice: Rng::with_seed(1), text: String::new() };
        for namespace in 0..self.namespaces() {
            writer.namespace(namespace);
        }
        for pod in 0..self.pods {
            writer.pod(pod);
        }
        for policy in 0..self.policies {
            writer.policy(policy);
        }
        writer.text
    }

    fn namespaces(&self) -> usize {
        self.owners.div_ceil(20)
    }

    /// The port that an owner's pods listen on, by the name of `http`.
    fn port(&self, owner: usize) -> usize {
        8000 + owner % (self.atoms - 2)
    }

    /// The owners that a policy lists beside the one that it is about, as callers and to be called, where
    /// there are too few policies to have one for each.
    fn listed(&self, policy: usize) -> Option<[Vec<usize>; 2]> {
        if self.owners < 2 * self.policies {
            return None;
        }
        // Every twentieth policy lists nobody.
        let lists = self.policies - self.policies.div_ceil(20);
        let list = policy - policy / 20 - 1;
        let first = |list| list * self.owners / lists;
        // Of those that one policy lists as callers, it is another one that lists each to be called.
        let callers = (first(list)..first(list + 1)).collect();
        Some([callers, (list..self.owners).step_by(lists).collect()])
    }
}

struct Writer {
    plan: Plan,
    dice: Rng,
    text: String,
}

impl Writer {
    fn write(&mut self, document: std::fmt::Arguments) {
        self.text.write_fmt(document).expect("a string takes whatever is written to it");
    }

    fn namespace(&mut self, number: usize) {
        self.write(format_args!(
            "---
apiVersion: v1
kind: Namespace
metadata:
  name: ns-{number}
  labels:
    team: team-{}
",
            number % 5
        ));
    }

    fn pod(&mut self, pod: usize) {
        let owner = pod % self.plan.owners;
        let (namespace, tier) = (owner % self.plan.namespaces(), owner % TIERS);
        let (port, node) = (self.plan.port(owner), self.dice.usize(..1 + self.plan.pods / 50));
        self.write(format_args!(
            "---
apiVersion: v1
kind: Pod
metadata:
  name: app-{owner}-5d59-{pod}
  namespace: ns-{namespace}
  labels:
    app: app-{owner}
    tier: tier-{tier}
    pod-template-hash: 5d59
  ownerReferences:
  - apiVersion: apps/v1
    controller: true
    kind: ReplicaSet
    name: app-{owner}-5d59
    uid: r-{owner}
spec:
  nodeName: node-{node}
  containers:
  - name: app
    ports:
    - containerPort: {port}
      name: http
status:
  phase: Running
  podIP: 10.244.{}.{}
",
            pod / 250,
            pod % 250
        ));
    }

    fn policy(&mut self, policy: usize) {
        let namespaces = self.plan.namespaces();
        if policy.is_multiple_of(20) {
            let namespace = policy / 20 % namespaces;
            return self.write(format_args!(
                "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy-{policy}, namespace: ns-{namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
"
            ));
        }
        let owner = policy % self.plan.owners;
        let (namespace, port) = (owner % namespaces, self.plan.port(policy));
        let (team, tier) = (self.dice.usize(..5), self.dice.usize(..TIERS));
        // Of the same namespace, for the most part.
        let caller = (owner + namespaces * self.dice.usize(..3)) % self.plan.owners;
        let network = self.dice.usize(..NETWORKS);
        // Every owner is mentioned, those that no policy is about by the next one.
        let called = match policy % 20 {
            1 => owner - 1,
            _ => self.dice.usize(..self.plan.owners),
        };
        let [callers, listed] = self.plan.listed(policy).map_or_else(Default::default, |lists| {
            lists.map(|owners| {
                let apps: Vec<String> = owners.iter().map(|owner| format!("app-{owner}")).collect();
                format!(
                    "
    - namespaceSelector: {{}}
      podSelector: {{matchExpressions: [{{key: app, operator: In, values: [{}]}}]}}",
                    apps.join(", ")
                )
            })
        });
        self.write(format_args!(
            "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy-{policy}, namespace: ns-{namespace}}}
spec:
  podSelector: {{matchLabels: {{app: app-{owner}}}}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - namespaceSelector: {{matchLabels: {{team: team-{team}}}}}
      podSelector: {{matchExpressions: [{{key: tier, operator: NotIn, values: [tier-{tier}]}}]}}
    - podSelector: {{matchLabels: {{app: app-{caller}}}}}{callers}
    ports: [{{port: http}}]
  - from: [{{ipBlock: {{cidr: 198.18.{network}.0/24, except: [198.18.{network}.128/28]}}}}]
    ports: [{{port: {port}}}]
  egress:
  - to: [{{namespaceSelector: {{}}}}]
    ports: [{{port: 53, protocol: UDP}}]
  - to:
    - namespaceSelector: {{}}
      podSelector: {{matchLabels: {{app: app-{called}}}}}
    - namespaceSelector: {{matchExpressions: [{{key: team, operator: In, values: [team-{team}]}}]}}
    - ipBlock: {{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}{listed}
    ports: [{{port: http}}, {{port: {port}}}]
"
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kernels::{build, model, read};

    #[test]
    fn owners_are_different_where_there_are_few_policies() {
        let plan = Plan { pods: 200, owners: 200, policies: 20, atoms: 5 };
        let model = model(&read(&plan.text()));
        assert_eq!(model.policies.len(), plan.policies);
        assert_eq!(build(&model).classes().0, plan.owners + 1);
        let lists = (0..plan.policies).filter(|policy| !policy.is_multiple_of(20));
        let lists: Vec<_> = lists.flat_map(|policy| plan.listed(policy)).flatten().collect();
        let on = |owner| lists.iter().map(move |list: &Vec<usize>| list.contains(&owner)).collect();
        let told: BTreeSet<Vec<bool>> = (0..plan.owners).map(on).collect();
        assert_eq!(told.len(), plan.owners);
    }

    #[test]
    fn a_cluster_is_as_large_as_planned() {
        for (name, plan) in &PLANS[..3] {
            for plan in [*plan, plan.with_atoms(200)] {
                let all = build(&model(&read(&plan.text())));
                // One of the classes is the cluster DNS.
                assert_eq!(all.classes().0, plan.owners + 1, "classes of {name}");
                // Small clusters have too few policies to mention all ports.
                assert_eq!(all.atoms(), plan.atoms.min(2 + plan.owners), "atoms of {name}");
            }
        }
    }
}
