//! The HTTP client behind all clients of AWS, and Slack's.
//!
//! The SDK's own client does what this one does, but for three things that a
//! first answer needs and that it has no hook for:
//!
//! - A connection can be opened ahead of the request that will use it
//!   ([`ahead::only_connecting`]), so that an environment that someone waits for
//!   spends no round trip on a ping.
//! - The roots that it trusts are compiled in ([`tls`]): reading the system's makes
//!   an init half as long again (`bench/lean-init.md`), more from a cold disk.
//! - A connection that died while the environment was frozen costs the next request
//!   no error and no long wait ([`exchange`]).
//!
//! HTTP/1.1 alone, so that as many requests at a time need as many connections, and
//! a warm-up knows how many.

mod ahead;
mod connection;
mod dialer;
mod error;
mod exchange;
mod tls;

pub use ahead::{only_beginning, only_connecting};
pub use tls::ca_bundle;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use hyper_util::{client::legacy, rt::TokioExecutor};

use crate::{
    aws::CallTimeouts,
    config::{ConfigError, Env},
    metrics::Clients,
};
use dialer::Dialer;

type Client = legacy::Client<Dialer, SdkBody>;

/// An HTTP client with a pool of connections, shared by its clones.
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

struct Inner {
    dialer: Dialer,
    pool: Mutex<Pool>,
    patience: Duration,
    clients: Clients,
}

/// All connections from one renewal to the next.
#[derive(Clone)]
struct Pool {
    number: u64,
    client: Client,
}

impl Transport {
    /// A client with these time-outs for a connection, and for an answer after a
    /// rest; that for an attempt is the caller's.
    ///
    /// # Errors
    /// When `AWS_CA_BUNDLE` names a file that holds no certificates.
    pub fn from_env(env: &Env, timeouts: CallTimeouts) -> Result<Self, ConfigError> {
        Self::with_clock(env, timeouts, SystemTime::now)
    }

    /// The same, on another wall clock: a rest is told by it.
    ///
    /// # Errors
    /// As [`Self::from_env`].
    pub fn with_clock(
        env: &Env,
        timeouts: CallTimeouts,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Result<Self, ConfigError> {
        let clients = Clients::default();
        let dialer = Dialer::new(
            tls::config(env)?,
            timeouts.connect,
            Arc::new(clock),
            clients.clone(),
        );
        Ok(Self(Arc::new(Inner {
            pool: Mutex::new(Pool::new(0, &dialer)),
            dialer,
            patience: timeouts.patience,
            clients,
        })))
    }

    /// What all clients on this transport do is counted there.
    pub fn clients(&self) -> Clients {
        self.0.clients.clone()
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.0.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of all connections of the pool of this number but those that are in
    /// use. Of requests that find it dead together, the first opens the next pool.
    fn renew(&self, number: u64) {
        let mut pool = self.pool();
        if pool.number == number {
            self.0.dialer.forget();
            *pool = Pool::new(number + 1, &self.0.dialer);
        }
    }
}

impl Pool {
    fn new(number: u64, dialer: &Dialer) -> Self {
        let client = legacy::Client::builder(TokioExecutor::new()).build(dialer.clone());
        Self { number, client }
    }
}

impl HttpConnector for Transport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let transport = self.clone();
        match ahead::Ahead::of_task() {
            Some(ahead) => {
                HttpConnectorFuture::new(async move { ahead.open(&transport.0.dialer, &request).await })
            }
            None => HttpConnectorFuture::new(async move { exchange::exchange(&transport, request).await }),
        }
    }
}

impl HttpClient for Transport {
    /// Itself: the time-outs that the SDK would set are those of [`Transport::from_env`].
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}
