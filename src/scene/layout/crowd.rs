//! A large cluster: namespaces in bands, by name, and in each of them the stars in a grid.
//!
//! What is added moves as little as can be. Every size is one of a few: how many stars a region has room for,
//! how wide a name may be, how large discs and letters are. So a workload more rarely changes any of them, and
//! what hangs on them stays where it is. Which band a namespace is in depends on how many namespaces there are,
//! as long as there is room, and not on what is unfolded. Which cell a star takes is for [`cells`] to say.

use std::ops::RangeInclusive;

use super::{Brief, Edge, Perch, Plan, Spot, cells};
use crate::scene::caption::{Anchor, Side, line_height, text_width};
use crate::scene::geometry::{Point, Rect};
use crate::scene::scale::{Level, Scale};

/// The plan of a crowd, and the sizes that it is made with.
pub fn arrange(brief: &Brief) -> (Scale, Plan) {
    let canvas = brief.canvas();
    let (mut closest, mut least) = (None, f64::INFINITY);
    'tries: for Try { level, is_roomy, letters, bands } in tries(brief) {
        for bands in bands {
            let terms = Terms { level, is_roomy, letters, bands };
            let bands = Bands::stacked(brief, terms);
            let lacking = bands.lacking(canvas);
            if lacking < least {
                (closest, least) = (Some(bands), lacking);
            }
            if lacking <= 0.0 {
                break 'tries;
            }
        }
    }
    match closest {
        Some(bands) => (bands.scale, bands.place(brief)),
        None => (brief.scale, Plan::empty(brief)),
    }
}

/// Widths of names, in letters.
const LETTERS: [usize; 9] = [4, 6, 8, 10, 12, 14, 16, 18, 20];

/// What can be given up for want of room.
#[derive(Clone, Copy)]
struct Terms {
    level: Level,
    /// Whether regions are given more room than they need, for what is added to them.
    is_roomy: bool,
    /// How many letters of a name are written.
    letters: usize,
    /// How many bands there are.
    bands: usize,
}

/// Terms to try, with each of these numbers of bands.
struct Try {
    level: Level,
    is_roomy: bool,
    letters: usize,
    bands: RangeInclusive<usize>,
}

/// What to try, best first: names in full, in bands that suit the number of namespaces, roomy and then tight;
/// then in other bands; then names that are cut.
fn tries(brief: &Brief) -> Vec<Try> {
    let longest = brief.stars.iter().map(|star| star.name.chars().count()).max().unwrap_or(0);
    let whole = LETTERS.iter().position(|letters| *letters >= longest);
    let whole = whole.unwrap_or(LETTERS.len() - 1);
    let groups = brief.groups.len();
    let canvas = brief.canvas();
    let suiting = (groups as f64 * ASPECT * canvas.height / canvas.width.max(1.0)).sqrt();
    let suiting = (suiting.round() as usize).clamp(1, groups.max(1));
    let (roomy, tight) = (&Level::ALL[..6], &Level::ALL[3..]);
    let (suiting, all) = (suiting..=suiting, 1..=groups.min(MOST_BANDS));
    let mut tries = Vec::new();
    let mut add = |levels: &[Level], is_roomy, letters: usize, bands: &RangeInclusive<usize>| {
        for &level in levels {
            tries.push(Try { level, is_roomy, letters: LETTERS[letters], bands: bands.clone() });
        }
    };
    add(roomy, true, whole, &suiting);
    add(tight, false, whole, &suiting);
    for letters in (0..=whole).rev() {
        add(tight, false, letters, &all);
    }
    tries
}

/// No sky is high enough for more bands.
const MOST_BANDS: usize = 20;

/// How many times as wide as high the place of a namespace is, all else being equal.
const ASPECT: f64 = 1.6;

/// How far apart two stars may be, in parts of what they need: beyond, a sky is left empty.
const LARGEST_STRETCH: f64 = 2.5;

/// How much of the room around it a disc fills, at most, in parts of what it needs.
const LARGEST_GROWTH: f64 = 1.5;

