//! What in these policies is probably a mistake?
//!
//! In: a [`Model`]. Out: [`Finding`]s, each with its place, why it matters, what silences it, and a fix
//! where one is certain. Policies are judged together, as a cluster does, and only where the input holds the
//! cluster that a judgement needs: what a policy means to pods that are not in the input is not known, and
//! nothing is said of it. A correct, sensible policy has no findings. Whether a connection passes is
//! for `evaluate` to say, here too.
//!
//! | module | findings |
//! |---|---|
//! | `policies` | what a policy selects and governs, and its annotation |
//! | `peers` | whom rules name |
//! | `ports` | on which ports |
//! | `lookup` | whether names resolve |
//! | `union` | what policies come to together |
//! | `blocks` | addresses, and what depends on the network plugin |

mod blocks;
mod ground;
mod lookup;
mod peers;
mod policies;
mod ports;
mod union;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Location, Severity};
use crate::evaluate::Model;
use crate::policy::{IGNORE_ANNOTATION, Policy};
use ground::Ground;

/// Something that is probably a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of mistake.
    pub rule: Rule,
    /// Where.
    pub location: Location,
    /// What it is, in a sentence.
    pub message: String,
    /// What mends it, where that is certain.
    pub fix: Option<Fix>,
}

/// A change of a text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, in a few words.
    pub title: String,
    /// Where the value begins in which it is made.
    pub location: Location,
    /// What is replaced, where it stands first in that value.
    pub old: String,
    /// What shall stand there.
    pub new: String,
}

impl Fix {
    /// The text with the fix made; `None` where the text is not what the fix was found for.
    pub fn apply(&self, text: &str) -> Option<String> {
        let line = self.location.line.checked_sub(1)? as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let column = self.location.column.checked_sub(1)? as usize;
        let rest = text.get(start..)?;
        let (offset, _) = rest.char_indices().nth(column)?;
        let at = start + offset;
        let end = at + extent(&text[at..], column);
        let is_whole = |(found, _): &(usize, &str)| {
            // All letters that are not ASCII are as good as one, for which the page needs no tables.
            let word = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_./".contains(c);
            let before = text[at..at + found].chars().next_back();
            let after = text[at + found + self.old.len()..].chars().next();
            let starts = self.old.starts_with(word);
            let ends = self.old.ends_with(word);
            let is_longer = starts && before.is_some_and(word) || ends && after.is_some_and(word);
            !is_longer
        };
        let (found, _) = text[at..end].match_indices(&self.old).find(is_whole)?;
        let (before, after) = (&text[..at + found], &text[at + found + self.old.len()..]);
        Some([before, &self.new, after].concat())
    }
}

/// How far a value reaches that begins in this column: to the first line that is indented less.
fn extent(text: &str, column: usize) -> usize {
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if number > 0 && !line.trim().is_empty() && indent < column {
            break;
        }
        end += line.len();
    }
    end
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// A policy selects no pod.
    SelectsNoPod,
    /// A peer matches nothing.
    PeerMatchesNothing,
    /// Two peers where one was probably meant: a dash too many.
    StrayDash,
    /// One peer where two were probably meant: a dash too few.
    MissingDash,
    /// `policyTypes` come to something surprising.
    PolicyTypes,
    /// Egress isolation closes the lookup of names.
    DnsClosed,
    /// Port 53 is opened to the whole world.
    DnsToTheWorld,
    /// A port that no container declares, although they declare others.
    UndeclaredPort,
    /// A Service's port where the pod's belongs.
    ServicePort,
    /// A rule that another makes redundant.
    Redundant,
    /// An egress rule whose far side is closed.
    FarSideClosed,
    /// An ingress rule that nobody can use.
    NobodyCanUse,
    /// An `ipBlock` inside the pod or Service network.
    BlockInsideCluster,
    /// What it does depends on the network plugin.
    PluginDecides,
    /// An annotation names a finding that there is not.
    UnknownFinding,
}

impl Rule {
    /// Every kind of finding, in the order of the documentation.
    pub const ALL: [Rule; 15] = [
        Rule::SelectsNoPod,
        Rule::PeerMatchesNothing,
        Rule::StrayDash,
        Rule::MissingDash,
        Rule::PolicyTypes,
        Rule::DnsClosed,
        Rule::DnsToTheWorld,
        Rule::UndeclaredPort,
        Rule::ServicePort,
        Rule::Redundant,
        Rule::FarSideClosed,
        Rule::NobodyCanUse,
        Rule::BlockInsideCluster,
        Rule::PluginDecides,
        Rule::UnknownFinding,
    ];

