//! Can a project be a file? As JSON that people read, compare and keep with their manifests.
//!
//! Unlike a link it holds every text in full, a line of it a line of the file, and needs nothing but itself
//! to be read. `docs/schema/project.schema.json` is its schema.

use serde::Deserialize;

use super::document::{self, Form};
use super::{FORMAT, Project, Unpacked, is_file};
use crate::diagnostic::Quoted;

/// The version of files that are written.
const VERSION: u32 = 1;

/// The largest file that is read, in bytes. The page reads no larger file of any kind.
const LARGEST: usize = 32 * 1024 * 1024;

/// What every version begins with.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// The text of a project file.
///
/// # Errors
///
/// A sentence, when it would be too large to be read again.
pub fn write(project: &Project) -> Result<String, String> {
    let mut document = document::write(project.clone(), Form::File)?;
    document.format = Some(FORMAT.to_owned());
    document.version = Some(VERSION);
    let text = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())? + "\n";
    if text.len() > LARGEST {
        return Err("this is too large for a project file, which holds 32 MiB at most: divide it"
            .to_owned());
    }
    Ok(text)
}

/// The project that a file holds.
///
/// # Errors
///
/// A sentence that says what is wrong with the file, and what to do.
pub fn read(text: &str) -> Result<Unpacked, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > LARGEST {
        return Err(format!(
            "the file has {} bytes, and no more than {LARGEST} are read: divide it",
            text.len()
        ));
    }
    if !is_file(text) {
        return Err(format!(
            "the file is no project: it has to begin with `\"format\": \"{FORMAT}\"`"
        ));
    }
    let not_understood = |error: serde_json::Error| {
        let error = error.to_string();
        format!("the file cannot be read ({}): mend it there", Quoted(&error))
    };
    let Head { version } = serde_json::from_str(text).map_err(not_understood)?;
    if version != VERSION {
        return Err(format!(
            "the file is of version {version}, which this page does not know: reload the page to \
             have its newest version"
        ));
    }
    document::read(serde_json::from_str(text).map_err(not_understood)?, &[])
}
