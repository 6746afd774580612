use std::borrow::Cow;

use serde::Serialize;
use shared::envelope::MAX_BYTES;

use crate::{
    json::BadField,
    trace::{Source, Trace},
    value::Refused,
};

/// What a request brought: the traces that are good, and what is wrong with
/// each of the others.
#[derive(Debug)]
pub struct Batch {
    /// The dialect.
    pub source: Source,
    /// The good traces.
    pub traces: Vec<Trace>,
    /// Their lines, ready to be stored.
    pub lines: Vec<String>,
    /// For each line, its place in the request.
    pub indices: Vec<usize>,
    /// The others.
    pub rejected: Vec<Rejected>,
    /// Items that are no positions and were dropped knowingly.
    pub ignored: usize,
}

/// An item that cannot be stored, now or ever.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Rejected {
    /// Its place in the request, from 0.
    pub index: usize,
    /// The field that is wrong.
    pub field: Cow<'static, str>,
    /// Why.
    pub reason: Cow<'static, str>,
}

impl Batch {
    /// A batch without items.
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            traces: Vec::new(),
            lines: Vec::new(),
            indices: Vec::new(),
            rejected: Vec::new(),
            ignored: 0,
        }
    }

    /// How many items the request had.
    pub fn items(&self) -> usize {
        self.lines.len() + self.rejected.len() + self.ignored
    }

    /// Adds what became of the item at `index`.
    pub fn add(&mut self, index: usize, result: Result<Trace, BadField>) {
        match result.and_then(|trace| Ok((line(&trace)?, trace))) {
            Ok((line, trace)) => {
                self.lines.push(line);
                self.traces.push(trace);
                self.indices.push(index);
            }
            Err(BadField { field, reason }) => {
                let reason = reason.0;
                self.rejected.push(Rejected { index, field, reason });
            }
        }
    }
}

/// A line and its newline must fit in one message: nothing is ever cut.
fn line(trace: &Trace) -> Result<String, BadField> {
    const TOO_LONG: Refused = Refused::because("makes the stored trace longer than 1,000 KiB");
    match serde_json::to_string(trace) {
        Ok(line) if line.len() < MAX_BYTES => Ok(line),
        _ => Err(BadField::new("extra", TOO_LONG)),
    }
}
