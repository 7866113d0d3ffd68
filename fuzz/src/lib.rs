//! What must hold of the engine whatever text it is given?
//!
//! A target is a kind of text, and a module with two things: `check` takes a text from anywhere, and
//! panics where something does not hold; `LANGUAGE` is what such texts are made of. [`mutate`] makes
//! other texts of a text, for a fuzzer to try. Knows nothing of the engine and its fronts but what is public, and
//! of the fuzzer only how a [`target!`] is tied to it.

pub mod dice;
pub mod expect;
pub mod link;
pub mod manifest;
mod mutate;
mod place;
mod shape;

pub use mutate::{Language, mutate};

/// A program that fuzzes the target of this name: libFuzzer makes texts, or has them made, and the
/// target checks them.
#[macro_export]
macro_rules! target {
    ($target:ident) => {
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> libfuzzer_sys::Corpus {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    $crate::$target::check(text);
                    libfuzzer_sys::Corpus::Keep
                }
                // Files that are no text are turned away before the engine sees them.
                Err(_) => libfuzzer_sys::Corpus::Reject,
            }
        });

        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
            let text = std::str::from_utf8(&data[..size]).ok();
            let language = &$crate::$target::LANGUAGE;
            match text.and_then(|text| $crate::mutate(text, longest, seed, language)) {
                Some(mutated) => {
                    data[..mutated.len()].copy_from_slice(mutated.as_bytes());
                    mutated.len()
                }
                None => libfuzzer_sys::fuzzer_mutate(data, size, longest),
            }
        });
    };
}
