//! What became of each record of one stream.

use std::collections::BTreeMap;

use bytes::Bytes;
use shared::envelope::Stream;

use crate::{error::ForwardError, record::Record};

/// A stream's records, and how each is doing. Records are named by their index.
#[derive(Debug)]
pub struct Ledger {
    stream: Stream,
    records: Vec<Record>,
    entries: Vec<Entry>,
    /// The code with which Firehose refused the stream as a whole.
    refused: Option<String>,
    last_code: String,
    codes: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Default)]
struct Entry {
    attempts: u32,
    accepted: bool,
    /// The code with which Firehose rejected this record alone.
    rejected: Option<String>,
}

impl Ledger {
    /// None of the `records` was sent yet.
    pub fn new(stream: Stream, records: Vec<Record>) -> Self {
        Self {
            stream,
            entries: vec![Entry::default(); records.len()],
            records,
            refused: None,
            last_code: String::new(),
            codes: BTreeMap::new(),
        }
    }

    /// Which stream this is.
    pub fn stream(&self) -> Stream {
        self.stream
    }

    /// The records.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Counts an attempt to send the record; its bytes are shared, not copied.
    pub fn attempt(&mut self, record: usize) -> Bytes {
        self.entries[record].attempts += 1;
        self.records[record].data.clone()
    }

    /// How often the record was sent.
    pub fn attempts(&self, record: usize) -> u32 {
        self.entries[record].attempts
    }

    /// How often records were sent again.
    pub fn resent(&self) -> usize {
        let again = |entry: &Entry| entry.attempts.saturating_sub(1) as usize;
        self.entries.iter().map(again).sum()
    }

    /// The record is in.
    pub fn accept(&mut self, record: usize) {
        self.entries[record].accepted = true;
    }

    /// The record, sent alone, is not valid: it is given up.
    pub fn reject(&mut self, record: usize, code: String) {
        self.entries[record].rejected = Some(code);
    }

    /// Nothing more gets into the stream.
    pub fn refuse(&mut self, code: String) {
        self.refused = Some(code);
    }

    /// Lines in records that are in.
    pub fn delivered_lines(&self) -> usize {
        let both = self.entries.iter().zip(&self.records);
        let accepted = both.filter(|(entry, _)| entry.accepted);
        accepted.map(|(_, record)| record.lines).sum()
    }

    /// Whether the stream was refused.
    pub fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Keeps the code of a failure that time may mend.
    pub fn note(&mut self, code: String) {
        self.last_code = code;
    }

    /// Counts that `records` of them failed in a call with this code.
    pub fn count(&mut self, code: &str, records: usize) {
        *self.codes.entry(code.to_owned()).or_default() += records as u64;
    }

    /// How often records failed, by code.
    pub fn codes(&self) -> &BTreeMap<String, u64> {
        &self.codes
    }

    /// The places in the event of the messages in these records.
    pub fn messages_of<'a>(&'a self, records: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let messages = |record: &usize| self.records[*record].messages.iter().copied();
        records.iter().flat_map(messages)
    }

    /// The places in the event of all messages that did not get in.
    pub fn failed_messages(&self) -> impl Iterator<Item = usize> {
        let both = self.entries.iter().zip(&self.records);
        let failed = both.filter(|(entry, _)| !entry.accepted);
        failed.flat_map(|(_, record)| record.messages.iter().copied())
    }

    /// What went wrong, each thing once.
    pub fn problems(&self) -> Vec<ForwardError> {
        let stream = self.stream;
        let failed = || self.entries.iter().filter(|entry| !entry.accepted);
        let rejected: Vec<&String> = failed().filter_map(|entry| entry.rejected.as_ref()).collect();
        let mut problems = Vec::new();
        if let Some(code) = rejected.last() {
            let (records, code) = (rejected.len(), (*code).clone());
            problems.push(ForwardError::RecordsRejected {
                stream,
                records,
                code,
            });
        }
        let records = failed().count() - rejected.len();
        if records > 0 {
            problems.push(match self.refused.clone() {
                Some(code) => ForwardError::StreamRefused {
                    stream,
                    records,
                    code,
                },
                None => ForwardError::OutOfTime {
                    stream,
                    records,
                    code: self.last_code.clone(),
                },
            });
        }
        problems
    }
}
