//! Which way does a ribbon bow, so that it meets nothing but its two stars?
//!
//! A ribbon bows to the left of its travel, so that the two directions of a pair keep apart. How
//! much is decided a pair at a time: as the original does where that is clear of third stars, names
//! and titles, else the nearest that is, else the one that comes least close.

use super::RibbonSpec;
use crate::scene::geometry::{Curve, Point, Rect};
use crate::scene::scale::Scale;
use crate::scene::{Region, Star};

/// How far the control point is off the straight line, in parts of its length; the first is the
/// original's.
const BOWS: [f64; 9] = [0.25, 0.21, 0.29, 0.17, 0.34, 0.13, 0.4, 0.5, 0.6];

/// At how many points a curve is looked at for what it meets.
const LOOKS: usize = 24;

/// The curves of these ribbons, from disc to disc.
pub fn courses(
    specs: &[&RibbonSpec],
    stars: &[Star],
    regions: &[Region],
    scale: &Scale,
) -> Vec<Curve> {
    specs
        .iter()
        .map(|spec| {
            if spec.from == spec.to {
                return looped(spec.from, stars, scale);
            }
            let (a, b) = (spec.from.min(spec.to), spec.from.max(spec.to));
            let bow = bow(a, b, stars, regions, scale);
            bowed(&stars[spec.from], &stars[spec.to], bow, scale)
        })
        .collect()
}

/// The bow of both ribbons between two stars.
fn bow(a: usize, b: usize, stars: &[Star], regions: &[Region], scale: &Scale) -> f64 {
    let wanted = scale.ribbon / 2.0 + scale.gap;
    let clearance = |bow: f64| {
        let there = bowed(&stars[a], &stars[b], bow, scale);
        let back = bowed(&stars[b], &stars[a], bow, scale);
        [there, back]
            .iter()
            .map(|curve| clearance(curve, a, b, stars, regions))
            .fold(f64::INFINITY, f64::min)
            .min(wanted)
    };
    let mut best = (BOWS[0], clearance(BOWS[0]));
    for bow in &BOWS[1..] {
        if best.1 >= wanted {
            break;
        }
        let clear = clearance(*bow);
        if clear > best.1 {
            best = (*bow, clear);
        }
    }
    best.0
}

/// How close the curve comes to a third star, to any name or to any title.
fn clearance(curve: &Curve, a: usize, b: usize, stars: &[Star], regions: &[Region]) -> f64 {
    let points: Vec<Point> = (0..=LOOKS)
        .map(|look| curve.point(look as f64 / LOOKS as f64))
        .collect();
    let from_box = |bounds: Rect| {
        let distances = points.iter().map(|point| bounds.distance(*point));
        distances.fold(f64::INFINITY, f64::min)
    };
    let discs = stars
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != a && *index != b);
    let discs = discs.flat_map(|(_, star)| {
        points
            .iter()
            .map(|point| point.distance(star.centre) - star.radius)
    });
    let names = stars.iter().map(|star| from_box(star.label.bounds));
    let titles = regions.iter().map(|region| from_box(region.title.bounds));
    discs
        .chain(names)
        .chain(titles)
        .fold(f64::INFINITY, f64::min)
}

/// The curve between two stars that bows that much, cut off where the discs begin.
fn bowed(from: &Star, to: &Star, bow: f64, scale: &Scale) -> Curve {
    let way = to.centre - from.centre;
    let control = from.centre.towards(to.centre, 0.5) + way.left() * bow;
    let curve = Curve::quadratic(from.centre, control, to.centre);
    let start = leaves(&curve, from.radius + scale.gap);
    let end = 1.0 - leaves(&curve.reversed(), to.radius + scale.gap);
    // Stars dragged onto each other: a ribbon that is too short to see, but still a ribbon.
    if start < end {
        curve.between(start, end)
    } else {
        curve.between(0.49, 0.51)
    }
}

