//! One delivery stream: its settings, its file, its counts.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError, RwLock};

use super::error::FirehoseError;
use super::file::{BufferHints, Writer};

/// What a stream was asked to do so far, since this process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct StreamStats {
    /// Put calls that were answered 200.
    pub calls: u64,
    /// Records stored.
    pub records: u64,
    /// Lines in them.
    pub lines: u64,
    /// Bytes stored, after base64.
    pub bytes: u64,
    /// What the stored records would be billed as, each rounded up to 5 KB.
    pub billed_5kb_units: u64,
    /// Records refused on purpose.
    pub failed_records: u64,
    /// Whole calls refused on purpose.
    pub throttled_calls: u64,
}

#[derive(Debug, Default)]
pub struct Counters {
    pub calls: AtomicU64,
    pub records: AtomicU64,
    pub lines: AtomicU64,
    pub bytes: AtomicU64,
    pub billed_5kb_units: AtomicU64,
    pub failed_records: AtomicU64,
    pub throttled_calls: AtomicU64,
}

pub struct Stream {
    pub name: String,
    /// Epoch seconds.
    pub created: i64,
    hints: RwLock<BufferHints>,
    /// Held for one write. Callers are on blocking threads.
    writer: Mutex<Writer>,
    pub counters: Counters,
}

impl Stream {
    pub fn new(folder: &Path, name: &str, hints: BufferHints) -> Self {
        Self {
            name: name.to_owned(),
            created: jiff::Timestamp::now().as_second(),
            hints: RwLock::new(hints),
            writer: Mutex::new(Writer::new(folder, name)),
            counters: Counters::default(),
        }
    }

    pub fn hints(&self) -> BufferHints {
        *self.hints.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_hints(&self, hints: BufferHints) {
        *self.hints.write().unwrap_or_else(PoisonError::into_inner) = hints;
    }

    /// Stores a call's accepted records, all or none. Blocks on the disk.
    pub fn append(&self, lines: &[u8]) -> Result<(), FirehoseError> {
        let hints = self.hints();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .append(lines, hints)
            .map_err(FirehoseError::io(Path::new(&self.name)))
    }

    /// Blocks on the disk.
    pub fn sync(&self) -> Result<(), FirehoseError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.sync().map_err(FirehoseError::io(Path::new(&self.name)))
    }

    pub fn stats(&self) -> StreamStats {
        let counters = &self.counters;
        StreamStats {
            calls: counters.calls.load(Relaxed),
            records: counters.records.load(Relaxed),
            lines: counters.lines.load(Relaxed),
            bytes: counters.bytes.load(Relaxed),
            billed_5kb_units: counters.billed_5kb_units.load(Relaxed),
            failed_records: counters.failed_records.load(Relaxed),
            throttled_calls: counters.throttled_calls.load(Relaxed),
        }
    }
}
