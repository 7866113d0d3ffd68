//! Other labels for pods or a namespace, written into the text that declares them.
//!
//! In: a text, where in it the object is, and the labels that it shall have. Out: the text with as few
//! lines changed as will do. Nothing is taken on trust: the new text is read again, and stands only if
//! the object has these labels and nothing is refused that was not before.

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::labels::Labels;
use crate::manifest::{self, Content, Object, Path, Source};

use super::point::end;

/// The labels that somebody wrote: `app=web, tier=front`.
///
/// # Errors
///
/// A sentence, when a part of it is no label.
pub(super) fn parse(text: &str) -> Result<Labels, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let label = |part: &str| match part.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
        None => Err(format!("`{part}` is no label: write key=value, with commas between")),
    };
    parts.map(label).collect()
}

/// The text in which the object at a place has these labels: a Namespace, or the pods of a workload.
///
/// # Errors
///
/// A sentence, when they cannot be written there.
pub(super) fn relabel(
    path: &str,
    text: &str,
    location: &Location,
    labels: &Labels,
) -> Result<String, String> {
    let source = Source::new(path, text);
    let reading = manifest::read(&source);
    let index = reading.objects.iter().position(|object| object.location() == *location);
    let index = index.ok_or("the object is not where it was: try again")?;
    let object = &reading.objects[index];
    let before = errors(&reading.diagnostics);
    let rewritten = rewrite(text, object, labels);
    let rewritten = rewritten.ok_or_else(|| {
        format!("the labels of {} cannot be written where they are: edit the text", object.name)
    })?;
    let again = manifest::read(&Source::new(path, rewritten.as_str()));
    let defaults = crate::compile::Defaults::default();
    let fragment = crate::compile::compile(&again, &defaults);
    let broken = fragment.diagnostics.iter().find(|d| d.severity == Severity::Error);
    match (broken, again.objects.get(index)) {
        (Some(error), _) if errors(&fragment.diagnostics) > before => Err(error.message.clone()),
        (_, Some(object)) if current(object).as_ref() == Some(labels) => Ok(rewritten),
        _ => Err(format!(
            "the labels of {} cannot be written where they are: edit the text",
            object.name
        )),
    }
}

/// The text with a Namespace of these labels at its end.
///
/// # Errors
///
/// A sentence, when these cannot be labels.
pub(super) fn declare(
    path: &str,
    text: &str,
    name: &str,
    labels: &Labels,
) -> Result<String, String> {
    let pairs: Vec<String> =
        labels.iter().map(|(key, value)| pair(key, value, Style::Plain)).collect();
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    let declared = format!(
        "{text}{newline}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: {}\n  labels: {{{}}}\n",
        scalar(name, Style::Plain),
        pairs.join(", ")
    );
    let errors_of = |text: &str| {
        let reading = manifest::read(&Source::new(path, text));
        crate::compile::compile(&reading, &crate::compile::Defaults::default()).diagnostics
    };
    let (before, after) = (errors_of(text), errors_of(&declared));
    if errors(&after) > errors(&before) {
        // The declaration is the last of the text, and so are its mistakes.
        let wrong = after.into_iter().rfind(|d| d.severity == Severity::Error);
        return Err(wrong.map(|wrong| wrong.message).unwrap_or_default());
    }
    Ok(declared)
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|d| d.severity == Severity::Error).count()
}

/// The labels that an object gives: its own, or its pods'.
fn current(object: &Object) -> Option<Labels> {
    match &object.content {
        Content::Namespace(namespace) => {
            Some(namespace.metadata.labels.clone().unwrap_or_default())
        }
        Content::Workload(workload) => {
            Some(workload.pod.metadata.labels.clone().unwrap_or_default())
        }
        _ => None,
    }
}

/// How scalars are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Json,
}

