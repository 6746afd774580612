//! How much memory a child holds, against the function's memory setting.

use std::sync::atomic::{AtomicU64, Ordering};

/// Resident set size of the child, in bytes; 0 until first read.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Memory {
    pub fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    pub fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Reads both numbers of a process and tells whether the peak is above
    /// `limit`. The peak is what counts: Lambda's memory cgroup kills at the
    /// spike itself, which a poll of the current size would miss.
    pub fn exceeds(&self, pid: u32, limit: u64) -> bool {
        let Some((now, peak)) = read(pid) else {
            return false;
        };
        self.now.store(now, Ordering::Relaxed);
        self.peak.fetch_max(peak, Ordering::Relaxed);
        peak > limit
    }
}

/// `VmRSS` and `VmHWM` (its high-water mark) from the kernel, in bytes.
#[cfg(target_os = "linux")]
fn read(pid: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some((field(&status, "VmRSS:")?, field(&status, "VmHWM:")?))
}

#[cfg(any(target_os = "linux", test))]
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Other systems have no cheap way without `unsafe`; there the setting is not enforced.
#[cfg(not(target_os = "linux"))]
fn read(_pid: u32) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn reads_the_kernels_kibibytes() {
        let status = "Name:\tprobe\nVmHWM:\t    5120 kB\nVmRSS:\t    4096 kB\n";
        assert_eq!(field(status, "VmRSS:"), Some(4096 * 1024));
        assert_eq!(field(status, "VmHWM:"), Some(5120 * 1024));
        assert_eq!(field(status, "VmSwap:"), None);
    }
}
