//! What would change a call among own manifests, and the files in which it is changed.
//!
//! The model that is shown has an owner and what it owns as one workload. A rule that is suggested can
//! mention a label that told no pods apart before: so every suggestion is judged again on the workloads
//! that the rules before and after come to together, and what is told of it is what holds there.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::rewrite::{self, Rewritten as Written};
use super::{File, Reader};
use crate::assemble::assemble;
use crate::cluster::Cluster;
use crate::connectivity::{End, Pair};
use crate::end;
use crate::evaluate::Model;
use crate::explain::name;
use crate::message::{Call, Effect, NewFile, Rewritten, Suggested, Suggestion, Try};
use crate::net::{AddressRange, Family};
use crate::owners;
use crate::policy::{Direction, Policy, PolicyRef};
use crate::suggest::{self, Advice, Change, Edit, Effects, suggest};

/// A suggestion that holds, and the model in which its effects are told.
struct Held {
    suggestion: suggest::Suggestion,
    model: Model,
}

impl Reader {
    /// What would change what becomes of a call.
    pub(super) fn suggested(&self, call: &Call) -> Result<Suggested, String> {
        let (advice, held) = self.advice(call)?;
        let told = held.into_iter().map(|Held { suggestion, model }| {
            let told = |pairs: &[Pair]| pairs.iter().map(|pair| effect(&model, pair)).collect();
            let written = self.written(&suggestion.changes);
            let lines = written.map_or(suggestion.lines, |written| self.lines(&written));
            Suggestion {
                lines: u32::try_from(lines).unwrap_or(u32::MAX),
                opens: told(&suggestion.opens),
                closes: told(&suggestion.closes),
                title: suggestion.title,
                yaml: suggestion.yaml,
            }
        });
        Ok(Suggested {
            suggestions: told.collect(),
            outcome: advice.outcome.to_string(),
            why: advice.why,
            limits: advice.limits,
        })
    }

    /// The files in which a suggestion is carried out.
    pub(super) fn tried(&self, wanted: &Try) -> Result<Rewritten, String> {
        let (_, held) = self.advice(&wanted.call)?;
        let wanted_one = held.into_iter().nth(wanted.number as usize);
        let held = wanted_one.filter(|held| held.suggestion.title == wanted.title);
        let held = held.ok_or("something else is suggested by now: ask again")?;
        self.written(&held.suggestion.changes)
    }

    /// What is suggested for a call, as far as it holds.
    fn advice(&self, call: &Call) -> Result<(Advice, Vec<Held>), String> {
        let mut advice = suggest(&self.model, &asked(&self.model, call)?);
        let suggestions = std::mem::take(&mut advice.suggestions);
        if suggestions.is_empty() {
            return Ok((advice, Vec::new()));
        }
        let objects = assemble(self.applied().flat_map(File::fragments), &[]).cluster;
        let count = suggestions.len();
        let held = suggestions.into_iter().filter_map(|it| self.held(&objects, call, it));
        let held: Vec<Held> = held.collect();
        if held.len() < count {
            let left_out = "a change is left out that would tell pods of one workload apart";
            advice.limits.push(left_out.to_owned());
        }
        Ok((advice, held))
    }

    /// A suggestion with what it does to the workloads that it and the policies as they are tell apart;
    /// nothing where it does not do there what it is for.
    fn held(&self, objects: &Cluster, call: &Call, of: suggest::Suggestion) -> Option<Held> {
        let Model { policies, plugin, cluster } = &self.model;
        let changed = suggest::apply(policies, &of.changes);
        let all: Vec<Policy> = policies.iter().chain(changed.iter()).cloned().collect();
        let merged = owners::merge(objects, &all, plugin).cluster;
        if merged.workloads == cluster.workloads {
            return Some(Held { suggestion: of, model: self.model.clone() });
        }
        let before = Model { cluster: Rc::new(merged), ..self.model.clone() };
        let after = Model { policies: changed, ..before.clone() };
        let Effects { opens, closes } =
            suggest::besides(&before, &after, &asked(&before, call).ok()?)?;
        Some(Held { suggestion: suggest::Suggestion { opens, closes, ..of }, model: before })
    }

