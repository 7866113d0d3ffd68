//! Other rules of a policy, written into the text that declares it.
//!
//! In: a text, and a policy in it with what shall be other. Out: the text with as little changed as will
//! do. Nothing is taken on trust: the new text is read again, and stands only if it declares the changed
//! policy and everything else as it was. Where that cannot be had by changing lists, the policy's document
//! is written anew, without its comments; and where it has none of its own, in another file.

mod lists;

#[cfg(test)]
mod tests;

use crate::compile::{Defaults, compile};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::fragment::{Declared, Fragment};
use crate::labels::Labels;
use crate::manifest::{self, Object, Path, Reading, Source};
use crate::policy::{Direction, Policy};
use crate::suggest::{Edit, Splice, needs_types};
use crate::write::{self, Metadata, Yaml};
use lists::{List, splice};

/// A changed policy, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rewritten {
    /// The text that declared it, in which it is declared otherwise.
    Here(String),
    /// A text of its own, which has to be applied after the one that declares the policy as it was.
    Apart(String),
}

/// Writes changes of a policy into the text that declares it.
///
/// # Errors
///
/// A sentence, when the text does not declare the policy.
pub(super) fn rewrite(
    path: &str,
    text: &str,
    policy: &Policy,
    edits: &[(Direction, Edit)],
) -> Result<Rewritten, String> {
    let original = Text::read(path, text.to_owned());
    let index = original.index_of(&policy.location);
    let index = index.ok_or_else(|| {
        format!("{} is not where it was, or its document has a mistake", policy.path())
    })?;
    let in_place = edits.iter().try_fold((original, policy.clone()), |(text, policy), edit| {
        edited(text, index, policy, edit)
    });
    if let Some((text, _)) = in_place {
        return Ok(Rewritten::Here(text.text));
    }
    let changed = edits
        .iter()
        .fold(policy.clone(), |policy, (direction, edit)| edit.apply(&policy, *direction));
    let original = Text::read(path, text.to_owned());
    let object = &original.reading.objects[index];
    let (labels, annotations) = metadata(object);
    let namespace = object.namespace.as_deref();
    let metadata = Metadata { namespace, labels: &labels, annotations: &annotations };
    let written = write::policy_with(&changed, metadata).text();
    let anew = original
        .with_document(object, &written)
        .filter(|anew| original.differs_by(&Text::read(path, anew.clone()), index, &changed));
    Ok(anew.map_or(Rewritten::Apart(written), Rewritten::Here))
}

/// A text, and what was read of it.
struct Text {
    path: String,
    text: String,
    reading: Reading,
    fragment: Fragment,
}

impl Text {
    fn read(path: &str, text: String) -> Self {
        let reading = manifest::read(&Source::new(path, text.as_str()));
        let fragment = compile(&reading, &Defaults::default());
        Text { path: path.to_owned(), text, reading, fragment }
    }

    /// Which of the objects is at a place.
    fn index_of(&self, location: &Location) -> Option<usize> {
        let mut objects = self.reading.objects.iter();
        let index = objects.position(|object| object.location() == *location)?;
        let declared = self.fragment.objects.iter().any(|o| o.location() == Some(location));
        declared.then_some(index)
    }

    /// Whether another text declares the same but for one object, which is this policy there.
    fn differs_by(&self, other: &Text, index: usize, policy: &Policy) -> bool {
        let (Some(before), Some(after)) =
            (self.reading.objects.get(index), other.reading.objects.get(index))
        else {
            return false;
        };
        let split = |text: &Text, object: &Object| {
            let location = object.location();
            let is_it = |declared: &Declared| declared.location() == Some(&location);
            let objects = text.fragment.objects.iter().cloned().map(without_places);
            let index = text.fragment.objects.iter().position(is_it)?;
            let mut objects: Vec<Declared> = objects.collect();
            let object = objects.remove(index);
            Some((index, object, objects))
        };
        let says = |diagnostics: &[Diagnostic]| {
            let said = |d: &Diagnostic| (d.severity, d.message.clone());
            diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .map(said)
                .collect::<Vec<_>>()
        };
        match (split(self, before), split(other, after)) {
            (
                Some((place, Declared::Policy(was), others)),
                Some((same, Declared::Policy(is), again)),
            ) => {
                place == same
                    && others == again
                    && is.says_the_same(policy)
                    && is.written.ignore == was.written.ignore
                    && metadata(before) == metadata(after)
                    && says(&self.fragment.diagnostics) == says(&other.fragment.diagnostics)
                    && self.fragment.strays.len() == other.fragment.strays.len()
            }
            _ => false,
        }
    }

