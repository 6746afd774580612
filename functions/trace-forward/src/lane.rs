//! One stream's records on their way: what is to be sent, what waits to be
//! sent again, and what became of each record.

use std::collections::VecDeque;

use bytes::Bytes;
use shared::{backoff::FullJitter, envelope::Stream};
use tokio::time::Instant;

use crate::{
    deliver::{PutError, RecordOutcome},
    error::ForwardError,
    record::{self, Record},
    window::{Epoch, Window},
};

/// The records of one stream.
#[derive(Debug)]
pub struct Lane {
    /// Which stream this is.
    pub stream: Stream,
    records: Vec<Record>,
    progress: Vec<Progress>,
    ready: VecDeque<Vec<usize>>,
    /// Failed records, and when they are sent again.
    waiting: Vec<usize>,
    due: Option<Instant>,
    backoff: FullJitter,
    window: Window,
    in_flight: usize,
    /// The code with which Firehose refused the stream as a whole.
    refused: Option<String>,
    last_code: String,
    /// Calls made so far.
    pub calls: usize,
    /// Records that were sent more than once, counted each time.
    pub resent: usize,
}

#[derive(Debug, Clone, Default)]
struct Progress {
    attempts: u32,
    accepted: bool,
    /// The code with which Firehose rejected this record alone.
    rejected: Option<String>,
}

/// A call that was begun: the records in it.
#[derive(Debug)]
pub struct Call {
    records: Vec<usize>,
    epoch: Epoch,
}

impl Lane {
    /// All `records` are packed into calls and ready.
    pub fn new(stream: Stream, records: Vec<Record>, concurrency: usize, backoff: FullJitter) -> Self {
        let all: Vec<usize> = (0..records.len()).collect();
        Self {
            stream,
            progress: vec![Progress::default(); records.len()],
            ready: record::calls(&records, &all).into(),
            records,
            waiting: Vec::new(),
            due: None,
            backoff,
            window: Window::open(concurrency),
            in_flight: 0,
            refused: None,
            last_code: String::new(),
            calls: 0,
            resent: 0,
        }
    }

    /// Its records, in no order that means anything.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many calls are in flight.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether [`Lane::begin`] would begin a call.
    pub fn can_begin(&self) -> bool {
        !self.ready.is_empty() && self.in_flight < self.window.limit()
    }

    /// Begins the next call, if there is one and the window allows it. The
    /// bytes are shared with the record, not copied.
    pub fn begin(&mut self) -> Option<(Call, Vec<Bytes>)> {
        if !self.can_begin() {
            return None;
        }
        let records = self.ready.pop_front()?;
        self.in_flight += 1;
        self.calls += 1;
        for index in &records {
            self.resent += usize::from(self.progress[*index].attempts > 0);
            self.progress[*index].attempts += 1;
        }
        let data = records
            .iter()
            .map(|index| self.records[*index].data.clone())
            .collect();
        let epoch = self.window.epoch();
        Some((Call { records, epoch }, data))
    }

    /// Takes in how `call` ended.
    pub fn settle(&mut self, call: Call, answer: Result<Vec<RecordOutcome>, PutError>, now: Instant) {
        self.in_flight -= 1;
        match answer {
            Ok(outcomes) if outcomes.len() == call.records.len() => self.settle_each(call, outcomes, now),
            // Nothing says which record an outcome belongs to, so none counts as accepted.
            Ok(_) => self.wait(call.records, "AnswerOfWrongLength", now),
            Err(PutError::Throttled(code)) => {
                self.window.throttled(call.epoch);
                self.wait(call.records, &code, now);
            }
            Err(PutError::Unavailable(code)) => self.wait(call.records, &code, now),
            Err(PutError::Rejected(code)) => self.isolate(call.records, code),
            Err(PutError::Refused(code)) => {
                self.ready.clear();
                self.waiting.clear();
                self.due = None;
                self.refused = Some(code);
            }
        }
    }

    fn settle_each(&mut self, call: Call, outcomes: Vec<RecordOutcome>, now: Instant) {
        let sent = call.records.len();
        let mut failed = Vec::new();
        for (index, outcome) in call.records.into_iter().zip(outcomes) {
            match outcome {
                RecordOutcome::Accepted => self.progress[index].accepted = true,
                RecordOutcome::Failed(code) => {
                    self.last_code = code;
                    failed.push(index);
                }
            }
        }
        // A few failed records are everyday; most of a call failing is how a quota shows.
        if failed.len() * 2 > sent {
            self.window.throttled(call.epoch);
        } else {
            self.window.succeeded();
        }
        let code = self.last_code.clone();
        self.wait(failed, &code, now);
    }

    /// Failed records wait together, so that they travel in few calls: the
    /// first to fail sets the time, whichever fail until then join it. Full
    /// jitter may draw no delay at all, so joining late breaks no promise.
    fn wait(&mut self, failed: Vec<usize>, code: &str, now: Instant) {
        if failed.is_empty() || self.refused.is_some() {
            return;
        }
        self.last_code = code.to_owned();
        let attempts = failed.iter().map(|index| self.progress[*index].attempts).max();
        let delay = self.backoff.delay(attempts.unwrap_or(1).saturating_sub(1));
        self.due.get_or_insert(now + delay);
        self.waiting.extend(failed);
    }

    /// A rejected call is halved until the record at fault is alone: its
    /// neighbours get in, and only its messages are reported. At most twice
    /// as many calls as records.
    fn isolate(&mut self, mut records: Vec<usize>, code: String) {
        if let [only] = records[..] {
            self.progress[only].rejected = Some(code);
        } else if self.refused.is_none() {
            let second = records.split_off(records.len() / 2);
            self.ready.push_front(second);
            self.ready.push_front(records);
        }
    }

    /// When the waiting records are to be sent again.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Packs the waiting records into calls if their time has come.
    pub fn wake(&mut self, now: Instant) {
        if self.due.is_some_and(|due| due <= now) {
            self.due = None;
            let waiting = std::mem::take(&mut self.waiting);
            self.ready.extend(record::calls(&self.records, &waiting));
        }
    }

    /// The places in the event of all messages that did not get in.
    pub fn failed_messages(&self) -> impl Iterator<Item = usize> {
        let failed = self
            .progress
            .iter()
            .zip(&self.records)
            .filter(|(progress, _)| !progress.accepted);
        failed.flat_map(|(_, record)| record.messages.iter().copied())
    }

    /// What went wrong, each thing once.
    pub fn problems(&self) -> Vec<ForwardError> {
        let stream = self.stream;
        let failed = || self.progress.iter().filter(|progress| !progress.accepted);
        let rejected: Vec<&String> = failed()
            .filter_map(|progress| progress.rejected.as_ref())
            .collect();
        let mut problems = Vec::new();
        if let Some(code) = rejected.last() {
            problems.push(ForwardError::RecordsRejected {
                stream,
                records: rejected.len(),
                code: (*code).clone(),
            });
        }
        let records = failed().count() - rejected.len();
        match &self.refused {
            _ if records == 0 => {}
            Some(code) => problems.push(ForwardError::StreamRefused {
                stream,
                records,
                code: code.clone(),
            }),
            None => problems.push(ForwardError::OutOfTime {
                stream,
                records,
                code: self.last_code.clone(),
            }),
        }
        problems
    }
}
