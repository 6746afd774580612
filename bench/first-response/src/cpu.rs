//! The share of a processor that Lambda gives a function for its memory.
//!
//! By the kernel's own means, as on Lambda: in each period a process runs at full
//! speed until its quota is used up, and stands still for the rest. It needs a control
//! group, and so root.

use std::{fs, io, path::PathBuf, process};

/// That of Lambda's control group.
const PERIOD_US: u64 = 20_000;
/// Of memory for a whole processor.
pub const WHOLE_MB: u64 = 1_769;
/// A control group with that quota; removed when dropped.
#[derive(Debug)]
pub struct Share(PathBuf);

impl Share {
    /// Of a function with as much memory, less than gives a whole processor.
    ///
    /// # Errors
    /// Without the right to make control groups.
    pub fn of(memory_mb: u64) -> io::Result<Self> {
        let quota = PERIOD_US * memory_mb / WHOLE_MB;
        let name = format!("first-response-{}-{memory_mb}", process::id());
        let unified = PathBuf::from("/sys/fs/cgroup");
        let has_cpu = |controllers: String| controllers.split_whitespace().any(|one| one == "cpu");
        if fs::read_to_string(unified.join("cgroup.subtree_control")).is_ok_and(has_cpu) {
            let share = Self::make(unified.join(name))?;
            share.write("cpu.max", &format!("{quota} {PERIOD_US}"))?;
            return Ok(share);
        }
        let share = Self::make(unified.join("cpu").join(name))?;
        share.write("cpu.cfs_period_us", &PERIOD_US.to_string())?;
        share.write("cpu.cfs_quota_us", &quota.to_string())?;
        Ok(share)
    }

    /// Holds a process to it, from now on.
    ///
    /// # Errors
    /// When it has ended.
    pub fn hold(&self, pid: u32) -> io::Result<()> {
        self.write("cgroup.procs", &pid.to_string())
    }

    fn make(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    fn write(&self, file: &str, text: &str) -> io::Result<()> {
        fs::write(self.0.join(file), text)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}
