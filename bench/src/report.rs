//! The report that is kept in the repository.

use std::{fmt::Write, fs, path::Path};

use crate::{
    console::{Watched, Watcher},
    figures::{Figures, Packing, Posted, Ratio},
    ingest::{CASES, Case},
    isolation::{Isolation, Phase},
    plot,
};

/// The sections, in the report's order.
const TITLES: [&str; 6] = [
    "trace-ingest against two baselines",
    "What reaches Firehose",
    "One trace-forward environment",
    "Start, size and memory",
    "Traces beside run sheets",
    "Traces while the console is open",
];
/// What traces may lose to searches, where there are processors for both.
const MOST_RATIO: f64 = 1.2;
/// What is left of the throughput while the console is open, at the least.
const LEAST_WATCHED: f64 = 0.95;

/// A part of the report.
#[derive(Debug)]
pub struct Section {
    title: &'static str,
    text: String,
}

/// Writes the sections into the report, where those that are not among them
/// stay as they are; returns the report.
pub fn write(folder: &Path, sections: &[Section]) -> anyhow::Result<String> {
    let path = folder.join("report.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let report = text(&before, sections);
    fs::write(path, &report)?;
    Ok(report)
}

fn text(before: &str, sections: &[Section]) -> String {
    let mut out = format!(
        "# Benchmark of the local stack\n\n\
         Made by `make bench` on {}. Compare ratios, not absolute figures.\n",
        bench_origin::machine()
    );
    let kept: Vec<(&str, &str)> = before
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .collect();
    for title in TITLES {
        let new = sections.iter().find(|section| section.title == title);
        let old = kept.iter().find(|(kept, _)| *kept == title);
        if let Some(text) = new.map(|new| new.text.as_str()).or(old.map(|(_, text)| *text)) {
            out += &format!("\n## {title}\n\n{}\n", text.trim());
        }
    }
    out
}

/// All about traces alone; draws the picture too.
pub fn traces(folder: &Path, figures: &Figures, origin: &str) -> anyhow::Result<Vec<Section>> {
    if let Some(posted) = figures.posted.first() {
        plot::response_times(&folder.join("ingest.svg"), posted)?;
    }
    let [ingest, firehose, forwarder, start, ..] = TITLES;
    let sections = [
        (ingest, ingest_text(figures)?),
        (firehose, firehose_text(figures)?),
        (forwarder, forwarder_text(figures)),
        (start, start_text(figures)?),
    ];
    let sections = sections.into_iter().map(|(title, text)| Section {
        title,
        text: format!("{text}\n{origin}"),
    });
    Ok(sections.collect())
}

fn ingest_text(figures: &Figures) -> Result<String, std::fmt::Error> {
    let mut out = String::from(
        "The same requests through the same stack, in turn: to an empty function, to one that sends a \
         constant message to SQS and does nothing else, and to trace-ingest. The second is the least \
         that an answer which means \"safe in the queue\" can cost.\n\n",
    );
    for posted in &figures.posted {
        compared(&mut out, posted)?;
    }
    writeln!(out, "![Response times](ingest.svg)")?;
    Ok(out)
}

fn firehose_text(figures: &Figures) -> Result<String, std::fmt::Error> {
    let mut out = String::from(
        "| | traces | calls | traces/call | records | billed 5 KB units | ideal | over ideal | one record a trace |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for posted in &figures.posted {
        packing(&mut out, &a_request(posted.traces), &posted.packing)?;
    }
    packing(&mut out, "full events", &figures.forward_packing)?;
    Ok(out)
}

fn forwarder_text(figures: &Figures) -> String {
    let forward = &figures.forward;
    format!(
        "**{:.0} traces/s**, {:.0} MB/s: {} traces in {:.1} s, as events of 5.5 MB one after the other.\n",
        forward.traces as f64 / forward.seconds,
        forward.bytes as f64 / forward.seconds / 1e6,
        forward.traces,
        forward.seconds
    )
}

fn start_text(figures: &Figures) -> Result<String, std::fmt::Error> {
    let mut out = String::from(
        "| function | binary MB | init p50 ms | init max ms | peak memory MB |\n|---|---|---|---|---|\n",
    );
    for f in &figures.functions {
        writeln!(
            out,
            "| {} | {:.1} | {:.1} | {:.1} | {:.1} |",
            f.name, f.size_mb, f.init_ms.0, f.init_ms.1, f.peak_mb
        )?;
    }
    Ok(out)
}

/// Traces with actions idle and saturated.
pub fn isolation(all: &Isolation) -> anyhow::Result<Section> {
    let Isolation {
        origin,
        rate,
        seconds,
        searches,
        cores,
        pairs,
    } = all;
    let rounds = pairs.len();
    let mut text = format!(
        "{rate} traces a second, one a request, each sent at its own instant and timed from there, whether \
         those before it are answered or not. In {rounds} rounds of {seconds} s actions is idle; in {rounds} more, \
         in turn, it is saturated: {searches} searches at once, all that the template reserves, for riders with \
         more orders than can be proven, each until its budget of 2 s or its work is spent, when the next one \
         begins. Further ones would get a 503.\n\n\
         | actions | traces | p50 ms | p90 ms | p99 ms | max ms | searches answered | cores that actions used | all processes |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    let quantiles = [0.5, 0.9, 0.99, 1.0].map(|quantile| all.ms(quantile));
    let mut rows = [Vec::new(), Vec::new()];
    for quantile in quantiles {
        let [idle, saturated] = quantile?;
        rows[0].push(format!("{idle:.2}"));
        rows[1].push(format!("{saturated:.2}"));
    }
    let idle: Vec<_> = pairs.iter().map(|pair| &pair.idle).collect();
    let saturated: Vec<_> = pairs.iter().map(|pair| &pair.saturated).collect();
    for (name, phases, row) in [("idle", idle, &rows[0]), ("saturated", saturated, &rows[1])] {
        let traces: u64 = phases.iter().map(|phase| phase.times.len()).sum();
        let answers: u64 = phases.iter().map(|phase| phase.answers).sum();
        let mean =
            |cores: fn(&Phase) -> f64| phases.iter().map(|phase| cores(phase)).sum::<f64>() / rounds as f64;
        let [used, busy] = [mean(|phase| phase.actions_cores), mean(|phase| phase.busy_cores)];
        writeln!(
            text,
            "| {name} | {traces} | {} | {answers} | {used:.2} | {busy:.2} |",
            row.join(" | ")
        )?;
    }
    writeln!(text)?;
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        let [idle, saturated] = all.ms(quantile)?;
        let ratios = all.ratios(quantile);
        let (low, high) = (ratios[0], ratios[rounds - 1]);
        writeln!(
            text,
            "- saturated over idle, {name}: **{:.2}**; pair by pair {:.2} at the median ({low:.2} to {high:.2})",
            saturated / idle,
            ratios[rounds / 2],
        )?;
    }
    let [idle, saturated] = all.ms(0.99)?;
    let verdict = if saturated / idle <= MOST_RATIO {
        "met"
    } else {
        "missed"
    };
    writeln!(text, "- p99 at most {MOST_RATIO} of idle: {verdict}\n")?;
    if *cores as u64 > *searches {
        writeln!(
            text,
            "Each of the {searches} searches has a core of the {cores}, and one is left."
        )?;
    } else {
        writeln!(
            text,
            "{searches} searches share {cores} cores with all else, the stack and the sender of the traces \
             among it, so the ratio measures how the system's scheduler shares them out, not what the functions \
             take from each other on Lambda, where each environment has its own share. The stack gives \
             functions with a whole vCPU (`MemorySize` from 1,769 MB), of which actions is the only one, the least \
             priority and all cores but one."
        )?;
    }
    writeln!(text, "\n{origin}")?;
    Ok(Section {
        title: TITLES[4],
        text,
    })
}

/// Throughput with the console open over that without.
pub fn console(all: &[Watched], origin: &str) -> anyhow::Result<Section> {
    let mut text = format!(
        "Requests to trace-ingest as fast as they are answered, in turn while nobody watches, while someone reads the \
         console's feed, as a browser on another machine does, and while Chromium draws it without a screen, on the \
         same processors as all else. At least {LEAST_WATCHED} is to be left.\n\n\
         | | requests/s, nobody | the feed | over nobody | a browser here | over nobody | happenings left out |\n\
         |---|---|---|---|---|---|---|\n"
    );
    for watched in all {
        write!(text, "| {} ", a_request(watched.traces))?;
        for (watcher, rounds) in &watched.rounds {
            let mut sorted = rounds.clone();
            sorted.sort_by(f64::total_cmp);
            write!(text, "| {:.0} ", sorted[sorted.len() / 2])?;
            if *watcher != Watcher::Nobody {
                let ratios = watched.ratios(*watcher);
                let (low, high) = (ratios[0], ratios[ratios.len() - 1]);
                write!(
                    text,
                    "| **{:.2}** ({low:.2} to {high:.2}) ",
                    ratios[ratios.len() / 2]
                )?;
            }
        }
        writeln!(text, "| {} |", watched.missed)?;
    }
    writeln!(text, "\n{origin}")?;
    Ok(Section {
        title: TITLES[5],
        text,
    })
}

fn compared(out: &mut String, posted: &Posted) -> std::fmt::Result {
    writeln!(
        out,
        "| {} | requests/s | p50 ms | p99 ms | function's CPU, µs a request |\n|---|---|---|---|---|",
        a_request(posted.traces)
    )?;
    for (Case { name, .. }, total) in CASES.iter().zip(&posted.totals) {
        let (p50, p99) = (total.ms(0.5), total.ms(0.99));
        writeln!(
            out,
            "| {name} | {:.0} | {p50:.2} | {p99:.2} | {:.0} |",
            total.per_second, total.cpu_us
        )?;
    }
    writeln!(out)?;
    for (Case { name, .. }, Ratio { median, low, high }) in CASES.iter().zip(&posted.ratios) {
        writeln!(
            out,
            "- trace-ingest over {name}: **{median:.2}** ({low:.2} to {high:.2})"
        )?;
    }
    writeln!(out)
}

fn a_request(traces: u64) -> String {
    let plural = if traces == 1 { "" } else { "s" };
    format!("{traces} trace{plural} a request")
}

fn packing(out: &mut String, name: &str, p: &Packing) -> std::fmt::Result {
    writeln!(
        out,
        "| {name} | {} | {} | {:.0} | {} | {} | {:.0} | {:.3} | {} |",
        p.traces,
        p.calls,
        p.traces as f64 / p.calls.max(1) as f64,
        p.records,
        p.units,
        p.ideal_units,
        p.units as f64 / p.ideal_units.max(1.0),
        p.traces,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_measured_again_stays() {
        let section = |title, text: &str| Section {
            title,
            text: text.to_owned(),
        };
        let all = [section(TITLES[4], "new"), section(TITLES[0], "a\n\n### b\n")];
        let first = text("", &all);
        assert!(first.contains(&format!(
            "\n## {}\n\na\n\n### b\n\n## {}\n\nnew\n",
            TITLES[0], TITLES[4]
        )));
        assert_eq!(text(&first, &[]), first);
        let again = text(&first, &[section(TITLES[4], "newer")]);
        assert_eq!(again, first.replace("new", "newer"));
    }
}