    /// What it is called in reports and annotations.
    pub fn id(self) -> &'static str {
        match self {
            Rule::SelectsNoPod => "selects-no-pod",
            Rule::PeerMatchesNothing => "peer-matches-nothing",
            Rule::StrayDash => "stray-dash",
            Rule::MissingDash => "missing-dash",
            Rule::PolicyTypes => "policy-types",
            Rule::DnsClosed => "dns-closed",
            Rule::DnsToTheWorld => "dns-to-the-world",
            Rule::UndeclaredPort => "undeclared-port",
            Rule::ServicePort => "service-port",
            Rule::Redundant => "redundant",
            Rule::FarSideClosed => "far-side-closed",
            Rule::NobodyCanUse => "nobody-can-use",
            Rule::BlockInsideCluster => "block-inside-cluster",
            Rule::PluginDecides => "plugin-decides",
            Rule::UnknownFinding => "unknown-finding",
        }
    }

    /// How much it matters: a warning is probably a mistake, the others deserve to be known.
    pub fn severity(self) -> Severity {
        match self {
            Rule::Redundant | Rule::PluginDecides => Severity::Info,
            _ => Severity::Warning,
        }
    }

    /// Why it matters.
    pub fn why(self) -> &'static str {
        match self {
            Rule::SelectsNoPod => {
                "It isolates nothing and admits nothing: what it was written to protect is open."
            }
            Rule::PeerMatchesNothing => {
                "The rule admits nobody through this peer: a call that should pass is blocked."
            }
            Rule::StrayDash => {
                "Two items are two peers, and either is enough: the rule admits every pod of the \
                 namespaces, where only some of them were probably meant."
            }
            Rule::MissingDash => {
                "One item is one peer, of which everything must match: the rule admits nobody, where \
                 either of two was probably meant."
            }
            Rule::PolicyTypes => {
                "Without `policyTypes` a policy governs ingress, and egress only if it has an egress \
                 rule; rules for a direction that it does not govern do nothing."
            }
            Rule::DnsClosed => {
                "Calls by the name of a Service begin with a lookup. Without one they fail, even where \
                 the call itself is admitted."
            }
            Rule::DnsToTheWorld => {
                "A rule without `to` admits any destination: data can leave through port 53 to any \
                 server, not only lookups to the cluster DNS."
            }
            Rule::UndeclaredPort => {
                "Declared ports limit nothing, but a port that no container declares is seldom one that \
                 something listens on."
            }
            Rule::ServicePort => {
                "Policies see the connection after the Service's translation: the port is the pod's, \
                 never the Service's."
            }
            Rule::Redundant => {
                "Policies add up: what another rule admits already needs no second one, and taking this \
                 one away would close nothing."
            }
            Rule::FarSideClosed => {
                "A connection needs both sides: this egress is admitted, and the other side's ingress \
                 admits none of it."
            }
            Rule::NobodyCanUse => {
                "A connection needs both sides: this ingress is admitted, and the egress of those that it \
                 names admits none of it."
            }
            Rule::BlockInsideCluster => {
                "Addresses of pods come and go, those of Services are translated before policies see \
                 them, and some network plugins never match pods by address."
            }
            Rule::PluginDecides => {
                "Kubernetes leaves it open, and network plugins differ: the same policy means something \
                 else on another cluster."
            }
            Rule::UnknownFinding => "What it was to silence is reported all the same.",
        }
    }

    /// What silences a finding of this kind.
    pub fn silence(self) -> String {
        format!("annotate the policy with `{IGNORE_ANNOTATION}: {}`", self.id())
    }

    /// The kind of this name.
    pub fn of(id: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.id() == id)
    }
}

/// Judges the policies of a model, in which an owner and what it owns are one workload.
pub fn lint(model: &Model) -> Vec<Finding> {
    let ground = Ground::new(model);
    let mut found = Vec::new();
    for (index, policy) in model.policies.iter().enumerate() {
        let mut report = Report { policy, findings: Vec::new() };
        policies::check(&ground, policy, &mut report);
        peers::check(&ground, index, &mut report);
        ports::check(&ground, index, &mut report);
        union::check(&ground, index, &mut report);
        blocks::check(&ground, index, &mut report);
        lookup::check(&ground, index, &mut report);
        found.append(&mut report.findings);
    }
    found
}

/// The findings on a policy.
struct Report<'p> {
    policy: &'p Policy,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds a finding, unless the policy asks to be silent about its kind.
    fn add(&mut self, rule: Rule, location: &Location, message: String, fix: Option<Fix>) {
        let ignored = self.policy.written.ignore.iter().flat_map(|(ids, _)| ids.split(','));
        if !ignored.map(str::trim).any(|id| id == rule.id()) {
            self.findings.push(Finding { rule, location: location.clone(), message, fix });
        }
    }

    /// Whether something of these kinds has been found at a place: one mistake is one finding.
    fn has(&self, rules: &[Rule], location: &Location) -> bool {
        let is_it = |found: &Finding| rules.contains(&found.rule) && found.location == *location;
        self.findings.iter().any(is_it)
    }
}
