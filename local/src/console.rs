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
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anstyle::Style;

pub use label::Label;
pub use repeated::Repeated;

/// About a screenful for each of a hundred functions; more is not read anyway.
const QUEUED_LINES: usize = 8192;

static QUEUE: OnceLock<SyncSender<Entry>> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

enum Entry {
    Line {
        label: &'static str,
        style: Style,
        text: String,
    },
    Flush(SyncSender<()>),
}

/// Prints a line of the stack itself.
pub fn note(text: impl Into<String>) {
    push("punctual", Style::new().bold(), text.into());
}

/// Waits until everything printed so far is on the terminal.
pub fn flush() {
    let (done, wait) = sync_channel(1);
    if queue().send(Entry::Flush(done)).is_ok() {
        let _ = wait.recv();
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
    loop {
        let entry = match entries.try_recv() {
            Ok(entry) => entry,
            Err(_) => {
                // Nothing waits: whoever looks sees the last line now.
                let _ = stderr.flush();
                match entries.recv() {
                    Ok(entry) => entry,
                    Err(_) => return,
                }
            }
        };
        match entry {
            Entry::Line { label, style, text } => {
                let _ = writeln!(stderr, "{}", rendered(label, style, &text));
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
