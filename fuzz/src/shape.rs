//! Values of a shape, and now and then of the wrong one, so that every refusal is reached.

use super::dice::Dice;

/// What a value looks like.
pub enum Shape {
    /// One of these, as they are written.
    Word(&'static [&'static str]),
    /// A list of up to three.
    List(&'static Shape),
    /// A map with some of these keys; those after a `?` are wrong there.
    Map(&'static [(&'static str, Shape)]),
}

use Shape::{List, Map, Word};

/// A value of a shape, in flow style.
pub fn written(shape: &Shape, dice: &mut Dice) -> String {
    const ODD: [&str; 10] = ["~", "{}", "[]", "1", "a", "\"\"", "[~]", "{a: b}", "true", "*a"];
    if dice.once_in(60) {
        return ODD[dice.index(ODD.len())].to_owned();
    }
    match shape {
        // Those of the second half are odd, or wrong.
        Word(words) => {
            let usual = if dice.once_in(12) { words.len() } else { words.len().div_ceil(2) };
            words[dice.index(usual)].to_owned()
        }
        List(of) => {
            let items: Vec<_> = (0..dice.below(4)).map(|_| written(of, dice)).collect();
            format!("[{}]", items.join(", "))
        }
        Map(fields) => {
            let mut entries = Vec::new();
            for (position, (field, shape)) in (1..).zip(*fields) {
                // Later fields are rarer, too, and wrong ones rare.
                let is_there = match field.strip_prefix('?') {
                    Some(_) => dice.once_in(40),
                    None => dice.below(position + 2) < 2,
                };
                if is_there {
                    let field = field.trim_start_matches('?');
                    entries.push(format!("{field}: {}", written(shape, dice)));
                }
            }
            format!("{{{}}}", entries.join(", "))
        }
    }
}
