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
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use super::function::Function;
use file::LogFile;

/// Beside it lies its predecessor, as large.
const FILE_BYTES: u64 = 32 * 1024 * 1024;
const QUEUED_LINES: usize = 65_536;

#[derive(Clone)]
pub(crate) struct Logs {
    queue: SyncSender<Entry>,
    dropped: Arc<AtomicU64>,
}

enum Entry {
    Line(Arc<Function>, Vec<u8>),
    Flush(SyncSender<()>),
}

impl Logs {
    /// Creates the folder; the files appear with their first line.
    pub fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let (queue, entries) = sync_channel(QUEUED_LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        let mut writer = Writer {
            dir: dir.to_owned(),
            files: HashMap::new(),
            dropped: Arc::clone(&dropped),
        };
        std::thread::spawn(move || writer.run(&entries));
        Ok(Self { queue, dropped })
    }

    /// Queues a line, newline included, for the function's file and the console.
    pub fn line(&self, function: &Arc<Function>, line: Vec<u8>) {
        let text = String::from_utf8_lossy(&line);
        function.label.line(text.trim_end_matches(['\n', '\r']));
        if self
            .queue
            .try_send(Entry::Line(Arc::clone(function), line))
            .is_err()
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
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
        loop {
            let entry = match entries.try_recv() {
                Ok(entry) => entry,
                Err(TryRecvError::Disconnected) => return self.flush(),
                Err(TryRecvError::Empty) => {
                    // Nothing waits: whoever follows the file sees the last line now.
                    self.flush();
                    match entries.recv() {
                        Ok(entry) => entry,
                        Err(_) => return,
                    }
                }
            };
            match entry {
                Entry::Line(function, line) => self.write(function.logical_id(), &line),
                Entry::Flush(done) => {
                    self.flush();
                    let _ = done.send(());
                }
            }
        }
    }

    fn write(&mut self, name: &str, line: &[u8]) {
        if let Err(error) = self.try_write(name, line) {
            crate::console::note(format!("cannot write the log of {name}: {error}"));
        }
    }

    fn try_write(&mut self, name: &str, line: &[u8]) -> io::Result<()> {
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
        file.write(line)
    }

    fn flush(&mut self) {
        for file in self.files.values_mut() {
            let _ = file.flush();
        }
    }
}
