//! What does the picture look like: where are the stars, and how do the ribbons run?
//!
//! In: the stars and the ribbons by name, the size of the sky and the stars that someone has moved.
//! Out: a [`Scene`], geometry only. It must not know colours, time, the page that draws it, or what
//! a policy is. Where things are depends on the stars' names, the size and the moved stars, never on
//! which ribbons are open: the picture is the same on every machine and at every step.
//!
//! `layout` places the stars, `caption` their names, `ribbon` draws the ribbons, `walk` finds the
//! next star for a key.

mod caption;
mod codes;
mod geometry;
mod layout;
mod ribbon;
mod scale;
mod walk;

#[cfg(test)]
mod tests;

pub use caption::{Anchor, Caption, Label};
pub use codes::codes;
pub use geometry::{Curve, Point, Px, Rect, Size};
use ribbon::Course;
pub use ribbon::{BALL_POINTS, Mark, Pair, Ribbon, RibbonSpec, State, Stop};
pub use scale::Scale;
pub use walk::Heading;

use caption::{Room, Side};
use layout::{Brief, Plan};

/// How many colours there are for services; the ninth has the first colour and a ring.
pub const COLOURS: usize = 8;

/// What a workload is to the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Part of the application: calls and is called.
    Service,
    /// Watches the services: drawn apart, without ribbons.
    Observer,
}

/// A workload to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarSpec {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The short code that a scenario gives it.
    pub code: Option<String>,
    /// What it is to the picture.
    pub role: Role,
    /// What it stands for in the picture of a large cluster; none for a workload of a small one.
    pub stands_for: Option<StandsFor>,
}

/// What a star stands for in the picture of a large cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandsFor {
    /// What identifies it.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// How many pods it has: its disc is larger the more there are.
    pub pods: u32,
}

/// What is drawn as one star.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole namespace: it has no region around it.
    Namespace,
    /// A workload.
    Workload,
    /// A pod.
    Pod,
}

impl StarSpec {
    /// What identifies it: `namespace/name`, unless it stands for something with an id of its own.
    pub fn id(&self) -> String {
        match &self.stands_for {
            Some(stands_for) => stands_for.id.clone(),
            None => format!("{}/{}", self.namespace, self.name),
        }
    }

    /// Whether it is a whole namespace.
    fn is_namespace(&self) -> bool {
        self.stands_for.as_ref().is_some_and(|stands_for| stands_for.kind == Kind::Namespace)
    }
}

/// A workload as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Star {
    /// What identifies it: see [`StarSpec::id`].
    pub id: String,
    /// Its name in full.
    pub name: String,
    /// The letters in its disc.
    pub code: String,
    /// What it is to the picture.
    pub role: Role,
    /// The middle of its disc.
    pub centre: Point,
    /// The radius of its disc: at least 22 pixels, in a crowd at least 8.
    pub radius: f64,
    /// Its name beside the disc, and the place of a note to it.
    pub label: Label,
    /// Which of the [`COLOURS`] it has; none for an observer. In a crowd, all of a namespace have one.
    pub colour: Option<usize>,
    /// How many rings it has around its disc: 0 for the first [`COLOURS`] services, then 1, and so on.
    pub rings: usize,
}

/// A namespace: a rounded box around its stars.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The namespace in full.
    pub namespace: String,
    /// What its stars are: observers have a region of their own.
    pub role: Role,
    /// The box.
    pub bounds: Rect,
    /// The radius of the box's corners.
    pub corner: f64,
    /// The name on the box.
    pub title: Caption,
}

/// The picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The sky it is laid out for.
    pub size: Size,
    /// The sizes of texts, ribbons and marks.
    pub scale: Scale,
    /// The namespaces: services' first, each role sorted by name.
    pub regions: Vec<Region>,
    /// The stars, in the order they were given.
    pub stars: Vec<Star>,
    /// The ribbons, in the order they were given, without those whose ends are not services.
    pub ribbons: Vec<Ribbon>,
}

/// Stars that someone has put elsewhere, by id: parts (0 to 1) of the sky's width and height. They are few: a map
/// would cost the page a kilobyte.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved(Vec<(String, Point)>);

impl Moved {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a star elsewhere.
    pub fn put(&mut self, id: String, place: Point) {
        match self.find(&id) {
            Ok(at) => self.0[at].1 = place,
            Err(at) => self.0.insert(at, (id, place)),
        }
    }

    /// Where a star was put.
    pub fn get(&self, id: &str) -> Option<Point> {
        self.find(id).ok().map(|at| self.0[at].1)
    }

    fn find(&self, id: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(star, _)| star.as_str().cmp(id))
    }

    /// All of them, by id.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, Point)> {
        self.0.iter()
    }
}

impl Extend<(String, Point)> for Moved {
    fn extend<I: IntoIterator<Item = (String, Point)>>(&mut self, stars: I) {
        stars.into_iter().for_each(|(id, place)| self.put(id, place));
    }
}

/// Where everything is, whatever gets through: what a policy cannot move.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    size: Size,
    scale: Scale,
    regions: Vec<Region>,
    stars: Vec<Star>,
    courses: Vec<Course>,
}

