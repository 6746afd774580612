//! Opening connections, for a request or ahead of one.

use std::{
    collections::HashMap,
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use aws_smithy_runtime_api::box_error::BoxError;
use futures::TryFutureExt as _;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::ClientConfig;
use tokio::time::timeout;
use tower_service::Service;

use super::connection::{Clock, Dialed};
use crate::{cause, metrics::Clients};

type Dialing = Pin<Box<dyn Future<Output = Result<Dialed, BoxError>> + Send>>;

/// Opens connections, and keeps those that were opened ahead until they are asked for.
#[derive(Clone)]
pub(super) struct Dialer {
    connector: HttpsConnector<HttpConnector>,
    limit: Duration,
    clock: Clock,
    ahead: Arc<Mutex<HashMap<String, Vec<Dialing>>>>,
    clients: Clients,
}

/// No connection within its time.
#[derive(Debug)]
pub(super) struct ConnectTimedOut;

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection in time")
    }
}

impl std::error::Error for ConnectTimedOut {}

impl Dialer {
    pub fn new(tls: ClientConfig, limit: Duration, clock: Clock, clients: Clients) -> Self {
        let mut tcp = HttpConnector::new();
        // An `https` URL is TLS's business.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Self {
            connector,
            limit,
            clock,
            ahead: Arc::default(),
            clients,
        }
    }

    /// Opens a connection to the server of `uri` and keeps it for the next request
    /// that needs one.
    pub async fn open_ahead(&self, uri: &Uri) -> Result<(), BoxError> {
        let connection = self.dial(uri.clone()).await?;
        self.keep(uri, Box::pin(ready(Ok(connection))));
        Ok(())
    }

    /// The same, in a task of its own.
    pub fn begin_ahead(&self, uri: &Uri) {
        let server = server(uri);
        let dialing = tokio::spawn(self.dial(uri.clone()).inspect_err(move |error| {
            let detail = cause::bottom(&**error);
            tracing::warn!(
                server,
                detail,
                "a connection could not be opened ahead of its request"
            );
        }));
        self.keep(uri, Box::pin(async { dialing.await? }));
    }

    fn keep(&self, uri: &Uri, dialing: Dialing) {
        self.ahead().entry(server(uri)).or_default().push(dialing);
    }

    /// Lets go of what was opened ahead.
    pub fn forget(&self) {
        self.ahead().clear();
    }

    fn dial(&self, uri: Uri) -> Dialing {
        let opening = self.connector.clone().call(uri);
        let (limit, clock, clients) = (self.limit, Arc::clone(&self.clock), self.clients.clone());
        Box::pin(async move {
            let opened = match timeout(limit, opening).await {
                Ok(opened) => opened,
                Err(_) => {
                    clients.timed_out();
                    Err(ConnectTimedOut.into())
                }
            };
            match opened {
                Ok(_) => clients.opened(),
                Err(_) => clients.failed(),
            }
            Ok(Dialed::new(opened?, clock))
        })
    }

    /// One that was opened ahead, where there is one that may be alive, or a new one.
    async fn connection(self, uri: Uri) -> Result<Dialed, BoxError> {
        while let Some(dialing) = self.take(&uri) {
            if let Ok(connection) = dialing.await
                && !connection.has_rested()
            {
                connection.found_open();
                return Ok(connection);
            }
        }
        self.dial(uri).await
    }

    fn take(&self, uri: &Uri) -> Option<Dialing> {
        self.ahead().get_mut(&server(uri))?.pop()
    }

    fn ahead(&self) -> MutexGuard<'_, HashMap<String, Vec<Dialing>>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection is to: connections of one server may carry any of its requests.
fn server(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", uri.scheme_str().unwrap_or_default())
}

impl Service<Uri> for Dialer {
    type Response = Dialed;
    type Error = BoxError;
    type Future = Dialing;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Dialing {
        Box::pin(self.clone().connection(uri))
    }
}
