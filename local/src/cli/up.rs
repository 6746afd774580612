//! `punctual up`: run the stack until a signal.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::options::StackArgs;
use crate::console::{self, note};
use crate::stack::{Leftover, Stack};

/// What a shell reports for a process that Ctrl-C ended.
const INTERRUPTED: u8 = 130;
/// How long killed children may take to end.
const CHILDREN_END: Duration = Duration::from_secs(2);

/// Arguments of `up`.
#[derive(Args)]
pub(super) struct UpArgs {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 3000)]
    port: u16,
    #[command(flatten)]
    stack: StackArgs,
}

/// Runs until SIGINT or SIGTERM, then drains; a second signal does not wait.
pub(super) fn run(args: UpArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let code = runtime.block_on(up(args));
    console::flush();
    // Not for a build that nobody waits for any more.
    runtime.shutdown_timeout(CHILDREN_END);
    code
}

async fn up(args: UpArgs) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let running = tokio::select! {
        started = Stack::start(args.stack.options(args.port)?) => started?,
        () = signals.next() => {
            note("stopped before it was ready");
            return Ok(ExitCode::from(INTERRUPTED));
        }
    };
    console::flush();
    // Whoever started the stack may have closed its stdout; it runs all the same.
    let _ = writeln!(std::io::stdout(), "ready {}", running.url());

    signals.next().await;
    let limit = args.stack.drain_limit();
    note(format!(
        "stopping: the queues run empty first, at most {} s; stop again to quit at once",
        limit.as_secs()
    ));
    tokio::select! {
        leftovers = running.stop(limit) => {
            report(&leftovers);
            Ok(ExitCode::SUCCESS)
        }
        () = signals.next() => Ok(ExitCode::from(INTERRUPTED)),
    }
}

fn report(leftovers: &[Leftover]) {
    for Leftover { queue, messages } in leftovers {
        note(format!("left in {queue} for the next start: {messages}"));
    }
    if leftovers.is_empty() {
        note("stopped; every queue is empty");
    }
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
