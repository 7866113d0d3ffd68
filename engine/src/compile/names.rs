//! Which names, labels and port names the API server takes.

use crate::diagnostic::Quoted;
use crate::labels::Labels;
use crate::manifest::{Object, Path};

use super::findings::Findings;

/// What a name must look like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameSyntax {
    /// RFC 1123, dots allowed, up to 253 characters.
    Subdomain,
    /// RFC 1123, no dots, up to 63 characters.
    Label,
}

impl NameSyntax {
    pub fn accepts(self, name: &str) -> bool {
        let (longest, is_dotted) = match self {
            NameSyntax::Subdomain => (253, true),
            NameSyntax::Label => (63, false),
        };
        let is_label = |label: &str| {
            let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            !label.is_empty()
                && label.bytes().all(inside)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        name.len() <= longest
            && match is_dotted {
                true => name.split('.').all(is_label),
                false => is_label(name),
            }
    }

    fn description(self) -> &'static str {
        match self {
            NameSyntax::Subdomain => {
                "at most 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends and \
                 around every dot"
            }
            NameSyntax::Label => {
                "at most 63 of `a-z`, `0-9` and `-`, with a letter or digit at both ends"
            }
        }
    }
}

/// Checks the `metadata` of an object: its names, labels and the keys of its annotations.
pub(super) fn check_metadata(object: &Object, syntax: NameSyntax, findings: &mut Findings) {
    let metadata = Path::ROOT.key("metadata");
    check_name(&object.name, syntax, &metadata.key("name"), findings);
    if let Some(namespace) = &object.namespace {
        check_name(namespace, NameSyntax::Label, &metadata.key("namespace"), findings);
    }
    let Some(given) = object.metadata() else { return };
    if let Some(labels) = &given.labels {
        check_labels(labels, &metadata.key("labels"), findings);
    }
    let annotations = metadata.key("annotations");
    for key in given.annotations.iter().flatten().map(|(key, _)| key) {
        if !is_qualified(&key.to_ascii_lowercase()) {
            findings.refuse_key(&annotations.key(key), bad_key(key, "an annotation"));
        }
    }
}

fn check_name(name: &str, syntax: NameSyntax, path: &Path, findings: &mut Findings) {
    if !syntax.accepts(name) {
        let description = syntax.description();
        findings
            .refuse(path, format!("`{path}` cannot be {}: a name is {description}", Quoted(name)));
    }
}

/// Checks labels, of an object or of a selector.
pub(super) fn check_labels(labels: &Labels, path: &Path, findings: &mut Findings) {
    for (key, value) in labels {
        check_label_key(key, findings, |findings, message| {
            findings.refuse_key(&path.key(key), message);
        });
        check_label_value(value, &path.key(key), findings);
    }
}

/// Checks the key of a label; who asks knows where it is.
pub(super) fn check_label_key(
    key: &str,
    findings: &mut Findings,
    refuse: impl FnOnce(&mut Findings, String),
) {
    if !is_qualified(key) {
        refuse(findings, bad_key(key, "a label"));
    }
}

/// Checks the value of a label.
pub(super) fn check_label_value(value: &str, path: &Path, findings: &mut Findings) {
    if !value.is_empty() && !is_word(value) {
        findings.refuse(
            path,
            format!(
                "{} cannot be the value of a label: it is empty, or at most 63 letters, \
                 digits, `-`, `_` and `.`, with a letter or digit at both ends",
                Quoted(value)
            ),
        );
    }
}

fn bad_key(key: &str, whose: &str) -> String {
    format!(
        "{} cannot be the key of {whose}: it is at most 63 letters, digits, `-`, `_` and `.`, \
         with a letter or digit at both ends, after an optional DNS name and `/`",
        Quoted(key)
    )
}

/// Whether this is a qualified name: a word, after an optional DNS subdomain and a slash.
fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => NameSyntax::Subdomain.accepts(prefix) && is_word(name),
        None => is_word(key),
    }
}

/// Whether this is 1 to 63 letters, digits, `-`, `_` and `.`, alphanumeric at both ends.
fn is_word(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    text.len() <= 63 && text.bytes().all(inside) && is_end(bytes.first()) && is_end(bytes.last())
}

/// What a port name is, for messages.
pub(super) const PORT_NAME: &str = "the name of a port is 1 to 15 of `a-z`, `0-9` and `-`, with at \
                                    least one letter, and no hyphen first, last or doubled";

/// Whether this can be the name of a port.
pub(super) fn is_port_name(name: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=15).contains(&name.len())
        && name.bytes().all(inside)
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}
