//! Who computes first where processors are short.
//!
//! On Lambda each environment has a share of processor of its own: a search never
//! takes any from a trace. A machine has a few processors for all functions, and
//! its kernel shares them out evenly, to whoever asks for the most. So a function
//! that gets a whole vCPU on Lambda, which is what one that computes is given,
//! steps back here: it has the least priority there is, and one processor is left
//! to all others. Priority alone is not enough: who wakes up where all processors
//! are busy has to wait for some milliseconds, whatever its own priority is. With
//! one left, the p99 of traces beside searches is that without (bench/report.md).

use rustix::process::{Pid, setpriority_pgrp};

/// `MemorySize` in MB from which an environment has a whole vCPU.
const WHOLE_VCPU_MB: u32 = 1769;
/// The least priority there is: 1/68 of the usual share on Linux.
const NICE: i32 = 19;

/// Lets all others go before a child that leads its process group, if its function
/// computes. What it starts steps back with it. A child that cannot be changed, as
/// where it has just ended, runs as it is.
pub(super) fn step_back(pid: u32, memory_mb: u32) {
    let group = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(group) = group.filter(|_| memory_mb >= WHOLE_VCPU_MB) {
        let _ = setpriority_pgrp(Some(group), NICE);
        #[cfg(target_os = "linux")]
        leave_one_processor(pid);
    }
}

/// To whoever else there is, if there are two or more.
#[cfg(target_os = "linux")]
fn leave_one_processor(pid: u32) {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let Ok(mut processors) = sched_getaffinity(None) else {
        return;
    };
    let first = (0..CpuSet::MAX_CPU).find(|&processor| processors.is_set(processor));
    if let Some(first) = first.filter(|_| processors.count() > 1) {
        processors.unset(first);
        // Threads inherit it; of those that it has started already each is asked.
        let threads = std::fs::read_dir(format!("/proc/{pid}/task"));
        let threads = threads.into_iter().flatten().flatten();
        for thread in threads.filter_map(|thread| thread.file_name().to_str()?.parse().ok()) {
            let _ = sched_setaffinity(Pid::from_raw(thread), &processors);
        }
    }
}
