//! Mends what a killed process left behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::ndjson::cut_torn_tail;

/// Files looked at per stream. Only a stream's last file can be torn by a kill,
/// and each start mends it; a few more cover files of equal age.
const NEWEST: usize = 8;

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
