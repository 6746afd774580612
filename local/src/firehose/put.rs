//! `PutRecord` and `PutRecordBatch`.

use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Inner;
use super::error::FirehoseError;
use super::records::{self, Record};
use super::stream::Stream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRecord<'a> {
    #[serde(default)]
    delivery_stream_name: String,
    #[serde(borrow)]
    record: Record<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRecordBatch<'a> {
    #[serde(default)]
    delivery_stream_name: String,
    #[serde(borrow, default)]
    records: Vec<Record<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchAnswer {
    failed_put_count: usize,
    encrypted: bool,
    request_responses: Vec<RecordAnswer>,
}

/// Has an id or an error, never both.
#[derive(Serialize)]
#[serde(untagged)]
enum RecordAnswer {
    #[serde(rename_all = "PascalCase")]
    Stored { record_id: String },
    #[serde(rename_all = "PascalCase")]
    Failed {
        error_code: &'static str,
        error_message: &'static str,
    },
}

/// Blocks on the disk.
pub fn put_record_batch(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: PutRecordBatch = serde_json::from_slice(body)?;
    records::check(&request.records)?;
    let stream = firehose.find(&request.delivery_stream_name)?;
    check_throttle(firehose, &stream)?;
    let share = firehose.faults.get().firehose_failed_records;
    let mut lines = Vec::with_capacity(body.len() / 4 * 3);
    let mut answers = Vec::with_capacity(request.records.len());
    let (mut failed, mut units) = (0, 0);
    for (index, record) in request.records.iter().enumerate() {
        if share > 0.0 && firehose.faults.strikes(|_| share) {
            failed += 1;
            answers.push(RecordAnswer::Failed {
                error_code: "ServiceUnavailableException",
                error_message: "Slow down. (fault `firehose_failed_records`)",
            });
        } else {
            record.decode_into(index, &mut lines)?;
            units += record.billed_units();
            answers.push(RecordAnswer::Stored {
                record_id: record_id(),
            });
        }
    }
    let stored = answers.len() - failed;
    if stored > 0 {
        stream.append(&lines)?;
    }
    let count_of_lines = count(&stream, stored, &lines, units);
    if let Some(live) = firehose.live.get() {
        live.delivered(lines, count_of_lines);
    }
    stream.counters.failed_records.fetch_add(failed as u64, Relaxed);
    Ok(serde_json::to_vec(&BatchAnswer {
        failed_put_count: failed,
        encrypted: false,
        request_responses: answers,
    })?
    .into())
}

/// Blocks on the disk.
pub fn put_record(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: PutRecord = serde_json::from_slice(body)?;
    let record = std::slice::from_ref(&request.record);
    records::check(record)?;
    let stream = firehose.find(&request.delivery_stream_name)?;
    check_throttle(firehose, &stream)?;
    if firehose.faults.strikes(|f| f.firehose_failed_records) {
        stream.counters.failed_records.fetch_add(1, Relaxed);
        return Err(FirehoseError::RecordRefused);
    }
    let mut lines = Vec::new();
    request.record.decode_into(0, &mut lines)?;
    stream.append(&lines)?;
    count(&stream, 1, &lines, request.record.billed_units());
    let answer = serde_json::json!({ "RecordId": record_id(), "Encrypted": false });
    Ok(answer.to_string().into())
}

fn check_throttle(firehose: &Inner, stream: &Stream) -> Result<(), FirehoseError> {
    if firehose.faults.strikes(|f| f.firehose_throttled_calls) {
        stream.counters.throttled_calls.fetch_add(1, Relaxed);
        return Err(FirehoseError::Throttled);
    }
    Ok(())
}

/// Answers with the number of lines.
fn count(stream: &Stream, records: usize, lines: &[u8], units: u64) -> usize {
    let counters = &stream.counters;
    counters.calls.fetch_add(1, Relaxed);
    counters.records.fetch_add(records as u64, Relaxed);
    let ends = lines.iter().filter(|byte| **byte == b'\n').count();
    counters.lines.fetch_add(ends as u64, Relaxed);
    counters.bytes.fetch_add(lines.len() as u64, Relaxed);
    counters.billed_5kb_units.fetch_add(units, Relaxed);
    ends
}

fn record_id() -> String {
    Uuid::new_v4().to_string()
}
