//! The scenarios and tours of `presets/`, as `build.rs` has read them.
//!
//! The program holds what the files declare, and nothing that could read them.

use std::sync::LazyLock;

use crate::scenario::{Presets, Scenario, Tour};

static PRESETS: LazyLock<Presets> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/presets.postcard"));
    postcard::from_bytes(bytes).expect("build.rs and the program know one format")
});

/// Every scenario, sorted by slug.
pub fn scenarios() -> &'static [Scenario] {
    &PRESETS.scenarios
}

/// The scenario of this slug: the folder's name under `presets/`.
pub fn scenario(slug: &str) -> Option<&'static Scenario> {
    scenarios().iter().find(|scenario| scenario.slug == slug)
}

/// Every tour, sorted by slug.
pub fn tours() -> &'static [Tour] {
    &PRESETS.tours
}

/// The tour of this slug: the folder's name under `presets/`.
pub fn tour(slug: &str) -> Option<&'static Tour> {
    tours().iter().find(|tour| tour.slug == slug)
}