/// Lays out the picture.
///
/// Ribbons that end at one star make room for one another, so give every ribbon that there may be,
/// and draw those that the view shows: then none moves as the view changes.
///
/// ```
/// use netpol_playground::scene::{self, Moved, Role, Size, StarSpec};
///
/// let star = |namespace: &str, name: &str| StarSpec {
///     namespace: namespace.to_owned(),
///     name: name.to_owned(),
///     code: None,
///     role: Role::Service,
///     stands_for: None,
/// };
/// let stars = [star("frontend", "client"), star("backend", "facade")];
/// let size = Size { width: 1140.0, height: 790.0 };
/// let ground = scene::ground(size, &stars, &[], &Moved::new());
/// let scene = scene::draw(&ground, &[]);
/// assert_eq!(scene.stars[0].code, "C");
/// assert_eq!(scene.regions[0].namespace, "backend");
/// ```
pub fn ground(size: Size, stars: &[StarSpec], pairs: &[Pair], moved: &Moved) -> Ground {
    let groups = layout::groups(stars);
    let mut brief = Brief { stars, groups: &groups, size, scale: Scale::of(size) };
    let (scale, mut plan) = layout::plan(&brief);
    brief.scale = scale;
    relocate(&brief, &mut plan, moved);

    let regions: Vec<Region> = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| !group.is_one)
        .map(|(index, group)| {
            let (bounds, title) = brief.region_in(&plan, index);
            Region {
                namespace: group.namespace.clone(),
                role: group.role,
                bounds,
                corner: brief.scale.padding * 1.25,
                title,
            }
        })
        .collect();
    let stars = stars_of(&brief, &plan);
    let is_crowd = brief.is_crowd();
    let sky = ribbon::Sky { size, stars: &stars, regions: &regions, scale: &brief.scale, is_crowd };
    let courses = ribbon::courses(pairs, &sky);
    Ground { size, scale: brief.scale, courses, regions, stars }
}

/// Draws what gets through: the ribbons that have a course on this ground.
pub fn draw(ground: &Ground, ribbons: &[RibbonSpec]) -> Scene {
    let Ground { size, scale, regions, stars, courses } = ground;
    Scene {
        size: *size,
        scale: *scale,
        regions: regions.clone(),
        stars: stars.clone(),
        ribbons: ribbon::ribbons(ribbons, courses, scale),
    }
}

/// Puts moved stars where they were moved to, as far as they and their names stay in the sky.
fn relocate(brief: &Brief, plan: &mut Plan, moved: &Moved) {
    let Size { width, height } = brief.size;
    for (index, star) in brief.stars.iter().enumerate() {
        let Some(place) = moved.get(&star.id()) else {
            continue;
        };
        let part = |part: f64| {
            if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 }
        };
        let spot = &mut plan.spots[index];
        spot.centre = Point::new(part(place.x) * width, part(place.y) * height);
        let outwards = spot.centre - Point::new(width / 2.0, height / 2.0);
        spot.side = Side::facing(outwards, Room::Narrow);
        let disc = Rect::around(spot.centre, spot.radius);
        let held = disc.union(brief.label(index, spot).bounds).grow(brief.scale.gap);
        let back = |low: f64, high: f64, end: f64| (end - high).min(0.0).max(-low);
        let by = Point::new(back(held.x, held.right(), width), back(held.y, held.bottom(), height));
        spot.centre = spot.centre + by;
    }
}

fn stars_of(brief: &Brief, plan: &Plan) -> Vec<Star> {
    let given: Vec<&str> = brief.stars.iter().filter_map(|star| star.code.as_deref()).collect();
    let nameless = brief.stars.iter().filter(|star| star.code.is_none());
    let codes = codes(nameless.map(|star| star.name.as_str()), &given);
    let ranks = ranks(brief);
    brief
        .stars
        .iter()
        .enumerate()
        .map(|(index, star)| {
            let spot = &plan.spots[index];
            let code = star.code.as_ref().or_else(|| codes.get(star.name.as_str()));
            Star {
                id: star.id(),
                name: star.name.clone(),
                code: code.cloned().unwrap_or_default(),
                role: star.role,
                centre: spot.centre,
                radius: spot.radius,
                label: brief.label(index, spot),
                colour: ranks[index].map(|rank| rank % COLOURS),
                rings: match (ranks[index], &star.stands_for) {
                    (Some(rank), None) => rank / COLOURS,
                    _ => 0,
                },
            }
        })
        .collect()
}

/// The place of every service among the services sorted by namespace and name; in a crowd, where one star more
/// must not colour others anew, that of its namespace.
fn ranks(brief: &Brief) -> Vec<Option<usize>> {
    let mut ranks = vec![None; brief.stars.len()];
    let mut services = 0;
    for (namespace, group) in brief.groups.iter().enumerate() {
        for &star in group.members.iter().filter(|_| group.role == Role::Service) {
            let is_crowd = brief.stars[star].stands_for.is_some();
            ranks[star] = Some(if is_crowd { namespace } else { services });
            services += 1;
        }
    }
    ranks
}
