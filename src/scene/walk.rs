//! Which star does an arrow key lead to?

use super::Scene;
use super::geometry::Point;

/// The way an arrow key points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// The left arrow.
    Left,
    /// The right arrow.
    Right,
    /// The up arrow.
    Up,
    /// The down arrow.
    Down,
}

impl Heading {
    fn way(self) -> Point {
        match self {
            Heading::Left => Point::new(-1.0, 0.0),
            Heading::Right => Point::new(1.0, 0.0),
            Heading::Up => Point::new(0.0, -1.0),
            Heading::Down => Point::new(0.0, 1.0),
        }
    }
}

impl Scene {
    /// The star that lies that way from `star` and shares a ribbon with it, whichever way that one
    /// runs. Of several the nearest, where a step aside counts as three ahead; none if none of
    /// them lies within about 70 degrees of that way.
    pub fn neighbour(&self, star: usize, heading: Heading) -> Option<usize> {
        let here = self.stars.get(star)?.centre;
        let way = heading.way();
        self.ribbons
            .iter()
            .filter_map(|ribbon| match (ribbon.from, ribbon.to) {
                (from, to) if from == star && to != star => Some(to),
                (from, to) if to == star && from != star => Some(from),
                _ => None,
            })
            .filter_map(|other| {
                let there = self.stars[other].centre - here;
                let (ahead, aside) = (there.dot(way), there.dot(way.left()).abs());
                (ahead > 0.0 && aside < ahead * 2.75).then_some((other, ahead + 3.0 * aside))
            })
            .min_by(|(a, a_cost), (b, b_cost)| a_cost.total_cmp(b_cost).then(a.cmp(b)))
            .map(|(other, _)| other)
    }
}
