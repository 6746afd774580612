//! Where a benchmark's figures come from, for its report.

use std::process::Command;
use std::{env, fs, thread};

use jiff::Timestamp;

/// The state in which something was measured.
#[derive(Debug)]
pub struct Origin {
    command: String,
    commit: String,
    load_before: String,
}

impl Origin {
    /// From now on. `measured` are the paths that shape the figures, and `command`
    /// brings them again.
    pub fn now(measured: &[&str], command: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            commit: commit(measured),
            load_before: load(),
        }
    }

    /// A line of the report, at the end of what was measured: parts of a report are measured
    /// again alone, and on other machines.
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
            "<sub>{}, {}, commit {commit}{debug}, load average {load_before} before and {} after: `{command}`</sub>",
            Timestamp::now().strftime("%F %H:%M UTC"),
            machine(),
            load(),
        )
    }
}

/// This benchmark with the options that it was called with, or `otherwise` if with none.
pub fn command(package: &str, otherwise: &str) -> String {
    let options: Vec<String> = env::args().skip(1).collect();
    match options.is_empty() {
        true => otherwise.to_owned(),
        false => format!("cargo run --release -p {package} -- {}", options.join(" ")),
    }
}

fn commit(measured: &[&str]) -> String {
    let commit = output("git", &["rev-parse", "--short", "HEAD"]);
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(measured);
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
fn machine() -> String {
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
