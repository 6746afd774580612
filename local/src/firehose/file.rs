//! The file that a stream writes to now.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use uuid::Uuid;

/// When a file is full: whichever comes first, as in a stream's `BufferingHints`.
#[derive(Debug, Clone, Copy)]
pub struct BufferHints {
    pub bytes: u64,
    /// Since the first byte.
    pub interval: Duration,
}

/// Appends calls to the current file and begins the next when it is full.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    stream: String,
    current: Option<Current>,
    files: u64,
}

#[derive(Debug)]
struct Current {
    file: File,
    path: PathBuf,
    bytes: u64,
    began: Instant,
}

impl Writer {
    /// Writes under `<folder>/<stream>/`. Nothing is created before the first call.
    pub fn new(folder: &Path, stream: &str) -> Self {
        Self {
            folder: folder.join(stream),
            stream: stream.to_owned(),
            current: None,
            files: 0,
        }
    }

    /// Hands `lines` to the operating system in one write: whole, or not at all.
    ///
    /// # Errors
    /// What was written in part is cut off again. Should even that fail, the
    /// file is left behind and the next call begins a new one.
    pub fn append(&mut self, lines: &[u8], hints: BufferHints) -> io::Result<()> {
        let mut current = match self.current.take().filter(|file| !file.is_done(hints)) {
            Some(current) => current,
            None => self.begin()?,
        };
        if let Err(error) = current.file.write_all(lines) {
            if current.file.set_len(current.bytes).is_ok() {
                self.current = Some(current);
            }
            return Err(error);
        }
        current.bytes += lines.len() as u64;
        self.current = Some(current);
        Ok(())
    }

    /// Has the disk itself take what the operating system holds.
    pub fn sync(&self) -> io::Result<()> {
        self.current.as_ref().map_or(Ok(()), |c| c.file.sync_all())
    }

    /// `<yyyy>/<MM>/<dd>/<HH>/<stream>-<n>-<yyyy-MM-dd-HH-mm-ss>-<uuid>.ndjson`
    /// in UTC: the service's own naming, `n` counting this process's files.
    fn begin(&mut self) -> io::Result<Current> {
        let now = Timestamp::now();
        self.files += 1;
        let folder = self.folder.join(now.strftime("%Y/%m/%d/%H").to_string());
        create_dir_all(&folder)?;
        let (stream, n) = (&self.stream, self.files);
        let time = now.strftime("%Y-%m-%d-%H-%M-%S");
        let path = folder.join(format!("{stream}-{n}-{time}-{}.ndjson", Uuid::new_v4()));
        // Append mode: after a cut, the next write goes to the new end.
        let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        Ok(Current {
            file,
            path,
            bytes: 0,
            began: Instant::now(),
        })
    }
}

impl Current {
    /// Also when somebody removed it: what is written to it would be gone.
    fn is_done(&self, hints: BufferHints) -> bool {
        self.bytes >= hints.bytes || self.began.elapsed() >= hints.interval || !self.path.exists()
    }
}
