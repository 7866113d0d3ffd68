//! What there is to play with: scenarios, and guided tours through them.
//!
//! In goes a folder like `presets/`: every folder in it with a `scenario.yaml` is a scenario, every
//! folder with a `tour.yaml` a tour, and the folder's name is its slug in addresses. Out come texts and
//! what they declare, the names of things, and words for people. All of it is read when the program
//! is built, so that the program itself need not know how.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::analysis;
use crate::diagnostic::Diagnostic;
use crate::fragment::Fragment;
use crate::manifest::{self, Source};

/// All that a folder of presets holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presets {
    /// Every scenario, sorted by slug.
    pub scenarios: Vec<Scenario>,
    /// Every tour, sorted by slug.
    pub tours: Vec<Tour>,
}

/// An application, and policies to switch on and off. Scenarios are the same when their slugs are.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// The folder's name: `workshop-v1`.
    pub slug: String,
    /// A name for people: `Workshop v1`.
    pub title: String,
    /// What the application is, in a sentence or two.
    pub about: String,
    /// Things worth noticing, a sentence each.
    pub notice: Vec<String>,
    /// The application: applied at all times.
    pub manifests: Vec<PresetFile>,
    /// One file a switch, in the switches' order.
    pub policies: Vec<PresetFile>,
    /// The short name of a workload (`ns/name`) on its star; those left out get one made up.
    pub codes: BTreeMap<String, String>,
    /// The workload that watches the others, when there is one.
    pub observer: Option<Observer>,
}

impl PartialEq for Scenario {
    /// A folder has one name: whatever else two scenarios hold need not be looked at.
    fn eq(&self, other: &Scenario) -> bool {
        self.slug == other.slug
    }
}

/// A file under `presets/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetFile {
    /// Relative to `presets/`: `workshop/policies/default-deny.yaml`.
    pub path: String,
    /// The whole file.
    pub text: String,
    /// What it declares.
    pub fragment: Fragment,
}

impl PresetFile {
    /// The file's name without folder and extension, which is its switch's: `default-deny`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit_once('/').map_or(self.path.as_str(), |(_, name)| name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// A workload that watches: it sees a target when its own call to that URL is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observer {
    /// The one that watches: `ns/name`.
    pub workload: String,
    /// What its view is called: `Management UI's view`.
    pub view: String,
    /// What it watches: `http://service.namespace:port/path`.
    pub targets: Vec<String>,
}

/// Steps to take in order, each with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tour {
    /// The folder's name: `workshop`.
    pub slug: String,
    /// A name for people.
    pub title: String,
    /// In order; addresses count them from 1.
    pub steps: Vec<Step>,
}

/// One step of a tour: a whole state, whatever came before it, and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// A few words.
    pub title: String,
    /// The slug of the scenario.
    pub scenario: String,
    /// The switches that are on, by name. Not called `on`, which YAML 1.1 reads as `true`.
    pub applied: Vec<String>,
    /// Namespaces that are deleted, with everything in them.
    #[serde(default)]
    pub delete: Vec<String>,
    /// The narration: a few short lines.
    pub text: String,
    /// The narration in one line, for a projector.
    pub line: String,
    /// What a cluster would need, run in the tour's folder.
    pub command: String,
}

/// `scenario.yaml`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScenarioDocument {
    title: String,
    about: String,
    #[serde(default)]
    notice: Vec<String>,
    /// Paths relative to the scenario's folder.
    manifests: Vec<String>,
    /// Paths relative to the scenario's folder.
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    codes: BTreeMap<String, String>,
    observer: Option<Observer>,
}

/// `tour.yaml`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TourDocument {
    title: String,
    steps: Vec<Step>,
}

/// Loads a folder of presets.
///
/// # Errors
///
/// A file cannot be read or is not what it must be: the error says which, and where.
pub fn load(presets: &Path) -> io::Result<Presets> {
    let mut loaded = Presets::default();
    let folders = fs::read_dir(presets)?.map(|entry| entry.map(|entry| entry.path()));
    let mut folders: Vec<_> = folders.collect::<io::Result<_>>()?;
    folders.sort();
    for folder in folders {
        let Some(slug) = folder.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(document) = document::<ScenarioDocument>(&folder.join("scenario.yaml"))? {
            let files = |paths: Vec<String>| -> io::Result<_> {
                paths.iter().map(|path| file(presets, resolve(slug, path))).collect()
            };
            loaded.scenarios.push(Scenario {
                slug: slug.to_owned(),
                title: document.title,
                about: document.about,
                notice: document.notice,
                manifests: files(document.manifests)?,
                policies: files(document.policies)?,
                codes: document.codes,
                observer: document.observer,
            });
        }
        if let Some(TourDocument { title, steps }) = document(&folder.join("tour.yaml"))? {
            loaded.tours.push(Tour { slug: slug.to_owned(), title, steps });
        }
    }
    Ok(loaded)
}

/// What a file describes; nothing when it is not there.
fn document<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let source = Source::new(path.to_string_lossy(), fs::read_to_string(path)?);
    manifest::from_text(&source).map(Some).map_err(|diagnostics| refused(&diagnostics))
}

/// The file of a preset, by its path relative to the folder of them all.
fn file(presets: &Path, path: String) -> io::Result<PresetFile> {
    let text = fs::read_to_string(presets.join(&path))
        .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
    let fragment = analysis::read(&Source::new(path.as_str(), text.as_str()));
    if fragment.diagnostics.is_empty() {
        Ok(PresetFile { path, text, fragment })
    } else {
        Err(refused(&fragment.diagnostics))
    }
}

fn refused(diagnostics: &[Diagnostic]) -> io::Error {
    let lines: Vec<_> = diagnostics.iter().map(Diagnostic::to_string).collect();
    io::Error::new(io::ErrorKind::InvalidData, lines.join("\n"))
}

/// A path relative to a folder as one relative to the folder's root.
fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_folder() {
        let check = |path, expected| assert_eq!(resolve("shop/blue", path), expected, "{path}");
        check("a.yaml", "shop/blue/a.yaml");
        check("app/a.yaml", "shop/blue/app/a.yaml");
        check("../a.yaml", "shop/a.yaml");
        check("../red/app/a.yaml", "shop/red/app/a.yaml");
        check("../../a.yaml", "a.yaml");
    }

    #[test]
    fn switches_are_named_after_the_file() {
        let check = |path: &str, expected| {
            assert_eq!(
                PresetFile {
                    path: path.into(),
                    text: String::new(),
                    fragment: Fragment::default()
                }
                .stem(),
                expected
            )
        };
        check("workshop/policies/default-deny.yaml", "default-deny");
        check("default-deny.yaml", "default-deny");
        check("v1.2/a.b.yaml", "a.b");
    }
}
