//! The queue envelope: what one SQS message holds.
//!
//! A message body is NDJSON: complete lines, each ended by `\n`, at most
//! [`MAX_LINES`] of them and [`MAX_BYTES`]. That is also what one Firehose
//! record may hold, so that the forwarder never has to cut a message.

use std::{fmt, ops::Range, str::FromStr};

/// Most lines in a message: Firehose's de-aggregation reads 500 inner records.
pub const MAX_LINES: usize = 500;

/// Most bytes in a message: 1,000 KiB, the largest Firehose record. SQS itself
/// takes 1 MiB, which leaves 24 KiB for attributes.
pub const MAX_BYTES: usize = 1_000 * 1024;

/// The message attribute that names the stream.
pub const STREAM_ATTRIBUTE: &str = "stream";

/// Where the lines of a message go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Positions of agents.
    Traces,
    /// Recorded actions and their run sheets.
    Actions,
}

/// A stream name that no one knows.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the stream is neither traces nor actions")]
pub struct UnknownStream;

impl Stream {
    /// The name that travels in [`STREAM_ATTRIBUTE`].
    pub fn name(self) -> &'static str {
        match self {
            Stream::Traces => "traces",
            Stream::Actions => "actions",
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Stream {
    type Err = UnknownStream;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "traces" => Ok(Stream::Traces),
            "actions" => Ok(Stream::Actions),
            _ => Err(UnknownStream),
        }
    }
}

/// A message body and the lines of the caller's list that are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// NDJSON, ended by a newline.
    pub body: String,
    /// Which lines of the list that was packed.
    pub lines: Range<usize>,
}

/// Packs `lines`, in order, into as few messages as fit.
///
/// A line is one JSON value without its newline and at most
/// `MAX_BYTES - 1` long; whoever makes the lines has checked that.
pub fn pack(lines: &[String]) -> Vec<Envelope> {
    let mut envelopes: Vec<Envelope> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        debug_assert!(line.len() < MAX_BYTES, "line {index} is too long for a message");
        match envelopes.last_mut() {
            Some(last) if last.lines.len() < MAX_LINES && last.body.len() + line.len() < MAX_BYTES => {
                last.body.push_str(line);
                last.body.push('\n');
                last.lines.end = index + 1;
            }
            _ => envelopes.push(Envelope {
                body: format!("{line}\n"),
                lines: index..index + 1,
            }),
        }
    }
    envelopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_the_largest_size_travels_alone() {
        let lines = ["1".into(), "2".repeat(MAX_BYTES - 1), "3".into()];
        let sizes: Vec<_> = pack(&lines).iter().map(|e| e.body.len()).collect();
        assert_eq!(sizes, [2, MAX_BYTES, 2]);
    }

    proptest! {
        #[test]
        fn every_line_is_packed_once_in_order_within_both_limits(
            sizes in prop::collection::vec(prop_oneof![5 => 1..600usize, 1 => 1..MAX_BYTES], 0..1200),
        ) {
            let lines: Vec<String> = sizes.iter().map(|n| "7".repeat(*n)).collect();
            let envelopes = pack(&lines);
            let mut next = 0;
            for envelope in &envelopes {
                prop_assert_eq!(envelope.lines.start, next);
                next = envelope.lines.end;
                prop_assert!(envelope.body.len() <= MAX_BYTES && envelope.lines.len() <= MAX_LINES);
                let expected: String = lines[envelope.lines.clone()].iter().map(|l| format!("{l}\n")).collect();
                prop_assert_eq!(&envelope.body, &expected);
            }
            prop_assert_eq!(next, lines.len());
            for pair in envelopes.windows(2) {
                let full = pair[0].lines.len() == MAX_LINES
                    || pair[0].body.len() + lines[pair[1].lines.start].len() + 1 > MAX_BYTES;
                prop_assert!(full, "a message was begun although the line still fitted");
            }
        }
    }
}
