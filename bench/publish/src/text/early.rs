//! Nothing early.

use super::thousands;
use crate::aim::Aim;
use crate::early::Seen;
use crate::report::Section;

/// The section.
pub fn early(seen: &Seen) -> Section {
    let text = format!(
        "{} slots of 300 ms, eight at a time in databases of their own, each with 20 lessons at random milliseconds. \
         Beside each wake a reader asks about once a millisecond for lessons that are open, and compares their \
         instants with the latest that the database's clock can show when the answer is there.\n\n\
         | lessons | `published_at` before `publish_at`, or not open | commits known before their instant | \
         looks of readers | seen open too early |\n|---|---|---|---|---|\n| {} | {} | {} | {} | {} |\n\n\
         By `published_at`, with up to eight wakes and readers on the cores at once, they opened p50 {:.0}, p99 \
         {:.0}, at most {:.0} ms after their own instants.",
        thousands(seen.slots as u64),
        thousands(seen.lessons as u64),
        seen.early,
        seen.early_commits,
        thousands(seen.looks),
        seen.seen_early,
        seen.late.p50(),
        seen.late.p99(),
        seen.late.max(),
    );
    let aim = |what: &str, count: f64| Aim::at_most(what, count, 0.0);
    Section {
        title: "2. Never early",
        text,
        aims: vec![
            aim("early by `published_at`, or not opened", seen.early as f64),
            aim("early by the publisher's own commits", seen.early_commits as f64),
            aim("early as readers see it", seen.seen_early as f64),
        ],
    }
}
