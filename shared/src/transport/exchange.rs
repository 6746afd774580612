//! A request and its answer, on a connection that may have died.
//!
//! A frozen environment does not see that the other side hung up, or that a NAT
//! forgot the connection. The first kind shows at once, the second by silence.

use std::{
    future::pending,
    sync::{MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use aws_smithy_runtime_api::client::{
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, connect::capture_connection};
use tokio::time::sleep;

use super::{Transport, error};

/// After as long without an answer the environment may have been frozen. Servers
/// and NATs keep a connection for ten times as long and more.
const REST: Duration = Duration::from_secs(5);

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
    let patience = transport.has_rested().then_some(transport.0.patience);
    let doubt = Doubt(patience.map(|_| transport));
    let answer = match (send(transport, parts(request)?, patience).await, again) {
        (Err(Failure::Dead | Failure::Silent), Some(again)) => {
            transport.renew();
            tracing::debug!("a connection had died; the request goes over a new one");
            send(transport, parts(again)?, None).await
        }
        (answer, _) => answer,
    };
    doubt.resolve();
    match answer {
        Ok(answer) => {
            transport.note_answer();
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        }
        Err(Failure::Other(error)) => Err(error::of_client(error)),
        Err(Failure::Dead) => Err(ConnectorError::io("the connection ended".into())),
        Err(Failure::Silent) => Err(ConnectorError::timeout("no answer".into())),
    }
}

/// As long as it is not known whether connections from before a rest are alive.
/// Dropped so, at the end of the caller's patience, they are let go: the caller's
/// next attempt would take another of them.
struct Doubt<'a>(Option<&'a Transport>);

impl Doubt<'_> {
    fn resolve(mut self) {
        self.0 = None;
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        self.0.inspect(|transport| transport.renew());
    }
}

fn parts(request: HttpRequest) -> Result<Request<SdkBody>, ConnectorError> {
    request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))
}

async fn send(
    transport: &Transport,
    mut request: Request<SdkBody>,
    patience: Option<Duration>,
) -> Result<Response<Incoming>, Failure> {
    let mut connection = capture_connection(&mut request);
    let answering = transport.client().request(request);
    let losing_patience = async {
        match patience {
            Some(patience) => {
                // Opening one has a limit of its own.
                connection.wait_for_connection_metadata().await;
                sleep(patience).await;
            }
            None => pending().await,
        }
    };
    tokio::select! {
        answer = answering => answer.map_err(|error| match error::is_of_a_dead_connection(&error) {
            true => Failure::Dead,
            false => Failure::Other(error),
        }),
        () = losing_patience => Err(Failure::Silent),
    }
}

impl Transport {
    /// By the wall clock: the timers' one may stand still in a frozen environment.
    fn has_rested(&self) -> bool {
        let now = (self.0.clock)();
        // A clock that was set back says nothing.
        let long = |answered| now.duration_since(answered).map_or(true, |rest| rest > REST);
        self.answered().is_some_and(long)
    }

    fn note_answer(&self) {
        *self.answered() = Some((self.0.clock)());
    }

    fn answered(&self) -> MutexGuard<'_, Option<SystemTime>> {
        self.0.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
