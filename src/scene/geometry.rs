//! Points, boxes and curves: the plane the picture is drawn in.
//!
//! Everything is in CSS pixels, x to the right and y downwards, as in SVG. Knows nothing of stars
//! or ribbons. Square roots are exact everywhere, so nothing here differs between machines.

use std::fmt::{self, Write};
use std::ops::{Add, Mul, Sub};

/// A place, or the way from one place to another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Pixels to the right.
    pub x: f64,
    /// Pixels downwards.
    pub y: f64,
}

/// A length, written to a tenth of a pixel. The standard library's floats would do, but writing them
/// in general costs the page 4 kB, and no pixel is ever written in general.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        write!(f, "{sign}{whole}.{tenth}")
    }
}

impl fmt::Display for Point {
    /// As SVG writes coordinates: `12.5 -3.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Px(self.x), Px(self.y))
    }
}

impl Point {
    /// The point `(x, y)`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// How far it is from the origin.
    pub fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// How far it is to `other`.
    pub fn distance(self, other: Self) -> f64 {
        (other - self).length()
    }

    /// The same direction, one pixel long; to the right for the zero vector, which has none.
    pub fn unit(self) -> Self {
        let length = self.length();
        if length > 0.0 { self * (1.0 / length) } else { Self::new(1.0, 0.0) }
    }

    /// A quarter turn to the left of someone who travels this way.
    pub fn left(self) -> Self {
        Self::new(self.y, -self.x)
    }

    /// The scalar product.
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The point part of the way (0 here, 1 there) to `other`.
    pub fn towards(self, other: Self, part: f64) -> Self {
        self + (other - self) * part
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// How large the sky is: the inner size of the element the picture is drawn in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Pixels from left to right.
    pub width: f64,
    /// Pixels from top to bottom.
    pub height: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// The left edge.
    pub x: f64,
    /// The top edge.
    pub y: f64,
    /// Pixels from left to right.
    pub width: f64,
    /// Pixels from top to bottom.
    pub height: f64,
}

impl Rect {
    /// The rectangle with these edges.
    pub fn from_edges(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }

    /// The square that holds a circle.
    pub fn around(centre: Point, radius: f64) -> Self {
        Self::from_edges(centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius)
    }

