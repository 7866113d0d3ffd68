// What may stand where in a manifest: the fields of a NetworkPolicy with their meaning, and those of any object's
// head. Data, and one walk over it; it knows neither the editor nor any text.
//
// A field:
//   type     what stands there, in words
//   default  what holds when it is left out, in words; without one the field is required
//   about    its meaning and its trap, in a sentence or three
//   fields   the fields below it, by name
//   item     the field that each item of the list is
//   labels   whose labels are the keys below it: "pod" or "namespace"
//   values   the words that it takes
//   offers   what the loaded cluster has for it: "namespaces", "ports", "labelKeys" or "labelValues"
//   whose    of which labels those are: "pod" or "namespace"
//   inline   what can be written behind its colon, each with what it says

/** The step of a path that goes into an item of a list. */
export const ITEM = 0;

const condition = (whose) => ({
  type: "condition",
  fields: {
    key: {
      type: "string",
      about: "The key of the label that this condition looks at.",
      offers: "labelKeys",
      whose,
    },
    operator: {
      type: "string",
      about: "In and NotIn compare with `values`, Exists and DoesNotExist look at the key alone. NotIn also matches where the label is absent.",
      values: ["In", "NotIn", "Exists", "DoesNotExist"],
    },
    values: {
      type: "list of strings",
      default: "none",
      about: "What In and NotIn compare with; they need at least one. Exists and DoesNotExist take none.",
      item: { type: "string", offers: "labelValues", whose },
    },
  },
});

const selector = (whose, rest) => ({
  type: "label selector",
  ...rest,
  fields: {
    matchLabels: {
      type: "map of strings",
      default: "no condition",
      about: "Labels that must all be there, each with exactly this value. Values are strings: quote `true` and `1`.",
      labels: whose,
    },
    matchExpressions: {
      type: "list of conditions",
      default: "no condition",
      about: "Conditions that must all hold, together with `matchLabels`.",
      item: condition(whose),
    },
  },
});

const peer = {
  type: "peer",
  fields: {
    podSelector: selector("pod", {
      default: "all pods of the namespaces, where `namespaceSelector` stands beside it",
      about:
        "The pods with these labels in the policy's own namespace; beside a `namespaceSelector` in the same item, in the namespaces that one selects. It never matches an address outside the cluster.",
      inline: [["{}", "every pod"]],
    }),
    namespaceSelector: selector("namespace", {
      default: "the policy's own namespace, where `podSelector` stands beside it",
      about:
        "All pods of the namespaces with these labels; beside a `podSelector` in the same item both must match, in an item of its own either. `{}` is every namespace, and nothing outside the cluster. Each namespace has its name as the label `kubernetes.io/metadata.name`.",
      inline: [["{}", "every namespace"]],
    }),
    ipBlock: {
      type: "range of addresses",
      default: "none",
      about:
        "Addresses, meant for those outside the cluster; it excludes both selectors in the same item. Whether it matches a pod by its address is up to the network plugin.",
      fields: {
        cidr: {
          type: "string",
          about: "An address and the length of its mask, such as 10.0.0.0/8. IPv4 and IPv6 never mix: 0.0.0.0/0 holds no IPv6 address.",
        },
        except: {
          type: "list of strings",
          default: "none",
          about:
            "Ranges that this peer leaves out, each inside `cidr` and smaller. A hole in this peer only: another peer, rule or policy can still admit them.",
          item: { type: "string" },
        },
      },
    },
  },
};

const ports = {
  type: "list of ports",
  default: "all ports of all protocols",
  about: "Any of these ports. They are always those of the destination pod, in ingress and in egress.",
  item: {
    type: "port",
    fields: {
      protocol: {
        type: "string",
        default: "TCP, with or without a `port`",
        about: "TCP, UDP or SCTP, in capitals. A name server is asked over UDP.",
        values: ["TCP", "UDP", "SCTP"],
      },
      port: {
        type: "integer or name",
        default: "all ports of the protocol",
        about:
          "The port that the pod listens on, never the Service's. A name is looked up among the container ports of each destination; a number in quotes is a name, and refused.",
        offers: "ports",
      },
      endPort: {
        type: "integer",
        default: "`port` alone",
        about: "The last port of a range that begins at `port` and includes both. It needs a number in `port`, and one that is not larger.",
      },
    },
  },
};

const rules = (direction, peers, about, aboutPeers) => ({
  type: `list of ${direction} rules`,
  default: "no rule",
  about,
  inline: [
    ["[]", "no rule: nothing is admitted"],
    ["[{}]", "one empty rule: everything is admitted"],
  ],
  item: {
    type: "rule",
    fields: {
      [peers]: {
        type: "list of peers",
        default: "everybody, outside the cluster as well",
        about: aboutPeers,
        item: peer,
      },
      ports,
    },
  },
});

