//! How is a policy written? Policies, and parts of them, as YAML.
//!
//! In: what `compile` makes of a NetworkPolicy. Out: [`Yaml`] that comes to the very same when it is
//! read, as far as it says anything: places and comments are not kept. Block style is for people, two
//! spaces a level; flow style and that of JSON are for texts that are written so. Quoted is what YAML
//! 1.1 would take for something else than a string, as `manifest` has it.

use crate::labels::{Labels, Requirement, Selector};
use crate::manifest;
use crate::net::PortRange;
use crate::policy::{
    Direction, NamespaceMatcher, PeerMatcher, Policy, PortMatcher, PortSpec, Rule,
};

/// A value of YAML, before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// A string.
    Text(String),
    /// A number.
    Number(u16),
    /// A sequence.
    List(Vec<Yaml>),
    /// A mapping, in the order in which it is written.
    Map(Vec<(String, Yaml)>),
}

/// How flow style writes strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, where they are not needed.
    Plain,
    /// As JSON: in quotes, all of them.
    Json,
}

/// What stands in the `metadata` of an object besides its name.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'m> {
    /// `namespace`; none where the namespace is that of who applies it.
    pub namespace: Option<&'m str>,
    /// `labels`.
    pub labels: &'m Labels,
    /// `annotations`.
    pub annotations: &'m Labels,
}

/// A policy as a whole object.
pub fn policy(policy: &Policy) -> Yaml {
    let none = Labels::new();
    let namespace = Some(policy.namespace.as_str());
    policy_with(policy, Metadata { namespace, labels: &none, annotations: &none })
}

/// A policy as a whole object with other `metadata`.
pub fn policy_with(policy: &Policy, Metadata { namespace, labels, annotations }: Metadata) -> Yaml {
    let mut metadata = vec![("name".to_owned(), Yaml::Text(policy.name.clone()))];
    metadata.extend(namespace.map(|name| ("namespace".to_owned(), Yaml::Text(name.to_owned()))));
    for (key, values) in [("labels", labels), ("annotations", annotations)] {
        if !values.is_empty() {
            metadata.push((key.to_owned(), texts(values)));
        }
    }
    let mut spec = vec![("podSelector".to_owned(), selector(&policy.selector))];
    let governed = [Direction::Ingress, Direction::Egress]
        .into_iter()
        .filter_map(|direction| Some((direction, policy.rules(direction)?)));
    spec.push(("policyTypes".to_owned(), types(governed.clone().map(|(direction, _)| direction))));
    for (direction, rules) in governed.filter(|(_, rules)| !rules.is_empty()) {
        let rules = rules.iter().map(|of_it| rule(direction, of_it)).collect();
        spec.push((direction.to_string(), Yaml::List(rules)));
    }
    Yaml::Map(vec![
        ("apiVersion".to_owned(), Yaml::Text("networking.k8s.io/v1".to_owned())),
        ("kind".to_owned(), Yaml::Text("NetworkPolicy".to_owned())),
        ("metadata".to_owned(), Yaml::Map(metadata)),
        ("spec".to_owned(), Yaml::Map(spec)),
    ])
}

/// `policyTypes`.
pub fn types(directions: impl IntoIterator<Item = Direction>) -> Yaml {
    let word = |direction| match direction {
        Direction::Egress => Yaml::Text("Egress".to_owned()),
        Direction::Ingress => Yaml::Text("Ingress".to_owned()),
    };
    Yaml::List(directions.into_iter().map(word).collect())
}

/// The field of a rule that holds its peers.
pub const fn peers_field(direction: Direction) -> &'static str {
    match direction {
        Direction::Egress => "to",
        Direction::Ingress => "from",
    }
}

/// One entry of `spec.ingress` or `spec.egress`.
pub fn rule(direction: Direction, rule: &Rule) -> Yaml {
    let mut fields = Vec::new();
    if !rule.peers.is_empty() {
        let peers = Yaml::List(rule.peers.iter().map(peer).collect());
        fields.push((peers_field(direction).to_owned(), peers));
    }
    if !rule.ports.is_empty() {
        fields.push(("ports".to_owned(), Yaml::List(rule.ports.iter().map(port).collect())));
    }
    Yaml::Map(fields)
}

