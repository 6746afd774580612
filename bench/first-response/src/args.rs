use std::{path::PathBuf, time::Duration};

use clap::Parser;

/// Measures the release build's functions, and writes first-response.md and its picture.
#[derive(Debug, Parser)]
pub struct Args {
    /// Fresh environments of each function and way to warm up
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(2..))]
    pub environments: u64,
    /// Requests to each environment, one after the other
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(8..))]
    pub requests: u64,
    /// Memory of trace-ingest in MB, which decides its share of a processor; the other functions have what the
    /// template gives them
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u64).range(128..=1769))]
    pub memory_mb: u64,
    /// Milliseconds that a byte takes to the services and back
    #[arg(long, default_value_t = 1.0)]
    pub round_trip_ms: f64,
    /// Folder for the report and the picture
    #[arg(long, default_value = "bench")]
    pub out: PathBuf,
    /// Print what was measured as JSON, and write nothing
    #[arg(long)]
    pub json: bool,
    /// Exit with 1 when a target is missed
    #[arg(long)]
    pub check: bool,
}

impl Args {
    pub fn round_trip(&self) -> Duration {
        Duration::from_secs_f64(self.round_trip_ms.max(0.0) / 1e3)
    }
}
