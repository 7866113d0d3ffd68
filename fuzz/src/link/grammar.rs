//! Project files from nothing: the keys there are, in any order, with values that mostly fit.

use crate::dice::Dice;

const KEYS: &[&str] = &[
    "scenario",
    "applied",
    "step",
    "view",
    "selection",
    "folded",
    "moved",
    "shown",
    "expectations",
    "files",
    "format",
    "version",
    "colour",
];

const WORDS: &[&str] = &[
    "workshop-v1",
    "workshop-v2",
    "workshop/7",
    "default-deny",
    "cluster",
    "observer",
    "frontend/client",
    "backend/facade",
    "workshop/policies/queue-policy.yaml",
    "kind: Pod\\n",
    "a.yaml",
    "",
    "ü > & # %",
    "\\r\\n",
    "\\u0000",
    "\\ud83d\\udef0",
    "netpol-playground project",
];

/// The lines of a project file.
pub fn text(dice: &mut Dice) -> Vec<String> {
    let mut lines = vec!["{".to_owned()];
    if !dice.once_in(4) {
        lines.push("  \"format\": \"netpol-playground project\",".to_owned());
        lines.push("  \"version\": 1,".to_owned());
    }
    for _ in 0..dice.below(6) {
        let key = KEYS[dice.index(KEYS.len())];
        let value = value(key, dice);
        lines.push(format!("  \"{key}\": {value},"));
    }
    lines.push(format!("  \"files\": [{}]", list(dice, file)));
    lines.push("}".to_owned());
    lines
}

/// More files, for where there are some.
pub fn files(dice: &mut Dice) -> Vec<String> {
    let count = 1 + dice.below(3);
    (0..count).map(|_| format!("    {},", file(dice))).collect()
}

fn file(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => dice.below(40).to_string(),
        _ => format!(
            "{{\"path\": {}, \"applied\": {}, \"text\": {}}}",
            word(dice),
            dice.once_in(2),
            any_text(dice)
        ),
    }
}

fn value(key: &str, dice: &mut Dice) -> String {
    if dice.once_in(8) {
        return ["null", "1e9", "-1", "{}", "[[]]", "true"][dice.index(6)].to_owned();
    }
    match key {
        "applied" | "selection" | "folded" => format!("[{}]", list(dice, word)),
        "moved" => {
            let star = |dice: &mut Dice| {
                format!("{}: [{}, {}]", word(dice), dice.below(1100), dice.below(1100))
            };
            format!("{{{}}}", list(dice, star))
        }
        "shown" | "version" => dice.below(4).to_string(),
        "files" => format!("[{}]", list(dice, file)),
        "expectations" => any_text(dice),
        _ => word(dice),
    }
}

fn any_text(dice: &mut Dice) -> String {
    if dice.once_in(2) { word(dice) } else { format!("[{}]", list(dice, word)) }
}

fn word(dice: &mut Dice) -> String {
    format!("\"{}\"", WORDS[dice.index(WORDS.len())])
}

fn list(dice: &mut Dice, item: impl Fn(&mut Dice) -> String) -> String {
    let count = dice.below(4);
    (0..count).map(|_| item(dice)).collect::<Vec<_>>().join(", ")
}