/// One region, or namespaces next to each other that are one star each.
struct Item {
    groups: std::ops::Range<usize>,
    is_region: bool,
    /// For how many stars there is room, at least.
    room: usize,
}

/// Items side by side.
struct Band {
    items: Vec<Item>,
    /// How many stars stand below one another.
    rows: usize,
}

impl Band {
    fn columns(&self, item: &Item) -> usize {
        item.room.div_ceil(self.rows)
    }

    fn all_columns(&self) -> usize {
        self.items.iter().map(|item| self.columns(item)).sum()
    }

    fn regions(&self) -> usize {
        self.items.iter().filter(|item| item.is_region).count()
    }
}

struct Bands {
    bands: Vec<Band>,
    scale: Scale,
    terms: Terms,
    /// What each star needs.
    cell: Point,
}

impl Bands {
    /// So many bands with as many groups each, and each as low as its width allows.
    fn stacked(brief: &Brief, terms: Terms) -> Self {
        let scale = Scale::crowded(terms.level);
        let name = text_width("n", scale.name) * terms.letters as f64;
        let cell = Point::new(
            name.max(scale.radius * 2.0) + scale.gap * 2.0,
            scale.radius * 2.0 + line_height(scale.name) + scale.gap * 3.0,
        );
        let groups = brief.groups.len();
        let mut this = Self { bands: Vec::new(), scale, terms, cell };
        let count = terms.bands;
        for band in 0..count {
            let mut items: Vec<Item> = Vec::new();
            for group in band * groups / count..(band + 1) * groups / count {
                let is_region = !brief.groups[group].is_one;
                match items.last_mut() {
                    Some(item) if !is_region && !item.is_region => {
                        item.groups.end = group + 1;
                        item.room += 1;
                    }
                    _ => {
                        let members = brief.groups[group].members.len();
                        let room = if is_region { room_for(members, terms) } else { 1 };
                        items.push(Item { groups: group..group + 1, is_region, room });
                    }
                }
            }
            let most = items.iter().map(|item| item.room).max().unwrap_or(1);
            let mut band = Band { items, rows: 1 };
            while band.rows < most && this.width(&band) > brief.canvas().width {
                band.rows += 1;
            }
            this.bands.push(band);
        }
        this
    }

    /// What lies between the cells of a band: frames, and room between items.
    fn between(&self, band: &Band) -> f64 {
        let items = band.items.len().saturating_sub(1) as f64;
        self.scale.padding * (items + 2.0 * band.regions() as f64)
    }

    fn width(&self, band: &Band) -> f64 {
        band.all_columns() as f64 * self.cell.x + self.between(band)
    }

    /// What lies above and below the cells of a band: its titles and frames.
    fn around(&self, band: &Band) -> [f64; 2] {
        let padding = self.scale.padding;
        match band.regions() {
            0 => [0.0, 0.0],
            _ => [line_height(self.scale.note) + padding, padding],
        }
    }

    fn all_rows(&self) -> usize {
        self.bands.iter().map(|band| band.rows).sum()
    }

    /// What of the height is no cell's.
    fn fixed(&self) -> f64 {
        let around = |band| self.around(band).iter().sum::<f64>();
        let gaps = self.bands.len().saturating_sub(1) as f64 * self.scale.padding;
        self.bands.iter().map(around).sum::<f64>() + gaps
    }

    /// By how many pixels it is too large.
    fn lacking(&self, canvas: Rect) -> f64 {
        let widest = self.bands.iter().map(|band| self.width(band)).fold(0.0, f64::max);
        let height = self.all_rows() as f64 * self.cell.y + self.fixed();
        (widest - canvas.width).max(0.0) + (height - canvas.height).max(0.0)
    }

