//! The functions' log files: every line that a child prints, as it printed it.
//!
//! One thread writes for all functions, behind a bounded queue, because a slow
//! disk must never block a child on its own stdout (Lambda's does not either).

mod file;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::Bytes;

use super::function::Function;
use crate::backlog;
use file::LogFile;

/// Beside it lies its predecessor, as large.
const FILE_BYTES: u64 = 32 * 1024 * 1024;
/// Chunks of at most a pipe's content, or a line: some tens of MB when the disk hangs.
const QUEUED_CHUNKS: usize = 1024;

#[derive(Clone)]
pub(crate) struct Logs {
    queue: SyncSender<Entry>,
    dropped: Arc<AtomicU64>,
}

enum Entry {
    Lines(Arc<Function>, Bytes),
    Flush(SyncSender<()>),
}

impl Logs {
    /// Creates the folder; the files appear with their first line.
    pub fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let (queue, entries) = sync_channel(QUEUED_CHUNKS);
        let dropped = Arc::new(AtomicU64::new(0));
        let mut writer = Writer {
            dir: dir.to_owned(),
            files: HashMap::new(),
            dropped: Arc::clone(&dropped),
        };
        std::thread::spawn(move || writer.run(&entries));
        Ok(Self { queue, dropped })
    }

    /// Queues whole lines, newlines included, for the function's file and the console.
    pub fn lines(&self, function: &Arc<Function>, lines: Bytes) {
        let count = function.label.lines(&String::from_utf8_lossy(&lines));
        function.live.printed(lines.clone());
        let entry = Entry::Lines(Arc::clone(function), lines);
        if self.queue.try_send(entry).is_err() {
            self.dropped.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// Waits until all lines so far are in their files.
    pub fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.queue.send(Entry::Flush(done)).is_ok() {
            let _ = wait.recv();
        }
    }
}

struct Writer {
    dir: PathBuf,
    files: HashMap<String, LogFile>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    fn run(&mut self, entries: &Receiver<Entry>) {
        while let Some(entry) = backlog::next(entries, || self.flush()) {
            match entry {
                Entry::Lines(function, lines) => self.write(function.logical_id(), &lines),
                Entry::Flush(done) => {
                    self.flush();
                    let _ = done.send(());
                }
            }
        }
    }

    fn write(&mut self, name: &str, lines: &[u8]) {
        if let Err(error) = self.try_write(name, lines) {
            crate::console::note(format!("cannot write the log of {name}: {error}"));
        }
    }

    fn try_write(&mut self, name: &str, lines: &[u8]) -> io::Result<()> {
        if !self.files.contains_key(name) {
            let path = self.dir.join(format!("{name}.log"));
            self.files
                .insert(name.to_owned(), LogFile::open(&path, FILE_BYTES)?);
        }
        let Some(file) = self.files.get_mut(name) else {
            return Ok(());
        };
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            let line = format!("({dropped} lines came faster than the disk takes them)\n");
            file.write(line.as_bytes())?;
        }
        file.write(lines)
    }

    fn flush(&mut self) {
        for file in self.files.values_mut() {
            let _ = file.flush();
        }
    }
}
