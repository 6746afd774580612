use std::borrow::Cow;

use serde::Serialize;
use shared::envelope::MAX_BYTES;

use crate::{
    json::BadField,
    trace::{Position, Source, Trace},
    value::Refused,
};

/// What a request brought: the traces that are good, and what is wrong with
/// each of the others.
#[derive(Debug)]
pub struct Batch {
    /// The dialect.
    pub source: Source,
    /// The good traces as lines, ready to be stored.
    pub lines: Vec<String>,
    /// For each line, its place in the request.
    pub indices: Vec<usize>,
    /// For each line, what live readers see. The rest of a trace is not kept
    /// beside its line: unknown fields would cost several times their size.
    pub positions: Vec<Position>,
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

impl Rejected {
    /// Field and reason for the log. A field that the client named itself is
    /// left out; the reasons are all our own words.
    pub(crate) fn loggable(&self) -> (Cow<'static, str>, Cow<'static, str>) {
        let field = match self.field {
            Cow::Borrowed(field) => field.into(),
            Cow::Owned(_) => "extra".into(),
        };
        (field, self.reason.clone())
    }
}

impl Batch {
    /// A batch without items.
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            lines: Vec::new(),
            indices: Vec::new(),
            positions: Vec::new(),
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
        match result.and_then(|trace| Ok((line(&trace)?, trace.position))) {
            Ok((line, position)) => {
                self.lines.push(line);
                self.positions.push(position);
                self.indices.push(index);
            }
            Err(BadField { field, reason }) => {
                let reason = reason.0;
                self.rejected.push(Rejected { index, field, reason });
            }
        }
    }
}

/// The line that is stored. With its newline it fits in one message: nothing is
/// ever cut.
fn line(trace: &Trace) -> Result<String, BadField> {
    const TOO_LONG: Refused = Refused::because("makes the stored trace longer than 1,000 KiB");
    let too_long = || BadField::new("extra", TOO_LONG);
    let line = serde_json::to_string(trace).map_err(|_| too_long())?;
    let line = without_noncharacters(line);
    if line.len() < MAX_BYTES {
        Ok(line)
    } else {
        Err(too_long())
    }
}

/// SQS refuses a whole message for U+FFFE or U+FFFF in it. In JSON they stand in
/// strings only, where their escapes mean the same.
fn without_noncharacters(line: String) -> String {
    if !line.contains(['\u{fffe}', '\u{ffff}']) {
        return line;
    }
    line.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff")
}
