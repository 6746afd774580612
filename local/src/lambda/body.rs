//! Reading a request's body up to a limit.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use bytes::BytesMut;

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
pub(super) async fn read(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(chunk) = next(&mut body).await {
        let chunk = chunk.map_err(BodyError::Broken)?;
        let length = whole.len() + joined.len() + chunk.len();
        if length > limit {
            discard(&mut body, length).await;
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

async fn discard(body: &mut Body, mut length: usize) {
    let discarded = async {
        while let Some(Ok(chunk)) = next(body).await {
            length += chunk.len();
            if length > DISCARDED_BYTES {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DISCARDED_FOR, discarded).await;
}

/// The next piece; trailers count as an empty one.
async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
}
