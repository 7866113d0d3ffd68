//! How a value that does not fit is spoken of: in Kubernetes' words, with what would fit.

use super::path::{Path, Step};
use super::scalar::Resolved;
use super::tree::{Node, Value};
use crate::diagnostic::Quoted;
use crate::nearest::nearest;

/// What a value of the wrong type is told: ``` `spec.replicas` must be an integer, not ... ```.
pub(super) fn wrong_type(path: &Path, expected: &str, node: &Node, text: &str) -> String {
    let expected = in_plain_words(expected);
    let accepted = of_field(path, expected).unwrap_or(expected);
    let mut message = format!("{} must be {accepted}, not {}", subject(path), describe(node, text));
    let advice = match (&node.value, node.resolve(text)) {
        (Value::Plain(_), Some(Resolved::Bool(_) | Resolved::Int(_) | Resolved::Float(_)))
            if expected == "a string" =>
        {
            ": put it in quotes"
        }
        (Value::String(quoted), _) if expected.starts_with("an integer") => {
            match super::scalar::resolve(quoted.of(text)) {
                Resolved::Int(_) => ": take the quotes off",
                _ => "",
            }
        }
        (Value::Mapping(_), _) if expected == "a list" => ": begin every item with `-`",
        _ => "",
    };
    message.push_str(advice);
    message
}

/// What a value that its field cannot take is told, when the reason comes from elsewhere.
pub(super) fn invalid(path: &Path, reason: &str) -> String {
    format!("{} is not valid: {reason}", subject(path))
}

/// What an unknown field is told.
pub(super) fn unknown_field(path: &Path, field: &str, known: &[&str]) -> String {
    let full = path.key(field).to_string();
    let full = Quoted(&full);
    if let Some(near) = nearest(field, known) {
        return format!("unknown field {full}: did you mean `{near}`");
    }
    let place = match path.is_root() {
        true => "here".to_owned(),
        false => format!("in {}", subject(path)),
    };
    format!("unknown field {full}: what can stand {place} is {}", list(known))
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn subject(path: &Path) -> String {
    match path.is_root() {
        true => "the document".to_owned(),
        false => Quoted(&path.to_string()).to_string(),
    }
}

/// The types of serde's and k8s-openapi's visitors, as a user of the API knows them.
fn in_plain_words(expected: &str) -> &str {
    match expected {
        "IntOrString" => "an integer or a string",
        "u8" => "an integer from 0 to 255",
        "u16" => "an integer from 0 to 65535",
        "u32" => "an integer from 0 to 4294967295",
        "i32" | "a 32-bit integer" => "an integer from -2147483648 to 2147483647",
        "u64" | "i64" | "usize" => "an integer within 64 bits",
        words => words,
    }
}

/// What a well-known field takes, where that says more than its type.
fn of_field(path: &Path, expected: &str) -> Option<&'static str> {
    let Step::Key(field) = path.step() else { return None };
    match (field, expected) {
        ("port" | "targetPort", "an integer or a string") => {
            Some("a port number from 1 to 65535 or the name of a port")
        }
        ("protocol", "a string") => Some("`TCP`, `UDP` or `SCTP`"),
        ("port" | "endPort" | "containerPort", _) if expected.starts_with("an integer") => {
            Some("a port number from 1 to 65535")
        }
        _ => None,
    }
}

/// What stands there instead of what would fit: `a list`, the string that it is.
pub(super) fn describe(node: &Node, text: &str) -> String {
    let written = match &node.value {
        Value::Plain(plain) | Value::String(plain) => plain.of(text),
        Value::Sequence(_) => return "a list".to_owned(),
        Value::Mapping(_) => return "a map".to_owned(),
    };
    match node.resolve(text) {
        Some(Resolved::Null) | None => "null".to_owned(),
        Some(Resolved::Bool(_)) => format!("the boolean {}", Quoted(written)),
        Some(Resolved::Int(_) | Resolved::Unsigned(_) | Resolved::Float(_)) => {
            format!("the number {}", Quoted(written))
        }
        Some(Resolved::Str(_)) => format!("the string {}", Quoted(written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_the_word_that_was_meant() {
        let check = |word, expected| {
            let known = ["podSelector", "policyTypes", "ingress", "egress", "from", "to"];
            assert_eq!(nearest(word, &known), expected, "{word}");
        };
        check("podselector", Some("podSelector"));
        check("podSelecter", Some("podSelector"));
        check("policyType", Some("policyTypes"));
        check("fron", Some("from"));
        check("ingres", Some("ingress"));
        check("app", None);
        check("tp", None);
    }
}
