//! Can a project be a link? As text that is safe in the fragment of an address, and short.
//!
//! A link is a digit for its version and then, in version 1, base64url without padding of a zlib stream
//! (`stream`) of JSON (`document`), packed with the texts that it is made from (`base`). What a link of
//! any version ever meant, it means for ever: `tests/links` holds some of each.

use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use base64::{DecodeError, Engine};

use super::document::{self, Form};
use super::stream::{self, Failure};
use super::{Project, Unpacked, base};
use crate::diagnostic::Quoted;
use crate::scenario::Scenario;

/// The version of links that are written.
const VERSION: char = '1';

/// The longest link that is read, in characters. Browsers end there or not much later.
const LONGEST: usize = 1024 * 1024;

/// The most that a link comes to, in bytes of JSON.
const MOST_UNPACKED: usize = 4 * 1024 * 1024;

/// Packs a project. What the rest of the address says can be left out of it.
///
/// # Errors
///
/// A sentence, when it is too large for a link.
pub fn pack(project: &Project, scenarios: &[Scenario]) -> Result<String, String> {
    let base = base::newest(scenarios, project.scenario.as_deref());
    let document = document::write(project.clone(), Form::Link(&base))?;
    let json = serde_json::to_vec(&document).map_err(|error| error.to_string())?;
    let too_large = |what: &str| {
        format!(
            "this is too large for a link, which holds {what} at most: save it as a project file"
        )
    };
    if json.len() > MOST_UNPACKED {
        return Err(too_large("4 MiB"));
    }
    let mut link = VERSION.to_string();
    BASE64.encode_string(stream::pack(&json, &base.dictionary), &mut link);
    if link.len() > LONGEST { Err(too_large("1 MiB when packed")) } else { Ok(link) }
}

/// The project that a link holds.
///
/// # Errors
///
/// A sentence that says what is wrong with the link, and what to do.
pub fn unpack(link: &str, scenarios: &[Scenario]) -> Result<Unpacked, String> {
    let stream = stream(link)?;
    let name = stream::dictionary(&stream).map_err(sentence)?;
    let base = base::named(scenarios, name).ok_or(
        "the link was made from a scenario that this page does not have: reload the page to have \
         its newest version, or ask for a project file",
    )?;
    let json = stream::unpack(&stream, &base.dictionary, MOST_UNPACKED).map_err(sentence)?;
    let document = serde_json::from_slice(&json).map_err(|error| {
        let error = error.to_string();
        let error = Quoted(&error);
        format!("what the link holds is no project ({error}): ask for a project file instead")
    })?;
    document::read(document, &base.files)
}

/// The stream that a link holds.
fn stream(link: &str) -> Result<Vec<u8>, String> {
    let length = link.len();
    if length > LONGEST {
        return Err(format!(
            "the link is {length} bytes long, and no more than {LONGEST} are read: ask for a \
             project file instead"
        ));
    }
    let mut rest = link.chars();
    match rest.next() {
        None => return Err(sentence(Failure::CutOff)),
        Some(VERSION) => {}
        Some(version @ '0'..='9') => {
            return Err(format!(
                "the link is of version {version}, which this page does not know: reload the page \
                 to have its newest version"
            ));
        }
        Some(_) => {
            return Err(format!("{} is no link that a page has made: copy it again", Quoted(link)));
        }
    }
    BASE64.decode(rest.as_str()).map_err(|error| match error {
        DecodeError::InvalidLength(_) | DecodeError::InvalidLastSymbol(..) => {
            sentence(Failure::CutOff)
        }
        DecodeError::InvalidByte(..) | DecodeError::InvalidPadding => sentence(Failure::Damaged),
    })
}

/// What is wrong with a link.
fn sentence(failure: Failure) -> String {
    match failure {
        Failure::CutOff => "the link ends too early: copy all of it, or ask for a project file",
        Failure::Damaged => {
            "the link is not as it was made: copy it again, or ask for a project file"
        }
        Failure::TooLong => {
            "the link comes to more than 4 MiB, which no page makes: ask for a project file instead"
        }
    }
    .to_owned()
}
