//! Services around an ellipse, as large as the sky allows; observers in a corner.
//!
//! On a convex curve no straight line between two stars meets a third, and the outward side of a
//! star, where its name goes, is free of ribbons. Namespaces follow one another in their order,
//! clockwise, the first on top; stars of one namespace stand closer than those of two.

use super::shelves;
use super::{Brief, Edge, Perch, Plan, Spot};
use crate::scene::Role;
use crate::scene::caption::{Anchor, Room, Side};
use crate::scene::geometry::{Point, Rect};

/// How much wider the step between two namespaces is than between two stars of one, from the best
/// looking to the most frugal.
const STEPS: [f64; 4] = [1.9, 1.5, 1.2, 1.0];

/// Where the observers are: in a corner where the ring leaves one, else in a strip of their own.
#[derive(Clone, Copy)]
enum Watch {
    /// The corner at these parts (0 or 1) of the canvas.
    Corner(Point),
    /// Along the lower edge.
    Strip,
}

const WATCHES: [Watch; 5] = [
    Watch::Corner(Point::new(0.0, 1.0)),
    Watch::Corner(Point::new(1.0, 1.0)),
    Watch::Corner(Point::new(0.0, 0.0)),
    Watch::Corner(Point::new(1.0, 0.0)),
    Watch::Strip,
];

/// A sky less wide than this has no room for names beside the discs.
const NARROW: f64 = 560.0;

/// Beyond so many stars a ring is a crowd.
const MOST: usize = 16;

/// The rings worth trying, best first; whether one has room is for the caller to find out.
pub fn arrangements<'a>(brief: &'a Brief<'a>) -> impl Iterator<Item = Plan> + 'a {
    let crowd = brief.members(Role::Service).count() > MOST;
    let rooms = if brief.size.width < NARROW {
        [Room::Narrow, Room::Ample]
    } else {
        [Room::Ample, Room::Narrow]
    };
    rooms
        .into_iter()
        .filter(move |_| !crowd)
        .flat_map(|room| STEPS.map(|step| (room, step)))
        .flat_map(|(room, step)| WATCHES.map(|watch| (room, step, watch)))
        .map(|(room, step, watch)| arrange(brief, room, step, watch))
}

fn arrange(brief: &Brief, room: Room, step: f64, watch: Watch) -> Plan {
    let mut plan = Plan::empty(brief);
    let mut canvas = brief.canvas();

    let watchers = shelves::row(brief, Role::Observer);
    let Rect { width, height, .. } = watchers.bounds;
    let part = match watch {
        Watch::Corner(part) => part,
        Watch::Strip => Point::new(0.5, 1.0),
    };
    let corner = Point::new(
        canvas.x + (canvas.width - width) * part.x,
        canvas.y + (canvas.height - height) * part.y,
    );
    watchers.place(corner, &mut plan);
    if matches!(watch, Watch::Strip) && height > 0.0 {
        canvas.height -= height + brief.scale.padding;
    }

    let directions = directions(brief, step);
    // What each star keeps free around its centre, as if it were alone in its region.
    let mut halos = Vec::new();
    for (group, stars) in &directions {
        let middle = stars.iter().fold(Point::default(), |sum, (_, way)| sum + *way);
        plan.perches[*group] = perch(middle * (1.0 / stars.len() as f64));
        for (star, way) in stars {
            let spot = Spot {
                centre: Point::default(),
                radius: brief.scale.radius,
                side: Side::facing(*way, room),
                room: brief.size.width / 5.0,
            };
            let halo = brief.region(*group, plan.perches[*group], [(*star, &spot)]).0;
            plan.spots[*star] = spot;
            halos.push((*way, halo));
        }
    }
    let stars: Vec<(usize, Point)> = directions.into_iter().flat_map(|(_, stars)| stars).collect();
    let ribbon = Rect::around(Point::default(), brief.scale.mark * 1.5);
    halos.extend(bulges(&stars).map(|bulge| (bulge, ribbon)));

    let ellipse = Ellipse::inscribed(canvas, &halos, brief.scale.radius);
    for (star, way) in stars {
        plan.spots[star].centre = ellipse.at(way);
    }
    plan
}

/// How far outwards the ribbons between neighbours on the ring bow, in the ring's own measure.
fn bulges(stars: &[(usize, Point)]) -> impl Iterator<Item = Point> + '_ {
    let next = stars.iter().cycle().skip(1);
    stars.iter().zip(next).map(|((_, a), (_, b))| {
        // Clockwise, the left is outwards; a ribbon reaches half as far as its control point.
        a.towards(*b, 0.5) + (*b - *a).left() * 0.125
    })
}

/// The title's place in a region that lies that way from the middle of the sky.
fn perch(way: Point) -> Perch {
    Perch {
        edge: if way.y > 0.35 { Edge::Bottom } else { Edge::Top },
        anchor: match way.x {
            x if x < -0.3 => Anchor::Start,
            x if x > 0.3 => Anchor::End,
            _ => Anchor::Middle,
        },
    }
}

