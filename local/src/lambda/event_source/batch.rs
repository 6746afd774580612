//! Gathering one batch: up to the batch size and the payload limit, within the
//! batching window, which opens with the first message.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::lambda::MAX_PAYLOAD_BYTES;
use crate::sqs::{Message, ReceiveLimits, Sqs};
use crate::template::QueueSource;

/// How often an open window takes what has come, and looks whether the stack
/// stops. Taking each message as it comes would cost more than all else that
/// happens to it: a disk write for its receive count and two changes of thread.
const LOOK: Duration = Duration::from_millis(20);
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
            max_bytes: MAX_PAYLOAD_BYTES.saturating_sub(used),
            wait: if batch.is_empty() { poll } else { Duration::ZERO },
        };
        let received = sqs.receive(&source.queue, limits).await;
        if batch.is_empty() {
            if received.is_empty() {
                return batch;
            }
            until = Instant::now() + source.window;
        }
        used += received
            .iter()
            .map(|message| message.payload_bytes)
            .sum::<usize>();
        batch.extend(received);
        if batch.len() >= size
            || used + SMALLEST_ROOM > MAX_PAYLOAD_BYTES
            || Instant::now() >= until
            || draining.load(Ordering::Relaxed)
        {
            return batch;
        }
        sleep_until(until.min(Instant::now() + LOOK)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;
    use crate::sqs::SqsSettings;
    use crate::template;

    #[tokio::test(start_paused = true)]
    async fn a_batch_ends_where_the_payload_does_whatever_its_bodies_are_made_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = SqsSettings {
            endpoint: "http://127.0.0.1:3000".to_owned(),
            account_id: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let sqs = Sqs::open(folder.path(), settings, Faults::default()).expect("a store");
        sqs.create_queue(&template::Queue {
            name: "q".to_owned(),
            visibility_timeout: Duration::from_secs(30),
            retention: Duration::from_secs(3_600),
            max_message_bytes: 1_048_576,
            delay: Duration::ZERO,
            receive_wait: Duration::ZERO,
            redrive: None,
        })
        .expect("a queue");
        // Each takes 400 KB of JSON: 15 fit, and a poll gives one that does not.
        let body = "\t".repeat(200_000);
        let request = serde_json::json!({ "QueueUrl": "http://x/1/q", "MessageBody": body }).to_string();
        for _ in 0..20 {
            sqs.handle("SendMessage", request.clone().into()).await;
        }
        let source = QueueSource {
            queue: "q".to_owned(),
            batch_size: 10_000,
            window: Duration::from_secs(1),
            max_concurrency: None,
            report_batch_item_failures: true,
        };
        assert_eq!(
            collect(&sqs, &source, Duration::ZERO, &AtomicBool::new(false))
                .await
                .len(),
            16
        );
    }
}
