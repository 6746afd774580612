//! The command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use run_sheet::Options;

/// The data's folder from the project's root.
const DATA: &str = "../shared/data/run-sheets";

/// Measures the release build and writes run-sheet.md and its pictures.
#[derive(Debug, Parser)]
pub struct Args {
    /// Folder with a folder of instances per set, and optima.csv if there is one.
    #[arg(long, default_value = DATA)]
    pub data: PathBuf,
    /// Takes only instances whose set/name contains this.
    #[arg(long, default_value = "")]
    pub filter: String,
    /// Milliseconds of a run of ours and of a peer's.
    #[arg(long, default_value_t = 2_000)]
    pub budget_ms: u64,
    /// Runs of ours per instance, as long as together they take less than the budget.
    #[arg(long, default_value_t = 5)]
    pub repeat: usize,
    /// Of ours and of the legacy.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Milliseconds of the legacy; 0 leaves it out.
    #[arg(long, default_value_t = 2_000)]
    pub legacy_ms: u64,
    /// The Python that has the peers; without it they are left out.
    #[arg(long)]
    pub peers: Option<PathBuf>,
    /// Numbers of orders that the peers try.
    #[arg(long, value_delimiter = ',', default_value = "8,10,15,20,30")]
    pub peers_orders: Vec<usize>,
    /// Instances that they try of each set and number of orders.
    #[arg(long, default_value_t = 5)]
    pub peers_each: usize,
    /// Prints a line of JSON per instance for ours, and does nothing else.
    #[arg(long)]
    pub json: bool,
    /// Exits with 1 when a target is missed.
    #[arg(long)]
    pub check: bool,
    /// Folder for the report and the pictures; bench, or target/bench-run-sheet
    /// with --filter or other data.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

impl Args {
    /// Where the report goes: what is not measured on all of the project's own data
    /// does not replace what is kept.
    pub fn folder(&self) -> PathBuf {
        let all = self.filter.is_empty() && self.data == Path::new(DATA);
        let folder = if all { "bench" } else { "target/bench-run-sheet" };
        self.out.clone().unwrap_or_else(|| folder.into())
    }

    /// How long ours and the peers search.
    pub fn budget(&self) -> Duration {
        Duration::from_millis(self.budget_ms)
    }

    /// How long the legacy searches.
    pub fn legacy(&self) -> Duration {
        Duration::from_millis(self.legacy_ms)
    }

    /// Of our solver.
    pub fn options(&self) -> Options {
        Options {
            budget: self.budget(),
            seed: self.seed,
            ..Options::default()
        }
    }
}
