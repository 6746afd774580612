//! What an open console takes from traces.

use std::fmt::Write;

use super::{Section, TITLES, a_request, verdict};
use crate::console::{Rounds, Watched, Watcher};

/// What is left of the throughput while the console is open, at the least.
const LEAST: f64 = 0.95;

/// Throughput with the console open over that without.
pub fn section(all: &[Watched], origin: &str) -> anyhow::Result<Section> {
    let mut text = String::from(
        "Requests to trace-ingest as fast as they are answered, all the time; meanwhile, in turn, nobody watches, \
         someone reads the console's feed, as a browser on another machine does, and Chromium draws the console without \
         a screen, on the same processors as all else. Chromium runs in the other rounds too, with an empty page.\n\n\
         | | who watches | requests/s | over nobody | pair by pair | cores that Chromium used |\n\
         |---|---|---|---|---|---|\n",
    );
    let mut verdicts = String::new();
    for watched in all {
        let traces = a_request(watched.traces);
        let nobody = mean(watched.per_second(Watcher::Nobody));
        for Rounds {
            watcher,
            per_second,
            browser_cores,
        } in &watched.rounds
        {
            let (per_second, cores) = (mean(per_second), mean(browser_cores));
            let over = per_second / nobody;
            let pairs = watched.ratio(*watcher);
            let name = match watcher {
                Watcher::Nobody => {
                    writeln!(text, "| {traces} | nobody | {per_second:.0} | | | {cores:.2} |")?;
                    continue;
                }
                Watcher::Feed => "the feed",
                Watcher::Browser => "Chromium here",
            };
            let row = format!("{name} | {per_second:.0} | **{over:.3}** | {pairs} | {cores:.2}");
            writeln!(text, "| {traces} | {row} |")?;
            let met = verdict(over >= LEAST);
            writeln!(verdicts, "- {traces}, {name}: at least {LEAST}: {met}")?;
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

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}
