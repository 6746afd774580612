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
        .filter_map(|environment| ticks(environment["pid"].as_u64()?))
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

fn ticks(pid: u64) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name, which may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11).map(str::parse::<f64>);
    Some(fields.next()?.ok()? + fields.next()?.ok()?)
}
