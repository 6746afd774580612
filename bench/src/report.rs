//! The report that is kept in the repository.

pub mod console;
pub mod isolation;

use std::{fmt::Write, fs, path::Path};

use crate::{
    figures::{Figures, Packing, Posted},
    ingest::{CASES, Case},
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
    let mut out = String::from(
        "# Benchmark of the local stack\n\n\
         Made by `make bench`. Compare ratios, not absolute figures.\n",
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
    for (Case { name, .. }, ratio) in CASES.iter().zip(&posted.ratios) {
        writeln!(out, "- trace-ingest over {name}: {ratio}")?;
    }
    writeln!(out)
}

fn a_request(traces: u64) -> String {
    let plural = if traces == 1 { "" } else { "s" };
    format!("{traces} trace{plural} a request")
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
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
