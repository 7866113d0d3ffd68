//! Reads `presets/` while the program is built, so that the program need not: what they declare
//! goes into `presets.postcard`, for `src/presets.rs`.

use std::path::Path;
use std::{env, fs, io};

use netpol_engine::scenario;

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=presets");
    let presets = scenario::load(Path::new("presets"))?;
    let bytes = postcard::to_stdvec(&presets).map_err(io::Error::other)?;
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    fs::write(Path::new(&out).join("presets.postcard"), bytes)
}
