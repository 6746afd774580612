//! Whose lines are in a call: the ids that tie it to the requests behind the queue.

use shared::trace_context::{TraceContext, TraceId};

/// Most ids in one log line, 33 bytes each.
const MAX_IDS: usize = 1_000;

/// The invocation's own place in a trace, and the trace that each message belongs to.
#[derive(Debug)]
pub struct Trail {
    own: TraceContext,
    ids: Vec<Option<TraceId>>,
}

impl Trail {
    /// Of an event whose messages have these ids, by their places in it.
    pub fn new(own: TraceContext, ids: Vec<Option<TraceId>>) -> Self {
        Self { own, ids }
    }

    /// The ids of the messages at these places, each once.
    pub fn of(&self, messages: impl IntoIterator<Item = usize>) -> Ids<'_> {
        let known = messages.into_iter().filter_map(|place| self.ids[place].as_ref());
        let mut ids: Vec<&TraceId> = known.collect();
        ids.sort_unstable();
        ids.dedup();
        Ids(ids)
    }

    /// The `traceparent` of a call on behalf of `ids`: a single one's trace goes on in
    /// it; several are joined by the invocation's own.
    pub fn traceparent(&self, ids: &Ids<'_>) -> String {
        match ids.0[..] {
            [only] => self.own.traceparent_of(only),
            _ => self.own.traceparent(),
        }
    }
}

/// Ids in order, each once.
#[derive(Debug)]
pub struct Ids<'a>(Vec<&'a TraceId>);

impl Ids<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no message had one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For a log line, separated by commas; at most 1,000 of them.
    pub fn text(&self) -> String {
        let ids: Vec<&str> = self.0.iter().take(MAX_IDS).map(|id| id.as_str()).collect();
        ids.join(",")
    }
}
