//! The worker's program: bytes in, bytes out; all of it is in [`netpol_playground::reader`].

use std::cell::RefCell;

use netpol_playground::message;
use netpol_playground::reader::Reader;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
}

/// Answers a question: see `parts/reader.mjs`. Nothing for a question that is not understood.
#[wasm_bindgen]
pub fn answer(question: &[u8]) -> Vec<u8> {
    let ask = message::decode(question);
    ask.map_or_else(Vec::new, |ask| {
        READER.with_borrow_mut(|reader| message::encode(&reader.answer(ask)))
    })
}

fn main() {}
