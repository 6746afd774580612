//! What a person sees while the stack runs, on stderr, so that stdout stays
//! clean for `ready …` and for a function's answer.
//!
//! Lines go through a bounded queue to one thread: a terminal that is slow, or
//! stopped with Ctrl-S, must hold up neither a function nor the gateway. Lines
//! that find the queue full are counted, not kept; the log files have them.

mod label;
mod readable;
mod repeated;

use std::io::{BufWriter, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use anstyle::Style;

use crate::backlog;

pub use label::Label;
pub use repeated::Repeated;

/// About a screenful for each of a hundred functions; more is not read anyway.
const QUEUED_LINES: usize = 8192;
/// How long a terminal may take before the end does not wait for it.
const PATIENCE: Duration = Duration::from_secs(1);

static QUEUE: OnceLock<SyncSender<Entry>> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

enum Entry {
    Line {
        label: &'static str,
        style: Style,
        text: String,
    },
    Error(String),
    Flush(SyncSender<()>),
}

/// Prints a line of the stack itself.
pub fn note(text: impl Into<String>) {
    push("punctual", Style::new().bold(), text.into());
}

/// Prints why the command failed, after everything else.
pub fn error(text: String) {
    let until = Instant::now() + PATIENCE;
    push_until(Entry::Error(text), until);
    flush_until(until);
}

/// Waits until everything printed so far is on the terminal; not for long, as
/// nobody may be reading there.
pub fn flush() {
    flush_until(Instant::now() + PATIENCE);
}

fn flush_until(until: Instant) {
    let (done, wait) = sync_channel(1);
    push_until(Entry::Flush(done), until);
    let _ = wait.recv_timeout(until.saturating_duration_since(Instant::now()));
}

fn push_until(mut entry: Entry, until: Instant) {
    while let Err(TrySendError::Full(returned)) = queue().try_send(entry) {
        if Instant::now() >= until {
            return;
        }
        entry = returned;
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn push(label: &'static str, style: Style, text: String) {
    if queue().try_send(Entry::Line { label, style, text }).is_err() {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

fn queue() -> &'static SyncSender<Entry> {
    QUEUE.get_or_init(|| {
        let (sender, receiver) = sync_channel(QUEUED_LINES);
        std::thread::spawn(move || print(&receiver));
        sender
    })
}

fn print(entries: &Receiver<Entry>) {
    // AutoStream takes the colours out when stderr is no terminal or NO_COLOR is set.
    let mut stderr = BufWriter::new(anstream::stderr());
    while let Some(entry) = backlog::next(entries, || drop(stderr.flush())) {
        match entry {
            Entry::Line { label, style, text } => {
                let _ = writeln!(stderr, "{}", rendered(label, style, &text));
            }
            Entry::Error(text) => {
                let _ = writeln!(stderr, "error: {text}");
            }
            Entry::Flush(done) => {
                let _ = stderr.flush();
                let _ = done.send(());
            }
        }
        let dropped = DROPPED.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            let _ = writeln!(stderr, "… {dropped} lines were too fast for this terminal");
        }
    }
}

fn rendered(label: &str, style: Style, text: &str) -> String {
    let text = readable::readable(text);
    format!("{style}{label:<14}{style:#} {text}")
}
