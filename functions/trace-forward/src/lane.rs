//! One stream's records on their way: what is to be sent, what waits to be
//! sent again, and what an answer means for either.

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use shared::{backoff::FullJitter, envelope::Stream};
use tokio::time::Instant;

use crate::{
    deliver::{PutError, RecordOutcome},
    ledger::Ledger,
    record::{self, Record},
    retry::RetryQueue,
    window::{Epoch, Window},
};

/// The code of records whose call was under way when time was up.
pub const CANCELLED: &str = "Cancelled";

/// The records of one stream.
#[derive(Debug)]
pub struct Lane {
    ledger: Ledger,
    ready: VecDeque<Ready>,
    retries: RetryQueue,
    window: Window,
    in_flight: usize,
    begun: Vec<Begun>,
    calls_failed: usize,
}

/// A call that waits for a slot.
#[derive(Debug)]
struct Ready {
    records: Vec<usize>,
    since: Instant,
}

/// What is remembered of a call that was begun.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    /// How many records were in it.
    pub records: usize,
    /// How long it was ready and no slot was free.
    pub waited: Duration,
}

/// A call that was begun: the records in it.
#[derive(Debug)]
pub struct Call {
    records: Vec<usize>,
    epoch: Epoch,
}

impl Call {
    /// The records, by their index.
    pub fn records(&self) -> &[usize] {
        &self.records
    }
}

impl Lane {
    /// All `records` are packed into calls and ready.
    pub fn new(stream: Stream, records: Vec<Record>, concurrency: usize, backoff: FullJitter) -> Self {
        let all: Vec<usize> = (0..records.len()).collect();
        Self {
            ready: ready(record::calls(&records, &all)).collect(),
            ledger: Ledger::new(stream, records),
            retries: RetryQueue::new(backoff),
            window: Window::open(concurrency),
            in_flight: 0,
            begun: Vec::new(),
            calls_failed: 0,
        }
    }

    /// What became of the records.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The calls that were begun so far.
    pub fn calls(&self) -> &[Begun] {
        &self.begun
    }

    /// How many of them failed as a whole.
    pub fn calls_failed(&self) -> usize {
        self.calls_failed
    }

    /// How many calls are in flight.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether [`Lane::begin`] would begin a call.
    pub fn can_begin(&self) -> bool {
        !self.ready.is_empty() && self.in_flight < self.window.limit()
    }

    /// Begins the next call, if there is one and the window allows it.
    pub fn begin(&mut self) -> Option<(Call, Vec<Bytes>)> {
        if !self.can_begin() {
            return None;
        }
        let Ready { records, since } = self.ready.pop_front()?;
        self.in_flight += 1;
        self.begun.push(Begun {
            records: records.len(),
            waited: since.elapsed(),
        });
        let data = records
            .iter()
            .map(|record| self.ledger.attempt(*record))
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
            Ok(_) => {
                let code = "AnswerOfWrongLength".to_owned();
                self.settle_failed(call, PutError::Unavailable(code), now);
            }
            Err(error) => self.settle_failed(call, error, now),
        }
    }

    /// Time was up while `call` was under way: its records may be in.
    pub fn cancel(&mut self, call: &Call) {
        self.calls_failed += 1;
        self.ledger.count(CANCELLED, call.records.len());
    }

    fn settle_failed(&mut self, call: Call, error: PutError, now: Instant) {
        self.calls_failed += 1;
        self.ledger.count(error.code(), call.records.len());
        match error {
            PutError::Throttled(code) => {
                self.window.throttled(call.epoch);
                self.wait(call.records, code, now);
            }
            PutError::Unavailable(code) => self.wait(call.records, code, now),
            PutError::Rejected(code) => self.isolate(call.records, code),
            PutError::Refused(code) => {
                self.ledger.refuse(code);
                self.ready.clear();
                self.retries.clear();
            }
        }
    }

    fn settle_each(&mut self, call: Call, outcomes: Vec<RecordOutcome>, now: Instant) {
        let sent = call.records.len();
        let (mut failed, mut last_code) = (Vec::new(), String::new());
        for (record, outcome) in call.records.into_iter().zip(outcomes) {
            match outcome {
                RecordOutcome::Accepted => self.ledger.accept(record),
                RecordOutcome::Failed(code) => {
                    self.ledger.count(&code, 1);
                    last_code = code;
                    failed.push(record);
                }
            }
        }
        // A few failed records are everyday; most of a call failing is how a quota shows.
        if failed.len() * 2 > sent {
            self.window.throttled(call.epoch);
        } else {
            self.window.succeeded();
        }
        self.wait(failed, last_code, now);
    }

    fn wait(&mut self, failed: Vec<usize>, code: String, now: Instant) {
        let attempts = failed.iter().map(|record| self.ledger.attempts(*record)).max();
        let Some(attempts) = attempts.filter(|_| !self.ledger.is_refused()) else {
            return;
        };
        self.ledger.note(code);
        self.retries.add(failed, attempts, now);
    }

    /// A rejected call is halved until the record at fault is alone: its
    /// neighbours get in, and only its messages are reported. At most twice
    /// as many calls as records.
    fn isolate(&mut self, mut records: Vec<usize>, code: String) {
        if let [only] = records[..] {
            self.ledger.reject(only, code);
        } else if !self.ledger.is_refused() {
            self.ledger.note(code);
            let second = records.split_off(records.len() / 2);
            ready([second, records]).for_each(|half| self.ready.push_front(half));
        }
    }

    /// When the waiting records are to be sent again.
    pub fn due(&self) -> Option<Instant> {
        self.retries.due()
    }

    /// Packs the waiting records into calls if their time has come.
    pub fn wake(&mut self, now: Instant) {
        let due = self.retries.take_due(now);
        self.ready
            .extend(ready(record::calls(self.ledger.records(), &due)));
    }
}

fn ready(calls: impl IntoIterator<Item = Vec<usize>>) -> impl Iterator<Item = Ready> {
    let since = Instant::now();
    calls.into_iter().map(move |records| Ready { records, since })
}
