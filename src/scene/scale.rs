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

    /// The sizes of a crowd at that level.
    pub fn crowded(level: Level) -> Self {
        let Level { most, name } = level;
        Self {
            radius: most,
            name,
            note: name,
            ribbon: (most / 6.0).max(2.0),
            mark: (most * 0.5).max(6.0),
            gap: 2.0,
            padding: 4.0 + most / 8.0,
        }
    }

    /// The radius of an observer's disc: it watches, it is not part of the application.
    pub fn observer(&self) -> f64 {
        (self.radius * 0.8).max(SMALLEST_RADIUS)
    }
}

/// How large everything is in a crowd: one of few, so that one star more rarely makes all others smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The radius of the disc that stands for the most.
    most: f64,
    /// The font size of a star's name.
    name: f64,
}

/// The radius of the smallest disc in a crowd.
const LEAST_IN_A_CROWD: f64 = 8.0;

/// A disc of so many doublings from one pod has the largest radius.
const DOUBLINGS: f64 = 10.0;

impl Level {
    /// From the largest to the smallest.
    pub const ALL: [Level; 7] = [
        Level { most: 30.0, name: 16.0 },
        Level { most: 25.0, name: 14.0 },
        Level { most: 21.0, name: 13.0 },
        Level { most: 17.0, name: 12.0 },
        Level { most: 14.0, name: 11.0 },
        Level { most: 11.0, name: 10.0 },
        Level { most: 9.0, name: 9.0 },
    ];

    /// The radius of a disc that stands for so many pods: its area grows with the number's logarithm.
    pub fn radius(self, pods: u32) -> f64 {
        // Straight between powers of two: exact everywhere, and the true logarithm costs the page a library.
        let pods = pods.max(1);
        let doublings = f64::from(pods.ilog2());
        let doublings = doublings + f64::from(pods) / f64::from(1u32 << pods.ilog2()) - 1.0;
        let least = (self.most * 0.6).max(LEAST_IN_A_CROWD);
        let (least, most) = (least * least, self.most * self.most);
        (least + (most - least) * (doublings / DOUBLINGS).min(1.0)).sqrt()
    }
}