    /// Every star in its cell, the cells as far apart as the sky allows; or as close as it demands.
    fn place(&self, brief: &Brief) -> Plan {
        let canvas = brief.canvas();
        let mut plan = Plan::empty(brief);
        plan.frames = vec![None; brief.groups.len()];
        // Not `clamp`, which can say what is wrong with its bounds: to write floats costs the page 5 kB.
        let stretched = |room: f64, fixed: f64, cells: usize, cell: f64| {
            ((room - fixed) / cells.max(1) as f64).min(cell * LARGEST_STRETCH).max(1.0)
        };
        let rows = self.all_rows();
        let high = stretched(canvas.height, self.fixed(), rows, self.cell.y);
        let spare = canvas.height - self.fixed() - high * rows as f64;
        let growth = self.growth(high);
        let mut top = canvas.y + spare.max(0.0) / 2.0;
        for band in &self.bands {
            let columns = band.all_columns();
            let wide = stretched(canvas.width, self.between(band), columns, self.cell.x);
            let spare = canvas.width - self.between(band) - wide * columns as f64;
            let mut left = canvas.x + spare.max(0.0) / 2.0;
            let [above, below] = self.around(band);
            let cell = Point::new(wide, high);
            for item in &band.items {
                let frame = if item.is_region { self.scale.padding } else { 0.0 };
                let columns = band.columns(item);
                let corner = Point::new(left + frame, top + above);
                let grid = Grid { corner, cell, columns, growth };
                self.fill(brief, item, &grid, columns * band.rows, &mut plan);
                let right = left + columns as f64 * wide + 2.0 * frame;
                if item.is_region {
                    let bottom = top + above + band.rows as f64 * high + below;
                    let bounds = Rect::from_edges(left, top, right, bottom);
                    plan.frames[item.groups.start] = Some(bounds);
                }
                left = right + self.scale.padding;
            }
            top += above + band.rows as f64 * high + below + self.scale.padding;
        }
        plan
    }

    /// How much larger discs are than they have to be, in cells of that height.
    fn growth(&self, high: f64) -> f64 {
        let Scale { radius, name, gap, .. } = self.scale;
        let most = (high - line_height(name) - gap * 3.0).min(self.cell.x - gap * 2.0) / 2.0;
        (most / radius).clamp(1.0, LARGEST_GROWTH)
    }

    fn fill(&self, brief: &Brief, item: &Item, grid: &Grid, cells: usize, plan: &mut Plan) {
        let groups = &brief.groups[item.groups.clone()];
        let stars: Vec<usize> = groups.iter().flat_map(|group| group.members.clone()).collect();
        let places: Vec<usize> = if item.is_region {
            let ids: Vec<String> = stars.iter().map(|&star| brief.stars[star].id()).collect();
            cells::assign(&ids, cells)
        } else {
            (0..stars.len()).collect()
        };
        let room = text_width("n", self.scale.name) * (self.terms.letters as f64 + 0.1);
        for (star, place) in stars.into_iter().zip(places) {
            let pods =
                brief.stars[star].stands_for.as_ref().map_or(1, |stands_for| stands_for.pods);
            let radius = self.terms.level.radius(pods) * grid.growth;
            plan.spots[star] = Spot {
                centre: grid.centre(place) - Point::new(0.0, line_height(self.scale.name) / 2.0),
                radius,
                side: Side::South,
                room: room.min(grid.cell.x),
            };
        }
        for group in item.groups.clone() {
            plan.perches[group] = Perch { edge: Edge::Top, anchor: Anchor::Start };
        }
    }
}

/// Cells in rows.
struct Grid {
    corner: Point,
    cell: Point,
    columns: usize,
    /// How much larger the discs are than they have to be.
    growth: f64,
}

impl Grid {
    fn centre(&self, place: usize) -> Point {
        let (column, row) = ((place % self.columns) as f64, (place / self.columns) as f64);
        self.corner + Point::new((column + 0.5) * self.cell.x, (row + 0.5) * self.cell.y)
    }
}

/// For how many stars a region of so many has room. On roomy terms steps are large, and there are at least a quarter
/// more cells than stars, so that few of them want the same one.
fn room_for(members: usize, terms: Terms) -> usize {
    if terms.is_roomy {
        return (members + members.div_ceil(4)).next_power_of_two();
    }
    // 1, 2, 4, 6, 9, 12, 16, 20 and so on.
    let (mut a, mut b) = (1, 1);
    while a * b < members {
        (a, b) = (b, a + 1);
    }
    a * b
}
