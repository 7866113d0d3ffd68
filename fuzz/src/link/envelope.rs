//! The form of a link, written once more and without packing: a changed byte of a packed text would
//! be noticed before anything looks at the text.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use netpol_playground::presets;
use netpol_playground::project::{Project, link};

/// What comes before the name of the dictionary, and how long that is.
const HEAD: [u8; 2] = [0x78, 0xf9];
const NAME: usize = 4;

/// The longest block that is not packed.
const BLOCK: usize = 0xffff;

/// Links that hold this text: one that has to do with no scenario, and one of each of them.
pub fn links(text: &str) -> impl Iterator<Item = String> {
    static NAMES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    NAMES.get_or_init(names).iter().map(move |name| {
        let mut stream = [&HEAD[..], name].concat();
        let mut blocks = text.as_bytes().chunks(BLOCK).peekable();
        if blocks.peek().is_none() {
            stream.extend([1, 0, 0, 0xff, 0xff]);
        }
        while let Some(block) = blocks.next() {
            let length = block.len() as u16;
            stream.push(blocks.peek().is_none().into());
            stream.extend(length.to_le_bytes());
            stream.extend((!length).to_le_bytes());
            stream.extend(block);
        }
        stream.extend(adler2::adler32_slice(text.as_bytes()).to_be_bytes());
        format!("1{}", BASE64.encode(stream))
    })
}

/// The names of the dictionaries, as links give them.
fn names() -> Vec<Vec<u8>> {
    let scenarios = presets::scenarios();
    let slugs = scenarios.iter().map(|scenario| Some(scenario.slug.clone()));
    let name = |scenario| {
        let project = Project { scenario, ..Project::default() };
        let link = link::pack(&project, scenarios).expect("nothing is small enough");
        let stream = BASE64.decode(&link[1..]).expect("a link is base64url");
        stream[HEAD.len()..HEAD.len() + NAME].to_vec()
    };
    slugs.chain([None]).map(name).collect()
}
