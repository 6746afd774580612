//! How much happens a second.

use std::collections::VecDeque;
use std::time::Instant;

use serde::Serialize;

use super::function::Function;

/// Seconds that a rate is of.
const SPAN: usize = 5;

/// Per second, of the last five.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Rates {
    /// To trace-ingest.
    pub requests: f64,
    /// Of them, those answered 4xx.
    pub refused: f64,
    /// Traces that SQS took.
    pub accepted: f64,
    /// Traces that can never be stored.
    pub rejected: f64,
    /// Requests answered 5xx.
    pub unstored: f64,
    /// Requests whose positions Valkey was to get.
    pub valkey_asked: f64,
    /// Of them, those whose it did not.
    pub valkey_missed: f64,
    /// Messages that trace-forward got.
    pub messages: f64,
    /// Of them, those that went back.
    pub given_back: f64,
    /// Calls to Firehose.
    pub calls: f64,
    /// Of them, those that failed as a whole.
    pub calls_failed: f64,
    /// Records in them.
    pub records: f64,
    /// Records that Firehose did not take.
    pub records_failed: f64,
    /// Lines that Firehose stored.
    pub lines: f64,
    /// Run sheets.
    pub sheets: f64,
    /// Of them, those whose record was not stored.
    pub sheets_unrecorded: f64,
    /// Lessons.
    pub published: f64,
    /// Incidents that the watcher opened.
    pub alerts: f64,
    /// Channels that did not take one.
    pub alerts_failed: f64,
}

/// The sums of the last seconds.
#[derive(Debug, Default)]
pub(super) struct Seconds(VecDeque<(Instant, Rates)>);

impl Seconds {
    pub fn note(&mut self, functions: &[Function], delivered: f64) {
        self.0
            .push_back((Instant::now(), Rates::sums(functions, delivered)));
        if self.0.len() > SPAN + 1 {
            self.0.pop_front();
        }
    }

    pub fn rates(&self, functions: &[Function], delivered: f64) -> Rates {
        let Some((since, before)) = self.0.front() else {
            return Rates::default();
        };
        // No less than a second, or the first would be nonsense.
        let seconds = since.elapsed().as_secs_f64().max(1.0);
        Rates::sums(functions, delivered).each(before, |now, before| {
            ((now - before) / seconds * 100.0).round() / 100.0
        })
    }
}

impl Rates {
    fn sums(functions: &[Function], delivered: f64) -> Self {
        let of = |name: &str| functions.iter().find(|function| function.name == name);
        let sum = |name: &str, metric: &str| of(name).map_or(0.0, |function| function.sum(metric));
        let ingest = |metric| sum("TraceIngest", metric);
        let forward = |metric| sum("TraceForward", metric);
        let actions = |metric| sum("Actions", metric);
        Self {
            requests: ingest("Requests"),
            refused: ingest("Refused"),
            accepted: ingest("Accepted"),
            rejected: ingest("Rejected"),
            unstored: ingest("Failures"),
            // It is 0 or 1 for each request that asked.
            valkey_asked: of("TraceIngest").map_or(0.0, |function| function.count("ValkeyMissed")),
            valkey_missed: ingest("ValkeyMissed"),
            messages: forward("Messages"),
            given_back: forward("MessagesFailed"),
            calls: forward("Calls"),
            calls_failed: forward("CallsFailed"),
            records: forward("Records"),
            records_failed: forward("RecordsFailed"),
            lines: delivered,
            sheets: of("Actions").map_or(0.0, |function| function.count("Orders")),
            sheets_unrecorded: actions("Unrecorded"),
            published: sum("SchedulePublish", "Published"),
            alerts: sum("ScheduleWatch", "Incidents"),
            alerts_failed: sum("ScheduleWatch", "Untold"),
        }
    }
}

macro_rules! each {
    ($($field:ident),* $(,)?) => {
        impl Rates {
            fn each(&self, other: &Self, rate: impl Fn(f64, f64) -> f64) -> Self {
                Self { $($field: rate(self.$field, other.$field)),* }
            }
        }
    };
}

each!(
    requests,
    refused,
    accepted,
    rejected,
    unstored,
    valkey_asked,
    valkey_missed,
    messages,
    given_back,
    calls,
    calls_failed,
    records,
    records_failed,
    lines,
    sheets,
    sheets_unrecorded,
    published,
    alerts,
    alerts_failed,
);
