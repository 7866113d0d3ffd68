//! Where is every star?
//!
//! In: the stars' names, namespaces and roles, and the size of the sky. Out: a [`Plan`]. It must not
//! know which ribbons there are: a picture that stays put while policies come and go is what makes
//! the change visible.
//!
//! A few services stand on a [`ring`], where no ribbon has another star in its way; many are
//! stacked on [`shelves`]. What stands for many is a [`crowd`].

mod cells;
mod crowd;
mod ring;
mod shelves;

use super::caption::{self, Anchor, Caption, Label, Note, Side};
use super::geometry::{Point, Rect, Size};
use super::scale::Scale;
use super::{Role, StarSpec};

/// Stars of one role in one namespace: what shares a region.
pub struct Group {
    /// The namespace.
    pub namespace: String,
    /// What its stars are.
    pub role: Role,
    /// Its stars, by index, sorted by name.
    pub members: Vec<usize>,
    /// Whether it is drawn as one star, without a region.
    pub is_one: bool,
}

/// The groups of the stars: services first, each role sorted by namespace.
pub fn groups(stars: &[StarSpec]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, star) in stars.iter().enumerate() {
        let key = (star.role, star.namespace.as_str());
        let of = |group: &Group| (group.role, group.namespace.as_str()).cmp(&key);
        let group = groups.binary_search_by(of).unwrap_or_else(|at| {
            let (namespace, role) = (star.namespace.clone(), star.role);
            let is_one = star.is_namespace();
            groups.insert(at, Group { namespace, role, members: Vec::new(), is_one });
            at
        });
        let members = &mut groups[group].members;
        let at = members.partition_point(|&member| stars[member].name <= star.name);
        members.insert(at, index);
    }
    groups
}

/// Where a star is and where its name goes.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// The centre of its disc.
    pub centre: Point,
    /// The radius of its disc.
    pub radius: f64,
    /// The side of the disc its name is on.
    pub side: Side,
    /// The widest its name may be.
    pub room: f64,
}

/// Where a region has its title.
#[derive(Clone, Copy, Debug)]
pub struct Perch {
    /// Along which edge.
    pub edge: Edge,
    /// At which end of it; the region grows that way when its title is wider than its stars.
    pub anchor: Anchor,
}

/// The edges a title can be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
}

/// A spot for every star and a perch for every group, in the order they were given.
#[derive(Clone, Debug)]
pub struct Plan {
    /// By star.
    pub spots: Vec<Spot>,
    /// By group.
    pub perches: Vec<Perch>,
    /// By group, the box that its region has whatever is in it; empty where stars make their regions' boxes.
    pub frames: Vec<Option<Rect>>,
}

impl Plan {
    /// Everything in the upper left corner, for a layout to fill in.
    fn empty(brief: &Brief) -> Self {
        let spot = Spot {
            centre: Point::default(),
            radius: brief.scale.radius,
            side: Side::South,
            room: f64::INFINITY,
        };
        let perch = Perch { edge: Edge::Top, anchor: Anchor::Start };
        Self {
            spots: vec![spot; brief.stars.len()],
            perches: vec![perch; brief.groups.len()],
            frames: Vec::new(),
        }
    }
}

/// What the layouts are given.
pub struct Brief<'a> {
    /// The stars.
    pub stars: &'a [StarSpec],
    /// Their groups.
    pub groups: &'a [Group],
    /// The sky.
    pub size: Size,
    /// The sizes of everything in it.
    pub scale: Scale,
}

