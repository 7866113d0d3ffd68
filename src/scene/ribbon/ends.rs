//! Where at its ends is a ribbon broken, so that every mark can be told from its neighbours?
//!
//! Many ribbons end at one star. A mark that would lie on another, or on an arrowhead, gives way
//! along its ribbon. Every ribbon is looked at as if it had both marks: whether another one is
//! blocked moves none.

use super::Pair;
use crate::scene::geometry::{Curve, Measured, Point};
use crate::scene::scale::Scale;

/// How far from its ends a ribbon's break marks are, in pixels along it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ends {
    /// From the source's edge to the egress mark.
    pub source: f64,
    /// From the target's edge to the ingress mark.
    pub target: f64,
}

/// How often a mark gives way before it stays where it is.
const STEPS: u32 = 12;

/// The ends of every ribbon, in the order they were given.
pub fn ends(pairs: &[Pair], curves: &[Curve], stars: usize, scale: &Scale) -> Vec<Ends> {
    let first = scale.mark / 2.0;
    // What is in the way at each star, by ribbon: arrowheads to begin with, then marks too.
    let mut taken: Vec<Vec<(usize, Point)>> = vec![Vec::new(); stars];
    for (index, (pair, curve)) in pairs.iter().zip(curves).enumerate() {
        taken[pair.to].push((index, before_end(&curve.measured(), first)));
    }
    let mut place = |star: usize, ribbon: usize, curve: &Measured| {
        let room = curve.length() * 0.4;
        let free = |inset: &f64| {
            let at = before_end(curve, *inset);
            taken[star]
                .iter()
                .all(|(other, point)| *other == ribbon || point.distance(at) >= scale.mark)
        };
        let inset = (0..STEPS)
            .map(|step| first + f64::from(step) * scale.mark / 4.0)
            .take_while(|inset| *inset <= room)
            .find(free)
            .unwrap_or(first.min(room));
        taken[star].push((ribbon, before_end(curve, inset)));
        inset
    };
    pairs
        .iter()
        .zip(curves)
        .enumerate()
        .map(|(index, (pair, curve))| Ends {
            target: place(pair.to, index, &curve.measured()),
            source: place(pair.from, index, &curve.reversed().measured()),
        })
        .collect()
}

/// The ends of a ribbon among so many that marks cannot but lie on one another.
pub fn in_a_crowd(curve: &Curve, scale: &Scale) -> Ends {
    let inset = (scale.mark / 2.0).min(curve.from.distance(curve.to) * 0.4);
    Ends { source: inset, target: inset }
}

/// The point that many pixels before the end.
fn before_end(curve: &Measured, distance: f64) -> Point {
    curve.point_at(curve.length() - distance)
}
