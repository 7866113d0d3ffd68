//! Own manifests are kept in this browser, so that a reload loses nothing.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::super::kept::storage;
use super::Desk;

/// The key in local storage. Its value is a line that tells the format and the preset they were begun
/// from, and then for each file a line `+path` or `-path` (applied or not), the number of its lines on
/// the next, and its lines.
const KEY: &str = "netpol.own";

/// The same, for the files that lay there before others took their place.
const EARLIER: &str = "netpol.earlier";

const FORMAT: &str = "netpol-desk-1";

/// More bytes than this are not kept.
const MOST: usize = 4_500_000;

/// How long after the last change they are written, in milliseconds.
const PAUSE: u32 = 400;

/// What was kept. What is not understood was not.
pub fn desk() -> Option<Desk> {
    parse(&storage()?.get_item(KEY).ok()??)
}

/// What lay there before.
pub fn earlier() -> Option<Desk> {
    parse(&storage()?.get_item(EARLIER).ok()??)
}

/// Keeps what is about to be replaced; as long as the page, where there is no room for it.
pub fn keep_earlier(desk: &Desk) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(EARLIER, &format(desk));
    }
}

fn parse(text: &str) -> Option<Desk> {
    let mut rest = text;
    let mut line = || {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        Some(line)
    };
    let base = line()?.strip_prefix(FORMAT)?.trim();
    let mut desk = Desk { base: (!base.is_empty()).then(|| base.to_owned()), ..Desk::empty() };
    while let Some(path) = line() {
        let is_applied = path.starts_with('+');
        let path = path.get(1..)?;
        let lines: usize = line()?.parse().ok()?;
        let text: Vec<&str> = (0..lines).map(|_| line()).collect::<Option<_>>()?;
        desk.put(path, &text.join("\n"), is_applied);
    }
    desk.shown = desk.files.first().map(|file| file.id);
    Some(desk)
}

fn format(desk: &Desk) -> String {
    let mut text = format!("{FORMAT} {}\n", desk.base.as_deref().unwrap_or_default());
    for file in &desk.files {
        let sign = if file.is_applied { '+' } else { '-' };
        let lines = file.text.split('\n').count();
        text += &format!("{sign}{}\n{lines}\n{}\n", file.path.replace('\n', " "), file.text);
    }
    text
}

/// Writes the desk a moment after it has changed. Says so when there is no room for it.
#[hook]
pub fn use_kept(desk: Option<&Desk>, full: &Callback<()>) {
    let texts = desk.map(|desk| {
        let files = desk.files.iter();
        (
            desk.base.clone(),
            files.map(|f| (f.path.clone(), f.text.clone(), f.is_applied)).collect::<Vec<_>>(),
        )
    });
    let (desk, full) = (desk.cloned(), full.clone());
    use_effect_with(texts, move |_| {
        let pause = desk.map(|desk| {
            Timeout::new(PAUSE, move || {
                let Some(storage) = storage() else { return };
                // What browsers keep for a page is less: they need not be asked.
                if desk.size() > MOST {
                    return full.emit(());
                }
                if storage.set_item(KEY, &format(&desk)).is_err() {
                    full.emit(());
                }
            })
        });
        move || drop(pause)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let mut desk = Desk::empty();
        desk.put("a.yaml", "kind: Pod\n\n---\nx: 1\n", true);
        desk.put("folder/b.yaml", "", false);
        desk.put("c.yaml", "no newline", true);
        let back = parse(&format(&desk)).unwrap();
        let tell = |desk: &Desk| -> Vec<_> {
            let files = desk.files.iter();
            files.map(|f| (f.path.clone(), f.text.clone(), f.is_applied)).collect()
        };
        assert_eq!(tell(&back), tell(&desk));
        assert_eq!(back.base, None);
        let begun = Desk { base: Some("workshop-v1".to_owned()), ..desk };
        assert_eq!(parse(&format(&begun)).unwrap().base.as_deref(), Some("workshop-v1"));
    }

    #[test]
    fn what_is_not_understood_is_not_kept() {
        for text in ["", "x", "netpol-desk-1", "netpol-desk-1 \n+a\n3\nx\n", "other\n+a\n1\nx\n"] {
            assert!(parse(text).is_none_or(|desk| desk.files.is_empty()), "{text:?}");
        }
    }
}
