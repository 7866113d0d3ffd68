//! What is kept between visits: where stars were dragged to.

use gloo::utils::window;
use web_sys::Storage;

use crate::scene::{Moved, Point};

/// The key in local storage. Its value is a line a star: `ns/name x y`, the place in parts of
/// [`WHOLE`] of the sky.
const KEY: &str = "netpol.moved";

/// As fine as places are kept.
const WHOLE: f64 = 10_000.0;

/// Storage, where it is allowed.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The stars that were dragged. What is not understood was not.
pub fn moved() -> Moved {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let mut moved = Moved::new();
    moved.extend(text.unwrap_or_default().lines().filter_map(place));
    moved
}

fn place(line: &str) -> Option<(String, Point)> {
    let mut parts = line.split(' ');
    let id = parts.next()?.to_owned();
    let mut part = || Some(f64::from(parts.next()?.parse::<u16>().ok()?) / WHOLE);
    Some((id, Point::new(part()?, part()?)))
}

/// Keeps where stars were dragged to; as long as the page, where storage is forbidden.
pub fn keep_moved(moved: &Moved) {
    let part = |part: f64| (part.clamp(0.0, 1.0) * WHOLE) as u16;
    let lines = moved.iter().map(|(id, at)| format!("{id} {} {}\n", part(at.x), part(at.y)));
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &lines.collect::<String>());
    }
}
