//! Where figures come from.

use std::process::Command;
use std::{fs, thread};

use jiff::Timestamp;

/// What shapes the figures, beside the benchmark itself.
const MEASURED: [&str; 4] = [
    "lessons",
    "functions/schedule-publish",
    "bench/publish/src",
    "Cargo.lock",
];

/// The state in which a part was measured.
pub struct Origin {
    command: String,
    commit: String,
    load_before: String,
}

impl Origin {
    /// From now on; `options` are those that bring just this part.
    pub fn now(options: &str) -> Self {
        Self {
            command: format!("cargo run --release -p bench-publish -- {options}"),
            commit: commit(),
            load_before: load(),
        }
    }

    /// A line of the report, at the part's end.
    pub fn line(&self) -> String {
        let Self {
            command,
            commit,
            load_before,
        } = self;
        let debug = if cfg!(debug_assertions) {
            " (debug build)"
        } else {
            ""
        };
        format!(
            "<sub>{}, commit {commit}{debug}, load average {load_before} before and {} after: `{command}`</sub>",
            Timestamp::now().strftime("%F %H:%M UTC"),
            load(),
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
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("\t: unknown processor");
    format!(
        "{}, {cores} cores of {}",
        output("uname", &["-sm"]),
        model.trim_start_matches(['\t', ':', ' '])
    )
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}
