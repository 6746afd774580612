//! The child process of an environment, from spawn to its end.

use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::output::{LastLine, capture};
use super::{Environment, children, priority, variables};
use crate::lambda::failure::{Failure, describe};
use crate::lambda::host::Host;

/// How often memory and time are compared with the settings.
const LOOK: Duration = Duration::from_millis(250);
/// A grandchild that got away may hold the pipes open after the child's end.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Runs the child of `environment` until it ends, and returns why it did.
pub(crate) async fn run(host: &Host, environment: &Arc<Environment>) -> Failure {
    match spawn(host, environment) {
        Ok(child) => supervise(host, environment, child).await,
        Err(error) => {
            let path = environment.function.executable.display();
            environment.finish(Failure::NotStarted(format!("{path}: {error}")))
        }
    }
}

fn spawn(host: &Host, environment: &Environment) -> std::io::Result<Child> {
    let executable = &environment.function.executable;
    let mut command = Command::new(executable);
    command
        .env_clear()
        .envs(variables::for_child(environment, &host.settings))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        // Ctrl-C goes to the whole group of the terminal; functions must
        // outlive it to drain the queues.
        .process_group(0)
        .current_dir(&environment.function.task_root);
    command.spawn()
}

/// A child's process group, killed when this is dropped: also with a runtime
/// that ends before the child.
struct Group(u32);

impl Drop for Group {
    fn drop(&mut self) {
        children::kill(self.0);
    }
}

async fn supervise(host: &Host, environment: &Arc<Environment>, mut child: Child) -> Failure {
    let pid = child.id().unwrap_or_default();
    environment.pid.store(pid, Ordering::Relaxed);
    let memory_mb = environment.function.template.memory_mb;
    priority::step_back(pid, memory_mb);
    children::remember(&host.settings.children_dir, pid);
    let group = Group(pid);
    let last_line = LastLine::default();
    let readers = [
        child
            .stdout
            .take()
            .map(|out| capture(host, environment, out, None)),
        child
            .stderr
            .take()
            .map(|err| capture(host, environment, err, Some(Arc::clone(&last_line)))),
    ];

    let limit = u64::from(memory_mb) * 1024 * 1024;
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let init_limit = host.settings.init_limit;
    let init_over = sleep(init_limit);
    tokio::pin!(init_over);
    let mut initializing = true;

    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            () = environment.stop_requested() => {
                children::kill(pid);
            }
            () = &mut init_over, if initializing => {
                initializing = false;
                if environment.is_starting() {
                    environment.stop(Some(Failure::InitTimedOut(init_limit)));
                }
            }
            _ = looks.tick() => {
                if environment.memory.exceeds(pid, limit) {
                    environment.stop(Some(Failure::OutOfMemory));
                }
                // It would hold one of the function's places for ever.
                if environment.is_silent() {
                    environment.stop(Some(Failure::Silent(environment.function.template.timeout)));
                }
            }
        }
    };
    // A sandbox ends as a whole: what the child started does not outlive it. The
    // id is not given out again while its group has members.
    drop(group);
    children::forget(&host.settings.children_dir, pid);
    for reader in readers.into_iter().flatten() {
        let _ = timeout(LAST_WORDS, reader).await;
    }
    let status = status.map_or_else(|error| error.to_string(), describe);
    environment.finish(if environment.is_starting() {
        let last_line = last_line.lock().unwrap_or_else(PoisonError::into_inner);
        Failure::InitExited(status, last_line.clone())
    } else {
        Failure::Exited(status)
    })
}
