//! A message body as Firehose is to get it: one JSON object a line.

use bytes::Bytes;
use serde::de::IgnoredAny;
use shared::envelope::{MAX_BYTES, MAX_LINES};

use crate::message::Undeliverable;

/// Whole lines, each one JSON object ended by `\n`, none of them blank; at
/// most [`MAX_LINES`] and [`MAX_BYTES`], at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ndjson {
    text: Bytes,
    lines: usize,
}

impl Ndjson {
    /// Checks `body`; gives it back untouched, with the reason, when it can
    /// never be delivered.
    ///
    /// Blank lines carry nothing and are left out, and a missing last newline
    /// is added; every other byte stays as it came. A body that is already in
    /// this form, as trace-ingest's are, is not copied.
    pub fn parse(body: String) -> Result<Self, (Undeliverable, String)> {
        let (lines, bytes) = match measure(&body) {
            Ok(size) => size,
            Err(reason) => return Err((reason, body)),
        };
        // With a newline at the end, equal lengths leave no room for a blank line.
        let text = if bytes == body.len() && body.ends_with('\n') {
            body
        } else {
            let mut text = String::with_capacity(bytes);
            for (_, line) in kept(&body) {
                text.push_str(line);
                text.push('\n');
            }
            text
        };
        Ok(Self {
            text: Bytes::from(text),
            lines,
        })
    }

    /// The lines.
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.lines
    }
}

/// Lines and bytes of what will be delivered.
fn measure(body: &str) -> Result<(usize, usize), Undeliverable> {
    let (mut lines, mut bytes) = (0, 0);
    for (index, line) in kept(body) {
        if !is_object(line) {
            return Err(Undeliverable::NotNdjson { line: index + 1 });
        }
        lines += 1;
        bytes += line.len() + 1;
    }
    match (lines, bytes) {
        (0, _) => Err(Undeliverable::EmptyBody),
        _ if lines > MAX_LINES => Err(Undeliverable::TooManyLines { lines }),
        _ if bytes > MAX_BYTES => Err(Undeliverable::TooManyBytes { bytes }),
        size => Ok(size),
    }
}

/// The lines that are not blank, with their index in the body.
fn kept(body: &str) -> impl Iterator<Item = (usize, &str)> {
    let blank = |line: &str| line.bytes().all(is_json_whitespace);
    body.split('\n').enumerate().filter(move |(_, line)| !blank(line))
}

/// Whether the line is exactly one JSON object. Nothing is built from it, and
/// nesting takes no stack: serde_json skips an ignored value iteratively.
fn is_object(line: &str) -> bool {
    let first = line.bytes().find(|byte| !is_json_whitespace(*byte));
    first == Some(b'{') && serde_json::from_str::<IgnoredAny>(line).is_ok()
}

fn is_json_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests;
