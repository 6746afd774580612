//! `punctual demo`: shows a running stack at work. Three acts: a fleet that sends its
//! positions, and meanwhile riders who ask for their run sheets, and lessons that open
//! at the next minute.

mod fleet;
mod lessons;
mod riders;
mod stage;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use anyhow::{Context as _, anyhow, bail};
use serde::Serialize;

use crate::generate::At;
use crate::running::RunningStack;
use stage::Stage;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Running stack to use
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// Key for the riders' questions
    #[arg(
        long,
        value_name = "KEY",
        default_value = "local-dev-key",
        env = "PUNCTUAL_API_KEY",
        hide_env_values = true
    )]
    api_key: String,
    /// Agents that send their positions each second, as long as the rest takes; 0 for none
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(0..=1_000))]
    agents: u64,
    /// Riders with 3 to 8 orders each who ask for their run sheets
    #[arg(long, value_name = "N", default_value_t = 36, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    riders: u64,
    /// Lessons that open at once
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    lessons: u64,
    /// When they open, as in 2026-11-24T10:30:00Z; or next-minute: the first
    /// that there is time for
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "TIME",
        default_value = "next-minute"
    )]
    at: At,
    /// The stack's database with its password; not needed for the
    /// stack's own file
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "URL",
        env = "PUNCTUAL_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What the acts came to.
#[derive(Debug, Serialize)]
struct Summary {
    fleet: fleet::Driving,
    riders: riders::Riding,
    lessons: lessons::Opening,
}

/// Runs the acts and prints what they came to; an error when one failed.
pub fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let stack = RunningStack::find(&args.url).with_context(|| {
        format!(
            "no stack answers at {}: start one in another terminal with `punctual` (or \
             `cargo run --release`), or name its address with --url",
            args.url
        )
    })?;
    let stage = Stage::new(&stack, args.database_url.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let is_over = AtomicBool::new(false);
    let summary = thread::scope(|scope| {
        let fleet = scope.spawn(|| fleet::act(stack.url(), &args.api_key, args.agents, &is_over));
        let acts = riders::act(&stage, args.riders, &args.api_key).and_then(|riders| {
            if !args.json {
                println!("{riders}");
            }
            let lessons = runtime.block_on(lessons::act(&stage, args.lessons, args.at))?;
            Ok((riders, lessons))
        });
        is_over.store(true, Relaxed);
        let fleet = fleet.join().map_err(|_| anyhow!("the fleet broke down"))?;
        let (riders, lessons) = acts?;
        Ok::<_, anyhow::Error>(Summary {
            fleet,
            riders,
            lessons,
        })
    })?;
    match args.json {
        true => println!("{}", serde_json::to_string(&summary)?),
        false => println!("{}\n{}", summary.lessons, summary.fleet),
    }
    match summary.lessons.missing() {
        0 => Ok(()),
        missing => bail!(
            "{missing} lessons were not opened within {} s; what schedule-publish says is on the stack's terminal",
            watch::LIMIT.as_secs()
        ),
    }
}
