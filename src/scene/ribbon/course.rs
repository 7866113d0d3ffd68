//! Which way does a ribbon bow, so that it meets nothing but its two stars?
//!
//! A ribbon bows to the left of its travel, so that the two directions of a pair keep apart: as much
//! as the original's where that is clear of third stars, names and titles, else as much as is. At
//! a star the ends of its ribbons make room for one another.

use super::{Pair, Sky};
use crate::scene::Star;
use crate::scene::geometry::{Curve, Point, Rect, Size};
use crate::scene::scale::Scale;

/// How far the control point is off the straight line, in parts of its length; the first is the
/// original's.
const BOWS: [f64; 9] = [0.25, 0.2, 0.16, 0.12, 0.3, 0.36, 0.08, 0.45, 0.6];

/// How many curves are tried for a picture: many ribbons are given fewer tries each, so that a star
/// can be dragged through any picture.
const MOST_TRIES: usize = 4000;

/// At how many points a curve is looked at for what it meets.
const LOOKS: usize = 24;

/// The curves of these ribbons, from disc to disc.
pub fn courses(pairs: &[Pair], sky: &Sky) -> Vec<Curve> {
    let mut arcs = arcs(pairs, sky).into_iter();
    pairs
        .iter()
        .filter_map(
            |pair| {
                if pair.from == pair.to { Some(looped(pair.from, sky)) } else { arcs.next() }
            },
        )
        .collect()
}

/// The curves between two stars: bows are tried until every curve is clear, and what comes closest
/// to that is kept.
fn arcs(pairs: &[Pair], sky: &Sky) -> Vec<Curve> {
    let Sky { stars, scale, .. } = sky;
    // Room for the arrowheads around a third star.
    let wanted = scale.ribbon / 2.0 + scale.mark;
    let pairs: Vec<_> = pairs.iter().filter(|pair| pair.from != pair.to).collect();
    // The ribbons of the same two stars bow alike.
    let twin = |pair: &&Pair| {
        pairs.iter().position(|other| (other.to, other.from) == (pair.from, pair.to))
    };
    let twins: Vec<Option<usize>> = pairs.iter().map(twin).collect();
    let mut tried = vec![0; pairs.len()];
    let mut best: Option<(f64, Vec<Curve>)> = None;
    for _ in 0..(MOST_TRIES / pairs.len().max(1)).clamp(1, BOWS.len()) {
        let bowed =
            |(pair, bow): (&&Pair, &usize)| Arc::bowed(stars, pair.from, pair.to, BOWS[*bow]);
        let mut arcs: Vec<Arc> = pairs.iter().zip(&tried).map(bowed).collect();
        spread(&mut arcs, stars.len());
        for arc in &mut arcs {
            arc.keep_left(stars);
        }
        let curves: Vec<Curve> = arcs.iter().map(|arc| arc.curve(stars, scale)).collect();

        let mut lacking = 0.0;
        let mut crosses = vec![false; pairs.len()];
        for ((pair, curve), crosses) in pairs.iter().zip(&curves).zip(&mut crosses) {
            let clear = clearance(curve, pair, sky, wanted);
            if clear < wanted {
                lacking += wanted - clear;
                *crosses = true;
            }
        }
        if best.as_ref().is_none_or(|(least, _)| lacking < *least) {
            best = Some((lacking, curves));
        }
        if !crosses.contains(&true) {
            break;
        }
        for (i, tried) in tried.iter_mut().enumerate() {
            *tried += usize::from(crosses[i] || twins[i].is_some_and(|twin| crosses[twin]));
        }
    }
    best.map(|(_, curves)| curves).unwrap_or_default()
}

/// A ribbon before it is cut off at its discs: from centre to centre.
struct Arc {
    from: usize,
    to: usize,
    /// The way it leaves its source's centre, and the way back from its target's.
    ways: [Point; 2],
    /// How far it follows these ways.
    hold: f64,
}

impl Arc {
    /// A quadratic curve with its control point that far to the left, in parts of the distance.
    fn bowed(stars: &[Star], from: usize, to: usize, bow: f64) -> Self {
        let way = stars[to].centre - stars[from].centre;
        let out = way * 0.5 + way.left() * bow;
        Self { from, to, ways: [out.unit(), (out - way).unit()], hold: out.length() * 2.0 / 3.0 }
    }

    /// Turns its ends back to the left of the straight line where they have been pushed over it.
    fn keep_left(&mut self, stars: &[Star]) {
        let left = (stars[self.to].centre - stars[self.from].centre).unit().left();
        for way in &mut self.ways {
            let lacking = LEFT - way.dot(left);
            if lacking > 0.0 {
                *way = (*way + left * lacking).unit();
            }
        }
    }

    fn curve(&self, stars: &[Star], scale: &Scale) -> Curve {
        let (from, to) = (&stars[self.from], &stars[self.to]);
        let curve = Curve {
            from: from.centre,
            leaving: from.centre + self.ways[0] * self.hold,
            arriving: to.centre + self.ways[1] * self.hold,
            to: to.centre,
        };
        cut(&curve, from, to, scale, FINE)
    }
}

