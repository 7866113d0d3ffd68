//! What passes by some files and not by others: the answer to [`Ask::Compare`](crate::message::Ask).

use super::model;
use crate::analysis;
use crate::assemble::{Assembled, assemble};
use crate::compare::{self, Row};
use crate::evaluate::Plugin;
use crate::fragment::Fragment;
use crate::manifest::Source;
use crate::message::{Changed, Compared, Text};
use crate::owners::By;

/// Compares what texts declare, before, with what is declared now.
pub(super) fn compared(before: Vec<Text>, now: Assembled) -> Compared {
    let read = |Text { path, text, .. }: Text| analysis::read(&Source::new(path, &*text));
    let fragments: Vec<Fragment> = before.into_iter().map(read).collect();
    let states = [assemble(&fragments, &[]), now];
    let [before, after] = analysis::group_both(states, By::Workload, &Plugin::default()).map(model);
    let comparison = compare::compare(&before, &after);
    let changed = |Row { kind, source, destination, gained, lost }| Changed {
        change: kind.as_str().to_owned(),
        from: source,
        to: destination,
        gained,
        lost,
    };
    Compared {
        summary: comparison.to_string(),
        changes: compare::rows(&comparison).into_iter().map(changed).collect(),
        markdown: compare::markdown(&comparison, &[]),
    }
}