/// One entry of `from` or `to`.
pub fn peer(peer: &PeerMatcher) -> Yaml {
    let mut fields = Vec::new();
    match peer {
        PeerMatcher::Pods { namespaces, pods } => {
            if let NamespaceMatcher::Matching(namespaces) = namespaces {
                fields.push(("namespaceSelector".to_owned(), selector(namespaces)));
            }
            if *namespaces == NamespaceMatcher::Own || !pods.is_everything() {
                fields.push(("podSelector".to_owned(), selector(pods)));
            }
        }
        PeerMatcher::Block(block) => {
            let mut of_block = vec![("cidr".to_owned(), Yaml::Text(block.cidr.to_string()))];
            if !block.except.is_empty() {
                let holes = block.except.iter().map(|hole| Yaml::Text(hole.to_string()));
                of_block.push(("except".to_owned(), Yaml::List(holes.collect())));
            }
            fields.push(("ipBlock".to_owned(), Yaml::Map(of_block)));
        }
    }
    Yaml::Map(fields)
}

/// One entry of a rule's `ports`.
pub fn port(port: &PortMatcher) -> Yaml {
    let protocol = Yaml::Text(port.protocol.as_str().to_owned());
    let mut fields = vec![("protocol".to_owned(), protocol)];
    match &port.port {
        PortSpec::Range(PortRange::ALL) => {}
        PortSpec::Range(range) => {
            fields.push(("port".to_owned(), Yaml::Number(range.first)));
            if range.last > range.first {
                fields.push(("endPort".to_owned(), Yaml::Number(range.last)));
            }
        }
        PortSpec::Named(name) => fields.push(("port".to_owned(), Yaml::Text(name.clone()))),
    }
    Yaml::Map(fields)
}

/// A `LabelSelector`. What `matchLabels` can say stands there as long as the order is kept: it is read
/// before `matchExpressions`, and by its keys.
fn selector(selector: &Selector) -> Yaml {
    let mut labels: Vec<(String, Yaml)> = Vec::new();
    let mut expressions = Vec::new();
    for requirement in selector.requirements() {
        let is_next = |key: &str| {
            expressions.is_empty() && labels.last().is_none_or(|(last, _)| last.as_str() < key)
        };
        match requirement {
            Requirement::In(key, values) if values.len() == 1 && is_next(key) => {
                labels.extend(values.iter().map(|value| (key.clone(), Yaml::Text(value.clone()))));
            }
            _ => expressions.push(expression(requirement)),
        }
    }
    let mut fields = Vec::new();
    if !labels.is_empty() {
        fields.push(("matchLabels".to_owned(), Yaml::Map(labels)));
    }
    if !expressions.is_empty() {
        fields.push(("matchExpressions".to_owned(), Yaml::List(expressions)));
    }
    Yaml::Map(fields)
}

/// One entry of `matchExpressions`.
fn expression(requirement: &Requirement) -> Yaml {
    let (key, operator, values) = match requirement {
        Requirement::In(key, values) => (key, "In", Some(values)),
        Requirement::NotIn(key, values) => (key, "NotIn", Some(values)),
        Requirement::Exists(key) => (key, "Exists", None),
        Requirement::DoesNotExist(key) => (key, "DoesNotExist", None),
    };
    let mut fields = vec![
        ("key".to_owned(), Yaml::Text(key.clone())),
        ("operator".to_owned(), Yaml::Text(operator.to_owned())),
    ];
    if let Some(values) = values {
        let values = values.iter().cloned().map(Yaml::Text).collect();
        fields.push(("values".to_owned(), Yaml::List(values)));
    }
    Yaml::Map(fields)
}

fn texts(labels: &Labels) -> Yaml {
    let text = |(key, value): (&String, &String)| (key.clone(), Yaml::Text(value.clone()));
    Yaml::Map(labels.iter().map(text).collect())
}

impl Yaml {
    /// The value in block style, line by line, as it stands at the margin.
    pub fn block(&self) -> Vec<String> {
        match self {
            Yaml::List(items) if !items.is_empty() => {
                items.iter().flat_map(|item| item.item()).collect()
            }
            Yaml::Map(entries) if !entries.is_empty() => {
                entries.iter().flat_map(|(key, value)| value.entry(key)).collect()
            }
            scalar => vec![scalar.flow(Style::Plain)],
        }
    }

    /// The value as an item of a list in block style.
    pub fn item(&self) -> Vec<String> {
        let lines = (0..).zip(self.block());
        lines.map(|(i, line)| format!("{}{line}", if i == 0 { "- " } else { "  " })).collect()
    }

    /// The value of a key in block style, with the key.
    pub fn entry(&self, key: &str) -> Vec<String> {
        let key = scalar(key, Style::Plain);
        let is_one_line = match self {
            Yaml::List(items) => items.is_empty(),
            Yaml::Map(entries) => entries.is_empty(),
            Yaml::Text(_) | Yaml::Number(_) => true,
        };
        match is_one_line {
            true => vec![format!("{key}: {}", self.flow(Style::Plain))],
            false => {
                let lines = self.block().into_iter().map(|line| format!("  {line}"));
                std::iter::once(format!("{key}:")).chain(lines).collect()
            }
        }
    }

