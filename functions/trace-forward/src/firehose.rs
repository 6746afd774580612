//! Firehose through the SDK, and what its errors mean.

use std::num::NonZeroUsize;

use aws_sdk_firehose::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::put_record_batch::PutRecordBatchError,
    primitives::Blob,
    types::{PutRecordBatchResponseEntry, Record},
};
use bytes::Bytes;
use shared::{
    trace_context::TRACEPARENT,
    warmup::{Failed, Ping},
};

use crate::deliver::{DeliveryStream, PutError, RecordOutcome};

/// The largest event, 6 MB of messages, fills about two calls.
const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(2).expect("not zero");

/// Firehose.
#[derive(Debug, Clone)]
pub struct Firehose {
    client: Client,
}

impl Firehose {
    /// Uses `client`, whose own retries are off: see [`shared::aws`].
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Calls `PutRecordBatch` for the stream `name` without records, which Firehose
    /// refuses as invalid: the endpoint, the operation and the right that delivery
    /// needs, and no record. `DescribeDeliveryStream` would not do: it is a
    /// control-plane call with a low rate for the whole account.
    pub fn ping<'a>(&'a self, name: &'a str) -> Ping<'a> {
        Ping::new("firehose", move || async move {
            let call = self
                .client
                .put_record_batch()
                .delivery_stream_name(name)
                .set_records(Some(Vec::new()));
            Failed::unless_answered(call.send().await, |code| {
                code.contains("Validation") || code.contains("InvalidArgument")
            })
        })
        .over(CONNECTIONS)
    }
}

impl DeliveryStream for Firehose {
    async fn put(
        &self,
        name: &str,
        records: Vec<Bytes>,
        traceparent: &str,
    ) -> Result<Vec<RecordOutcome>, PutError> {
        let record = |data| Record::builder().data(Blob::from_maybe_shared(data)).build();
        let records = records
            .into_iter()
            .map(|data: Bytes| record(data).expect("the data is set"))
            .collect();
        let call = self
            .client
            .put_record_batch()
            .delivery_stream_name(name)
            .set_records(Some(records));
        let traceparent = traceparent.to_owned();
        let call = call.customize().mutate_request(move |request| {
            request.headers_mut().insert(TRACEPARENT, traceparent.clone());
        });
        match call.send().await {
            Ok(answer) => Ok(answer.request_responses.into_iter().map(outcome).collect()),
            Err(error) => Err(classify(&error)),
        }
    }
}

/// A record is in when its entry has an id and no error code.
fn outcome(entry: PutRecordBatchResponseEntry) -> RecordOutcome {
    match (entry.error_code, entry.record_id) {
        (None, Some(_)) => RecordOutcome::Accepted,
        (code, _) => RecordOutcome::Failed(code.unwrap_or_else(|| "NoRecordId".to_owned())),
    }
}

fn classify(error: &SdkError<PutRecordBatchError>) -> PutError {
    match error {
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = error
                .code()
                .map_or_else(|| format!("Http{status}"), ToOwned::to_owned);
            meaning(&code, status)(code)
        }
        SdkError::ConstructionFailure(_) => PutError::Refused("NotConstructed".to_owned()),
        SdkError::TimeoutError(_) => PutError::Unavailable("TimedOut".to_owned()),
        SdkError::DispatchFailure(_) => PutError::Unavailable("ConnectionFailed".to_owned()),
        // Its records may be in: sending them again may double them, not sending them may lose them.
        _ => PutError::Unavailable("UnreadableAnswer".to_owned()),
    }
}

/// `ServiceUnavailableException` is how Firehose says that a stream's
/// throughput is exceeded; KMS throttles come as `KMSThrottlingException`.
fn meaning(code: &str, status: u16) -> fn(String) -> PutError {
    let named = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    if named(&[
        "Throttl",
        "LimitExceeded",
        "TooManyRequests",
        "SlowDown",
        "ServiceUnavailable",
    ]) || matches!(status, 429 | 503)
    {
        PutError::Throttled
    } else if named(&["InternalFailure", "InternalServer", "RequestTimeout"]) || matches!(status, 408 | 500..)
    {
        PutError::Unavailable
    } else if named(&["Validation", "InvalidArgument", "Serialization", "TooLarge"]) || status == 413 {
        PutError::Rejected
    } else {
        PutError::Refused
    }
}

#[cfg(test)]
mod tests;
