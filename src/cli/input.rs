//! Paths to texts: files, folders and standard input.
//!
//! The order is that of the arguments and, within a folder, of the paths; where an object is given
//! twice, it decides which one stands.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::manifest::Source;

/// A text, and how it was come by.
pub(super) struct Text {
    pub source: Source,
    pub origin: Origin,
}

/// How a file was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was named.
    Argument,
    /// It lay in a folder that was named.
    Folder,
}

/// What the arguments lead to.
#[derive(Default)]
pub(super) struct Texts {
    pub texts: Vec<Text>,
    /// Texts that are refused as a whole, and folders without any.
    pub diagnostics: Vec<Diagnostic>,
    /// What cannot be read at all: unlike a refused text, nothing goes on without it.
    pub unreadable: Vec<Diagnostic>,
}

/// Reads everything that the arguments name, but for one file that has been read apart.
pub(super) fn read(paths: &[PathBuf], apart: Option<&Path>) -> Texts {
    let apart = apart.and_then(|path| fs::canonicalize(path).ok());
    let mut texts = Texts::default();
    for path in paths {
        if !is_stdin(path) && path.is_dir() {
            let before = texts.met();
            texts.walk(path, &mut apart.iter().cloned().collect());
            if texts.met() == before {
                let message = "there is no .yaml, .yml or .json file in this folder";
                texts.diagnostics.push(at_start(path, Severity::Warning, message.to_owned()));
            }
        } else if apart.is_none() || fs::canonicalize(path).ok() != apart {
            texts.add(path, Origin::Argument, bytes(path));
        }
    }
    texts
}

/// Reads one file, or standard input.
///
/// # Errors
///
/// It cannot be read, or is no text.
pub(super) fn read_one(path: &Path) -> Result<Source, Diagnostic> {
    let bytes = bytes(path).map_err(|error| unreadable(path, &error))?;
    text(path, bytes)
}

/// What is in a file, or comes in through standard input.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !is_stdin(path) {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Texts {
    /// How many files were met, in whatever state.
    fn met(&self) -> usize {
        self.texts.len() + self.diagnostics.len() + self.unreadable.len()
    }

    /// Adds the manifests in a folder and in those below it. What several links lead to, a folder
    /// around the link included, is read once: `seen` are the real paths.
    fn walk(&mut self, folder: &Path, seen: &mut BTreeSet<PathBuf>) {
        let entries = fs::canonicalize(folder).and_then(|real| {
            let is_new = seen.insert(real);
            let entries = is_new.then(|| fs::read_dir(folder)).transpose()?;
            entries.into_iter().flatten().map(|entry| Ok(entry?.path())).collect()
        });
        let mut entries: Vec<PathBuf> = match entries {
            Ok(entries) => entries,
            Err(error) => return self.fail(folder, &error),
        };
        entries.sort();
        for path in entries {
            if path.is_dir() {
                self.walk(&path, seen);
            } else if is_manifest(&path) {
                match fs::canonicalize(&path).map(|real| seen.insert(real)) {
                    Ok(true) => self.add(&path, Origin::Folder, fs::read(&path)),
                    Ok(false) => {}
                    Err(error) => self.fail(&path, &error),
                }
            }
        }
    }

    fn add(&mut self, path: &Path, origin: Origin, read: io::Result<Vec<u8>>) {
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => return self.fail(path, &error),
        };
        match text(path, bytes) {
            Ok(source) => self.texts.push(Text { source, origin }),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    fn fail(&mut self, path: &Path, error: &io::Error) {
        self.unreadable.push(unreadable(path, error));
    }
}

/// The text that some bytes are.
///
/// # Errors
///
/// Where they stop being one.
fn text(path: &Path, bytes: Vec<u8>) -> Result<Source, Diagnostic> {
    let name = path.to_string_lossy();
    String::from_utf8(bytes).map(|text| Source::new(name.clone(), text)).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..start]);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let location = Location {
            file: name.into(),
            line: count(before.matches('\n').count()),
            column: count(line.chars().count()),
        };
        let message = "not valid UTF-8".to_owned();
        Diagnostic { location, severity: Severity::Error, message }
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    at_start(path, Severity::Error, format!("cannot be read: {error}"))
}

fn is_manifest(path: &Path) -> bool {
    ["yaml", "yml", "json"].into_iter().any(|known| path.extension() == Some(OsStr::new(known)))
}

fn at_start(path: &Path, severity: Severity, message: String) -> Diagnostic {
    let location = Location { file: path.to_string_lossy().into(), line: 1, column: 1 };
    Diagnostic { location, severity, message }
}

/// The place after so many others.
fn count(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}
