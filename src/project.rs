//! What does a link or a project file hold? All that somebody has chosen and would pass on.
//!
//! A [`Project`] is plain data. `link` packs it into the fragment of an address, `file` writes it for
//! people and their version control, and both take it back from whatever they are given: a value, or a
//! sentence that says what is wrong and what can be done. `document` is the form that they share. It
//! must not know the page, whose session is more than this, nor read any manifest.

#[cfg(any(feature = "reader", test))]
mod base;
#[cfg(any(feature = "reader", test))]
mod document;
#[cfg(any(feature = "reader", test))]
pub mod file;
#[cfg(any(feature = "reader", test))]
pub mod link;
#[cfg(any(feature = "reader", test))]
mod stream;

use serde::{Deserialize, Serialize};

use crate::picture::View;

/// Everything that somebody has chosen, as far as it is passed on. What is not there is not said: the
/// rest of an address may say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The slug of the scenario that is shown, or that own files were begun from.
    pub scenario: Option<String>,
    /// The switches of the scenario that are on, by name.
    pub applied: Option<Vec<String>>,
    /// Own files, in the order in which they are applied.
    pub files: Option<Vec<File>>,
    /// Which of them is in the editor, counted from 0.
    pub shown: Option<u32>,
    /// What is expected, as it was typed.
    pub expectations: String,
    /// Whose eyes the picture is seen with.
    pub view: Option<View>,
    /// The step of a tour, as addresses name it: `workshop/7`.
    pub step: Option<String>,
    /// What is being explained.
    pub selection: Option<Selection>,
    /// The namespaces and workloads that are drawn as one: `namespace` or `namespace/name`.
    pub folded: Vec<String>,
    /// Stars that were dragged elsewhere.
    pub moved: Places,
}

/// A file of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it is called.
    pub path: String,
    /// Its text, with line feeds alone between lines.
    pub text: String,
    /// Whether its switch is on.
    pub is_applied: bool,
}

/// A star or a ribbon, by the names of workloads: `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    /// A workload.
    Star(String),
    /// The calls from one workload to another.
    Ribbon(String, String),
    /// A call as somebody asked for it: from, to and port, in the words of
    /// [`end`](netpol_engine::end).
    Call(String, String, String),
}

/// Where stars are, by `namespace/name`, each once: thousandths of the sky's width and height.
pub type Places = Vec<(String, [u16; 2])>;

/// The sky's width and height in [`Places`].
pub const SKY: u16 = 1000;

/// A project, and what was beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// What was understood.
    pub project: Project,
    /// What was passed over, in a sentence: a later version of the page may know more.
    pub note: Option<String>,
}

/// The length of an address, in characters, from which chat tools break it: a file is the better way then.
pub const LONG_ADDRESS: usize = 2_000;

/// The most files, folded things and moved stars that are passed on, each.
pub const MOST: usize = 10_000;

/// What the name of a project file ends with.
pub const ENDING: &str = ".netpol.json";

/// What the `format` of a project file says.
const FORMAT: &str = "netpol-playground project";

/// Whether a text is a project file, rather than a manifest: by its first key.
pub fn is_file(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}');
    ["{", "\"format\"", ":", "\"", FORMAT, "\""].into_iter().all(|token| {
        let after = rest.trim_start().strip_prefix(token);
        rest = after.unwrap_or_default();
        after.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_file_is_known_by_its_first_key() {
        let check = |text: &str, expected| assert_eq!(is_file(text), expected, "{text}");
        check(r#"{"format":"netpol-playground project"}"#, true);
        check("\u{feff}\r\n{\n  \"format\" : \"netpol-playground project\",\n", true);
        check(r#"{"version": 1, "format": "netpol-playground project"}"#, false);
        check(r#"{"format": "something else"}"#, false);
        check(r#"{"apiVersion": "v1", "kind": "Pod"}"#, false);
        check("format: netpol-playground project\n", false);
        check("", false);
    }
}
