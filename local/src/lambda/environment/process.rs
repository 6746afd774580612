//! The child process of an environment, from spawn to its end.

use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{Environment, children, variables};
use crate::lambda::failure::{Failure, describe};
use crate::lambda::host::Host;

/// Lambda splits what is longer; here it also bounds the reader's memory.
const MAX_LINE_BYTES: u64 = 256 * 1024;
/// How often memory and time are compared with the settings.
const LOOK: Duration = Duration::from_millis(250);
/// A grandchild may hold the pipes open after the child's end.
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

async fn supervise(host: &Host, environment: &Arc<Environment>, mut child: Child) -> Failure {
    let pid = child.id().unwrap_or_default();
    environment.pid.store(pid, Ordering::Relaxed);
    children::remember(&host.settings.children_dir, pid);
    let last_line = Arc::new(Mutex::new(String::new()));
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

    let limit = u64::from(environment.function.template.memory_mb) * 1024 * 1024;
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
                let _ = child.start_kill();
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

/// Copies one stream of the child to the logs, line by line.
fn capture(
    host: &Host,
    environment: &Environment,
    stream: impl AsyncRead + Unpin + Send + 'static,
    last_line: Option<Arc<Mutex<String>>>,
) -> JoinHandle<()> {
    let function = Arc::clone(&environment.function);
    let logs = host.logs.clone();
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut stream).take(MAX_LINE_BYTES);
            let read = limited.read_until(b'\n', &mut line).await;
            if !matches!(read, Ok(bytes) if bytes > 0) {
                return;
            }
            if line.last() != Some(&b'\n') {
                line.push(b'\n');
            }
            let text = String::from_utf8_lossy(&line);
            if let Some(last) = last_line.as_ref().filter(|_| says_something(&text)) {
                text.trim()
                    .clone_into(&mut last.lock().unwrap_or_else(PoisonError::into_inner));
            }
            logs.line(&function, line);
        }
    })
}

/// A panic's message is followed by a hint about backtraces, which explains nothing.
fn says_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("note: ")
}
