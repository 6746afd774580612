//! Firehose records and calls, and their limits.
//!
//! Limits: "Amazon Data Firehose Quota" and the API reference of
//! `PutRecordBatch`. Bytes of a call are counted as they travel, in base64
//! with the JSON around each record, so that the body stays within 4 MiB
//! whichever of the two the service counts.

use bytes::{Bytes, BytesMut};
use shared::envelope::{MAX_BYTES, MAX_LINES};

use crate::{
    message::Message,
    pack::{Size, first_fit_decreasing},
};

/// A record's limit: 1,000 KiB, and the 500 lines that de-aggregation reads.
pub const RECORD_LIMIT: Size = Size {
    bytes: MAX_BYTES,
    items: MAX_LINES,
};

/// Most bytes in the body of one `PutRecordBatch`.
pub const MAX_CALL_BYTES: usize = 4 * 1024 * 1024;

/// Most records in one `PutRecordBatch`.
pub const MAX_CALL_RECORDS: usize = 500;

/// What a call's body holds besides its records: 38 bytes and a stream's name
/// of at most 64, rounded up.
const CALL_FRAME_BYTES: usize = 128;

/// What a record takes besides its base64: `{"Data":""},`, rounded up.
const RECORD_FRAME_BYTES: usize = 16;

/// A call's limit, less what is in it besides records.
pub const CALL_LIMIT: Size = Size {
    bytes: MAX_CALL_BYTES - CALL_FRAME_BYTES,
    items: MAX_CALL_RECORDS,
};

/// Firehose bills a directly put record in started units of 5 KB.
const BILLED_UNIT_BYTES: usize = 5 * 1024;

/// Whole messages of one stream, joined.
#[derive(Debug, Clone)]
pub struct Record {
    /// The messages' lines, one message after the other; ends with a newline.
    pub data: Bytes,
    /// The places of its messages in the event, ascending.
    pub messages: Vec<usize>,
    /// How many lines it holds.
    pub lines: usize,
}

impl Record {
    /// What the record takes up in a call.
    pub fn call_size(&self) -> Size {
        Size {
            bytes: self.data.len().div_ceil(3) * 4 + RECORD_FRAME_BYTES,
            items: 1,
        }
    }

    /// How many units Firehose bills for it.
    pub fn billed_units(&self) -> usize {
        self.data.len().div_ceil(BILLED_UNIT_BYTES)
    }
}

/// Joins the messages of one stream into few records.
pub fn join(messages: &[Message]) -> Vec<Record> {
    let size = |message: &Message| Size {
        bytes: message.lines.text().len(),
        items: message.lines.lines(),
    };
    let sizes: Vec<Size> = messages.iter().map(size).collect();
    let bins = first_fit_decreasing(&sizes, RECORD_LIMIT);
    bins.iter()
        .map(|bin| record(bin.iter().map(|index| &messages[*index])))
        .collect()
}

fn record<'a>(messages: impl ExactSizeIterator<Item = &'a Message> + Clone) -> Record {
    let text = |message: &'a Message| message.lines.text();
    let data = if messages.len() == 1 {
        messages.clone().map(text).next().cloned().unwrap_or_default()
    } else {
        let mut data = BytesMut::with_capacity(messages.clone().map(|message| text(message).len()).sum());
        messages
            .clone()
            .for_each(|message| data.extend_from_slice(text(message)));
        data.freeze()
    };
    Record {
        data,
        lines: messages.clone().map(|message| message.lines.lines()).sum(),
        messages: messages.map(|message| message.position).collect(),
    }
}

/// Spreads those of the `records` that are named by `which` over few calls.
pub fn calls(records: &[Record], which: &[usize]) -> Vec<Vec<usize>> {
    let sizes: Vec<Size> = which.iter().map(|index| records[*index].call_size()).collect();
    let named = |bin: Vec<usize>| bin.into_iter().map(|place| which[place]).collect();
    first_fit_decreasing(&sizes, CALL_LIMIT)
        .into_iter()
        .map(named)
        .collect()
}
