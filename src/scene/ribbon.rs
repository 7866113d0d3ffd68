//! How does a ribbon run from one star to another, and where does its ball die?
//!
//! In: what connects which stars and how far it gets. Out: a curve, an arrowhead, a label's place, a
//! break mark and the ball's way. The course of a ribbon depends on the stars and on which ribbons
//! there are, never on their state: that only adds the mark and shortens the ball's way.

mod course;
mod crowd;
mod ends;

use super::caption::{Caption, line_height, text_width};
use super::geometry::{Curve, Point, Size};
use super::scale::Scale;
use super::{Anchor, Region, Role, Star};
use ends::Ends;

/// How far a call gets, as the picture tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// All of it gets through.
    Open,
    /// Some ports get through.
    Partly,
    /// Nothing gets through.
    Blocked,
}

/// Where a blocked call is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The name cannot be looked up.
    Dns,
    /// The source's egress admits nothing.
    Egress,
    /// The target's ingress admits nothing.
    Ingress,
    /// Neither side admits anything.
    Both,
    /// There is no such Service, or nothing behind it.
    Service,
}

/// Which stars a ribbon joins, as indices of the stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The caller.
    pub from: usize,
    /// The called; the caller again for calls among its replicas.
    pub to: usize,
}

/// A ribbon to draw: calls from one star to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RibbonSpec {
    /// The caller, as an index of the stars.
    pub from: usize,
    /// The called, as an index of the stars; the caller again for calls among its replicas.
    pub to: usize,
    /// How far the calls get.
    pub state: State,
    /// Where they are stopped, when they are blocked.
    pub stop: Option<Stop>,
    /// What the ribbon is labelled with: `TCP 5000`.
    pub label: String,
}

/// How many points of its way a ball is given, its start and its end among them.
pub const BALL_POINTS: usize = 17;

/// A ribbon as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Ribbon {
    /// The caller, as an index of the scene's stars.
    pub from: usize,
    /// The called, as an index of the scene's stars.
    pub to: usize,
    /// How far the calls get.
    pub state: State,
    /// Where they are stopped, when they are blocked.
    pub stop: Option<Stop>,
    /// From the source's edge to the tip of the arrowhead.
    pub curve: Curve,
    /// What to stroke, as SVG path data: from the source's edge to the back of the arrowhead.
    pub path: String,
    /// The length of the path in pixels.
    pub length: f64,
    /// The arrowhead at the target: its tip and its two corners.
    pub head: [Point; 3],
    /// What it is labelled with.
    pub label: String,
    /// The break mark of a blocked ribbon.
    pub mark: Option<Mark>,
    /// How many pixels along the curve a ball gets.
    reach: f64,
}

impl Ribbon {
    /// The point at a part (0 to 1) of the way.
    pub fn point_at(&self, part: f64) -> Point {
        let measured = self.curve.measured();
        measured.point_at(measured.length() * part)
    }

    /// The ball's way at equal distances: to the target's edge, or to the break mark. Made when it is
    /// asked for: of many ribbons, few have a ball.
    pub fn ball(&self) -> [Point; BALL_POINTS] {
        let measured = self.curve.measured();
        std::array::from_fn(|index| {
            measured.point_at(self.reach * index as f64 / (BALL_POINTS - 1) as f64)
        })
    }

    /// The label beside the middle of the curve, on the side that it bows to: not between it and the
    /// ribbon that runs back. Made when it is asked for, as the ball's way is.
    pub fn caption(&self, scale: &Scale) -> Caption {
        let middle = self.curve.point(0.5);
        let side = self.curve.direction(0.5).left();
        let (width, height) = (text_width(&self.label, scale.note), line_height(scale.note));
        let reach = (side.x.abs() * width + side.y.abs() * height) / 2.0;
        let centre = middle + side * (reach + scale.ribbon);
        let top = centre.y - height / 2.0;
        Caption::new(self.label.clone(), centre.x, top, Anchor::Middle, scale.note)
    }
}

/// Where a blocked ribbon is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// The middle of the mark.
    pub at: Point,
    /// The part (0 to 1) of the ribbon's path that lies before the mark.
    pub along: f64,
}

/// How far along a call is stopped that cannot look up its name: off the edge, where an egress
/// stops it.
const LOOKUP: f64 = 0.2;

