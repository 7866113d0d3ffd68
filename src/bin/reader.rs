//! The worker's program: bytes in, bytes out; all of it is in [`netpol_playground::reader`].

use std::cell::RefCell;

use netpol_playground::message::{self, Tell};
use netpol_playground::reader::Reader;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
}

/// Answers a question, or tells how far it is with it: see `parts/reader.mjs`. Nothing for a question that is
/// not understood.
#[wasm_bindgen]
pub fn answer(question: &[u8]) -> Vec<u8> {
    let ask = message::decode(question);
    ask.map_or_else(Vec::new, |ask| tell(|reader| reader.begin(ask)))
}

/// Goes on with a reading.
#[wasm_bindgen(js_name = goOn)]
pub fn go_on() -> Vec<u8> {
    tell(Reader::go_on)
}

/// Whether a reading is under way.
#[wasm_bindgen(js_name = isReading)]
pub fn is_reading() -> bool {
    READER.with_borrow(Reader::is_reading)
}

fn tell(what: impl FnOnce(&mut Reader) -> Tell) -> Vec<u8> {
    message::encode(&READER.with_borrow_mut(what), 0)
}

fn main() {}
