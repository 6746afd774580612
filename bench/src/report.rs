//! The report that is kept in the repository.

use std::{fmt::Write, fs, path::Path, process::Command, thread};

use crate::{
    figures::{Figures, Packing, Posted, Ratio},
    ingest::{CASES, Case},
    plot,
};

/// Writes the report and the picture; returns the report.
pub fn write(folder: &Path, figures: &Figures) -> anyhow::Result<String> {
    let report = text(figures)?;
    fs::write(folder.join("report.md"), &report)?;
    if let Some(posted) = figures.posted.first() {
        plot::response_times(&folder.join("ingest.svg"), posted)?;
    }
    Ok(report)
}

fn text(figures: &Figures) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(out, "# Benchmark of the local stack\n")?;
    writeln!(
        out,
        "Made by `make bench` on {}. Compare ratios, not absolute figures.\n",
        machine()
    )?;
    writeln!(out, "## trace-ingest against two baselines\n")?;
    writeln!(
        out,
        "The same requests through the same stack, in turn: to an empty function, to one that sends a \
         constant message to SQS and does nothing else, and to trace-ingest. The second is the least \
         that an answer which means \"safe in the queue\" can cost.\n"
    )?;
    for posted in &figures.posted {
        compared(&mut out, posted)?;
    }
    writeln!(out, "![Response times](ingest.svg)\n")?;
    writeln!(out, "## What reaches Firehose\n")?;
    writeln!(
        out,
        "| | traces | calls | traces/call | records | billed 5 KB units | ideal | over ideal | one record a trace |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for posted in &figures.posted {
        packing(&mut out, &a_request(posted.traces), &posted.packing)?;
    }
    packing(&mut out, "full events", &figures.forward_packing)?;
    let forward = &figures.forward;
    writeln!(out, "\n## One trace-forward environment\n")?;
    writeln!(
        out,
        "**{:.0} traces/s**, {:.0} MB/s: {} traces in {:.1} s, as events of 5.5 MB one after the other.\n",
        forward.traces as f64 / forward.seconds,
        forward.bytes as f64 / forward.seconds / 1e6,
        forward.traces,
        forward.seconds
    )?;
    writeln!(out, "## Start, size and memory\n")?;
    writeln!(
        out,
        "| function | binary MB | init p50 ms | init max ms | peak memory MB |\n|---|---|---|---|---|"
    )?;
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

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let system = Command::new("uname")
        .arg("-sm")
        .output()
        .map(|out| out.stdout)
        .unwrap_or_default();
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("\t: unknown processor");
    format!(
        "{}, {cores} cores of {}",
        String::from_utf8_lossy(&system).trim(),
        model.trim_start_matches(['\t', ':', ' '])
    )
}
