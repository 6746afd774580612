//! Processor time of a function's environments, as Linux counts it.

use std::fs;

use serde_json::Value;

/// The unit of `/proc/<pid>/stat`: Linux shows 100 ticks a second, whatever it
/// counts in itself.
const TICK_US: f64 = 1e4;

/// Microseconds that the function's living environments have used, in the kernel
/// too; 0 where there is no `/proc`.
pub fn used_us(status: &Value, function: &str) -> f64 {
    let environments = status["functions"][function]["environments"].as_array();
    environments
        .into_iter()
        .flatten()
        .filter_map(|environment| Process::read(environment["pid"].as_u64()?))
        .map(|process| process.ticks)
        .sum::<f64>()
        * TICK_US
}

/// Microseconds that all processors of the machine were at work, for whatever
/// runs on it; 0 where there is no `/proc`.
pub fn busy_us() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    // `cpu  user nice system idle iowait irq softirq …`
    let all = stat.lines().next().unwrap_or_default().split_whitespace();
    let ticks = all.skip(1).map(|ticks| ticks.parse::<f64>().unwrap_or_default());
    let at_work = ticks.take(7).enumerate().filter(|(n, _)| !matches!(n, 3 | 4));
    at_work.map(|(_, ticks)| ticks).sum::<f64>() * TICK_US
}

/// Microseconds that a process and all that descend from it have used, of those that
/// live; 0 where there is no `/proc`.
pub fn tree_us(pid: u32) -> f64 {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let all: Vec<Process> = pids.filter_map(Process::read).collect();
    let mut tree: Vec<&Process> = all.iter().filter(|one| one.pid == u64::from(pid)).collect();
    let mut at = 0;
    while let Some(parent) = tree.get(at).map(|one| one.pid) {
        tree.extend(all.iter().filter(|one| one.parent == parent));
        at += 1;
    }
    tree.iter().map(|one| one.ticks).sum::<f64>() * TICK_US
}

/// What Linux says of a process.
struct Process {
    pid: u64,
    parent: u64,
    ticks: f64,
}

impl Process {
    fn read(pid: u64) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The second field is the name, which may hold anything; behind it are the
        // state and the parent, and further on the ticks in user space and the kernel.
        let (_, fields) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        Some(Self {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            ticks: ticks(11)? + ticks(12)?,
        })
    }
}
