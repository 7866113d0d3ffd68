//! How does one of a thousand ribbons run?
//!
//! As it would run alone: there is no room to keep clear of the others, or of third stars, and no time to look.
//! It bows to the left of its travel, so that the two directions of a pair keep apart, and stays in the sky.

use super::course::{cut, loop_towards};
use super::{Pair, Sky};
use crate::scene::geometry::{Curve, Point};

/// How far the control point is off the straight line, in parts of its length.
const BOW: f64 = 0.16;

/// So many halvings of a curve find a place on it, to a fraction of a pixel.
const ROUGH: u32 = 12;

/// The curve of a ribbon, from disc to disc; a loop is on top, where no name is.
pub fn curve(pair: Pair, sky: &Sky) -> Curve {
    let (from, to) = (&sky.stars[pair.from], &sky.stars[pair.to]);
    if pair.from == pair.to {
        return loop_towards(Point::new(0.0, -1.0), from, sky.scale);
    }
    let way = to.centre - from.centre;
    let control = from.centre + way * 0.5 + way.left() * BOW;
    let margin = sky.scale.ribbon;
    let inside = |at: f64, length: f64| at.min(length - margin).max(margin);
    let control = Point::new(inside(control.x, sky.size.width), inside(control.y, sky.size.height));
    let whole = Curve::quadratic(from.centre, control, to.centre);
    cut(&whole, from, to, sky.scale, ROUGH)
}