impl Brief<'_> {
    /// Whether its stars stand for many: then so do all.
    pub fn is_crowd(&self) -> bool {
        self.stars.iter().any(|star| star.stands_for.is_some())
    }

    /// The groups of that role.
    fn groups_of(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        (0..self.groups.len()).filter(move |&group| self.groups[group].role == role)
    }

    /// The stars of that role, group by group.
    fn members(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.groups_of(role).flat_map(|group| self.groups[group].members.iter().copied())
    }

    /// The label of a star at that spot.
    pub fn label(&self, star: usize, spot: &Spot) -> Label {
        let StarSpec { name, role, stands_for, .. } = &self.stars[star];
        let note = match (role, stands_for) {
            (Role::Service, None) => Note::Possible,
            (Role::Observer, _) | (_, Some(_)) => Note::Never,
        };
        let Spot { centre, radius, side, room } = *spot;
        caption::label(name, centre, radius, side, room, note, &self.scale)
    }

    /// The box and the title of a group whose members are at these spots.
    pub fn region<'s>(
        &self,
        group: usize,
        perch: Perch,
        spots: impl IntoIterator<Item = (usize, &'s Spot)>,
    ) -> (Rect, Caption) {
        let Scale { padding, note, .. } = self.scale;
        let held = spots
            .into_iter()
            .map(|(star, spot)| {
                Rect::around(spot.centre, spot.radius).union(self.label(star, spot).bounds)
            })
            .reduce(Rect::union)
            .unwrap_or(Rect::around(Point::default(), 0.0));
        let room = self.size.width / 3.0;
        let text = caption::shortened(&self.groups[group].namespace, room, note);
        let (width, height) = (caption::text_width(&text, note), caption::line_height(note));
        let lacking = (width - held.width).max(0.0);
        let (left, right) = match perch.anchor {
            Anchor::Start => (lacking, 0.0),
            Anchor::Middle => (lacking / 2.0, lacking / 2.0),
            Anchor::End => (0.0, lacking),
        };
        let (above, below) = match perch.edge {
            Edge::Top => (height - padding * 0.3, 0.0),
            Edge::Bottom => (0.0, height - padding * 0.3),
        };
        let inner = Rect::from_edges(
            held.x - left,
            held.y - above,
            held.right() + right,
            held.bottom() + below,
        );
        let x = match perch.anchor {
            Anchor::Start => inner.x,
            Anchor::Middle => inner.centre().x,
            Anchor::End => inner.right(),
        };
        let top = match perch.edge {
            Edge::Top => inner.y - padding * 0.4,
            Edge::Bottom => inner.bottom() - height + padding * 0.4,
        };
        let title = Caption::new(text, x, top, perch.anchor, note);
        (inner.grow(padding), title)
    }

    /// The box and the title of a group in a plan.
    pub fn region_in(&self, plan: &Plan, group: usize) -> (Rect, Caption) {
        let members = &self.groups[group].members;
        let spots = members.iter().map(|&star| (star, &plan.spots[star]));
        match plan.frames.get(group).copied().flatten() {
            Some(frame) => self.framed(group, frame, spots),
            None => self.region(group, plan.perches[group], spots),
        }
    }

    /// The frame and the title of a group whose members may have been moved out of the frame.
    fn framed<'s>(
        &self,
        group: usize,
        frame: Rect,
        spots: impl IntoIterator<Item = (usize, &'s Spot)>,
    ) -> (Rect, Caption) {
        let Scale { padding, note, .. } = self.scale;
        let bounds = spots
            .into_iter()
            .fold(frame, |bounds, (_, spot)| bounds.union(Rect::around(spot.centre, spot.radius)));
        let room = bounds.width - 2.0 * padding;
        let text = caption::shortened(&self.groups[group].namespace, room, note);
        let at = Point::new(bounds.x + padding, bounds.y + padding * 0.6);
        (bounds, Caption::new(text, at.x, at.y, Anchor::Start, note))
    }

    /// The part of the sky that may be drawn on.
    fn canvas(&self) -> Rect {
        Rect::from_edges(0.0, 0.0, self.size.width, self.size.height).grow(-self.scale.gap * 2.0)
    }

    /// Whether everything in the plan has room: regions, discs and labels keep apart and inside.
    fn fits(&self, plan: &Plan) -> bool {
        let regions: Vec<Rect> =
            (0..self.groups.len()).map(|group| self.region_in(plan, group).0).collect();
        let canvas = self.canvas().grow(0.5);
        let inside = regions.iter().all(|region| canvas.union(*region) == canvas);
        let apart = pairs(&regions).all(|(a, b)| !a.grow(self.scale.padding * 0.4).overlaps(*b));
        inside && apart && self.groups.iter().all(|group| self.members_apart(plan, group))
    }

    /// Whether the stars of one region keep out of each other's way, with room for a ribbon.
    fn members_apart(&self, plan: &Plan, group: &Group) -> bool {
        let members: Vec<(Spot, Rect)> = group
            .members
            .iter()
            .map(|&star| (plan.spots[star], self.label(star, &plan.spots[star]).bounds))
            .collect();
        pairs(&members).all(|((a, a_label), (b, b_label))| {
            a.centre.distance(b.centre) >= a.radius + b.radius + self.scale.radius * 1.2
                && !a_label.overlaps(*b_label)
                && a_label.distance(b.centre) > b.radius
                && b_label.distance(a.centre) > a.radius
        })
    }
}

/// Every unordered pair.
fn pairs<T>(items: &[T]) -> impl Iterator<Item = (&T, &T)> {
    items.iter().enumerate().flat_map(|(index, a)| items[index + 1..].iter().map(move |b| (a, b)))
}

/// The plan of a sky, and the sizes that it is made with: the first arrangement that has room for everything.
pub fn plan(brief: &Brief) -> (Scale, Plan) {
    if brief.is_crowd() {
        return crowd::arrange(brief);
    }
    let mut rings = ring::arrangements(brief);
    let plan = rings.find(|plan| brief.fits(plan)).unwrap_or_else(|| shelves::arrange(brief));
    (brief.scale, plan)
}
