//! Where figures come from.

use std::fs;

use bench_origin::{Origin, command};

/// What shapes the figures.
const MEASURED: [&str; 3] = ["run-sheet", "bench/run-sheet", "Cargo.lock"];

/// From now on.
pub fn now() -> Origin {
    let whole = "cargo run --release -p bench-run-sheet";
    Origin::now(&MEASURED, command("bench-run-sheet", whole))
}

/// The most memory that this process had in use, in MiB; not a number where the
/// system does not tell.
pub fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