fn rewrite(text: &str, object: &Object, labels: &Labels) -> Option<String> {
    let root = Path::ROOT;
    let pod = match &object.content {
        Content::Workload(workload) => workload.pod_path,
        _ => &root,
    };
    let metadata = pod.key("metadata");
    let path = metadata.key("labels");
    let (at, around, outermost) =
        (object.locate(&path), object.locate(&metadata), object.locate(pod));
    if at != around {
        return replace(text, &at, labels);
    }
    // There are none yet: they go before whatever stands first in `metadata`, or in the pod.
    let (key, place) = if around != outermost || std::ptr::eq(pod, &root) {
        ("labels", around)
    } else {
        ("metadata", outermost)
    };
    insert(text, &place, key, labels)
}

/// Where a place is in a text, in bytes.
pub(super) fn offset(text: &str, (line, column): (u32, u32)) -> Option<usize> {
    let start: usize =
        text.split_inclusive('\n').take(line.checked_sub(1)? as usize).map(str::len).sum();
    let rest = text.get(start..)?;
    let line = rest.split('\n').next()?;
    let column = column.checked_sub(1)? as usize;
    let within = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    Some(start + within)
}

fn scalar(text: &str, style: Style) -> String {
    match style {
        Style::Plain => manifest::string(text),
        Style::Json => manifest::quoted(text),
    }
}

fn pair(key: &str, value: &str, style: Style) -> String {
    format!("{}: {}", scalar(key, style), scalar(value, style))
}

/// Replaces the labels that begin at a place.
fn replace(text: &str, at: &Location, labels: &Labels) -> Option<String> {
    let start = offset(text, (at.line, at.column))?;
    if text[start..].starts_with('{') {
        let (line, column) = end(text, at);
        let stop = offset(text, (line, column + 1))?;
        let style = if text[start..stop].contains('"') { Style::Json } else { Style::Plain };
        let pairs: Vec<String> =
            labels.iter().map(|(key, value)| pair(key, value, style)).collect();
        return Some([&text[..start], "{", &pairs.join(", "), "}", &text[stop..]].concat());
    }
    block(text, at, labels)
}

/// Replaces labels in block style, a line each: lines that stay the same are left as they are.
fn block(text: &str, at: &Location, labels: &Labels) -> Option<String> {
    let (last, _) = end(text, at);
    let indent = " ".repeat(at.column.checked_sub(1)? as usize);
    let mut out = String::new();
    let mut left = labels.clone();
    let mut written = false;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let content =
            line.strip_prefix(indent.as_str()).filter(|_| (at.line..=last).contains(&number));
        let entry = content.filter(|c| !c.trim().is_empty() && !c.starts_with([' ', '#']));
        let Some((key, rest)) = entry.and_then(|entry| entry.split_once(':')) else {
            out += line;
            continue;
        };
        let key = key.trim().trim_matches(['"', '\'']);
        written = true;
        if let Some(value) = left.remove(key) {
            let (old, comment) = rest
                .trim_end()
                .split_once(" #")
                .map_or((rest.trim(), ""), |(old, c)| (old.trim(), c));
            if old.trim_matches(['"', '\'']) == value && !old.starts_with(['&', '*', '|', '>']) {
                out += line;
            } else {
                let comment =
                    if comment.is_empty() { String::new() } else { format!(" #{comment}") };
                out += &format!("{indent}{}{comment}\n", pair(key, &value, Style::Plain));
            }
        }
        if number == last_entry(text, at, last) {
            out += &lines(&indent, &std::mem::take(&mut left));
        }
    }
    // A mapping without an entry would be null, which means the same and reads worse.
    (written && !labels.is_empty()).then_some(out)
}

/// The last line of a block that is not blank.
fn last_entry(text: &str, at: &Location, last: u32) -> u32 {
    let lines = (1..).zip(text.lines()).filter(|(number, line)| {
        (at.line..=last).contains(number)
            && !line.trim().is_empty()
            && !line.trim_start().starts_with('#')
    });
    lines.map(|(number, _)| number).last().unwrap_or(at.line)
}

fn lines(indent: &str, labels: &Labels) -> String {
    let line =
        |(key, value): (&String, &String)| format!("{indent}{}\n", pair(key, value, Style::Plain));
    labels.iter().map(line).collect()
}

