//! A request and its answer, on a connection that may have died.
//!
//! A frozen environment does not see that the other side hung up, or that a NAT
//! forgot the connection. The first kind shows at once, the second by silence.

use std::{
    future::pending,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use aws_smithy_runtime_api::client::{
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use http::{Extensions, Request, Response};
use hyper::body::Incoming;
use hyper_util::client::legacy::{
    self,
    connect::{CaptureConnection, capture_connection},
};
use tokio::time::sleep;

use super::{Pool, Transport, connection::LastHeard, error};
use crate::metrics::Clients;

enum Failure {
    Dead,
    Silent,
    Other(legacy::Error),
}

/// Sends the request; on a connection that died, once more on a new one. AWS may
/// then see it twice, as with any retry: what is sent here may be.
pub(super) async fn exchange(
    transport: &Transport,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let again = request.try_clone();
    let answer = match (send(transport, parts(request)?).await, again) {
        (Err(Failure::Dead | Failure::Silent), Some(again)) => {
            tracing::debug!("a connection had died; the request goes over a new one");
            transport.0.clients.retried();
            send(transport, parts(again)?).await
        }
        (answer, _) => answer,
    };
    match answer {
        Ok(answer) => HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
            .map_err(|error| ConnectorError::other(error.into(), None)),
        Err(Failure::Other(error)) => Err(error::of_client(error)),
        Err(Failure::Dead) => Err(ConnectorError::io("the connection ended".into())),
        Err(Failure::Silent) => Err(ConnectorError::timeout("no answer".into())),
    }
}

fn parts(request: HttpRequest) -> Result<Request<SdkBody>, ConnectorError> {
    request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))
}

/// Over one of the pool's connections. If it is dead, so may be the others: they are
/// let go.
async fn send(transport: &Transport, mut request: Request<SdkBody>) -> Result<Response<Incoming>, Failure> {
    let mut connection = capture_connection(&mut request);
    let attempt = Attempt::begin(&transport.0.clients);
    let Pool { number, client } = transport.pool().clone();
    let doubt = Doubt {
        transport,
        number,
        is_there: AtomicBool::new(false),
    };
    let answer = tokio::select! {
        answer = client.request(request) => answer.map_err(|error| match error::is_of_a_dead_connection(&error) {
            true => Failure::Dead,
            false => Failure::Other(error),
        }),
        () = silence(&mut connection, transport, &doubt, &attempt) => Err(Failure::Silent),
    };
    doubt.set(matches!(answer, Err(Failure::Dead | Failure::Silent)));
    attempt.end(&answer, &connection);
    answer
}

/// Until patience is lost with a connection on which there was a rest before. One
/// that is new, or was just used, is as alive as its server; and opening one has a
/// limit of its own.
async fn silence(
    connection: &mut CaptureConnection,
    transport: &Transport,
    doubt: &Doubt<'_>,
    attempt: &Attempt<'_>,
) {
    connection.wait_for_connection_metadata().await;
    attempt.got(connection);
    if has_rested(connection) {
        doubt.set(true);
        sleep(transport.0.patience).await;
        // Meanwhile hyper may have put the request on another.
        if has_rested(connection) {
            return;
        }
    }
    pending().await
}

fn has_rested(connection: &CaptureConnection) -> bool {
    last_heard(connection).is_some_and(|heard| heard.has_rested())
}

fn last_heard(connection: &CaptureConnection) -> Option<LastHeard> {
    let mut extensions = Extensions::new();
    connection
        .connection_metadata()
        .as_ref()?
        .get_extras(&mut extensions);
    extensions.remove()
}

/// A request on its way, counted. One that its caller gives up has timed out: callers
/// here have no other reason.
struct Attempt<'a> {
    clients: &'a Clients,
    has_connection: AtomicBool,
    is_over: bool,
}

impl<'a> Attempt<'a> {
    fn begin(clients: &'a Clients) -> Self {
        clients.attempted();
        Self {
            clients,
            has_connection: AtomicBool::new(false),
            is_over: false,
        }
    }

    fn got(&self, connection: &CaptureConnection) {
        if let Some(heard) = last_heard(connection)
            && !self.has_connection.swap(true, Relaxed)
            && heard.find()
        {
            self.clients.reused();
        }
    }

    fn end(mut self, answer: &Result<Response<Incoming>, Failure>, connection: &CaptureConnection) {
        self.is_over = !matches!(answer, Err(Failure::Silent));
        self.got(connection);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.clients.timed_out();
        }
    }
}

/// Whether the connections of the pool of this number are alive. Where it is there in
/// the end, at that of the caller's patience too, they are let go: the caller's next
/// attempt would take another of them.
struct Doubt<'a> {
    transport: &'a Transport,
    number: u64,
    is_there: AtomicBool,
}

impl Doubt<'_> {
    fn set(&self, is_there: bool) {
        self.is_there.store(is_there, Relaxed);
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if *self.is_there.get_mut() {
            self.transport.renew(self.number);
        }
    }
}
