//! What a child prints, on its way to the logs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::Environment;
use crate::lambda::host::Host;

/// Lambda splits what is longer; here it also bounds the reader's memory.
const MAX_LINE_BYTES: usize = 256 * 1024;
/// Between two reads, so that a busy function's lines come together: at 3,000
/// requests a second one wake-up for 30 lines instead of 30.
const PAUSE: Duration = Duration::from_millis(10);
/// What a pipe holds on Linux.
const PIPE_BYTES: usize = 64 * 1024;

/// The last line on stderr, which may say why a child did not start.
pub(super) type LastLine = Arc<Mutex<String>>;

/// Copies one stream of the child to the logs, in whole lines.
pub(super) fn capture(
    host: &Host,
    environment: &Environment,
    mut stream: impl AsyncRead + Unpin + Send + 'static,
    last_line: Option<LastLine>,
) -> JoinHandle<()> {
    let function = Arc::clone(&environment.function);
    let logs = host.logs.clone();
    tokio::spawn(async move {
        let mut printed = BytesMut::new();
        loop {
            printed.reserve(PIPE_BYTES);
            let read = stream.read_buf(&mut printed).await.unwrap_or_default();
            let lines = take_lines(&mut printed, read == 0);
            if let Some(last_line) = &last_line {
                remember(last_line, &lines);
            }
            if !lines.is_empty() {
                logs.lines(&function, lines.into());
            }
            if read == 0 {
                return;
            }
            // A pipe that is getting full would make the child wait for room.
            if read < PIPE_BYTES / 2 {
                sleep(PAUSE).await;
            }
        }
    })
}

/// Everything up to the last newline; all of it, and a newline, when nothing
/// more comes or a line is too long.
fn take_lines(printed: &mut BytesMut, ended: bool) -> BytesMut {
    if let Some(newline) = printed.iter().rposition(|byte| *byte == b'\n')
        && !ended
    {
        return printed.split_to(newline + 1);
    }
    if !ended && printed.len() < MAX_LINE_BYTES {
        return BytesMut::new();
    }
    let mut rest = printed.split();
    if rest.last().is_some_and(|last| *last != b'\n') {
        rest.extend_from_slice(b"\n");
    }
    rest
}

fn remember(last_line: &LastLine, lines: &[u8]) {
    let text = String::from_utf8_lossy(lines);
    if let Some(line) = text.lines().rfind(|line| says_something(line)) {
        line.trim()
            .clone_into(&mut last_line.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A panic's message is followed by a hint about backtraces, which explains nothing.
fn says_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("note: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_and_the_last_one_with_the_end() {
        let mut printed = BytesMut::from("one\ntwo\nthr");
        assert_eq!(take_lines(&mut printed, false), "one\ntwo\n");
        assert_eq!(take_lines(&mut printed, false), "");
        printed.extend_from_slice(b"ee\nfo");
        assert_eq!(take_lines(&mut printed, false), "three\n");
        assert_eq!(take_lines(&mut printed, true), "fo\n");
        assert_eq!(take_lines(&mut printed, true), "");
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let mut printed = BytesMut::from(&vec![b'x'; MAX_LINE_BYTES][..]);
        let line = take_lines(&mut printed, false);
        assert_eq!((line.len(), line.last()), (MAX_LINE_BYTES + 1, Some(&b'\n')));
        assert!(printed.is_empty());
    }

    #[test]
    fn the_reason_is_the_last_line_that_says_something() {
        let last = LastLine::default();
        remember(&last, b"first\nthe reason\n\nnote: run with `RUST_BACKTRACE=1`\n");
        remember(&last, b"\n");
        assert_eq!(*last.lock().expect("not poisoned"), "the reason");
    }
}
