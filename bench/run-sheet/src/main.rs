//! Benchmark of the run sheet solver.
//!
//! | module | does |
//! |---|---|
//! | [`data`], [`instance`], [`example`] | instances from a folder, and one that is made up |
//! | [`sequence`] | checks and costs routes, apart from the solver |
//! | [`ours`], [`legacy`], [`peers`] | solve an instance each their way |
//! | [`row`], [`group`], [`goals`], [`verdict`], [`stats`], [`curve`] | what came of it, and what should have |
//! | [`report`], [`text`], [`pictures`], [`plot`], [`number`], [`origin`] | what is kept |

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

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use run_sheet::Options;

use instance::Instance;
use origin::Origin;
use row::Row;
use text::Section;

/// The data's folder from the project's root.
const DATA: &str = "../shared/data/run-sheets";

/// Measures the release build and writes run-sheet.md and its pictures.
#[derive(Debug, Parser)]
struct Args {
    /// Folder with a folder of instances per set, and optima.csv if there is one.
    #[arg(long, default_value = DATA)]
    data: PathBuf,
    /// Takes only instances whose set/name contains this.
    #[arg(long, default_value = "")]
    filter: String,
    /// Milliseconds of a run of ours and of a peer's.
    #[arg(long, default_value_t = 2_000)]
    budget_ms: u64,
    /// Runs of ours per instance, as long as together they take less than the budget.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// Of ours and of the legacy.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Milliseconds of the legacy; 0 leaves it out.
    #[arg(long, default_value_t = 2_000)]
    legacy_ms: u64,
    /// The Python that has the peers; without it they are left out.
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Numbers of orders that the peers try.
    #[arg(long, value_delimiter = ',', default_value = "8,10,15,20,30")]
    peers_orders: Vec<usize>,
    /// Instances that they try of each set and number of orders.
    #[arg(long, default_value_t = 5)]
    peers_each: usize,
    /// Prints a line of JSON per instance for ours, and does nothing else.
    #[arg(long)]
    json: bool,
    /// Exits with 1 when a target is missed.
    #[arg(long)]
    check: bool,
    /// Folder for the report and the pictures; bench, or target/bench-run-sheet
    /// with --filter or other data.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let origin = Origin::now();
    let instances = data::read(&args.data, &args.filter)?;
    let mut rows = measured(&args, instances)?;
    if args.json {
        return Ok(ExitCode::SUCCESS);
    }
    let peak_mib = origin::peak_mib();
    if let Some(python) = &args.peers {
        let chosen = peers::chosen(&mut rows, &args.peers_orders, args.peers_each);
        peers::run(python, &args.data, Duration::from_millis(args.budget_ms), chosen)?;
    }
    let sections = [
        Some(text::proofs(&rows, peak_mib)),
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

/// Ours and the legacy on each instance, one after the other.
fn measured(args: &Args, instances: Vec<Instance>) -> anyhow::Result<Vec<Row>> {
    let bar = progress::bar(instances.len());
    let mut rows = Vec::new();
    for instance in instances {
        bar.set_message(instance.name.clone());
        let ours = ours::measure(&instance.problem, instance.best, &args.options(), args.repeat);
        let ours = anyhow::Context::with_context(ours, || instance.name.clone())?;
        let span = Duration::from_millis(args.legacy_ms);
        let legacy =
            (args.legacy_ms > 0 && !args.json).then(|| legacy::search(&instance.problem, span, args.seed));
        let row = Row {
            instance,
            ours,
            legacy,
            peers: vec![],
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
fn keep(args: &Args, rows: &[Row], sections: &[Section], origin: &Origin) -> anyhow::Result<()> {
    let all = args.filter.is_empty() && args.data == Path::new(DATA);
    let folder = if all { "bench" } else { "target/bench-run-sheet" };
    let folder = args.out.clone().unwrap_or_else(|| folder.into());
    std::fs::create_dir_all(&folder)?;
    let budget = Duration::from_millis(args.budget_ms);
    let mut pictures = pictures::draw_curves(&folder, rows, budget)?;
    if args.legacy_ms > 0 {
        let span = Duration::from_millis(args.legacy_ms);
        pictures = pictures::draw_sheets(&folder, &args.options(), span)? + "\n" + &pictures;
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

impl Args {
    fn options(&self) -> Options {
        Options {
            budget: Duration::from_millis(self.budget_ms),
            seed: self.seed,
            ..Options::default()
        }
    }
}
