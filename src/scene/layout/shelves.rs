//! Regions in rows, like boxes on shelves; the stars of a region in a grid.
//!
//! For clusters too large for a ring. Ribbons may pass close to other stars here; discs, names and
//! regions still keep apart, as long as the sky has room for them at all.

use super::{Brief, Edge, Perch, Plan, Spot};
use crate::scene::Role;
use crate::scene::caption::{Anchor, Side, line_height, text_width};
use crate::scene::geometry::{Point, Rect};
use crate::scene::scale::SMALLEST_RADIUS;

/// Groups that move as one: their spots, relative to each other.
pub struct Block {
    spots: Vec<(usize, Spot)>,
    perches: Vec<(usize, Perch)>,
    /// The box around the regions.
    pub bounds: Rect,
}

impl Block {
    /// Puts the block's upper left corner at `corner`.
    pub fn place(&self, corner: Point, plan: &mut Plan) {
        let by = corner - Point::new(self.bounds.x, self.bounds.y);
        for (star, spot) in &self.spots {
            plan.spots[*star] = Spot { centre: spot.centre + by, ..*spot };
        }
        for (group, perch) in &self.perches {
            plan.perches[*group] = *perch;
        }
    }

    fn beside(mut self, other: Block, gap: f64) -> Self {
        let by = Point::new(
            self.bounds.right() + gap - other.bounds.x,
            self.bounds.bottom() - other.bounds.bottom(),
        );
        let moved = other.spots.into_iter().map(|(star, spot)| {
            let centre = spot.centre + by;
            (star, Spot { centre, ..spot })
        });
        self.spots.extend(moved);
        self.perches.extend(other.perches);
        self.bounds = self.bounds.union(other.bounds.shifted(by));
        self
    }
}

/// How much room each star of a grid is given.
#[derive(Clone, Copy)]
struct Cell {
    radius: f64,
    letters: usize,
    columns: usize,
}

/// All groups of a role side by side, one star wide.
pub fn row(brief: &Brief, role: Role) -> Block {
    let cell = Cell { radius: brief.scale.observer(), letters: 18, columns: 1 };
    brief
        .groups_of(role)
        .map(|group| grid(brief, group, cell))
        .reduce(|row, next| row.beside(next, brief.scale.padding))
        .unwrap_or(Block {
            spots: Vec::new(),
            perches: Vec::new(),
            bounds: Rect::around(Point::default(), 0.0),
        })
}

/// The stars of a group in rows, their names below them.
fn grid(brief: &Brief, group: usize, cell: Cell) -> Block {
    let scale = &brief.scale;
    let perch = Perch { edge: Edge::Top, anchor: Anchor::Middle };
    let room = text_width("n", scale.name) * (cell.letters as f64 + 0.1);
    let spot = |centre| Spot { centre, radius: cell.radius, side: Side::South, room };
    let members = &brief.groups[group].members;
    let widest = members
        .iter()
        .map(|&star| brief.label(star, &spot(Point::default())).bounds.width)
        .fold(cell.radius * 3.0, f64::max);
    let step = Point::new(
        widest + scale.gap * 2.0,
        cell.radius * 2.0 + line_height(scale.name) + line_height(scale.note) + scale.gap * 3.0,
    );
    let spots: Vec<(usize, Spot)> = members
        .iter()
        .enumerate()
        .map(|(place, &star)| {
            let column = (place % cell.columns) as f64;
            let row = (place / cell.columns) as f64;
            (star, spot(Point::new(column * step.x, row * step.y)))
        })
        .collect();
    let held = spots.iter().map(|(star, spot)| (*star, spot));
    Block { bounds: brief.region(group, perch, held).0, perches: vec![(group, perch)], spots }
}

