use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{
    Client, RedisError, RedisResult, Script, TlsCertificates,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};
use shared::warmup::{Failed, Ping};

use super::{Keys, NewestPositions};
use crate::{trace::Position, value::AgentId};

/// A position that was not renewed for a day is forgotten.
const EXPIRY: Duration = Duration::from_secs(24 * 60 * 60);
/// Agents in one script call: six commands each, so that a batch of 10,000
/// agents does not hold up the server's other clients.
const AGENTS_A_CALL: usize = 500;
/// Well over [`super::PAUSE`], so that an attempt to connect is still alive when
/// the next request looks for it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Newest positions in Valkey or Redis.
pub struct ValkeyNewest(Arc<Inner>);

struct Inner {
    client: Client,
    connection: Mutex<ConnectionManager>,
    script: Script,
}

/// One call of the script.
struct Call {
    keys: Vec<String>,
    args: Vec<String>,
}

impl ValkeyNewest {
    /// A store that connects when it is first used, and again whenever the
    /// connection is lost. `rediss://` is TLS, with the web's roots or those of the
    /// PEM text `ca_bundle` alone.
    ///
    /// # Errors
    /// When the URL is none, or the bundle.
    pub fn new(url: &SecretString, ca_bundle: Option<Vec<u8>>) -> Result<Self, RedisError> {
        // TLS uses the provider of the AWS clients; setting it twice is no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = match ca_bundle {
            Some(pem) if url.expose_secret().starts_with("rediss://") => {
                let roots = TlsCertificates {
                    client_tls: None,
                    root_cert: Some(pem),
                };
                Client::build_with_tls(url.expose_secret(), roots)?
            }
            _ => Client::open(url.expose_secret())?,
        };
        Ok(Self(Arc::new(Inner {
            connection: Mutex::new(manager(&client)?),
            script: Script::new(include_str!("newest.lua")),
            client,
        })))
    }

    /// Loads the script, which each update runs by its digest: a Valkey that has
    /// started since would first have to refuse it. A script that is there already
    /// stays as it is, and it touches no key.
    pub fn ping(&self) -> Ping<'_> {
        Ping::new("valkey", || self.load()).beside()
    }

    async fn load(&self) -> Result<(), Failed> {
        let inner = Arc::clone(&self.0);
        // The manager connects only while someone waits for it, so a task does.
        let loading = tokio::spawn(async move {
            let mut connection = inner.connection().clone();
            inner.script.prepare_invoke().load_async(&mut connection).await
        });
        match loading.await {
            Ok(Ok(_)) => Ok(()),
            // Else its words are the server's.
            Ok(Err(error)) if error.is_io_error() => Err(Failed::because(code(&error), &error)),
            Ok(Err(error)) => Err(Failed::new(code(&error))),
            Err(_) => Err(Failed::new("Panicked")),
        }
    }
}

/// Connects when it is first needed, and again when the connection has ended.
fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(RESPONSE_TIMEOUT))
        .set_max_delay(MAX_RECONNECT_DELAY);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

impl NewestPositions for ValkeyNewest {
    /// Runs on its own task: when the caller stops waiting, a connection that is
    /// being opened goes on being opened.
    async fn update(&self, positions: Vec<Position>) -> Result<(), String> {
        let inner = Arc::clone(&self.0);
        let writing = tokio::spawn(async move {
            let mut written = inner.write(&positions).await;
            if written.as_ref().is_err_and(RedisError::is_connection_dropped) {
                // The server hung up while the environment was frozen; the manager
                // is connecting again.
                written = inner.write(&positions).await;
            }
            if written.as_ref().is_err_and(RedisError::is_timeout) {
                inner.connect_anew();
            }
            written
        });
        let written = writing.await.map_err(|_| "Panicked".to_owned())?;
        written.map_err(|error| code(&error))
    }
}

/// The kind and code only: the server's words may quote an argument.
fn code(error: &RedisError) -> String {
    error.code().map_or(format!("{:?}", error.kind()), str::to_owned)
}

impl Inner {
    async fn write(&self, positions: &[Position]) -> RedisResult<()> {
        let mut connection = self.connection().clone();
        // A chunk is prepared when the one before it is sent: all of a large
        // fleet at once would keep the queue waiting for this thread.
        for chunk in newest_of_each(positions).chunks(AGENTS_A_CALL) {
            let Call { keys, args } = Call::new(chunk);
            let mut call = self.script.key(keys);
            let _: u64 = call.arg(args).invoke_async(&mut connection).await?;
        }
        Ok(())
    }

    /// A peer that vanished without a word, or behind which the network forgot
    /// the connection while the environment was frozen, looks like one that is
    /// slow. The manager would keep such a connection until the kernel gives it
    /// up, a quarter of an hour later.
    fn connect_anew(&self) {
        if let Ok(fresh) = manager(&self.client) {
            *self.connection() = fresh;
        }
    }

    fn connection(&self) -> MutexGuard<'_, ConnectionManager> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    fn new(positions: &[&Position]) -> Self {
        // All came in one request.
        let now = positions
            .first()
            .map_or(0, |position| position.received_at.epoch_ms());
        let mut keys = vec![Keys::GEO.to_owned(), Keys::SEEN.to_owned()];
        let mut args = vec![
            Keys::CHANNEL.to_owned(),
            EXPIRY.as_secs().to_string(),
            now.to_string(),
        ];
        for position in positions {
            let json = serde_json::to_string(position).unwrap_or_default();
            keys.push(Keys::agent(&position.agent_id));
            args.push(position.agent_id.as_str().to_owned());
            args.push(at_ms(position).to_string());
            args.push(position.lon.degrees().to_string());
            args.push(position.lat.degrees().to_string());
            args.push(json);
        }
        Self { keys, args }
    }
}

/// The device's time, but never later than ours: a phone whose clock is a day
/// ahead must not hide where it goes on to be.
fn at_ms(position: &Position) -> i64 {
    position
        .recorded_at
        .epoch_ms()
        .min(position.received_at.epoch_ms())
}

/// One position an agent, so that a batch of a thousand points costs one write.
fn newest_of_each(positions: &[Position]) -> Vec<&Position> {
    let mut newest: HashMap<&AgentId, &Position> = HashMap::new();
    for position in positions {
        let best = newest.entry(&position.agent_id).or_insert(position);
        if position.recorded_at > best.recorded_at {
            *best = position;
        }
    }
    newest.into_values().collect()
}