const apiVersion = {
  type: "string",
  about: "The group and version of the kind: networking.k8s.io/v1 for a NetworkPolicy.",
};

const kind = {
  type: "string",
  about: "What kind of object this is.",
};

const metadata = {
  type: "metadata",
  about: "What the object is called, and where it lives.",
  fields: {
    name: {
      type: "string",
      about: "Its name in its namespace. An object of the same kind, namespace and name replaces the one before.",
    },
    namespace: {
      type: "string",
      default: "default",
      about: "The namespace that the object lives in. A policy acts on pods of its own namespace only.",
      offers: "namespaces",
    },
    labels: {
      type: "map of strings",
      default: "none",
      about: "Labels of this object itself. A workload's pods have those of its template instead, and those are what selectors match.",
    },
    annotations: {
      type: "map of strings",
      default: "none",
      about: "Notes for tools and people. No selector looks at them.",
    },
  },
};

const spec = {
  type: "NetworkPolicySpec",
  default: "every pod of the namespace is isolated for ingress, and nothing is admitted",
  about: "Which pods the policy isolates, and what it admits for them. Policies only ever add up: what one admits, no other takes away.",
  fields: {
    podSelector: selector("pod", {
      default: "{}, every pod of the namespace",
      about:
        "The pods that the policy acts on, in its own namespace only. They become isolated in the directions of `policyTypes`. `{}` is every pod of the namespace.",
      inline: [["{}", "every pod of the namespace"]],
    }),
    policyTypes: {
      type: "list of strings",
      default: "Ingress, and Egress as well where `egress` has a rule",
      about:
        "The directions in which the selected pods are isolated. Say Egress alone where only egress is meant: else ingress is isolated too. An empty `egress` without this does not isolate egress.",
      item: { type: "string", values: ["Ingress", "Egress"] },
      inline: [
        ["[Ingress]", "what comes in"],
        ["[Egress]", "what goes out"],
        ["[Ingress, Egress]", "both"],
      ],
    },
    ingress: rules(
      "ingress",
      "from",
      "What is admitted into the selected pods: whatever any rule admits. Without a rule nothing comes in; one empty rule, `- {}`, admits everything.",
      "Who may connect: any of these. Two selectors in one item must both match, in two items either does: one `-` decides.",
    ),
    egress: rules(
      "egress",
      "to",
      "What the selected pods may call: whatever any rule admits. Calls by name also need a rule for the cluster DNS, port 53 over UDP.",
      "What may be called: any of these. Two selectors in one item must both match, in two items either does: one `-` decides. A Service cannot be named, only its pods.",
    ),
  },
};

/** The kinds that are offered, by their apiVersion. */
export const KINDS = {
  "networking.k8s.io/v1": ["NetworkPolicy"],
  v1: ["Namespace", "Pod", "Service", "List"],
  "apps/v1": ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
  "batch/v1": ["Job", "CronJob"],
};

const head = { apiVersion, kind, metadata };
const items = { type: "list of objects", about: "The objects of the list.", item: {} };
const { namespace: _, ...ofNamespace } = metadata.fields;

const object = { fields: head };
const networkPolicy = { fields: { ...head, spec } };
const namespace = { fields: { ...head, metadata: { ...metadata, fields: ofNamespace } } };
const list = { fields: { apiVersion, kind, items } };

/**
 * What stands at the top of an object of this kind. Nothing for a mapping with neither kind nor apiVersion that holds
 * fields which no object has: that is another program's file.
 */
function top({ apiVersion, kind, keys }) {
  if (kind === "NetworkPolicy") return (apiVersion ?? "networking.k8s.io/v1").startsWith("networking.k8s.io/") ? networkPolicy : object;
  if (kind === "Namespace") return namespace;
  if (kind === "List" || kind === "NetworkPolicyList") return list;
  if (kind || apiVersion || keys.every((key) => key in head || key === "spec")) return object;
}

/**
 * The field at a path of an object, where it is known. The path is of names and of ITEM; the object says its
 * `apiVersion` and `kind` where it has them, and the `keys` at its top.
 */
export function fieldAt(object, path) {
  let field = top(object);
  for (const step of path) {
    if (step === ITEM) field = field?.item;
    else if (field?.labels) field = { type: "string", offers: "labelValues", whose: field.labels, label: step };
    else field = field?.fields && Object.hasOwn(field.fields, step) ? field.fields[step] : undefined;
  }
  return field;
}
