//! Who computes first where processors are short.
//!
//! On Lambda each environment has a share of processor of its own: a search never
//! takes any from a trace. A machine has a few processors for all functions, and
//! its kernel shares them out evenly, to whoever asks for the most. So a function
//! that gets a whole vCPU on Lambda, which is what one that computes is given,
//! steps back here: it has what the others leave, which is all while they wait.

use rustix::process::{Pid, setpriority_pgrp};

/// `MemorySize` in MB from which an environment has a whole vCPU.
const WHOLE_VCPU_MB: u32 = 1769;
/// The least there is: on Linux 1/68 of the share of a process of the usual priority,
/// and that one goes first whenever it has something to do.
const NICE: i32 = 19;

/// Lowers the priority of a child that leads its process group, if its function
/// computes. All of its threads have it, and what it starts. A child that cannot
/// be changed, as where the stack's own priority is lower still, runs all the same.
pub(super) fn step_back(pid: u32, memory_mb: u32) {
    let group = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(group) = group.filter(|_| memory_mb >= WHOLE_VCPU_MB) {
        let _ = setpriority_pgrp(Some(group), NICE);
    }
}
