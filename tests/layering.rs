//! What may know what: imports point downward through the crate's modules, and the libraries it is
//! made with are named where they belong and nowhere else. Read from the sources, without their
//! unit tests, which may look anywhere.

use std::fs;
use std::path::Path;

/// The modules in the order in which the engine's `lib.rs` and then the fronts' declares them, from the
/// bottom to the top, and what each may name of those before it.
const LAYERS: &[(&str, May)] = &[
    ("diagnostic", May::Below),
    ("nearest", May::Only(&[])),
    ("stray", May::Only(&["diagnostic"])),
    ("labels", May::Below),
    ("net", May::Below),
    ("cluster", May::Below),
    ("policy", May::Below),
    ("dns", May::Below),
    ("fragment", May::Below),
    ("assemble", May::Below),
    ("manifest", May::Only(&["diagnostic", "nearest", "stray"])),
    ("write", May::Below),
    ("compile", May::Below),
    ("evaluate", May::BelowBut(TEXT)),
    ("owners", May::BelowBut(TEXT)),
    ("outside", May::BelowBut(TEXT)),
    ("reachability", May::BelowBut(TEXT)),
    ("connectivity", May::BelowBut(TEXT)),
    ("compare", May::BelowBut(TEXT)),
    ("probe", May::BelowBut(TEXT)),
    ("overview", May::BelowBut(TEXT)),
    ("end", May::BelowBut(TEXT)),
    ("explain", May::BelowBut(TEXT)),
    ("suggest", May::BelowBut(TEXT)),
    ("exposure", May::BelowBut(TEXT)),
    ("analysis", May::Below),
    ("lint", May::BelowBut(TEXT)),
    ("expect", May::BelowBut(&["compile"])),
    ("change", May::BelowBut(TEXT)),
    ("scenario", May::Below),
    ("presets", May::Only(&["scenario"])),
    ("scene", May::Only(&[])),
    ("picture", May::BelowBut(TEXT)),
    ("project", May::Only(&["diagnostic", "picture", "scenario"])),
    ("address", May::Only(&["fragment", "overview", "picture", "presets", "project", "scenario"])),
    (
        "message",
        May::Only(&["diagnostic", "fragment", "lint", "expect", "overview", "probe", "project"]),
    ),
    ("reader", May::Below),
    ("app", May::Below),
    ("cli", May::BelowBut(&["app"])),
];

/// What knows texts. Verdicts and pictures are made of what `compile` makes of them.
const TEXT: &[&str] = &["manifest", "compile"];

/// Libraries, and the only modules that name them.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("granit_parser", &["manifest"]),
    ("k8s_openapi", &["manifest", "compile"]),
    ("clap", &["cli"]),
    ("quick_xml", &["cli"]),
    ("serde_json", &["cli", "project", "reader"]),
    ("adler2", &["project"]),
    ("base64", &["project"]),
    ("miniz_oxide", &["project"]),
    ("postcard", &["presets", "message"]),
    ("gloo", &["app", "main"]),
    ("js_sys", &["app", "main"]),
    ("wasm_bindgen", &["app", "main", "worker"]),
    ("web_sys", &["app", "main"]),
    ("yew", &["app", "main"]),
];

/// What a module may name of the modules before it.
#[derive(Clone, Copy)]
enum May {
    /// All of them.
    Below,
    /// All of them but these.
    BelowBut(&'static [&'static str]),
    /// None of them but these.
    Only(&'static [&'static str]),
}

impl May {
    fn name(self, module: &str) -> bool {
        match self {
            May::Below => true,
            May::BelowBut(others) => !others.contains(&module),
            May::Only(these) => these.contains(&module),
        }
    }
}

/// The folders of sources: the engine's and the fronts'.
const SOURCES: [&str; 2] = ["engine/src", "src"];

/// A file of a folder of sources: its path there, the module it is part of, and its program text.
struct File {
    path: String,
    module: String,
    program: String,
}

fn files() -> Vec<File> {
    SOURCES.into_iter().flat_map(files_of).collect()
}

fn files_of(folder: &str) -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut files, mut folders) = (Vec::new(), vec![source.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
            // A module's tests, in a file of their own, are tests all the same, and manifests name no module.
            if !inside.ends_with("/tests.rs") && !inside.ends_with(".yaml") {
                let (program, module) = (program(&path), module(&inside));
                files.push(File { path: inside, module, program });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The module at the root of the crate that a file is part of.
fn module(path: &str) -> String {
    match path.strip_suffix(".rs") {
        // The command's binary only runs it.
        Some("bin/netpol") => "cli".to_owned(),
        Some("bin/reader") => "worker".to_owned(),
        Some(path) => path.split('/').next().unwrap_or_default().to_owned(),
        None => panic!("src/{path} is no Rust file"),
    }
}

/// A file's text without comments and unit tests.
fn program(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code = program.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The modules of the crate that a text names, each by what follows `crate::`. A brace that holds
/// several of them has no name, and is named as what it is.
fn modules(program: &str) -> impl Iterator<Item = &str> {
    let roots = ["crate::", "netpol_playground::"];
    roots.into_iter().flat_map(|root| program.split(root).skip(1)).map(|after| {
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        if end == 0 { "{" } else { &after[..end] }
    })
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == module)
}

/// Everything that a file names and must not.
fn check(file: &File) -> Vec<String> {
    let named = modules(&file.program).filter(|&named| named != file.module);
    let wrong_module = named.filter(|named| match (layer(&file.module), layer(named)) {
        (Some(here), Some(there)) => there >= here || !LAYERS[here].1.name(named),
        // Binaries are above everything, and need only the front that they open.
        (None, Some(_)) => {
            let opens = [("main", "app"), ("worker", "reader"), ("worker", "message")];
            !opens.contains(&(file.module.as_str(), *named))
        }
        (_, None) => true,
    });
    let wrong_library = LIBRARIES.iter().filter(|(library, homes)| {
        !homes.contains(&file.module.as_str()) && words(&file.program).any(|w| w == *library)
    });
    let wrong = wrong_module.map(|module| format!("crate::{module}"));
    let wrong = wrong.chain(wrong_library.map(|(library, _)| (*library).to_owned()));
    wrong.map(|name| format!("{} must not name `{name}`", file.path)).collect()
}

#[test]
fn every_file_names_only_what_it_may_know() {
    let files = files();
    let wrong: Vec<String> =
        files.iter().filter(|file| file.module != "lib").flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_roots_declare_the_modules_from_the_bottom_to_the_top() {
    let roots: Vec<_> = files().into_iter().filter(|file| file.path == "lib.rs").collect();
    let lines = roots.iter().flat_map(|root| root.program.lines());
    let declared = lines.filter_map(|line| line.trim().strip_prefix("pub mod "));
    let declared: Vec<_> = declared.map(|module| module.trim_end_matches(';')).collect();
    assert_eq!(declared, LAYERS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
