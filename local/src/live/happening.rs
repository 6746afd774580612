//! What is told to the thread that keeps the figures.

use std::time::Duration;

use bytes::Bytes;

/// How an invocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// In an environment that was there.
    Warm,
    /// In one that it had to wait for.
    Cold,
    /// With an error.
    Failed,
}

pub(super) enum Happening {
    /// A function, by its place, printed whole lines.
    Printed(usize, Bytes),
    /// An invocation of it ended after this time, the wait for an environment included.
    Answered(usize, Duration, Answered),
    /// The answer of the function that makes run sheets.
    Said(Bytes),
    /// Firehose stored these lines, so many.
    Delivered(Vec<u8>, usize),
}

impl Happening {
    /// That it holds while it waits.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Printed(_, lines) | Self::Said(lines) => lines.len(),
            Self::Delivered(lines, _) => lines.len(),
            Self::Answered(..) => 0,
        }
    }
}
