//! Writing to the stream without keeping the answer waiting.

use std::{num::NonZeroUsize, pin::pin, time::Duration};

use serde::Serialize;
use shared::{
    lines::{LineQueue, Unstored},
    trace_context::TraceContext,
};
use tokio::time::{Instant, timeout_at};

use crate::time::Timetable;

/// Connections of the queue that one answer uses at a time: one for the lines that are
/// written early, and, where they are not stored yet, one for the late ones.
pub const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(2).expect("not zero");

/// Error code of a queue that did not answer in time.
const LATE: &str = "DeadlineExceeded";

/// Whether the lines are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of them are.
    Stored,
    /// Nobody knows: the queue did not answer in time.
    TimedOut,
    /// The queue refused some.
    Failed,
}

/// What became of a request's lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The worst of them.
    pub status: Status,
    /// How many there were.
    pub lines: usize,
    /// How many are known to be stored.
    pub stored: usize,
    /// The queue's last error code, for the log.
    #[serde(skip)]
    pub code: Option<String>,
}

impl Status {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::TimedOut => "timed_out",
            Self::Failed => "failed",
        }
    }
}

/// A queue, and the trace of the request that writes to it.
#[derive(Debug)]
pub struct Recorder<'a, Q> {
    queue: &'a Q,
    trace: &'a TraceContext,
    timetable: Timetable,
}

impl<'a, Q: LineQueue> Recorder<'a, Q> {
    /// For one request.
    pub fn new(queue: &'a Q, trace: &'a TraceContext, timetable: Timetable) -> Self {
        Self {
            queue,
            trace,
            timetable,
        }
    }

    /// Writes `early` lines while `work` goes on, and those that `late` makes of its
    /// result afterwards. Once the work is over, both get no longer than the record's
    /// own time.
    pub async fn around<T>(
        &self,
        early: Vec<String>,
        work: impl Future<Output = T>,
        late: impl FnOnce(&T) -> Vec<String>,
    ) -> (T, Recorded) {
        let mut work = pin!(work);
        let mut write = pin!(self.write(&early, self.timetable.answer));
        let mut written = None;
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                done = &mut write, if written.is_none() => written = Some(done),
            }
        };
        let lines = late(&result);
        let deadline = self.timetable.record();
        let first = async {
            match written {
                Some(done) => done,
                None => timeout_at(deadline, write)
                    .await
                    .unwrap_or_else(|_| Recorded::late(early.len())),
            }
        };
        let (first, second) = tokio::join!(first, self.write(&lines, deadline));
        (result, first.and(second))
    }

    async fn write(&self, lines: &[String], deadline: Instant) -> Recorded {
        if lines.is_empty() {
            return Recorded::of(0, Ok(()));
        }
        let budget = deadline.saturating_duration_since(Instant::now());
        let write = self.queue.enqueue(lines, self.trace, budget);
        match timeout_at(deadline, write).await {
            Ok(result) => Recorded::of(lines.len(), result),
            Err(_) => Recorded::late(lines.len()),
        }
    }
}

impl Recorded {
    fn of(lines: usize, result: Result<(), Unstored>) -> Self {
        let Err(unstored) = result else {
            let (status, code) = (Status::Stored, None);
            return Self {
                status,
                lines,
                stored: lines,
                code,
            };
        };
        let late = unstored.code == LATE;
        Self {
            status: if late { Status::TimedOut } else { Status::Failed },
            lines,
            stored: lines - unstored.lines.len(),
            code: Some(unstored.code),
        }
    }

    fn late(lines: usize) -> Self {
        let (status, code) = (Status::TimedOut, Some(LATE.to_owned()));
        Self {
            status,
            lines,
            stored: 0,
            code,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            status: self.status.max(other.status),
            lines: self.lines + other.lines,
            stored: self.stored + other.stored,
            code: self.code.or(other.code),
        }
    }
}

/// What the record may take by default once the search is over.
pub const RECORD_BUDGET: Duration = Duration::from_millis(250);
