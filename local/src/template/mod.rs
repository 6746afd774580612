//! The parts of the template that the services read.

use std::time::Duration;

/// An `AWS::SQS::Queue`.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Physical name.
    pub name: String,
    /// How long a received message stays hidden.
    pub visibility_timeout: Duration,
    /// How long a message is kept.
    pub retention: Duration,
    /// `MaximumMessageSize`, in bytes.
    pub max_message_bytes: usize,
    /// Where a message goes that was received too often.
    pub redrive: Option<Redrive>,
}

/// A queue's `RedrivePolicy`.
#[derive(Debug, Clone, PartialEq)]
pub struct Redrive {
    /// Physical name of the dead-letter queue.
    pub dead_letter_queue: String,
    /// Receives after which a message is moved.
    pub max_receive_count: u32,
}

/// An `AWS::KinesisFirehose::DeliveryStream`.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryStream {
    /// Physical name.
    pub name: String,
    /// `SizeInMBs`, in bytes.
    pub buffer_bytes: u64,
    /// `IntervalInSeconds`.
    pub buffer_interval: Duration,
}
