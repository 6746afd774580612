//! Gathering one batch: up to the batch size and the payload limit, within the
//! batching window, which opens with the first message.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::lambda::MAX_PAYLOAD_BYTES;
use crate::sqs::{Message, ReceiveLimits, Sqs};
use crate::template::QueueSource;

/// The fields of one record beside its body and attributes, in bytes of JSON.
const RECORD_OVERHEAD: usize = 800;
/// How often an open window looks whether the stack stops: a receive that is
/// cut short instead could leave its messages hidden.
const LOOK: Duration = Duration::from_millis(250);
/// A batch with less room than this left is full.
const SMALLEST_ROOM: usize = 16 * 1024;

/// Waits up to `poll` for a first message; empty when none came. `draining`
/// ends a window that is open.
pub(super) async fn collect(
    sqs: &Sqs,
    source: &QueueSource,
    poll: Duration,
    draining: &AtomicBool,
) -> Vec<Message> {
    let size = source.batch_size as usize;
    let mut batch: Vec<Message> = Vec::new();
    let mut used = 0;
    let mut until = Instant::now();
    loop {
        let limits = ReceiveLimits {
            max_messages: size - batch.len(),
            max_bytes: MAX_PAYLOAD_BYTES - used,
            wait: match batch.is_empty() {
                true => poll,
                false => until.saturating_duration_since(Instant::now()).min(LOOK),
            },
        };
        let received = sqs.receive(&source.queue, limits).await;
        if batch.is_empty() {
            if received.is_empty() {
                return batch;
            }
            until = Instant::now() + source.window;
        }
        used += received.iter().map(estimate).sum::<usize>();
        batch.extend(received);
        if batch.len() >= size
            || used + SMALLEST_ROOM > MAX_PAYLOAD_BYTES
            || Instant::now() >= until
            || draining.load(Ordering::Relaxed)
        {
            return batch;
        }
    }
}

/// What a message takes in the event, its body's quotes and line ends escaped.
fn estimate(message: &Message) -> usize {
    let escaped = message
        .body
        .bytes()
        .filter(|byte| matches!(byte, b'"' | b'\\' | b'\n'))
        .count();
    message.body.len() + escaped + RECORD_OVERHEAD
}
