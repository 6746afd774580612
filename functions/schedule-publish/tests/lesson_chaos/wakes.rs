//! Wakes as processes.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep_until};

use crate::after;
use crate::scenario::WakePlan;

/// Runs one wake of the plan; it is gone at the end.
pub async fn run(plan: WakePlan, url: String, slot: [i64; 2], begin: Instant) {
    sleep_until(after(begin, plan.comes)).await;
    let mut wake = start(&url, slot, plan.clock);
    match plan.killed {
        None => {
            let output = wake.wait_with_output().await.expect("a wake");
            let log = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "a wake failed: {log}");
        }
        Some(moment) => {
            sleep_until(after(begin, moment)).await;
            let _ = wake.kill().await;
        }
    }
}

/// A wake whose time of day is `clock` seconds off.
pub fn start(url: &str, slot: [i64; 2], clock: i64) -> Child {
    let mut command = Command::new(example());
    command.arg(url).args(slot.map(|ms| ms.to_string()));
    // A wrong clock is a preloaded library, which Linux alone has.
    if clock != 0 && cfg!(target_os = "linux") {
        command.envs(testkit::faketime(&format!("{clock:+}s")));
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("examples/wake, which cargo builds with the tests")
}

fn example() -> PathBuf {
    let mut path = std::env::current_exe().expect("this test");
    path.pop();
    path.pop();
    path.join("examples/wake")
}
