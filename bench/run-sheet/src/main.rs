//! Benchmark of the run sheet solver.
//!
//! | module | does |
//! |---|---|
//! | [`args`], [`progress`] | what is asked for, and how far it is |
//! | [`data`], [`instance`], [`example`] | instances from a folder, and one that is made up |
//! | [`sequence`], [`check`] | check and cost routes, apart from the solver |
//! | [`ours`], [`legacy`], [`peers`] | solve an instance each their way |
//! | [`row`], [`group`], [`goals`], [`verdict`], [`stats`], [`curve`] | what came of it, and what should have |
//! | [`report`], [`text`], [`pictures`], [`plot`], [`number`], [`origin`] | what is kept |

mod args;
mod check;
mod curve;
mod data;
mod example;
mod goals;
mod group;
mod instance;
mod legacy;
mod number;
mod origin;
mod ours;
mod peers;
mod pictures;
mod plot;
mod progress;
mod report;
mod row;
mod sequence;
mod stats;
mod text;
mod verdict;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use args::Args;
use instance::Instance;
use peers::Run;
use row::Row;
use text::Section;

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let origin = origin::now();
    let instances = data::read(&args.data, &args.filter)?;
    let runs = match &args.peers {
        Some(python) if !args.json => {
            let chosen = peers::chosen(&instances, &args.peers_orders, args.peers_each);
            peers::run(python, &args.data, args.budget(), &chosen)?
        }
        _ => vec![],
    };
    let rows = measured(&args, instances, runs)?;
    if args.json {
        return Ok(ExitCode::SUCCESS);
    }
    let sections = [
        Some(text::proofs(&rows, origin::peak_mib())),
        text::legacy(&rows, args.legacy_ms as f64),
        text::peers(&rows),
        Some(text::instances(&rows)),
    ];
    let sections: Vec<Section> = sections.into_iter().flatten().collect();
    keep(&args, &rows, &sections, &origin)?;
    let mut verdicts = sections.iter().flat_map(|section| &section.verdicts);
    Ok(match args.check && !verdicts.all(|(_, verdict)| verdict.met) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Ours and the legacy on each instance, one after the other, with what the peers
/// came to.
fn measured(args: &Args, instances: Vec<Instance>, mut runs: Vec<Run>) -> anyhow::Result<Vec<Row>> {
    let bar = progress::bar(instances.len());
    let mut rows = Vec::new();
    for instance in instances {
        bar.set_message(instance.name.clone());
        let ours = ours::measure(&instance.problem, instance.best, &args.options(), args.repeat);
        let ours = ours.with_context(|| instance.name.clone())?;
        let with_legacy = args.legacy_ms > 0 && !args.json;
        let legacy = with_legacy.then(|| legacy::search(&instance.problem, args.legacy(), args.seed));
        let row = Row {
            peers: runs.extract_if(.., |run| run.is_of(&instance)).collect(),
            instance,
            ours,
            legacy,
        };
        if args.json {
            let line = row.json()?;
            bar.suspend(|| println!("{line}"));
        }
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

/// Writes the report and draws the pictures.
fn keep(
    args: &Args,
    rows: &[Row],
    sections: &[Section],
    origin: &bench_origin::Origin,
) -> anyhow::Result<()> {
    let folder = args.folder();
    std::fs::create_dir_all(&folder)?;
    let mut pictures = pictures::draw_curves(&folder, rows, args.budget())?;
    if args.legacy_ms > 0 {
        pictures = pictures::draw_sheets(&folder, &args.options(), args.legacy())? + "\n" + &pictures;
    }
    let method = report::Method {
        budget_ms: args.budget_ms,
        legacy_ms: args.legacy_ms,
        repeat: args.repeat,
        pictures: pictures.trim_end(),
    };
    report::write(&folder, sections, &method, origin)?;
    println!("{}", folder.join("run-sheet.md").display());
    Ok(())
}