    /// The right edge.
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// The bottom edge.
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// The middle.
    pub fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The smallest rectangle that holds both.
    pub fn union(self, other: Self) -> Self {
        Self::from_edges(
            self.x.min(other.x),
            self.y.min(other.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    /// Every edge moved outwards by `margin`.
    pub fn grow(self, margin: f64) -> Self {
        Self::from_edges(
            self.x - margin,
            self.y - margin,
            self.right() + margin,
            self.bottom() + margin,
        )
    }

    /// The same rectangle somewhere else.
    pub fn shifted(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether a point lies inside, or on an edge.
    pub fn holds(self, point: Point) -> bool {
        self.x <= point.x
            && point.x <= self.right()
            && self.y <= point.y
            && point.y <= self.bottom()
    }

    /// How far a point lies outside; 0 for a point inside.
    pub fn distance(self, point: Point) -> f64 {
        let x = (self.x - point.x).max(point.x - self.right()).max(0.0);
        let y = (self.y - point.y).max(point.y - self.bottom()).max(0.0);
        Point::new(x, y).length()
    }
}

/// A cubic Bézier curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Where it starts.
    pub from: Point,
    /// Where it heads for as it leaves.
    pub leaving: Point,
    /// Where it comes from as it arrives.
    pub arriving: Point,
    /// Where it ends.
    pub to: Point,
}

/// Into how many chords a curve is cut to measure it; a ribbon's error is far below a pixel.
const CHORDS: usize = 64;

/// Into how many where a pixel does not matter.
const ROUGH_CHORDS: usize = 12;

impl Curve {
    /// The quadratic curve with one control point, as the cubic one that it also is.
    pub fn quadratic(from: Point, control: Point, to: Point) -> Self {
        Self {
            from,
            leaving: from.towards(control, 2.0 / 3.0),
            arriving: to.towards(control, 2.0 / 3.0),
            to,
        }
    }

    /// The point at the parameter `t`, 0 to 1.
    pub fn point(&self, t: f64) -> Point {
        self.before(t).to
    }

    /// The direction of travel at the parameter `t`, one pixel long.
    pub fn direction(&self, t: f64) -> Point {
        let a = (self.leaving - self.from) * ((1.0 - t) * (1.0 - t));
        let b = (self.arriving - self.leaving) * (2.0 * t * (1.0 - t));
        let c = (self.to - self.arriving) * (t * t);
        (a + b + c).unit()
    }

    /// The part from `start` to `end`, both parameters.
    pub fn between(&self, start: f64, end: f64) -> Self {
        let head = self.before(end);
        if end > 0.0 { head.reversed().before(1.0 - start / end).reversed() } else { head }
    }

    /// The same curve travelled the other way.
    pub fn reversed(&self) -> Self {
        Self { from: self.to, leaving: self.arriving, arriving: self.leaving, to: self.from }
    }

    /// How long it is.
    pub fn length(&self) -> f64 {
        self.measured().length()
    }

    /// The same curve with a measure along it.
    pub fn measured(&self) -> Measured {
        self.measured_by(CHORDS)
    }

    /// The same, roughly: good to a pixel for a ribbon, and quick.
    pub fn roughly_measured(&self) -> Measured {
        self.measured_by(ROUGH_CHORDS)
    }

    fn measured_by(&self, count: usize) -> Measured {
        let mut chords = [0.0; CHORDS];
        let mut start = self.point(0.0);
        for (chord, length) in chords.iter_mut().take(count).enumerate() {
            let end = self.point((chord + 1) as f64 / count as f64);
            *length = start.distance(end);
            start = end;
        }
        Measured { curve: *self, chords, count }
    }

    /// The SVG path data, to a tenth of a pixel.
    pub fn path(&self) -> String {
        let Curve { from, leaving, arriving, to } = self;
        format!("M{from}C{leaving} {arriving} {to}")
    }

    /// The SVG path data, to a pixel, and each point relative to the first: as short as it can be.
    pub fn rough_path(&self) -> String {
        let Curve { from, leaving, arriving, to } = self;
        let mut path = String::with_capacity(32);
        let whole = |point: Point| (point.x.round() as i32, point.y.round() as i32);
        let first = whole(*from);
        // Writing to a string cannot fail.
        let _ = write!(path, "M{} {}c", first.0, first.1);
        for (i, point) in [*leaving, *arriving, *to].into_iter().enumerate() {
            let (x, y) = whole(point);
            let (x, y) = (x - first.0, y - first.1);
            // A minus separates as well as a blank does.
            let before = if i == 0 || x < 0 { "" } else { " " };
            let between = if y < 0 { "" } else { " " };
            let _ = write!(path, "{before}{x}{between}{y}");
        }
        path
    }

    /// The part up to the parameter `t` (de Casteljau's construction).
    fn before(&self, t: f64) -> Self {
        let a = self.from.towards(self.leaving, t);
        let b = self.leaving.towards(self.arriving, t);
        let c = self.arriving.towards(self.to, t);
        let ab = a.towards(b, t);
        let bc = b.towards(c, t);
        Self { from: self.from, leaving: a, arriving: ab, to: ab.towards(bc, t) }
    }
}

/// A curve and the lengths of its chords: to ask for several distances costs little more than for one.
pub struct Measured {
    curve: Curve,
    chords: [f64; CHORDS],
    /// How many of the chords there are.
    count: usize,
}

impl Measured {
    /// How long the curve is.
    pub fn length(&self) -> f64 {
        self.chords[..self.count].iter().sum()
    }

    /// The parameter at which `distance` pixels have been travelled; the ends for what lies beyond.
    pub fn parameter_at(&self, distance: f64) -> f64 {
        let mut travelled = 0.0;
        let count = self.count as f64;
        for (chord, length) in self.chords[..self.count].iter().enumerate() {
            if *length > 0.0 && travelled + length >= distance {
                let part = ((distance - travelled) / length).clamp(0.0, 1.0);
                return chord as f64 / count + part / count;
            }
            travelled += length;
        }
        1.0
    }

    /// The point at that distance.
    pub fn point_at(&self, distance: f64) -> Point {
        self.curve.point(self.parameter_at(distance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Point, b: Point) -> bool {
        a.distance(b) < 1e-9
    }

    #[test]
    fn a_part_of_a_curve_lies_on_the_curve() {
        let curve = Curve::quadratic(
            Point::new(0.0, 0.0),
            Point::new(50.0, -80.0),
            Point::new(100.0, 10.0),
        );
        for (start, end) in [(0.0, 1.0), (0.2, 0.9), (0.5, 0.5), (0.0, 0.0)] {
            let part = curve.between(start, end);
            for t in [0.0, 0.3, 1.0] {
                let whole = start + (end - start) * t;
                assert!(close(part.point(t), curve.point(whole)), "{start}..{end}");
            }
        }
        assert!(close(curve.reversed().point(0.25), curve.point(0.75)));
    }

    #[test]
    fn distances_along_a_straight_curve_are_those_of_a_ruler() {
        let line =
            Curve::quadratic(Point::new(10.0, 0.0), Point::new(60.0, 0.0), Point::new(110.0, 0.0));
        assert!((line.length() - 100.0).abs() < 1e-9);
        for (distance, t) in [(0.0, 0.0), (25.0, 0.25), (100.0, 1.0), (400.0, 1.0)] {
            assert!((line.measured().parameter_at(distance) - t).abs() < 1e-9, "{distance}");
        }
    }

    #[test]
    fn left_is_left_of_travel_on_a_screen() {
        assert_eq!(Point::new(1.0, 0.0).left(), Point::new(0.0, -1.0));
    }
}
