//! The fuzz target: libFuzzer makes texts, `netpol_fuzz` checks what the engine makes of them.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use netpol_fuzz::{check, mutate};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            check(text);
            Corpus::Keep
        }
        // Files that are no text are turned away before the engine sees them.
        Err(_) => Corpus::Reject,
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = std::str::from_utf8(&data[..size]).ok();
    match text.and_then(|text| mutate(text, max_size, seed)) {
        Some(mutated) => {
            data[..mutated.len()].copy_from_slice(mutated.as_bytes());
            mutated.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});