    /// The value in flow style, in one line.
    pub fn flow(&self, style: Style) -> String {
        match self {
            Yaml::Text(text) => scalar(text, style),
            Yaml::Number(number) => number.to_string(),
            Yaml::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.flow(style)).collect();
                format!("[{}]", items.join(", "))
            }
            Yaml::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| value.flow_entry(key, style)).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// The value of a key in flow style, with the key.
    pub fn flow_entry(&self, key: &str, style: Style) -> String {
        format!("{}: {}", scalar(key, style), self.flow(style))
    }

    /// The value in block style as a text.
    pub fn text(&self) -> String {
        self.block().iter().fold(String::new(), |text, line| text + line + "\n")
    }
}

/// A string, in quotes where it would be something else without, or not be read by everybody.
fn scalar(text: &str, style: Style) -> String {
    // A block of IPv4 addresses: the slash keeps it from being a number.
    let is_block = text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains('/')
        && text.chars().all(|c| c.is_ascii_digit() || "./".contains(c));
    match style {
        Style::Plain if is_block => text.to_owned(),
        Style::Plain => manifest::string(text),
        Style::Json => manifest::quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis;
    use crate::fragment::Declared;
    use crate::manifest::Source;

    fn only_policy(text: &str) -> Policy {
        let fragment = analysis::read(&Source::new("test", text));
        assert_eq!(fragment.diagnostics, [], "{text}");
        match fragment.objects.as_slice() {
            [Declared::Policy(policy)] => policy.clone(),
            other => panic!("{other:?} in\n{text}"),
        }
    }

    /// A policy that is written in this style already stays as it is.
    #[track_caller]
    fn check(text: &str) {
        assert_eq!(policy(&only_policy(text)).text(), text);
    }

    /// A policy comes to the same when it is read again, in every style.
    #[track_caller]
    fn check_spec(spec: &str) {
        let given = only_policy(&format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n\
             metadata: {{name: p, namespace: shop}}\nspec: {{{spec}}}\n"
        ));
        let written = policy(&given);
        for text in [written.text(), written.flow(Style::Plain), written.flow(Style::Json)] {
            let again = only_policy(&text);
            assert!(given.says_the_same(&again), "{given:#?}\n{text}\n{again:#?}");
        }
    }

    #[test]
    fn block_style_is_for_people() {
        check(
            "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: till
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: till
      app.kubernetes.io/version: \"1.10\"
    matchExpressions:
      - key: track
        operator: NotIn
        values:
          - canary
          - \"no\"
      - key: legacy
        operator: DoesNotExist
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - podSelector: {}
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              app: stock
        - namespaceSelector:
            matchLabels:
              team: red
      ports:
        - protocol: TCP
          port: 80
          endPort: 90
        - protocol: UDP
          port: dns
        - protocol: SCTP
    - {}
  egress:
    - to:
        - ipBlock:
            cidr: 10.0.0.0/8
            except:
              - 10.1.0.0/16
        - ipBlock:
            cidr: \"fd00::/8\"
",
        );
        check(
            "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: shop
spec:
  podSelector: {}
  policyTypes:
    - Egress
",
        );
    }

    #[test]
    fn the_very_policy_is_read_back() {
        check_spec("");
        check_spec("policyTypes: [Ingress, Egress]");
        check_spec("egress: [{}], ingress: []");
        check_spec("ingress: [{from: [{podSelector: {matchLabels: {b: b, a: a}}}]}]");
        // matchLabels is read first, and sorted: what comes in another order must stay there.
        check_spec(
            "podSelector: {matchExpressions: [{key: b, operator: In, values: [x]}, \
             {key: a, operator: In, values: [w]}, {key: a, operator: Exists}, \
             {key: c, operator: In, values: [x, w]}, {key: d, operator: In, values: [z]}]}",
        );
        check_spec("podSelector: {matchLabels: {a: \"\", b: \"on\", c: \"0x1\", d: 2024-01-01}}");
        check_spec("ingress: [{ports: [{}, {port: 1, endPort: 65535}, {port: http}]}]");
        check_spec("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9]}}]}]");
        check_spec("egress: [{to: [{ipBlock: {cidr: \"::/0\", except: [\"2001:db8::/32\"]}}]}]");
    }

    #[test]
    fn blocks_of_addresses_need_no_quotes() {
        let check = |text: &str, expected: &str| assert_eq!(scalar(text, Style::Plain), expected);
        check("10.0.0.0/8", "10.0.0.0/8");
        check("10.0.0.0", "\"10.0.0.0\"");
        check("::/0", "\"::/0\"");
        assert_eq!(scalar("10.0.0.0/8", Style::Json), "\"10.0.0.0/8\"");
    }
}
