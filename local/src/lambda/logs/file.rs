use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A log file that begins anew when it is full, with its predecessor beside it
/// as `<name>.old`: a stack that runs for weeks fills no disk.
pub(super) struct LogFile {
    path: PathBuf,
    limit: u64,
    bytes: u64,
    file: BufWriter<File>,
}

impl LogFile {
    /// Goes on where an earlier process stopped. `limit` is in bytes.
    pub fn open(path: &Path, limit: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self {
            path: path.to_owned(),
            limit,
            bytes: file.metadata()?.len(),
            file: BufWriter::new(file),
        })
    }

    /// Appends whole lines, newlines included.
    pub fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let length = lines.len() as u64;
        if self.bytes > 0 && self.bytes + length > self.limit {
            self.file.flush()?;
            fs::rename(&self.path, self.path.with_extension("log.old"))?;
            *self = Self::open(&self.path, self.limit)?;
        }
        self.bytes += length;
        self.file.write_all(lines)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_makes_room_and_stays_beside() {
        let folder = tempfile::tempdir().expect("temporary directory");
        let path = folder.path().join("Probe.log");
        for lines in [&["one\n", "two\n"][..], &["three\n"], &["four\n"]] {
            // A new process each time.
            let mut log = LogFile::open(&path, 10).expect("opened");
            lines
                .iter()
                .for_each(|line| log.write(line.as_bytes()).expect("written"));
            log.flush().expect("flushed");
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
        assert_eq!(
            (read("Probe.log.old"), read("Probe.log")),
            ("three\n".to_owned(), "four\n".to_owned())
        );
    }
}
