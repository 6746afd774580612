//! Where figures come from.

use std::process::Command;
use std::{env, fs, thread};

use jiff::Timestamp;

/// What shapes the figures.
const MEASURED: [&str; 3] = ["run-sheet", "bench/run-sheet", "Cargo.lock"];

/// The state in which the benchmark was started.
pub struct Origin {
    commit: String,
    load_before: String,
}

impl Origin {
    /// From now on.
    pub fn now() -> Self {
        Self {
            commit: commit(),
            load_before: load(),
        }
    }

    /// The report's last line.
    pub fn line(&self) -> String {
        let Self { commit, load_before } = self;
        let debug = if cfg!(debug_assertions) {
            " (debug build)"
        } else {
            ""
        };
        let arguments: Vec<String> = env::args().skip(1).collect();
        format!(
            "<sub>{}, commit {commit}{debug}, load average {load_before} before and {} after: \
             `cargo run --release -p bench-run-sheet -- {}`</sub>",
            Timestamp::now().strftime("%F %H:%M UTC"),
            load(),
            arguments.join(" "),
        )
    }
}

fn commit() -> String {
    let commit = output("git", &["rev-parse", "--short", "HEAD"]);
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(MEASURED);
    match output("git", &status).is_empty() {
        true => commit,
        false => format!("{commit} and what was not yet committed"),
    }
}

/// Of the last minute.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}

/// `Linux x86_64, 2 cores of …`.
pub fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.unwrap_or("\t: unknown processor");
    let model = model.trim_start_matches(['\t', ':', ' ']);
    format!("{}, {cores} cores of {model}", output("uname", &["-sm"]))
}

/// The most memory that this process had in use, in MiB; not a number where the
/// system does not tell.
pub fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}
