//! What an open console takes from traces.

use std::fmt::Write;

use super::{Section, TITLES, a_request, verdict};
use crate::console::{Watched, Watcher};

/// What is left of the throughput while the console is open, at the least.
const LEAST: f64 = 0.95;

/// Throughput with the console open over that without.
pub fn section(all: &[Watched], origin: &str) -> anyhow::Result<Section> {
    let mut text = String::from(
        "Requests to trace-ingest as fast as they are answered, in turn while nobody watches, while someone reads the \
         console's feed, as a browser on another machine does, and while Chromium draws it without a screen, on the \
         same processors as all else. Chromium runs in the other rounds too, with an empty page.\n\n\
         | | who watches | requests/s | over nobody | cores that Chromium used |\n\
         |---|---|---|---|---|\n",
    );
    let mut verdicts = String::new();
    for watched in all {
        let traces = a_request(watched.traces);
        for (watcher, rounds) in &watched.rounds {
            let mean = rounds.iter().sum::<f64>() / rounds.len() as f64;
            let ratio = watched.ratio(*watcher);
            let (name, over, cores) = match watcher {
                Watcher::Nobody => ("nobody", String::new(), String::new()),
                Watcher::Feed => ("the feed", ratio.to_string(), String::new()),
                Watcher::Browser => {
                    let cores = format!("{:.2}", watched.browser_cores);
                    ("Chromium here", ratio.to_string(), cores)
                }
            };
            writeln!(text, "| {traces} | {name} | {mean:.0} | {over} | {cores} |")?;
            if *watcher != Watcher::Nobody {
                let met = verdict(ratio.median >= LEAST);
                writeln!(verdicts, "- {traces}, {name}: at least {LEAST}: {met}")?;
            }
        }
        let missed = watched.missed;
        writeln!(
            verdicts,
            "- {traces}: {missed} happenings came too fast to be told"
        )?;
    }
    Ok(Section {
        title: TITLES[5],
        text: format!("{text}\n{verdicts}\n{origin}"),
    })
}
