//! Server-sent events: everything at first, then what is new.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::stream::{self, StreamExt as _};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use super::Console;
use crate::live::{Live, Moment, Surroundings, Watching};

/// A page that follows.
struct Follower<F> {
    live: Live,
    moments: Receiver<Arc<str>>,
    is_closed: watch::Receiver<bool>,
    surroundings: F,
    is_new: bool,
    _watching: Watching,
}

/// An event of one message.
pub(super) fn message(moment: &Moment) -> Arc<str> {
    // Of texts, numbers and maps with texts for keys.
    let json = serde_json::to_string(moment).unwrap_or_default();
    format!("data: {json}\n\n").into()
}

/// Events until the page has gone.
pub(super) fn stream(
    console: &Console,
    surroundings: impl Fn() -> Surroundings + Send + Sync + 'static,
) -> Response {
    let follower = Follower {
        live: console.live.clone(),
        moments: console.moments.subscribe(),
        is_closed: console.is_closed.subscribe(),
        surroundings,
        is_new: true,
        _watching: console.live.watch(),
    };
    let events = stream::unfold(follower, |mut follower| async {
        let event = follower.next().await?;
        Some((event, follower))
    });
    let events = events.map(|event| Ok::<_, Infallible>(Bytes::copy_from_slice(event.as_bytes())));
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl<F: Fn() -> Surroundings> Follower<F> {
    async fn next(&mut self) -> Option<Arc<str>> {
        if !std::mem::take(&mut self.is_new) {
            let moment = tokio::select! {
                moment = self.moments.recv() => moment,
                // It holds what the sender is a part of, which so would never end.
                _ = self.is_closed.wait_for(|is_closed| *is_closed) => return None,
            };
            match moment {
                Ok(moment) => return Some(moment),
                Err(RecvError::Closed) => return None,
                // It missed some: lists would have gaps.
                Err(RecvError::Lagged(_)) => {}
            }
        }
        Some(message(&self.live.everything((self.surroundings)())))
    }
}
