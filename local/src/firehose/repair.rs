//! Mends what a killed process left behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::console;

/// Files looked at per stream. Only a stream's last file can be torn by a kill,
/// and each start mends it; a few more cover files of equal age.
const NEWEST: usize = 8;
/// A record can be 1,000 KiB long; lines are much shorter.
const STEP: u64 = 64 * 1_024;

/// Cuts each stream's newest files back to their last newline: what comes after
/// it belongs to a call that was never answered.
pub fn repair(folder: &Path) -> io::Result<()> {
    for stream in fs::read_dir(folder)? {
        let stream = stream?;
        if stream.file_type()?.is_dir() {
            let mut files = Vec::new();
            collect(&stream.path(), &mut files)?;
            files.sort_unstable_by(|a, b| b.cmp(a));
            for (_, path) in files.into_iter().take(NEWEST) {
                cut_torn_tail(&path)?;
            }
        }
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<(SystemTime, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "ndjson") {
            files.push((entry.metadata()?.modified()?, path));
        }
    }
    Ok(())
}

fn cut_torn_tail(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let keep = end_of_last_line(&mut file, length)?;
    if keep < length {
        console::note(format!(
            "{}: a torn line of {} bytes, never acknowledged, is cut off",
            path.display(),
            length - keep
        ));
        file.set_len(keep)?;
    }
    Ok(())
}

/// Searches backwards, a step at a time.
fn end_of_last_line(file: &mut File, length: u64) -> io::Result<u64> {
    let mut end = length;
    let mut buffer = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(STEP);
        buffer.clear();
        file.seek(SeekFrom::Start(start))?;
        file.by_ref().take(end - start).read_to_end(&mut buffer)?;
        if let Some(newline) = buffer.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + newline as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