/// Adds labels in front of what begins at a place.
fn insert(text: &str, place: &Location, key: &str, labels: &Labels) -> Option<String> {
    let start = offset(text, (place.line, place.column))?;
    let rest = &text[start..];
    let is_flow = rest.starts_with('{');
    let style =
        if is_flow && rest[1..].trim_start().starts_with('"') { Style::Json } else { Style::Plain };
    let pairs: Vec<String> = labels.iter().map(|(key, value)| pair(key, value, style)).collect();
    let map = format!("{{{}}}", pairs.join(", "));
    let quoted =
        |word: &str| if style == Style::Json { format!("\"{word}\"") } else { word.to_owned() };
    let value = match key {
        "metadata" => format!("{{{}: {map}}}", quoted("labels")),
        _ => map,
    };
    if is_flow {
        let comma = if rest[1..].trim_start().starts_with('}') { "" } else { ", " };
        return Some(format!("{}{{{}: {value}{comma}{}", &text[..start], quoted(key), &rest[1..]));
    }
    let indent = " ".repeat(place.column.checked_sub(1)? as usize);
    Some(format!("{}{key}: {value}\n{indent}{rest}", &text[..start]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, labels: &str, after: &str) {
        let reading = manifest::read(&Source::new("a.yaml", before));
        let location = reading.objects[0].location();
        let labels = parse(labels).unwrap();
        assert_eq!(relabel("a.yaml", before, &location, &labels).as_deref(), Ok(after));
    }

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n";

    #[test]
    fn lines_change_as_little_as_they_can() {
        let pod = |labels: &str| format!("{POD}  labels:\n{labels}  namespace: shop\n");
        check(
            &pod("    app: a\n    tier: x # why\n"),
            "app=a, tier=z",
            &pod("    app: a\n    tier: z # why\n"),
        );
        check(
            &pod("    app: a\n    # a word\n    tier: x\n"),
            "tier=x",
            &pod("    # a word\n    tier: x\n"),
        );
        check(&pod("    app: a\n"), "app=a, zone=1", &pod("    app: a\n    zone: \"1\"\n"));
        check(
            &pod("    app: \"a\"\n"),
            "app=a, on=yes",
            &pod("    app: \"a\"\n    \"on\": \"yes\"\n"),
        );
    }

    #[test]
    fn every_style_is_kept() {
        let flow = |labels: &str| {
            format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a, labels: {{{labels}}}}}\n")
        };
        check(&flow("app: a"), "app=b, tier=x", &flow("app: b, tier: x"));
        check(&flow("app: a"), "", &flow(""));
        let json = |labels: &str| {
            format!(
                "{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"labels\": {{{labels}}}, \"name\": \"a\"}}}}"
            )
        };
        check(&json("\"app\": \"a\""), "app=b", &json("\"app\": \"b\""));
        check(
            POD,
            "app=a",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {app: a}\n  name: a\n",
        );
        check(
            "{apiVersion: v1, kind: Namespace, metadata: {name: a}}",
            "team=red",
            "{apiVersion: v1, kind: Namespace, metadata: {labels: {team: red}, name: a}}",
        );
    }

    #[test]
    fn of_a_workload_the_labels_are_those_of_its_pods() {
        let cron_job = |labels: &str| {
            format!(
                "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: a\n  labels:\n    app: mine\nspec:\n  jobTemplate:\n    \
                 spec:\n      template:\n        {labels}spec:\n          containers: []\n"
            )
        };
        let labels = "metadata: {labels: {app: b}}\n        ";
        check(&cron_job("metadata: {labels: {app: a}}\n        "), "app=b", &cron_job(labels));
        check(&cron_job(""), "app=b", &cron_job(labels));
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let text = format!("{POD}  labels: &l\n    app: a\n  annotations: *l\n");
        let location = manifest::read(&Source::new("a.yaml", text.as_str())).objects[0].location();
        let fails = |labels: &str| {
            parse(labels)
                .and_then(|labels| relabel("a.yaml", &text, &location, &labels))
                .unwrap_err()
        };
        assert!(fails("app=-").contains("cannot be the value of a label"));
        assert!(fails("web").contains("key=value"));
    }
}
