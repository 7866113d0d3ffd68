//! Embeds `presets/` into the program: what is the list of its files, and their text?
//!
//! Out comes one Rust expression, a sorted table of (path relative to `presets/`, text), so that a
//! scenario is added by adding a folder. What the files mean is for `src/scenario.rs` to know.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=presets");
    let mut paths = Vec::new();
    walk(Path::new("presets"), "", &mut paths)?;
    paths.sort();
    let mut table = String::from("&[\n");
    for path in paths {
        // Seen from the manifest, so that the table is the same wherever the package lies.
        let file = format!("/presets/{path}");
        table += &format!(
            "    ({path:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?}))),\n"
        );
    }
    table += "]\n";
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    fs::write(Path::new(&out).join("presets.rs"), table)
}

/// Collects the YAML files under a folder, with `/` between the parts of a path on every system.
fn walk(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            io::Error::other(format!("the name of the preset file {name:?} is not UTF-8"))
        })?;
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), paths)?;
        } else if name.ends_with(".yaml") {
            paths.push(path);
        }
    }
    Ok(())
}
