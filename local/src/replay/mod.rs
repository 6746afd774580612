//! `punctual replay`: posts recorded traces, as the phones once did.

mod client;
mod pace;
mod report;
mod source;

use std::{path::PathBuf, sync::Mutex, time::Instant};

use anyhow::{Context, bail};

use client::Client;
use pace::Pace;
use report::Report;

/// Posts the traces of a CSV, GPX or NDJSON file.
///
/// CSV columns are found by their usual names (agent_id, vehicle_id, device_id,
/// timestamp, time, latitude, lat, lon, bearing …); times without an offset are
/// UTC; columns that mean nothing to Punctual are kept as extra fields.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Prints progress on stderr and one line of counts on stdout. The exit code is 1 unless every \
                  trace was accepted.\n\nExamples:\n  punctual replay bus.csv\n  punctual replay ride.gpx --agent rider-7 --speed 10\n  \
                        punctual replay traces.ndjson --url https://api.example.com --api-key \"$KEY\" --json"
)]
pub struct ReplayArgs {
    /// A .csv, .gpx, .ndjson or .jsonl file.
    file: PathBuf,
    /// Where to post to, without the path.
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// The API key.
    #[arg(
        long,
        env = "PUNCTUAL_API_KEY",
        hide_env_values = true,
        default_value = "local-dev-key"
    )]
    api_key: String,
    /// Times the recorded pace: 1 is as it happened, 60 an hour a minute.
    /// Without it, as fast as the answers come.
    #[arg(long, value_parser = positive)]
    speed: Option<f64>,
    /// Traces in one request.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    batch: u16,
    /// Requests at a time (one with --speed).
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    connections: u16,
    /// Who the traces are of, where the file does not say.
    #[arg(long)]
    agent: Option<String>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed > 0.0 && speed.is_finite() => Ok(speed),
        _ => Err("must be a number above 0".into()),
    }
}

/// Replays the file; an error when not every trace of it was accepted.
pub fn run(args: ReplayArgs) -> anyhow::Result<()> {
    let read = source::read(&args.file, args.agent.as_deref())
        .with_context(|| format!("cannot replay {}", args.file.display()))?;
    if read.traces.is_empty() {
        bail!(
            "there is no usable trace in {}{}",
            args.file.display(),
            read.first_skipped()
        );
    }
    let report = Report::new(&read, args.json);
    let client = Client::new(&args.url, &args.api_key);
    let batches = Mutex::new(Pace::new(read.traces, args.batch.into(), args.speed));
    let began = Instant::now();
    let threads = if args.speed.is_some() { 1 } else { args.connections };
    std::thread::scope(|scope| {
        let work = || post_all(&client, &batches, &report);
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().try_for_each(|handle| {
            handle
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    report.finish(began.elapsed())
}

/// Posts batches until there are none, or one cannot be posted at all.
fn post_all(client: &Client, batches: &Mutex<Pace>, report: &Report) -> anyhow::Result<()> {
    loop {
        // With a pace, waiting happens here; then there is one thread only.
        let next = batches
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .next();
        let Some(batch) = next else { return Ok(()) };
        let answer = client.post(&batch);
        if answer.is_err() {
            // The others stop at their next batch.
            batches
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner())
                .stop();
        }
        report.add(&batch, answer?);
    }
}

#[cfg(test)]
mod tests;
