//! How the time of an invocation is shared.

use std::time::Duration;

use lambda_http::Context;
use shared::time_left;
use tokio::time::Instant;

/// Kept free to write the answer, and for it to travel.
const ANSWER_MARGIN: Duration = Duration::from_millis(500);
/// When API Gateway gives an answer up, and with it whoever would read it.
const API_TIMEOUT: Duration = Duration::from_secs(30);

/// When the parts of one request have to be over.
#[derive(Debug, Clone, Copy)]
pub struct Timetable {
    /// The answer has to be written by then.
    pub answer: Instant,
    /// Longest time that the record may take once the search is over.
    record: Duration,
}

impl Timetable {
    /// For a request that has just come in: until the invocation's deadline, where
    /// there is one, or the API's.
    pub fn begin(context: Option<&Context>, record: Duration) -> Self {
        let context = context.filter(|context| context.deadline > 0);
        let left = context.map_or(API_TIMEOUT, time_left).min(API_TIMEOUT);
        Self {
            answer: Instant::now() + left.saturating_sub(ANSWER_MARGIN),
            record,
        }
    }

    /// How long the search may take from now on, of what it asks for.
    pub fn search(&self, asked: Duration) -> Duration {
        let left = self.answer.saturating_duration_since(Instant::now());
        asked.min(left.saturating_sub(self.record))
    }

    /// When the record has to be over, the search having just ended.
    pub fn record(&self) -> Instant {
        self.answer.min(Instant::now() + self.record)
    }
}
