//! Children that outlive their stack.
//!
//! A stack that is killed cannot end its children. The ones that wait for an
//! event end with their connection; a busy one would work on, and could write
//! to the next stack on the same port a second time. So each child is written
//! down, and the next stack on the same data directory ends those that are left.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// A killed process is gone within milliseconds, unless it hangs in the kernel.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes a child down. Whoever cannot be written down runs all the same.
pub(super) fn remember(folder: &Path, pid: u32) {
    if let Some(birth) = birth(pid) {
        let _ = fs::write(folder.join(pid.to_string()), birth);
    }
}

/// The child has ended, and its group with it.
pub(super) fn forget(folder: &Path, pid: u32) {
    let _ = fs::remove_file(folder.join(pid.to_string()));
}

/// Kills what an earlier stack left behind, with everything that it started,
/// and returns how many there were. Nobody else may use `folder` meanwhile.
///
/// # Errors
/// The folder cannot be made or read.
pub(crate) fn end_orphans(folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut killed = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let pid: Option<u32> = name.and_then(|name| name.parse().ok());
        let born = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(&path);
        if let Some(pid) = pid.filter(|pid| birth(*pid).is_some_and(|birth| birth == born)) {
            kill(pid);
            killed.push((pid, born));
        }
    }
    let until = Instant::now() + PATIENCE;
    let lives = |(pid, born): &(u32, String)| birth(*pid).as_ref() == Some(born);
    while killed.iter().any(lives) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(killed.len())
}

/// Kills a child with everything that it started: each leads a process group of
/// its own. What has left the group for a session of its own gets away.
pub(super) fn kill(pid: u32) {
    let group = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// What tells a process from a later one with the same id: the boot, and the
/// clock ticks from there to its start. `None`: it does not run.
#[cfg(target_os = "linux")]
fn birth(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    // The second field is the name, which may have spaces and parentheses of its own.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?;
    let started = fields.nth(18)?;
    (!matches!(state, "Z" | "X")).then(|| format!("{} {started}", boot.trim()))
}

#[cfg(not(target_os = "linux"))]
fn birth(pid: u32) -> Option<String> {
    let mut ps = std::process::Command::new("ps");
    let output = ps.args(["-o", "lstart=", "-p", &pid.to_string()]).output().ok()?;
    let started = String::from_utf8(output.stdout).ok()?;
    (!started.trim().is_empty()).then(|| started.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_with_an_old_id_is_left_alone() {
        let folder = tempfile::tempdir().expect("temporary directory");
        let own = std::process::id();
        let file = folder.path().join(own.to_string());
        remember(folder.path(), own);
        assert_eq!(fs::read_to_string(&file).ok(), birth(own));
        fs::write(&file, "another boot 1").expect("written");
        assert_eq!(end_orphans(folder.path()).expect("readable"), 0);
        assert!(!file.exists());
    }
}