/// A curve from centre to centre, from disc to disc.
pub fn cut(curve: &Curve, from: &Star, to: &Star, scale: &Scale, halvings: u32) -> Curve {
    let start = leaves(curve, from.radius + scale.gap, halvings);
    let end = 1.0 - leaves(&curve.reversed(), to.radius + scale.gap, halvings);
    // Stars dragged onto each other: a ribbon that is too short to see, but still a ribbon.
    if start < end { curve.between(start, end) } else { curve.between(0.49, 0.51) }
}

/// So many halvings of a curve find a place on it, to the last digit.
const FINE: u32 = 40;

/// The sine of the angle that a ribbon keeps from the straight line.
const LEFT: f64 = 0.14;

/// The sine of the angle that two ribbons keep between them at a star, where there is room.
const APART: f64 = 0.36;

/// Turns the ends of the arcs at each star away from one another until they keep apart.
fn spread(arcs: &mut [Arc], stars: usize) {
    for star in 0..stars {
        let ends: Vec<(usize, usize)> = arcs
            .iter()
            .enumerate()
            .flat_map(|(index, arc)| [(index, 0, arc.from), (index, 1, arc.to)])
            .filter(|(_, _, at)| *at == star)
            .map(|(index, end, _)| (index, end))
            .collect();
        let mut ways: Vec<Point> = ends.iter().map(|(arc, end)| arcs[*arc].ways[*end]).collect();
        if ways.len() > CROWD {
            continue;
        }
        let apart = APART.min(3.5 / ways.len().max(1) as f64);
        for _ in 0..ROUNDS {
            push(&mut ways, apart);
        }
        for ((arc, end), way) in ends.iter().zip(ways) {
            arcs[*arc].ways[*end] = way;
        }
    }
}

/// Beyond so many ends at a star there is no room to give.
const CROWD: usize = 24;

/// How often ends are pushed apart: enough to settle.
const ROUNDS: usize = 60;

/// Turns every two directions that are closer than that (a sine) a little away from each other.
fn push(ways: &mut [Point], apart: f64) {
    let still = ways.to_vec();
    for a in 0..ways.len() {
        for b in a + 1..ways.len() {
            let turn = still[a].dot(still[b].left());
            if still[a].dot(still[b]) > 0.0 && turn.abs() < apart {
                let sign = if turn >= 0.0 { 1.0 } else { -1.0 };
                let by = sign * (apart - turn.abs()) * 0.25;
                ways[a] = (ways[a] + still[a].left() * by).unit();
                ways[b] = (ways[b] - still[b].left() * by).unit();
            }
        }
    }
}

/// How close the curve comes to a third star, to any name or title, or to the end of the sky, where that is
/// less than is wanted.
fn clearance(curve: &Curve, pair: &Pair, sky: &Sky, wanted: f64) -> f64 {
    // What is so far from all of the curve's control points needs no closer look.
    let Curve { from, leaving, arriving, to } = *curve;
    let hull = [leaving, arriving, to]
        .into_iter()
        .fold(Rect::around(from, 0.0), |hull, point| hull.union(Rect::around(point, 0.0)));
    let hull = hull.grow(wanted);
    let names = sky.stars.iter().map(|star| star.label.bounds);
    let titles = sky.regions.iter().map(|region| region.title.bounds);
    let near = |bounds: &Rect| hull.overlaps(*bounds);
    let boxes: Vec<Rect> = names.chain(titles).filter(near).collect();
    let third = |(index, _): &(usize, &Star)| *index != pair.from && *index != pair.to;
    let third: Vec<&Star> = sky
        .stars
        .iter()
        .enumerate()
        .filter(third)
        .map(|(_, star)| star)
        .filter(|star| near(&Rect::around(star.centre, star.radius)))
        .collect();
    let Size { width, height } = sky.size;
    let mut clear = wanted;
    for look in 0..=LOOKS {
        let point = curve.point(look as f64 / LOOKS as f64);
        for bounds in &boxes {
            // Most lie farther off along one axis than what has been found: no root is taken for them.
            if bounds.grow(clear).holds(point) {
                clear = clear.min(bounds.distance(point));
            }
        }
        for star in &third {
            if Rect::around(star.centre, star.radius + clear).holds(point) {
                clear = clear.min(point.distance(star.centre) - star.radius);
            }
        }
        let edges = [point.x, point.y, width - point.x, height - point.y];
        clear = edges.into_iter().fold(clear, f64::min);
    }
    clear
}

/// The parameter at which the curve is that far from its start.
fn leaves(curve: &Curve, distance: f64, halvings: u32) -> f64 {
    let (mut near, mut far) = (0.0, 1.0);
    for _ in 0..halvings {
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
fn looped(star: usize, sky: &Sky) -> Curve {
    let Sky { stars, scale, .. } = sky;
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
    loop_towards(way, here, scale)
}

/// A loop on that side of a star.
pub fn loop_towards(way: Point, here: &Star, scale: &Scale) -> Curve {
    let (edge, far) = (here.radius + scale.gap, here.radius * 2.0);
    let side = way.left();
    Curve {
        from: here.centre + (way * 0.85 + side * 0.53) * edge,
        leaving: here.centre + (way * 0.95 + side * 0.6) * far,
        arriving: here.centre + (way * 0.95 - side * 0.6) * far,
        to: here.centre + (way * 0.85 - side * 0.53) * edge,
    }
}
