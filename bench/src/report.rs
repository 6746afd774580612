//! The report that is kept in the repository.

use std::{fmt::Write, fs, path::Path, process::Command, thread};

use crate::{
    figures::{Figures, Packing, Total},
    plot,
};

/// Writes the report and the picture; returns the report.
pub fn write(folder: &Path, figures: &Figures) -> anyhow::Result<String> {
    let report = text(figures)?;
    fs::write(folder.join("report.md"), &report)?;
    plot::response_times(&folder.join("ingest.svg"), figures)?;
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
    writeln!(out, "## trace-ingest against an empty function\n")?;
    writeln!(
        out,
        "One native trace a request, through the same stack, in turn.\n"
    )?;
    writeln!(out, "| | requests/s | p50 ms | p99 ms |\n|---|---|---|---|")?;
    row(&mut out, "empty function", &figures.empty)?;
    row(&mut out, "trace-ingest", &figures.ingest)?;
    let (low, high) = (figures.ratios[0], figures.ratios[figures.ratios.len() - 1]);
    let median = figures.median_ratio();
    writeln!(
        out,
        "\nThroughput ratio, median of {} pairs: **{median:.2}** ({low:.2} to {high:.2}).\n",
        figures.ratios.len()
    )?;
    writeln!(out, "![Response times](ingest.svg)\n")?;
    writeln!(out, "## What reaches Firehose\n")?;
    writeln!(
        out,
        "| | traces | calls | traces/call | records | billed 5 KB units | ideal | over ideal | one record a trace |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    packing(&mut out, "single traces posted", &figures.packing)?;
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

fn row(out: &mut String, name: &str, total: &Total) -> std::fmt::Result {
    writeln!(
        out,
        "| {name} | {:.0} | {:.2} | {:.2} |",
        total.per_second,
        total.ms(0.5),
        total.ms(0.99)
    )
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
