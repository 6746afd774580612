//! What is asked of the index and what it answers.

use std::time::Duration;

use super::row::Row;

/// One receive's bounds.
#[derive(Debug, Clone, Copy)]
pub struct Take {
    pub max_messages: usize,
    /// Payload bytes; the first message is taken even if it alone is larger.
    pub max_bytes: usize,
    pub visibility: Duration,
    pub retention: Duration,
    /// Receives after which a message is given up instead.
    pub max_receives: Option<u32>,
}

/// What a receive found.
#[derive(Debug, Default)]
pub struct Taken {
    pub received: Vec<(u64, Row)>,
    /// Received too often: no longer in this queue.
    pub given_up: Vec<(u64, Row)>,
    pub over_limit: bool,
}

/// How many messages are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depth {
    /// Can be received now.
    pub visible: usize,
    /// Received and neither deleted nor released.
    pub in_flight: usize,
    /// Not yet visible by their sender's wish.
    pub delayed: usize,
    /// Since the oldest message was sent.
    pub oldest_age: Option<Duration>,
}
