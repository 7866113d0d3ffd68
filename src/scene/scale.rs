//! How large is everything in a sky of a given size?

use super::geometry::Size;

/// The sizes of what is drawn, in pixels. They follow the size of the sky and nothing else, so that
/// a star never grows or shrinks because a policy changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The radius of a service's disc; an observer's is smaller where there is room to be.
    pub radius: f64,
    /// The font size of a star's name.
    pub name: f64,
    /// The font size of a region's title, of the note below a name and of a ribbon's label.
    pub note: f64,
    /// The width of a ribbon that lets everything through.
    pub ribbon: f64,
    /// The length and the width of an arrowhead or a break mark.
    pub mark: f64,
    /// The room between the edge of a disc and what points at it or names it.
    pub gap: f64,
    /// The room between the edge of a region and what it holds, and between two regions.
    pub padding: f64,
}

/// A disc is a target for a finger: 44 pixels across, at least.
pub const SMALLEST_RADIUS: f64 = 22.0;

/// Beyond this a disc on a projector says nothing more.
const LARGEST_RADIUS: f64 = 44.0;

/// A sky whose mean side is below this is a phone's.
const PHONE: f64 = 500.0;

impl Scale {
    /// The sizes that suit a sky of that size.
    pub fn of(size: Size) -> Self {
        let side = (size.width.max(0.0) * size.height.max(0.0)).sqrt();
        let radius = (side / 30.0).clamp(SMALLEST_RADIUS, LARGEST_RADIUS);
        let name = if side < PHONE { 13.0 } else { (radius / 2.0).max(16.0) };
        Self {
            radius,
            name,
            note: (name * 0.8).max(12.0),
            ribbon: radius / 5.0,
            mark: radius * 0.4,
            gap: 2.0 + radius / 16.0,
            padding: radius * 0.4,
        }
    }

    /// The radius of an observer's disc: it watches, it is not part of the application.
    pub fn observer(&self) -> f64 {
        (self.radius * 0.8).max(SMALLEST_RADIUS)
    }
}
