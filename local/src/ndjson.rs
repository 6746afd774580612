//! Files of one JSON document a line, and what a kill does to them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::console;

/// A record of Firehose can be 1,000 KiB long; lines are much shorter.
const STEP: u64 = 64 * 1_024;

/// Cuts a file back to its last newline: what comes after it belongs to a call
/// that was never answered.
pub(crate) fn cut_torn_tail(path: &Path) -> io::Result<()> {
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
