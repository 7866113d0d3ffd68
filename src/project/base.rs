//! What are links made from? The files of scenarios, as they were at any time that a link was made.
//!
//! A link does not repeat what the program holds. A file of a scenario is a number in it, and the texts of
//! all of them, with [`WORDS`], are the dictionary that the link is packed with and names. So the page must
//! be able to make the same dictionary for ever: when a scenario changes, its former edition stays in
//! [`EDITIONS`], and the texts that are gone in `base/`.

mod editions;

use adler2::adler32_slice as adler32;
use editions::{EDITIONS, Edition, FORMER};
use serde_json::Value;

use crate::scenario::{PresetFile, Scenario};

/// What manifests are full of, with what is frequent towards the end. Never changed: it is in all dictionaries.
const WORDS: &str = include_str!("base/words.yaml");

/// What projects are full of, but for their files. Never changed either.
const KEYS: &str = concat!(
    r#"{"scenario":"workshop-v","applied":["],"shown":0,"expectations":"","view":"observer","#,
    r#""step":"workshop/","selection":["","folded":["],"moved":{"":[500,"#,
);

/// The name of the dictionary that is made of these alone.
const PLAIN: u32 = 0x27df13fa;

/// As many numbers of files follow each other in dictionaries.
const NUMBERS: u32 = 32;

/// What a link can be made from.
pub struct Base<'t> {
    /// Paths and texts of the scenario's files; none where there is no scenario.
    pub files: Vec<(&'t str, &'t str)>,
    /// What links are packed with.
    pub dictionary: Vec<u8>,
}

impl<'t> Base<'t> {
    fn new(files: Vec<(&'t str, &'t str)>) -> Self {
        let mut dictionary = KEYS.to_owned();
        for is_applied in [1, 0] {
            let numbers: Vec<_> = (0..NUMBERS).map(|n| (2 * n + is_applied).to_string()).collect();
            dictionary += &format!("\"files\":[{},", numbers.join(","));
        }
        let quoted = |text: &str| Value::from(text).to_string();
        for (path, text) in [("manifest.yaml", WORDS)].iter().chain(&files) {
            let (path, text) = (quoted(path), quoted(text));
            dictionary += &format!(r#"{{"path":{path},"applied":true,"text":{text}}},"#);
        }
        Base { files, dictionary: dictionary.into() }
    }
}

/// What a link about this scenario is made from.
pub fn newest<'t>(scenarios: &'t [Scenario], slug: Option<&str>) -> Base<'t> {
    let edition = EDITIONS.iter().rfind(|edition| Some(edition.slug) == slug);
    edition.and_then(|edition| edition.base(scenarios)).unwrap_or_else(|| plain())
}

/// What a link was made from, by the name that it gives.
pub fn named(scenarios: &[Scenario], name: u32) -> Option<Base<'_>> {
    if name == PLAIN {
        return Some(plain());
    }
    EDITIONS.iter().find(|edition| edition.name == name)?.base(scenarios)
}

/// What a link is made from that has nothing to do with a scenario.
fn plain() -> Base<'static> {
    Base::new(Vec::new())
}

impl Edition {
    /// None when a text of it is lost.
    fn base<'t>(&self, scenarios: &'t [Scenario]) -> Option<Base<'t>> {
        let present = scenarios.iter().flat_map(files).map(|file| file.text.as_str());
        let texts: Vec<&str> = present.chain(FORMER.iter().copied()).collect();
        let text = |checksum| texts.iter().find(|text| adler32(text.as_bytes()) == checksum);
        let file = |(path, checksum): &(&'static str, u32)| Some((*path, *text(*checksum)?));
        Some(Base::new(self.files.iter().map(file).collect::<Option<_>>()?))
    }
}

fn files(scenario: &Scenario) -> impl Iterator<Item = &PresetFile> {
    scenario.manifests.iter().chain(&scenario.policies)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::presets;

    /// What has to be done when the scenario is not what links are made from.
    fn advice(scenario: &Scenario, newest: Option<&Edition>) -> String {
        let now = listed(scenario);
        let gone = newest.iter().flat_map(|edition| edition.files);
        let gone = gone.filter(|(_, checksum)| now.iter().all(|(_, other)| other != checksum));
        let keep: String = gone
            .map(|(path, checksum)| {
                format!("  git show HEAD:presets/{path} > src/project/base/{checksum:08x}.yaml\n")
            })
            .collect();
        let texts = files(scenario).map(|file| (file.path.as_str(), file.text.as_str()));
        let name = adler32(&Base::new(texts.collect()).dictionary);
        let files: String = now
            .iter()
            .map(|(path, checksum)| format!("            ({path:?}, {checksum:#010x}),\n"))
            .collect();
        let slug = &scenario.slug;
        format!(
            "the files of {slug} are not those that links are made from, and links that are must be read for ever.\n\
             Keep the texts that are gone, and list them in FORMER with include_str!:\n{keep}\
             Add the edition at the end of EDITIONS, and a link of it to tests/links:\n    \
             Edition {{\n        slug: {slug:?},\n        name: {name:#010x},\n        files: &[\n{files}        ],\n    }},"
        )
    }

    fn listed(scenario: &Scenario) -> Vec<(&str, u32)> {
        files(scenario).map(|file| (file.path.as_str(), adler32(file.text.as_bytes()))).collect()
    }

    #[test]
    fn links_are_made_from_what_the_scenarios_hold() {
        for scenario in presets::scenarios() {
            let newest = EDITIONS.iter().rfind(|edition| edition.slug == scenario.slug);
            let is_newest = newest.is_some_and(|newest| newest.files == listed(scenario));
            assert!(is_newest, "{}", advice(scenario, newest));
        }
    }

    #[test]
    fn every_dictionary_can_be_made_and_is_the_one_it_was() {
        assert_eq!(adler32(&plain().dictionary), PLAIN);
        for Edition { slug, name, files } in EDITIONS {
            let base = named(presets::scenarios(), *name);
            let base = base.unwrap_or_else(|| panic!("a text of {slug} {name:#010x} is lost"));
            assert_eq!(adler32(&base.dictionary), *name, "{slug}");
            assert_eq!(base.files.len(), files.len(), "{slug}");
        }
        let names: BTreeSet<_> = EDITIONS.iter().map(|edition| edition.name).collect();
        assert_eq!(names.len(), EDITIONS.len());
    }
}
