//! Opening connections without a request.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use aws_smithy_runtime_api::client::{
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};

use super::{dialer::Dialer, error};

tokio::task_local! {
    static ONLY_CONNECTING: Ahead;
}

/// How the connections of a call are opened that sends nothing.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    is_waited_for: bool,
    is_done: Arc<AtomicBool>,
}

/// Runs `call`, in which no request is sent: each opens its connection, which the
/// next request to the same server will use, and fails. The second value says whether
/// one was opened.
///
/// A client's own call is the only way to learn where it would connect to; and it
/// finds credentials, resolves the endpoint, writes and signs on the way, as the
/// first request would.
pub async fn only_connecting<F: Future>(call: F) -> (F::Output, bool) {
    Ahead::of(true, call).await
}

/// The same, but nobody waits until the connections are open: they are by themselves,
/// and a request that comes before that waits for one of them. The second value says
/// whether one was begun.
pub async fn only_beginning<F: Future>(call: F) -> (F::Output, bool) {
    Ahead::of(false, call).await
}

impl Ahead {
    async fn of<F: Future>(is_waited_for: bool, call: F) -> (F::Output, bool) {
        let is_done = Arc::<AtomicBool>::default();
        let ahead = Self {
            is_waited_for,
            is_done: Arc::clone(&is_done),
        };
        let output = ONLY_CONNECTING.scope(ahead, call).await;
        (output, is_done.load(Ordering::Relaxed))
    }

    /// That of the running task, where it is only connecting.
    pub(super) fn of_task() -> Option<Self> {
        ONLY_CONNECTING.try_with(Clone::clone).ok()
    }

    pub(super) async fn open(
        &self,
        dialer: &Dialer,
        request: &HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let uri = request
            .uri()
            .parse()
            .map_err(|error: http::uri::InvalidUri| ConnectorError::user(error.into()))?;
        if self.is_waited_for {
            dialer.open_ahead(&uri).await.map_err(error::of_dialing)?;
        } else {
            dialer.begin_ahead(&uri);
        }
        self.is_done.store(true, Ordering::Relaxed);
        Err(ConnectorError::other("only connecting".into(), None))
    }
}