/// The way from the middle to every service, by group; `step` is the step between two groups, in
/// steps between two stars of one.
fn directions(brief: &Brief, step: f64) -> Vec<(usize, Vec<(usize, Point)>)> {
    let groups: Vec<usize> = brief.groups_of(Role::Service).collect();
    let stars: usize = brief.members(Role::Service).count();
    if stars <= 1 {
        let only = groups.iter().map(|&group| (group, brief.groups[group].members[0]));
        return only.map(|(group, star)| (group, vec![(star, Point::default())])).collect();
    }
    let steps = if groups.len() == 1 {
        stars as f64
    } else {
        (stars - groups.len()) as f64 + groups.len() as f64 * step
    };
    // The middle of the first group is on top; of two groups, or two stars, one is on each side.
    let first = groups.first().map_or(0, |&group| brief.groups[group].members.len());
    let top = if groups.len() == 2 || stars == 2 { -0.25 } else { 0.0 };
    let mut turned = match groups.len() {
        1 => top * steps,
        _ => top * steps - (first - 1) as f64 / 2.0,
    };
    let mut directions = Vec::new();
    for group in groups {
        let mut ways = Vec::new();
        for &star in &brief.groups[group].members {
            ways.push((star, way(turned / steps)));
            turned += 1.0;
        }
        turned += step - 1.0;
        directions.push((group, ways));
    }
    directions
}

/// The way after that part of a turn, clockwise from the top. Rounded, so that the last digits of
/// a sine do not reach the picture.
fn way(turns: f64) -> Point {
    let rounded = |x: f64| (x * 1e6).round() / 1e6;
    Point::new(rounded(sine(turns)), rounded(-sine(turns + 0.25)))
}

/// The sine of a part of a turn, to nine digits. The standard library's takes any angle, which costs
/// the page 6 kB, and has other last digits on other machines.
fn sine(turns: f64) -> f64 {
    let turns = turns - turns.round();
    // To the nearest quarter around zero, where the series is short.
    let turns = if turns.abs() > 0.25 { turns.signum() * 0.5 - turns } else { turns };
    let angle = turns * std::f64::consts::TAU;
    let series = (1..=7)
        .rev()
        .map(f64::from)
        .fold(1.0, |sum, term| 1.0 - sum * angle * angle / ((2.0 * term) * (2.0 * term + 1.0)));
    angle * series
}

/// An upright ellipse.
struct Ellipse {
    centre: Point,
    radii: Point,
}

impl Ellipse {
    /// The largest ellipse on which every halo, placed in its direction, stays on the canvas; not
    /// so large that few stars are far apart, nor so flat that they are in a line.
    fn inscribed(canvas: Rect, halos: &[(Point, Rect)], radius: f64) -> Self {
        let x: Vec<Reach> =
            halos.iter().map(|(way, halo)| Reach(way.x, halo.x, halo.right())).collect();
        let y: Vec<Reach> =
            halos.iter().map(|(way, halo)| Reach(way.y, halo.y, halo.bottom())).collect();
        let widest = longest(&x, canvas.width).min(radius * 16.0);
        let tallest = longest(&y, canvas.height).min(radius * 13.0);
        let radii = Point::new(widest.min(tallest * 1.8), tallest.min(widest * 1.3));
        Self {
            centre: Point::new(
                middle(&x, radii.x, canvas.x, canvas.right()),
                middle(&y, radii.y, canvas.y, canvas.bottom()),
            ),
            radii,
        }
    }

    fn at(&self, way: Point) -> Point {
        self.centre + Point::new(way.x * self.radii.x, way.y * self.radii.y)
    }
}

/// Along one axis: a star's direction, and how far what belongs to it reaches to both sides.
#[derive(Clone, Copy)]
struct Reach(f64, f64, f64);

/// The longest half axis with which all that reaches out still fits a span of that length.
fn longest(reaches: &[Reach], span: f64) -> f64 {
    reaches
        .iter()
        .flat_map(|low| reaches.iter().map(move |high| (low, high)))
        .filter(|(low, high)| high.0 > low.0)
        .map(|(low, high)| (span + low.1 - high.2) / (high.0 - low.0))
        .fold(f64::INFINITY, f64::min)
        .max(0.0)
}

/// The middle of an axis of that length: where equal room is left at both ends of the canvas.
fn middle(reaches: &[Reach], radius: f64, low: f64, high: f64) -> f64 {
    let first = reaches.iter().map(|r| r.0 * radius + r.1).fold(f64::INFINITY, f64::min);
    let last = reaches.iter().map(|r| r.0 * radius + r.2).fold(f64::NEG_INFINITY, f64::max);
    if first <= last { (low + high - first - last) / 2.0 } else { (low + high) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_are_those_of_the_standard_library() {
        for step in -200..=200 {
            let turns = f64::from(step) / 80.0;
            let expected = (turns * std::f64::consts::TAU).sin();
            assert!((sine(turns) - expected).abs() < 1e-9, "{turns}");
        }
    }
}