    /// The files in which changes are made.
    fn written(&self, changes: &[Change]) -> Result<Rewritten, String> {
        let mut edits: BTreeMap<PolicyRef, Vec<(Direction, Edit)>> = BTreeMap::new();
        let mut documents: Vec<(String, String)> = Vec::new();
        for change in changes {
            match change {
                Change::New(policy) => {
                    documents.push((policy.name.clone(), rewrite::document(policy)));
                }
                Change::Edit { policy, direction, edit } => {
                    edits.entry(*policy).or_default().push((*direction, edit.clone()));
                }
            }
        }
        // From the end of each file, so that no policy moves before it is written to.
        let mut edits: Vec<(&Policy, _)> =
            edits.into_iter().map(|(policy, edits)| (self.model.policy(policy), edits)).collect();
        edits.sort_by_key(|(policy, _)| {
            std::cmp::Reverse((policy.location.line, policy.location.column))
        });
        let mut texts: BTreeMap<u32, String> = BTreeMap::new();
        for (policy, edits) in edits {
            let is_its = |(_, file): &(&u32, &File)| *file.path == *policy.location.file;
            let file = self.files.iter().find(is_its);
            let (id, file) =
                file.ok_or_else(|| format!("{} is not there any more", policy.path()))?;
            let text = texts.get(id).map_or(&*file.text, String::as_str);
            match rewrite::rewrite(&file.path, text, policy, &edits)? {
                Written::Here(text) => _ = texts.insert(*id, text),
                Written::Apart(document) => documents.push((policy.name.clone(), document)),
            }
        }
        let new = documents.first().map(|(name, _)| self.free_path(name)).map(|path| {
            let documents: Vec<String> = documents.into_iter().map(|(_, text)| text).collect();
            NewFile { path, text: documents.join("---\n") }
        });
        Ok(Rewritten { texts: texts.into_iter().collect(), new })
    }

    /// What a file can be called that is named after a policy.
    fn free_path(&self, name: &str) -> String {
        let is_free = |path: &String| self.files.values().all(|file| *file.path != **path);
        let numbered = (2..).map(|number| format!("{name}-{number}.yaml"));
        let mut paths = std::iter::once(format!("{name}.yaml")).chain(numbered);
        paths.find(is_free).unwrap_or_default()
    }

    /// How many lines of files are other than they are.
    fn lines(&self, written: &Rewritten) -> usize {
        let texts = written.texts.iter();
        let texts =
            texts.filter_map(|(id, text)| Some((&*self.files.get(id)?.text, text.as_str())));
        let new = written.new.iter().map(|new| ("", new.text.as_str()));
        rewrite::differing(texts.chain(new))
    }
}

/// The call that somebody wrote.
fn asked(model: &Model, call: &Call) -> Result<crate::probe::Call, String> {
    /// Where names are that a host outside the cluster calls without a namespace.
    const NAMESPACE: &str = "default";
    let port: end::Port = call.port.parse().map_err(|unknown: end::Unknown| unknown.to_string())?;
    let asked = end::call(model, &call.from, &call.to, port, NAMESPACE);
    asked.map_err(|unknown| unknown.to_string())
}

fn effect(model: &Model, pair: &Pair) -> Effect {
    let end = |end: End| match end {
        End::Workload(_) | End::Sibling(_) => name(model, end.peer()),
        End::External(range) => addresses(model, range),
    };
    Effect {
        from: end(pair.source),
        to: end(pair.destination),
        connections: pair.connections.to_string(),
    }
}

fn addresses(model: &Model, range: AddressRange) -> String {
    let AddressRange { first, last } = range;
    let family = Family::of(first);
    if first == last {
        first.to_string()
    } else if (first, last) == family.bounds() {
        match family {
            Family::V4 => "any IPv4 address".to_owned(),
            Family::V6 => "any IPv6 address".to_owned(),
        }
    } else if model.plugin.pod_cidr.contains(&first) && model.plugin.pod_cidr.contains(&last) {
        format!("{range} (the pod network)")
    } else {
        range.to_string()
    }
}
