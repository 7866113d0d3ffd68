//! Links, project files and addresses: whatever is understood of them comes back as it was.

mod envelope;
mod grammar;

use netpol_playground::address;
use netpol_playground::presets;
use netpol_playground::project::{self, Project, Unpacked, file, link};

use crate::mutate::Language;
use crate::place::assert_one_line;

/// What project files are made of, and what is in a link.
pub const LANGUAGE: Language = Language {
    dictionary: include_str!("../link.dict"),
    text: grammar::text,
    more: grammar::files,
};

/// What a link may hold and still be too large for another one, in bytes: one made from a scenario can
/// name its files, and must hold their texts when it is about another one.
const LARGE: usize = 1024 * 1024;

/// Takes a text for a link, for what is in one, for a project file and for an address.
///
/// # Panics
///
/// Where something does not hold that must hold of every text.
pub fn check(text: &str) {
    let scenarios = presets::scenarios();
    check_unpacked(link::unpack(text, scenarios));
    for link in envelope::links(text) {
        check_unpacked(link::unpack(&link, scenarios));
    }
    let read = file::read(text);
    assert!(read.is_err() || project::is_file(text), "a project file is taken for a manifest");
    check_unpacked(read);
    for fragment in [text.to_owned(), format!("#/own?{text}"), format!("#/workshop-v2?why={text}")]
    {
        check_address(&fragment);
    }
}

/// What was understood can be passed on, and what was not is said.
fn check_unpacked(unpacked: Result<Unpacked, String>) {
    match unpacked {
        Err(error) => assert_sentence(&error),
        Ok(Unpacked { project, note }) => {
            note.iter().for_each(|note| assert_sentence(note));
            check_project(&project);
        }
    }
}

fn check_project(project: &Project) {
    let whole = Ok(Unpacked { project: project.clone(), note: None });
    let scenarios = presets::scenarios();
    match link::pack(project, scenarios) {
        Ok(link) => assert_eq!(link::unpack(&link, scenarios), whole, "a link changes it"),
        Err(error) => {
            assert_sentence(&error);
            assert!(extent(project) > LARGE, "{error}");
        }
    }
    let file = file::write(project).expect("what is read is small enough to be written");
    assert_eq!(file::read(&file), whole, "a file changes it");
}

/// How much there is to pass on, in bytes and some for each file.
fn extent(project: &Project) -> usize {
    let files = project.files.iter().flatten();
    files.map(|file| 64 + file.path.len() + 2 * file.text.len()).sum()
}

fn check_address(fragment: &str) {
    let (address, message) = address::parse(fragment);
    message.iter().for_each(|message| assert!(message.len() < 1_000, "{message}"));
    let again = address::format(&address);
    assert_eq!(address::parse(&again).0, address, "{again} is another address");
}

fn assert_sentence(sentence: &str) {
    assert_one_line(sentence);
    assert!(sentence.len() < 1_000, "{sentence}");
}
