//! Sending messages to SQS until each one is accepted or time is up.
//!
//! `SendMessageBatch` answers 200 although some entries failed, and the SDK
//! retries thrown errors only, so the loop here owns every retry. A message
//! counts as sent when the answer lists it as successful, and in no other case:
//! an entry that the answer does not mention at all is sent again.

mod message;

pub use message::Outgoing;

use std::{num::NonZeroUsize, ops::Range, time::Duration};

use aws_sdk_sqs::{Client, operation::send_message_batch::SendMessageBatchOutput};
use futures::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{backoff::FullJitter, metrics::Clients, refusal::Refusal, warmup::Failed};

/// Entries in one `SendMessageBatch`.
const MAX_ENTRIES: usize = 10;
/// Bytes in one `SendMessageBatch`, and in one message, bodies and attributes
/// together: 1 MiB.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// Calls at a time, and so the connections that a warm environment has open. The
/// largest request that Lambda hands over, 6 MB, becomes six full calls.
pub const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(4).expect("not zero");
const BACKOFF: FullJitter = FullJitter {
    base: Duration::from_millis(50),
    cap: Duration::from_secs(1),
};

/// A message that SQS did not accept in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// Its place in the list that was to be sent.
    pub index: usize,
    /// The last error's code, for logs.
    pub code: String,
}

struct Failure {
    unsent: Unsent,
    /// The same request would fail again.
    permanent: bool,
}

/// Sends all `messages`, in batches of what one call may hold, and returns
/// those that were not accepted by `deadline` (none: all are safe in SQS). Calls that
/// are made again are counted by `clients`.
pub async fn send_all(
    client: &Client,
    queue_url: &str,
    messages: &[Outgoing],
    deadline: Instant,
    clients: &Clients,
) -> Vec<Unsent> {
    let mut pending: Vec<usize> = (0..messages.len()).collect();
    let mut given_up = Vec::new();
    for attempt in 0.. {
        let batches = batches(messages, &pending);
        if attempt > 0 {
            batches.iter().for_each(|_| clients.retried());
        }
        let calls = batches
            .into_iter()
            .map(|batch| send_batch(client, queue_url, messages, &pending[batch], deadline));
        let failures: Vec<Vec<Failure>> = stream::iter(calls)
            .buffer_unordered(CONNECTIONS.get())
            .collect()
            .await;

        let delay = BACKOFF.delay(attempt);
        let out_of_time = Instant::now() + delay >= deadline;
        let (stop, again): (Vec<_>, Vec<_>) = failures
            .into_iter()
            .flatten()
            .partition(|failure| out_of_time || failure.permanent);
        given_up.extend(stop.into_iter().map(|failure| failure.unsent));
        if again.is_empty() {
            break;
        }
        pending = again.into_iter().map(|failure| failure.unsent.index).collect();
        pending.sort_unstable();
        sleep(delay).await;
    }
    given_up.sort_unstable_by_key(|unsent| unsent.index);
    given_up
}

/// Sends a batch without entries, which SQS refuses with `EmptyBatchRequest`: the
/// endpoint, the operation and the right that sending needs, and no message. SQS has
/// no quota on calls to a standard queue; it is billed as one request.
///
/// # Errors
/// What SQS answered instead, or why it did not.
pub async fn ping(client: &Client, queue_url: &str) -> Result<(), Failed> {
    let call = client
        .send_message_batch()
        .queue_url(queue_url)
        .set_entries(Some(Vec::new()));
    // `AWS.SimpleQueueService.` stands before it where the error comes in the old protocol's words.
    Failed::unless_answered(call.send().await, |code| code.ends_with("EmptyBatchRequest"))
}

/// Cuts `pending` into runs that fit in one call.
fn batches(messages: &[Outgoing], pending: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (place, index) in pending.iter().enumerate() {
        let size = messages[*index].size();
        match runs.last_mut() {
            Some(run) if run.len() < MAX_ENTRIES && bytes + size <= MAX_BATCH_BYTES => {
                run.end = place + 1;
                bytes += size;
            }
            _ => {
                runs.push(place..place + 1);
                bytes = size;
            }
        }
    }
    runs
}

async fn send_batch(
    client: &Client,
    queue_url: &str,
    messages: &[Outgoing],
    indices: &[usize],
    deadline: Instant,
) -> Vec<Failure> {
    let entries = indices
        .iter()
        .map(|index| messages[*index].entry(*index))
        .collect();
    let call = client
        .send_message_batch()
        .queue_url(queue_url)
        .set_entries(Some(entries))
        .send();
    match timeout_at(deadline, call).await {
        Ok(Ok(answer)) => unaccepted(indices, &answer),
        Ok(Err(error)) => all(indices, &Refusal::of_sdk(&error)),
        Err(_) => all(indices, &Refusal::passing("DeadlineExceeded")),
    }
}

fn unaccepted(indices: &[usize], answer: &SendMessageBatchOutput) -> Vec<Failure> {
    let id_of = |index: &usize| index.to_string();
    indices
        .iter()
        .filter(|index| !answer.successful().iter().any(|entry| entry.id() == id_of(index)))
        .map(|index| {
            let error = answer.failed().iter().find(|entry| entry.id() == id_of(index));
            Failure {
                unsent: Unsent {
                    index: *index,
                    code: error.map_or("NotAnswered", |entry| entry.code()).to_owned(),
                },
                permanent: error.is_some_and(|entry| entry.sender_fault()),
            }
        })
        .collect()
}

fn all(indices: &[usize], refusal: &Refusal) -> Vec<Failure> {
    let failure = |index: &usize| Failure {
        unsent: Unsent {
            index: *index,
            code: refusal.code.clone(),
        },
        permanent: refusal.permanent,
    };
    indices.iter().map(failure).collect()
}

#[cfg(test)]
mod tests;