    /// The text in which the document of an object is another one; nothing where the document is not
    /// plain YAML in block style with this object alone.
    fn with_document(&self, object: &Object, document: &str) -> Option<String> {
        let Location { line, column, .. } = object.location();
        let first = line as usize - 1;
        let is_mark = |line: &&str| line.starts_with("---") || line.starts_with("...");
        let lines: Vec<&str> = self.text.split_inclusive('\n').collect();
        let until = lines[first..].iter().skip(1).position(is_mark);
        let end = until.map_or(lines.len(), |until| first + 1 + until);
        let inside = |location: &Location| (first..end).contains(&(location.line as usize - 1));
        let objects = self.reading.objects.iter().map(Object::location);
        let is_alone = objects.filter(|location| inside(location)).count() == 1;
        let is_block = column == 1 && !lines[first].starts_with(['{', '"', '-']);
        let before = lines[..first].concat();
        (is_alone && is_block).then(|| [&before, document, &lines[end..].concat()].concat())
    }
}

fn without_places(mut declared: Declared) -> Declared {
    let nowhere = Location { file: "".into(), line: 1, column: 1 };
    declared.locate(&mut |place: &mut Location| *place = nowhere.clone());
    declared
}

/// The labels and annotations of an object itself.
fn metadata(object: &Object) -> (Labels, Labels) {
    let metadata = object.metadata();
    let of = |labels: Option<&Labels>| labels.cloned().unwrap_or_default();
    (
        of(metadata.and_then(|metadata| metadata.labels.as_ref())),
        of(metadata.and_then(|metadata| metadata.annotations.as_ref())),
    )
}

/// A text with one change of a policy made, and the policy then; nothing where it cannot be made in
/// place.
fn edited(
    text: Text,
    index: usize,
    policy: Policy,
    (direction, edit): &(Direction, Edit),
) -> Option<(Text, Policy)> {
    let after = edit.apply(&policy, *direction);
    let mut text = text;
    if needs_types(&policy, &after) {
        let types = write::types([Direction::Ingress, Direction::Egress]);
        let Yaml::List(types) = types else { return None };
        let spec = Path::ROOT.key("spec");
        let path = spec.key("policyTypes");
        let object = text.reading.objects.get(index)?;
        let list = List { object, path: &path, key: "policyTypes", count: 0 };
        text = checked(&text, index, splice(&text.text, &list, (0, 0), &types)?, &policy)?;
    }
    let object = text.reading.objects.get(index)?;
    let spliced = written(&text.text, object, &policy, *direction, edit)?;
    let text = checked(&text, index, spliced, &after)?;
    // What is there to be known of how it is written has changed with it.
    let is_it = |declared: &&Declared| {
        declared.location() == text.reading.objects.get(index).map(Object::location).as_ref()
    };
    let policy = match text.fragment.objects.iter().find(is_it)? {
        Declared::Policy(policy) => policy.clone(),
        _ => return None,
    };
    Some((text, policy))
}

fn checked(text: &Text, index: usize, spliced: String, policy: &Policy) -> Option<Text> {
    let spliced = Text::read(&text.path, spliced);
    text.differs_by(&spliced, index, policy).then_some(spliced)
}

/// The text with an edit made.
fn written(
    text: &str,
    object: &Object,
    policy: &Policy,
    direction: Direction,
    edit: &Edit,
) -> Option<String> {
    let rules = policy.rules(direction)?;
    let word = direction.to_string();
    let spec = Path::ROOT.key("spec");
    let all = spec.key(&word);
    let (rule, key, count, removed, at, added) = match edit {
        Edit::Rules(Splice { at, removed, added }) => {
            let added: Vec<Yaml> = added.iter().map(|rule| write::rule(direction, rule)).collect();
            let list = List { object, path: &all, key: &word, count: rules.len() };
            return splice(text, &list, (*at, *removed), &added);
        }
        Edit::Peers { rule, splice: Splice { at, removed, added } } => {
            let count = rules.get(*rule)?.peers.len();
            let added: Vec<Yaml> = added.iter().map(write::peer).collect();
            (*rule, write::peers_field(direction), count, *removed, *at, added)
        }
        Edit::Ports { rule, splice: Splice { at, removed, added } } => {
            let count = rules.get(*rule)?.ports.len();
            let added: Vec<Yaml> = added.iter().map(write::port).collect();
            (*rule, "ports", count, *removed, *at, added)
        }
    };
    let of_rule = all.index(rule);
    let path = of_rule.key(key);
    splice(text, &List { object, path: &path, key, count }, (at, removed), &added)
}

/// A policy that is not there yet, as a document.
pub(super) fn document(policy: &Policy) -> String {
    write::policy(policy).text()
}

/// How many lines are other in texts than before, pairs of before and after.
pub(super) fn differing<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> usize {
    let lines = |text: &'t str| text.lines().collect::<Vec<_>>();
    let differing = |(before, after)| crate::suggest::differing(&lines(before), &lines(after));
    texts.into_iter().map(differing).sum()
}
