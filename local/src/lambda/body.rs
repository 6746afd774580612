//! Reading a request's body up to a limit.

use std::time::Duration;

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use futures::StreamExt as _;

/// How much of a body that is too large is read on, to be thrown away, and for
/// how long. A server that closes with bytes unread resets the connection, and
/// the client sees a broken pipe instead of its 413.
const DISCARDED_BYTES: usize = 64 * 1024 * 1024;
const DISCARDED_FOR: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum BodyError {
    /// Over the limit. The rest of it was read too, so that the refusal arrives.
    TooLarge,
    /// The connection ended, or what came is not HTTP.
    Broken(axum::Error),
}

/// The whole body, of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let mut chunks = body.into_data_stream();
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(BodyError::Broken)?;
        let length = whole.len() + joined.len() + chunk.len();
        if length > limit {
            discard(&mut chunks, length).await;
            return Err(BodyError::TooLarge);
        }
        // Most bodies are one chunk, which is passed on without a copy.
        if whole.is_empty() && joined.is_empty() {
            whole = chunk;
            continue;
        }
        joined.extend_from_slice(&std::mem::take(&mut whole));
        joined.extend_from_slice(&chunk);
    }
    Ok(if joined.is_empty() { whole } else { joined.freeze() })
}

async fn discard(chunks: &mut axum::body::BodyDataStream, mut length: usize) {
    let discarded = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            length += chunk.len();
            if length > DISCARDED_BYTES {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DISCARDED_FOR, discarded).await;
}
