//! Where figures come from.

use std::{env, fs};

use bench_origin::Origin;

/// What shapes the figures.
const MEASURED: [&str; 3] = ["run-sheet", "bench/run-sheet", "Cargo.lock"];

/// From now on.
pub fn now() -> Origin {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let command = format!(
        "cargo run --release -p bench-run-sheet -- {}",
        arguments.join(" ")
    );
    Origin::now(&MEASURED, command)
}

/// The most memory that this process had in use, in MiB; not a number where the
/// system does not tell.
pub fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