/// The parameter at which the curve is that far from its start.
fn leaves(curve: &Curve, distance: f64) -> f64 {
    let (mut near, mut far) = (0.0, 1.0);
    for _ in 0..40 {
        let t = (near + far) / 2.0;
        if curve.point(t).distance(curve.from) < distance {
            near = t;
        } else {
            far = t;
        }
    }
    far
}

/// The eight directions of the compass.
const COMPASS: [Point; 8] = {
    const D: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        Point::new(0.0, -1.0),
        Point::new(D, -D),
        Point::new(-D, -D),
        Point::new(1.0, 0.0),
        Point::new(-1.0, 0.0),
        Point::new(D, D),
        Point::new(-D, D),
        Point::new(0.0, 1.0),
    ]
};

/// A loop for calls among a workload's replicas: on top of the star, or where it is in nobody's way.
fn looped(star: usize, stars: &[Star], scale: &Scale) -> Curve {
    let here = &stars[star];
    let room = |way: &Point| {
        let tip = here.centre + *way * (here.radius * 1.6);
        let others = stars.iter().enumerate().filter(|(index, _)| *index != star);
        let others = others
            .map(|(_, other)| (1.0 - way.dot((other.centre - here.centre).unit())) * here.radius);
        others.fold(here.label.bounds.distance(tip), f64::min)
    };
    let start = (COMPASS[0], room(&COMPASS[0]));
    let (way, _) = COMPASS[1..].iter().fold(start, |best, way| {
        let room = room(way);
        if room > best.1 { (*way, room) } else { best }
    });
    let (edge, far) = (here.radius + scale.gap, here.radius * 2.3);
    let side = way.left();
    Curve {
        from: here.centre + (way * 0.85 + side * 0.53) * edge,
        leaving: here.centre + (way * 0.9 + side * 0.75) * far,
        arriving: here.centre + (way * 0.9 - side * 0.75) * far,
        to: here.centre + (way * 0.85 - side * 0.53) * edge,
    }
}

/// How far from its ends a ribbon's break marks are, in pixels along it.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// From the source's edge to the egress mark.
    pub source: f64,
    /// From the target's edge to the ingress mark.
    pub target: f64,
}

/// The ends of every ribbon, so that no two marks lie on each other, nor one on an arrowhead:
/// where another is too close, a mark gives way along its ribbon.
///
/// Every ribbon is looked at as if it had both marks: whether another is blocked moves none.
pub fn ends(specs: &[&RibbonSpec], curves: &[Curve], scale: &Scale) -> Vec<Ends> {
    let first = scale.mark / 2.0;
    let mut taken: Vec<Point> = curves.iter().map(|curve| from_end(curve, first)).collect();
    let mut place = |curve: &Curve, own: Option<usize>| {
        let room = curve.length() * 0.4;
        let steps = (0..12).map(|step| first + f64::from(step) * scale.mark * 0.25);
        let free = |distance: &f64| {
            let at = from_end(curve, *distance);
            let others = taken
                .iter()
                .enumerate()
                .filter(|(index, _)| Some(*index) != own);
            others
                .into_iter()
                .all(|(_, other)| other.distance(at) >= scale.mark * 0.95)
        };
        let inset = steps
            .take_while(|step| *step <= room)
            .find(free)
            .unwrap_or(first.min(room));
        let at = from_end(curve, inset);
        match own {
            Some(index) => taken[index] = at,
            None => taken.push(at),
        }
        inset
    };
    let targets: Vec<f64> = (0..specs.len())
        .map(|index| place(&curves[index], Some(index)))
        .collect();
    curves
        .iter()
        .zip(targets)
        .map(|(curve, target)| Ends {
            source: place(&curve.reversed(), None),
            target,
        })
        .collect()
}

/// The point that many pixels before the end.
fn from_end(curve: &Curve, distance: f64) -> Point {
    curve.point(curve.parameter_at(curve.length() - distance))
}
