//! `punctual lessons generate`: fills the lesson tables for load.

mod at;
mod report;
mod row;
mod rows;
mod sql;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use indicatif::ProgressBar;
use jiff::Timestamp;
use lessons::Store as _;
use lessons::store::SqlStore;

pub(crate) use at::At;
use row::Kind;
use rows::Rows;

use crate::progress;
use crate::tables::Tables;

/// Arguments of `lessons generate`.
#[derive(Debug, clap::Args)]
pub struct GenerateArgs {
    /// Lessons to add
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    rows: u64,
    /// How many of them open at --at, scattered over the others
    #[arg(long, value_name = "N")]
    due: u64,
    /// When these open, as in 2026-11-24T10:30:00Z; or next-minute: the first
    /// that there is time for
    #[arg(long, verbatim_doc_comment, value_name = "TIME")]
    at: At,
    /// mysql://user:password@host:3306/name or sqlite:FILE
    /// [default: that of --data-dir]
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "URL",
        env = "PUNCTUAL_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: Option<String>,
    /// Data directory of the stack whose own lessons.db is filled
    #[arg(long, value_name = "DIR", default_value = ".punctual")]
    data_dir: PathBuf,
    /// Centers that the lessons are of; generated ones are used again
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    centers: u32,
    /// The same seed gives the same lessons
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print the summary as one JSON object
    #[arg(long)]
    json: bool,
}

/// Lessons that are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    /// How many.
    pub rows: u64,
    /// How many of them open at `at`.
    pub due: u64,
    /// The instant.
    pub at: Timestamp,
    /// How many centers they are of.
    pub centers: u32,
    /// Of the random numbers.
    pub seed: u64,
}

/// Lessons that were made, by what they are.
#[derive(Debug, Default)]
pub(crate) struct Made {
    due: u64,
    published: u64,
    scheduled: u64,
    cancelled: u64,
}

/// Fills the tables and prints a summary.
pub fn run(args: &GenerateArgs) -> anyhow::Result<()> {
    ensure!(
        args.due <= args.rows,
        "--due {} is more than --rows {}: the due lessons are among the rows",
        args.due,
        args.rows
    );
    let tables = Tables::choose(args.database_url.as_deref(), &args.data_dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut store = SqlStore::new(tables.open().await?);
        let order = Order {
            rows: args.rows,
            due: args.due,
            at: args.at.resolve(store.now().await?, args.rows),
            centers: args.centers,
            seed: args.seed,
        };
        let began = Instant::now();
        let bar = progress::of("lessons", order.rows);
        let made = fill(&mut store, &order, &bar).await?;
        bar.finish_and_clear();
        report::print(&order, &made, &tables.to_string(), began.elapsed(), args.json);
        store.close().await;
        Ok(())
    })
}

/// Adds the lessons of `order`. What was written before an error stays.
pub(crate) async fn fill(store: &mut SqlStore, order: &Order, bar: &ProgressBar) -> anyhow::Result<Made> {
    let now = store.now().await?;
    let centers = sql::centers(store.connection(), order.centers).await?;
    let mut rows = Rows::new(order, &centers, now);
    let mut made = Made::default();
    loop {
        let batch: Vec<_> = rows.by_ref().take(sql::TRANSACTION).collect();
        if batch.is_empty() {
            return Ok(made);
        }
        sql::insert(store.connection(), &batch)
            .await
            .with_context(|| format!("broke off after {} of {} lessons", bar.position(), order.rows))?;
        for row in &batch {
            *match row.kind {
                Kind::Due => &mut made.due,
                Kind::Published => &mut made.published,
                Kind::Scheduled => &mut made.scheduled,
                Kind::Cancelled => &mut made.cancelled,
            } += 1;
        }
        bar.inc(batch.len() as u64);
    }
}
