//! What is measured of the engine, and the clusters that it is measured on.
//!
//! `benches/` times the kernels natively and `wasm.mjs` in WebAssembly; the binary `count` runs them for
//! Callgrind, which `make test` holds to a budget of instructions.

pub mod generator;
pub mod kernels;
#[cfg(target_family = "wasm")]
mod wasm;
