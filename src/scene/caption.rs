//! Where does a text go, and how much room does it take?
//!
//! The picture is laid out without a browser, so text is measured by estimate: a generous width a
//! character. A name longer than its room is shortened in its middle, because names that belong
//! together differ at their ends; whoever draws it still has the whole.

use super::geometry::{Point, Rect};
use super::scale::Scale;

/// Which end of a text its point marks: SVG's `text-anchor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
}

impl Anchor {
    /// The value of the SVG attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }

    /// The left edge of a text of that width.
    fn left(self, x: f64, width: f64) -> f64 {
        match self {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        }
    }
}

/// One line of text in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// What it says, shortened where the room asks for it.
    pub text: String,
    /// Where it starts, is centred or ends (see `anchor`), on the baseline.
    pub at: Point,
    /// What `at` marks.
    pub anchor: Anchor,
    /// The room it takes.
    pub bounds: Rect,
}

impl Caption {
    /// A line in a font of that size, whose box begins at `top`.
    pub fn new(text: String, x: f64, top: f64, anchor: Anchor, font: f64) -> Self {
        let width = text_width(&text, font);
        let height = line_height(font);
        let left = anchor.left(x, width);
        Self {
            text,
            at: Point::new(x, top + height * 0.76),
            anchor,
            bounds: Rect::from_edges(left, top, left + width, top + height),
        }
    }
}

/// The side of its disc that a star's name is on: outwards, where no ribbon leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above, centred.
    North,
    /// Below, centred.
    South,
    /// To the right.
    East,
    /// To the left.
    West,
    /// Above, running to the right: beside would be too wide for a phone.
    NorthEast,
    /// Below, running to the right.
    SouthEast,
    /// Above, running to the left.
    NorthWest,
    /// Below, running to the left.
    SouthWest,
}

impl Side {
    /// The side that looks the way `outwards` points.
    pub fn facing(outwards: Point, room: Room) -> Self {
        let across = outwards.x.abs() > outwards.y.abs() * 1.2;
        match (across, outwards.x >= 0.0, outwards.y >= 0.0, room) {
            (false, _, false, _) => Side::North,
            (false, _, true, _) => Side::South,
            (true, true, _, Room::Ample) => Side::East,
            (true, false, _, Room::Ample) => Side::West,
            (true, true, false, Room::Narrow) => Side::NorthEast,
            (true, true, true, Room::Narrow) => Side::SouthEast,
            (true, false, false, Room::Narrow) => Side::NorthWest,
            (true, false, true, Room::Narrow) => Side::SouthWest,
        }
    }
}

/// Whether a star's label keeps room for a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It does, whether there is one or not, so that nothing moves.
    Possible,
    /// There never is one.
    Never,
}

/// Whether a name may stand beside its disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Beside, above or below.
    Ample,
    /// Above or below only.
    Narrow,
}

/// A star's name and the place of the note ("not watched") that may go with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The name.
    pub name: Caption,
    /// Where a note goes: on its baseline, anchored as the name is.
    pub note: Point,
    /// The room of both; the name's alone where there never is a note.
    pub bounds: Rect,
}

/// How far the ring around a star that is pointed at goes beyond its disc, in pixels.
const HALO: f64 = 8.0;

/// The widest note the room of a label is kept for, in characters: "not watched".
const NOTE: usize = 11;

/// The label of the star with that name, disc and side, at most `room` pixels wide.
pub fn label(
    name: &str,
    centre: Point,
    radius: f64,
    side: Side,
    room: f64,
    note: Note,
    scale: &Scale,
) -> Label {
    let text = shortened(name, room, scale.name);
    let beside = radius + HALO + scale.gap * 0.5;
    let (name_line, note_line) = (line_height(scale.name), line_height(scale.note));
    let (x, anchor) = match side {
        Side::North | Side::South => (centre.x, Anchor::Middle),
        Side::East => (centre.x + beside, Anchor::Start),
        Side::West => (centre.x - beside, Anchor::End),
        Side::NorthEast | Side::SouthEast => (centre.x - radius * 0.2, Anchor::Start),
        Side::NorthWest | Side::SouthWest => (centre.x + radius * 0.2, Anchor::End),
    };
    // The name is next to the disc: below it the note follows, above it the note goes first.
    let (top, note_top) = match side {
        Side::North | Side::NorthEast | Side::NorthWest => {
            let top = centre.y - radius - scale.gap - name_line;
            (top, top - note_line)
        }
        Side::South | Side::SouthEast | Side::SouthWest => {
            let top = centre.y + radius + scale.gap;
            (top, top + name_line)
        }
        Side::East | Side::West => {
            let top = centre.y - name_line / 2.0;
            (top, top + name_line)
        }
    };
    let name = Caption::new(text, x, top, anchor, scale.name);
    let beneath = Caption::new("n".repeat(NOTE), x, note_top, anchor, scale.note);
    Label {
        bounds: match note {
            Note::Possible => name.bounds.union(beneath.bounds),
            Note::Never => name.bounds,
        },
        note: beneath.at,
        name,
    }
}

/// The width of a text: an estimate that a bold system font stays within.
pub fn text_width(text: &str, font: f64) -> f64 {
    text.chars().count() as f64 * character_width(font)
}

/// The height of a line of text.
pub fn line_height(font: f64) -> f64 {
    font * 1.25
}

/// A text that fits the room: whole, or its beginning and end around an ellipsis.
pub fn shortened(text: &str, room: f64, font: f64) -> String {
    let letters: Vec<char> = text.chars().collect();
    let fits = ((room / character_width(font)) as usize).max(3);
    if letters.len() <= fits {
        return text.to_owned();
    }
    let tail = (fits - 1) / 2;
    let head = fits - 1 - tail;
    let end = letters.len() - tail;
    letters[..head].iter().chain(&['…']).chain(&letters[end..]).collect()
}

fn character_width(font: f64) -> f64 {
    font * 0.62
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_ends() {
        let cases = [
            ("payments", 100, "payments"),
            ("payments", 8, "payments"),
            ("payments", 7, "pay…nts"),
            ("payments", 0, "p…s"),
            ("größer-als-alles", 6, "grö…es"),
        ];
        for (text, letters, expected) in cases {
            let room = text_width("n", 10.0) * (f64::from(letters) + 0.1);
            assert_eq!(shortened(text, room, 10.0), expected);
        }
    }
}
