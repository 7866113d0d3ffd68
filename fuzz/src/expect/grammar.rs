//! Expectations that are nearly right, from nothing. Their ends are those of the cluster that judges
//! them.

use crate::dice::Dice;
use crate::shape::Shape::{self, List, Map, Word};
use crate::shape::written;

const END: Shape = Word(&[
    "x/a",
    "x/b",
    "\"x/b[Pod]\"",
    "\"x/b[Deployment]\"",
    "\"x/b[Deployment]#2\"",
    "y/node",
    "internet",
    "10.244.0.1",
    "203.0.113.7",
    "\"fd00::1\"",
    "a.x",
    "b.x",
    "c.x",
    "d.y",
    "e.y.svc.cluster.local",
    "kube-system/kube-dns",
    "f.x",
    "a",
    "x/c",
    "x/a#2",
    "10.96.0.1",
    "192.168.0.1",
    "\"::\"",
    "www.example.com",
    "\"a\\nb\"",
    "\" x/a \"",
    "x/",
    "/",
    "1",
    "\"\"",
]);
const ITEM: Shape = Map(&[
    ("from", END),
    ("to", END),
    ("verdict", Word(&["open", "blocked", "Open", "denied"])),
    (
        "port",
        Word(&[
            "80", "80/TCP", "53/UDP", "9/SCTP", "8080", "443", "0", "65536", "80-90", "http",
            "80/tcp", "-1",
        ]),
    ),
    ("?because", END),
]);
const FILE: Shape = Map(&[("expect", List(&ITEM)), ("?expected", List(&ITEM)), ("?kind", END)]);

/// The lines of a file: a line an item, or all of it in one.
pub fn text(dice: &mut Dice) -> Vec<String> {
    if dice.once_in(6) {
        return vec![written(&FILE, dice)];
    }
    let mut lines = vec!["expect:".to_owned()];
    for _ in 0..dice.below(4) {
        lines.extend(items(dice));
    }
    lines
}

/// The lines of some items.
pub fn items(dice: &mut Dice) -> Vec<String> {
    if dice.once_in(3) {
        let item = |dice: &mut Dice| format!("- {}", written(&ITEM, dice));
        return vec![item(dice), item(dice)];
    }
    let Map(fields) = &ITEM else { return Vec::new() };
    let mut lines = Vec::new();
    for (field, shape) in fields.iter().filter(|(field, _)| !field.starts_with('?')) {
        // The port may be missing; now and then so is something else.
        if !dice.once_in(if *field == "port" { 3 } else { 20 }) {
            let dash = if lines.is_empty() { "-" } else { " " };
            lines.push(format!("{dash} {field}: {}", written(shape, dice)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use netpol_engine::expect::read;
    use netpol_engine::manifest::Source;

    use super::*;

    /// If all were refused, nothing would be judged; if none, no refusal would be reached.
    #[test]
    fn some_are_taken_and_every_refusal_is_reached() {
        let (mut taken, mut refusals) = (0, BTreeSet::new());
        for seed in 0..4000 {
            let text = text(&mut Dice(seed)).join("\n");
            let reading = read(&Source::new("generated.yaml", text.as_str()));
            taken += reading.expectations.len();
            refusals.extend(reading.diagnostics.into_iter().map(|d| d.message));
        }
        assert!(taken > 1000, "{taken}");
        for says in [
            "unknown field",
            "`expect` is missing",
            "`expect` must be a list",
            "must be a map",
            "from` is missing",
            "to` is missing",
            "verdict` is missing",
            "verdict` must be `open`",
            "must be a string",
            "must be one line",
            "ranges of ports",
            "the protocol must be",
            "the port must be",
            "must be a port such as",
        ] {
            assert!(refusals.iter().any(|refusal| refusal.contains(says)), "{says}: {refusals:#?}");
        }
    }
}
