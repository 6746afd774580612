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
    static ONLY_CONNECTING: Opened;
}

/// Whether a connection was opened.
#[derive(Debug, Clone, Default)]
pub struct Opened(Arc<AtomicBool>);

/// Runs `call`, in which no request is sent: each opens its connection, which the
/// next request to the same server will use, and fails.
///
/// A client's own call is the only way to learn where it would connect to; and it
/// finds credentials, resolves the endpoint, writes and signs on the way, as the
/// first request would.
pub async fn only_connecting<F: Future>(call: F) -> (F::Output, bool) {
    let opened = Opened::default();
    let output = ONLY_CONNECTING.scope(opened.clone(), call).await;
    (output, opened.0.load(Ordering::Relaxed))
}

impl Opened {
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
        dialer.open_ahead(&uri).await.map_err(error::of_dialing)?;
        self.0.store(true, Ordering::Relaxed);
        Err(ConnectorError::other("only connecting".into(), None))
    }
}