/// Everything on shelves: the most generous cells that the sky has room for.
pub fn arrange(brief: &Brief) -> Plan {
    let largest = brief.groups.iter().map(|group| group.members.len()).max().unwrap_or(1);
    let full = brief.scale.radius;
    let cells = [(full, 18), (full * 0.85, 14), (full * 0.7, 11), (SMALLEST_RADIUS, 9)];
    let tries = cells.into_iter().flat_map(|(radius, letters)| {
        (1..=largest).map(move |columns| Cell {
            radius: radius.max(SMALLEST_RADIUS),
            letters,
            columns,
        })
    });
    let mut closest: Option<Shelves> = None;
    for cell in tries {
        let shelves = Shelves::stacked(brief, cell);
        let overflow = shelves.overflow(brief.canvas());
        if overflow <= 0.0 {
            return shelves.place(brief);
        }
        if closest.as_ref().is_none_or(|best| overflow < best.overflow(brief.canvas())) {
            closest = Some(shelves);
        }
    }
    closest.map_or_else(|| Plan::empty(brief), |shelves| squeezed(brief, shelves.place(brief)))
}

/// Blocks in rows, none wider than the canvas unless a block is.
struct Shelves {
    rows: Vec<Vec<Block>>,
    gap: f64,
}

impl Shelves {
    fn stacked(brief: &Brief, cell: Cell) -> Self {
        let gap = brief.scale.padding;
        let width = brief.canvas().width;
        let mut rows: Vec<Vec<Block>> = Vec::new();
        let mut taken = f64::INFINITY;
        for group in 0..brief.groups.len() {
            let block = grid(brief, group, cell);
            taken += gap + block.bounds.width;
            if taken <= width
                && let Some(row) = rows.last_mut()
            {
                row.push(block);
            } else {
                taken = block.bounds.width;
                rows.push(vec![block]);
            }
        }
        Self { rows, gap }
    }

    fn width(row: &[Block], gap: f64) -> f64 {
        row.iter().map(|block| block.bounds.width + gap).sum::<f64>() - gap
    }

    fn height(row: &[Block]) -> f64 {
        row.iter().map(|block| block.bounds.height).fold(0.0, f64::max)
    }

    fn total_height(&self) -> f64 {
        self.rows.iter().map(|row| Self::height(row) + self.gap).sum::<f64>() - self.gap
    }

    /// By how many pixels it is too large.
    fn overflow(&self, canvas: Rect) -> f64 {
        let widest = self.rows.iter().map(|row| Self::width(row, self.gap)).fold(0.0, f64::max);
        (self.total_height() - canvas.height).max(0.0) + (widest - canvas.width).max(0.0)
    }

    /// Every block on its shelf, what room is left spread evenly.
    fn place(&self, brief: &Brief) -> Plan {
        let mut plan = Plan::empty(brief);
        let canvas = brief.canvas();
        let spare = (canvas.height - self.total_height()).max(0.0) / (self.rows.len() + 1) as f64;
        let mut top = canvas.y + spare;
        for row in &self.rows {
            let height = Self::height(row);
            let room = (canvas.width - Self::width(row, self.gap)).max(0.0);
            let spread = room / (row.len() + 1) as f64;
            let mut left = canvas.x + spread;
            for block in row {
                let slack = height - block.bounds.height;
                block.place(Point::new(left, top + slack / 2.0), &mut plan);
                left += block.bounds.width + self.gap + spread;
            }
            top += height + self.gap + spare;
        }
        plan
    }
}

/// A plan that is too large for its canvas, pressed into it: discs stay as large as a finger needs,
/// and names may touch.
fn squeezed(brief: &Brief, mut plan: Plan) -> Plan {
    let canvas = brief.canvas();
    let bounds = (0..brief.groups.len())
        .map(|group| brief.region_in(&plan, group).0)
        .reduce(Rect::union)
        .unwrap_or(canvas);
    let room = canvas.grow(-brief.scale.radius * 2.0);
    let factor = |room: f64, length: f64| {
        if length > room { (room / length).max(0.0) } else { 1.0 }
    };
    let (x, y) = (factor(room.width, bounds.width), factor(room.height, bounds.height));
    for spot in &mut plan.spots {
        let off = spot.centre - bounds.centre();
        spot.centre = canvas.centre() + Point::new(off.x * x, off.y * y);
    }
    plan
}
