//! Where the lines of a stream become durable.

use std::time::Duration;

use aws_sdk_sqs::Client;
use tokio::time::Instant;

use crate::{
    envelope::{self, STREAM_ATTRIBUTE, Stream},
    metrics::Clients,
    queue::{self, Outgoing, send_all},
    trace_context::{TRACEPARENT, TraceContext},
    warmup::Ping,
};

/// The queue that a stored line is in.
pub trait LineQueue: Send + Sync {
    /// Stores the lines; returns once each is safe, or which are not.
    fn enqueue(
        &self,
        lines: &[String],
        trace: &TraceContext,
        budget: Duration,
    ) -> impl Future<Output = Result<(), Unstored>> + Send;
}

/// What did not get in.
#[derive(Debug, PartialEq, Eq)]
pub struct Unstored {
    /// Places in the list of lines.
    pub lines: Vec<usize>,
    /// The last error's code.
    pub code: String,
}

/// The real queue.
#[derive(Debug, Clone)]
pub struct SqsLineQueue {
    client: Client,
    url: String,
    stream: Stream,
    clients: Clients,
}

impl SqsLineQueue {
    /// The lines of `stream`, in the queue with this URL.
    pub fn new(client: Client, url: String, stream: Stream) -> Self {
        let clients = Clients::default();
        Self {
            client,
            url,
            stream,
            clients,
        }
    }

    /// Calls that are made again are counted there.
    pub fn counted_by(self, clients: Clients) -> Self {
        Self { clients, ..self }
    }

    /// Pings the queue: see [`queue::ping`].
    pub fn ping(&self) -> Ping<'_> {
        Ping::new("sqs", || queue::ping(&self.client, &self.url)).over(queue::CONNECTIONS)
    }
}

impl LineQueue for SqsLineQueue {
    async fn enqueue(
        &self,
        lines: &[String],
        trace: &TraceContext,
        budget: Duration,
    ) -> Result<(), Unstored> {
        let deadline = Instant::now() + budget;
        let (messages, ranges): (Vec<Outgoing>, Vec<_>) = envelope::pack(lines)
            .into_iter()
            .map(|envelope| {
                let attributes = vec![
                    (STREAM_ATTRIBUTE.to_owned(), self.stream.name().to_owned()),
                    (TRACEPARENT.to_owned(), trace.traceparent()),
                ];
                let trace_header = trace.xray().map(ToOwned::to_owned);
                (
                    Outgoing {
                        body: envelope.body,
                        attributes,
                        trace_header,
                    },
                    envelope.lines,
                )
            })
            .unzip();
        let unsent = send_all(&self.client, &self.url, &messages, deadline, &self.clients).await;
        let Some(last) = unsent.last() else { return Ok(()) };
        let code = last.code.clone();
        let lines = unsent
            .iter()
            .flat_map(|unsent| ranges[unsent.index].clone())
            .collect();
        Err(Unstored { lines, code })
    }
}
