//! Where figures come from.

use std::{fs, process::Command};

use jiff::Timestamp;

/// What shapes the figures.
const MEASURED: [&str; 10] = [
    "bench/src",
    "bench/empty",
    "bench/enqueue",
    "functions",
    "lessons",
    "local",
    "run-sheet",
    "shared",
    "template.yaml",
    "Cargo.lock",
];

/// The state in which a section was measured.
#[derive(Debug)]
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

    /// A line of the report, at the section's end; `options` are those that
    /// bring just this section.
    pub fn line(&self, options: &str) -> String {
        let Self { commit, load_before } = self;
        let debug = if cfg!(debug_assertions) {
            " (debug build)"
        } else {
            ""
        };
        format!(
            "<sub>{}, commit {commit}{debug}, load average {load_before} before and {} after: \
             `cargo run --release -p bench -- {options}`</sub>",
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

/// What a program prints.
pub fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}
