//! Benchmarks of the whole stack.
//!
//! Every comparison is a ratio within one run, against a baseline that runs in
//! turn with what is measured: machines are shared and noisy. The absolute
//! figures only say what order of magnitude to expect.

mod browser;
mod console;
mod cpu;
mod figures;
mod forward;
mod ingest;
mod isolation;
mod load;
mod origin;
mod plot;
mod ratio;
mod report;
mod stack;

use std::{path::PathBuf, time::Duration};

use clap::{Parser, ValueEnum};
use indicatif::ProgressBar;

use figures::Figures;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// trace-ingest, trace-forward, their packing, starts and memory.
    Traces,
    /// Traces while actions is saturated.
    Isolation,
    /// Traces while the console is open.
    Console,
}

/// Measures the release build and writes bench/report.md and bench/ingest.svg.
#[derive(Debug, Parser)]
struct Args {
    /// Rounds of each of the three functions, in turn.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Seconds of a round.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Traces in a request of the second comparison; the first has one.
    #[arg(long, default_value_t = 100)]
    batch: u64,
    /// Connections that post at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Events of 5.5 MB that one forwarder gets.
    #[arg(long, default_value_t = 40)]
    events: u32,
    /// Traces a second beside the searches.
    #[arg(long, default_value_t = 200)]
    rate: u64,
    /// Pairs of rounds with actions idle and saturated.
    #[arg(long, default_value_t = 6)]
    pairs: u32,
    /// Seconds of such a round.
    #[arg(long, default_value_t = 8)]
    pair_seconds: u64,
    /// Measures just this; the rest of the report stays as it is.
    #[arg(long)]
    only: Option<Part>,
    /// Folder that the report and the picture are written to.
    #[arg(long, default_value = "bench")]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    let say = |text: &str| bar.set_message(text.to_owned());

    let is_wanted = |part| args.only.is_none_or(|only| only == part);
    let mut sections = Vec::new();
    say("starting the stack");
    if is_wanted(Part::Traces) {
        let origin = origin::now("traces");
        let figures = traces(&args, say)?;
        sections.extend(report::traces(&args.out, &figures, &origin.line())?);
    }
    if is_wanted(Part::Isolation) {
        let stack = stack::Stack::start(&[])?;
        say("traces beside idle and saturated actions, in turn");
        let isolation = isolation::run(&stack, args.pairs, args.rate, args.pair_seconds)?;
        stack.stop()?;
        sections.push(report::isolation::section(&isolation)?);
    }
    if is_wanted(Part::Console) {
        let origin = origin::now("console");
        let mut watched = Vec::new();
        for traces in [1, args.batch] {
            let stack = stack::Stack::start(&[])?;
            say(&format!(
                "trace-ingest with and without an open console, {traces} traces a request"
            ));
            watched.push(console::run(&stack, traces, load(&args))?);
            stack.stop()?;
        }
        sections.push(report::console::section(&watched, &origin.line())?);
    }
    bar.finish_and_clear();
    println!("{}", report::write(&args.out, &sections)?);
    Ok(())
}

fn load(args: &Args) -> ingest::Load {
    ingest::Load {
        rounds: args.rounds,
        duration: Duration::from_secs(args.seconds),
        connections: args.connections,
    }
}

fn traces(args: &Args, say: impl Fn(&str)) -> anyhow::Result<Figures> {
    let load = load(args);
    let mut posted = Vec::new();
    for traces in [1, args.batch] {
        let stack = stack::Stack::start(&[])?;
        say(&format!(
            "trace-ingest and its baselines in turn, {traces} traces a request"
        ));
        let compared = ingest::run(&stack, traces, load)?;
        posted.push((compared, stack.stop()?));
    }
    say("init times");
    let stack = stack::Stack::start(&[])?;
    let init = ingest::init_times(&stack)?;
    drop(stack);

    say("one forwarder");
    let stack = stack::Stack::start(&["--max-environments", "1"])?;
    let forward = forward::run(&stack, args.events)?;
    let forward_status = stack.stop()?;

    Figures::new(&posted, init, forward, &forward_status)
}
