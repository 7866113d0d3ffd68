//! What is there to play with: scenarios, and guided tours through them.
//!
//! In goes `presets/`, embedded by `build.rs`: every folder with a `scenario.yaml` is a scenario,
//! every folder with a `tour.yaml` a tour, and the folder's name is its slug in addresses. Out come
//! texts, the names of things and words for people. What the manifests mean is not known here: a
//! scenario hands them on as [`Source`]s.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::manifest::{self, Source};

/// Every embedded file: its path relative to `presets/`, and its text. Sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

static SCENARIOS: LazyLock<Vec<Scenario>> =
    LazyLock::new(|| documents("/scenario.yaml").map(scenario_from).collect());

static TOURS: LazyLock<Vec<Tour>> =
    LazyLock::new(|| documents("/tour.yaml").map(tour_from).collect());

/// Every scenario, sorted by slug.
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
}

/// The scenario of this slug: the folder's name under `presets/`.
pub fn scenario(slug: &str) -> Option<&'static Scenario> {
    scenarios().iter().find(|scenario| scenario.slug == slug)
}

/// Every tour, sorted by slug.
pub fn tours() -> &'static [Tour] {
    &TOURS
}

/// The tour of this slug: the folder's name under `presets/`.
pub fn tour(slug: &str) -> Option<&'static Tour> {
    tours().iter().find(|tour| tour.slug == slug)
}

/// An application, and policies to switch on and off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The folder's name: `workshop-v1`.
    pub slug: &'static str,
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

/// A file under `presets/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresetFile {
    /// Relative to `presets/`: `workshop/policies/default-deny.yaml`.
    pub path: &'static str,
    /// The whole file.
    pub text: &'static str,
}

impl PresetFile {
    /// The file's name without folder and extension, which is its switch's: `default-deny`.
    pub fn stem(&self) -> &'static str {
        let name = self.path.rsplit_once('/').map_or(self.path, |(_, name)| name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The file as an input of the analysis, under its path.
    pub fn source(&self) -> Source {
        Source::new(self.path, self.text)
    }
}

/// A workload that watches: it sees a target when its own call to that URL is open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    /// The folder's name: `workshop`.
    pub slug: &'static str,
    /// A name for people.
    pub title: String,
    /// In order; addresses count them from 1.
    pub steps: Vec<Step>,
}

/// One step of a tour: a whole state, whatever came before it, and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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

/// The embedded files of this name, each with its folder: the slug.
fn documents(name: &'static str) -> impl Iterator<Item = (&'static str, PresetFile)> {
    FILES.iter().filter_map(move |&(path, text)| {
        path.strip_suffix(name).map(|slug| (slug, PresetFile { path, text }))
    })
}

fn scenario_from((slug, file): (&'static str, PresetFile)) -> Scenario {
    let document: ScenarioDocument = read(file);
    let files = |paths: Vec<String>| paths.iter().map(|path| embedded(slug, path)).collect();
    Scenario {
        slug,
        title: document.title,
        about: document.about,
        notice: document.notice,
        manifests: files(document.manifests),
        policies: files(document.policies),
        codes: document.codes,
        observer: document.observer,
    }
}

fn tour_from((slug, file): (&'static str, PresetFile)) -> Tour {
    let TourDocument { title, steps } = read(file);
    Tour { slug, title, steps }
}

/// Embedded text is the program's own, so a mistake in it is a bug and not an input: it panics, and
/// a test that loads everything keeps it from shipping.
fn read<T: DeserializeOwned>(file: PresetFile) -> T {
    manifest::from_text(&file.source()).expect("presets are well-formed")
}

/// The embedded file at a path relative to a folder. Panics as [`read`] does.
fn embedded(folder: &str, path: &str) -> PresetFile {
    let resolved = resolve(folder, path);
    let file = FILES.binary_search_by_key(&resolved.as_str(), |&(path, _)| path);
    let (path, text) = FILES[file.expect("files that presets name exist")];
    PresetFile { path, text }
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
        let check = |path, expected| assert_eq!(PresetFile { path, text: "" }.stem(), expected);
        check("workshop/policies/default-deny.yaml", "default-deny");
        check("default-deny.yaml", "default-deny");
        check("v1.2/a.b.yaml", "a.b");
    }
}