/// What the ribbons run through.
pub struct Sky<'a> {
    /// How large it is.
    pub size: Size,
    /// What ribbons lead to, and around.
    pub stars: &'a [Star],
    /// Whose titles they keep off.
    pub regions: &'a [Region],
    /// How wide they are.
    pub scale: &'a Scale,
    /// Whether the stars stand for many.
    pub is_crowd: bool,
}

/// Where a ribbon runs, whatever gets through.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pair: Pair,
    curve: Curve,
    ends: Ends,
    /// Whether it is one of so many that a pixel more or less does not show.
    is_rough: bool,
}

/// The courses of the ribbons between these stars, as far as both ends are services.
pub fn courses(pairs: &[Pair], sky: &Sky) -> Vec<Course> {
    let Sky { stars, scale, .. } = sky;
    let service = |star: usize| stars.get(star).is_some_and(|star| star.role == Role::Service);
    let drawn = pairs.iter().copied().filter(|pair| service(pair.from) && service(pair.to));
    let drawn: Vec<Pair> = drawn.collect();
    let is_dense = drawn.len() > DENSE || drawn.len() * stars.len() > DENSE * MANY;
    if sky.is_crowd && is_dense {
        let course = |pair: Pair| {
            let curve = crowd::curve(pair, sky);
            Course { pair, curve, ends: ends::in_a_crowd(&curve, scale), is_rough: true }
        };
        return drawn.into_iter().map(course).collect();
    }
    let curves = course::courses(&drawn, sky);
    let ends = ends::ends(&drawn, &curves, stars.len(), scale);
    let courses = drawn.into_iter().zip(curves).zip(ends);
    courses.map(|((pair, curve), ends)| Course { pair, curve, ends, is_rough: false }).collect()
}

/// Beyond so many ribbons of a crowd, none of them makes room for another.
const DENSE: usize = 60;

/// Nor of fewer, when there are more than so many stars to keep clear of: it would take too long.
const MANY: usize = 20;

/// Draws those ribbons that have a course, in the order of the courses.
pub fn ribbons(specs: &[RibbonSpec], courses: &[Course], scale: &Scale) -> Vec<Ribbon> {
    let mut next = 0;
    let drawn = courses.iter().filter_map(|course| {
        let is_it =
            |i: &usize| (specs[*i].from, specs[*i].to) == (course.pair.from, course.pair.to);
        // Nearly always the next one: both are in the order of the pairs.
        let found = (next..specs.len()).chain(0..next).find(is_it)?;
        next = found + 1;
        Some(draw(&specs[found], course, scale))
    });
    drawn.collect()
}

fn draw(spec: &RibbonSpec, course: &Course, scale: &Scale) -> Ribbon {
    let Course { curve, ends, is_rough, .. } = *course;
    let measured = if is_rough { curve.roughly_measured() } else { curve.measured() };
    let whole = measured.length();
    let body = curve.between(0.0, measured.parameter_at(whole - scale.mark));
    let length = if is_rough { (whole - scale.mark).max(0.0) } else { body.length() };
    let broken = stop_of(spec).map(|stop| stopped_at(stop, whole, ends));
    let mark = broken.map(|travelled| Mark {
        at: measured.point_at(travelled),
        along: (travelled / length.max(f64::MIN_POSITIVE)).min(1.0),
    });
    Ribbon {
        from: spec.from,
        to: spec.to,
        state: spec.state,
        stop: stop_of(spec),
        path: if is_rough { body.rough_path() } else { body.path() },
        length,
        head: head(&body, curve.to, scale),
        label: spec.label.clone(),
        mark,
        reach: broken.unwrap_or(whole),
        curve,
    }
}

/// Where it is stopped: only a blocked ribbon is, at the target unless it says otherwise.
fn stop_of(spec: &RibbonSpec) -> Option<Stop> {
    match spec.state {
        State::Open | State::Partly => None,
        State::Blocked => Some(spec.stop.unwrap_or(Stop::Ingress)),
    }
}

/// How many pixels from its start a ribbon is broken. Of two closed doors the first one counts.
fn stopped_at(stop: Stop, whole: f64, ends: Ends) -> f64 {
    match stop {
        Stop::Egress | Stop::Both => ends.source,
        Stop::Dns => (whole * LOOKUP).max(ends.source * 3.0).min(whole / 2.0),
        Stop::Ingress | Stop::Service => whole - ends.target,
    }
}

fn head(body: &Curve, tip: Point, scale: &Scale) -> [Point; 3] {
    let side = (tip - body.to).unit().left() * (scale.mark * 0.55);
    [tip, body.to + side, body.to - side]
}
