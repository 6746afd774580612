use std::{collections::HashMap, sync::Arc, time::Duration};

use redis::{
    Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::{Keys, NewestPositions};
use crate::{trace::Position, value::AgentId};

/// A position that was not renewed for a day is forgotten.
const EXPIRY: Duration = Duration::from_secs(24 * 60 * 60);
/// Agents in one script call: six commands each, so that a batch of 10,000
/// agents does not hold up the server's other clients.
const AGENTS_A_CALL: usize = 500;
/// How long the init phase waits for the first connection.
const INIT_BUDGET: Duration = Duration::from_millis(500);
/// Well over [`super::PAUSE`], so that an attempt to connect is still alive when
/// the next request looks for it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Newest positions in Valkey or Redis.
#[derive(Clone)]
pub struct ValkeyNewest {
    connection: ConnectionManager,
    script: Arc<Script>,
}

/// One call of the script.
struct Call {
    keys: Vec<String>,
    args: Vec<String>,
}

impl ValkeyNewest {
    /// A store that connects in the background and again whenever the
    /// connection is lost. `rediss://` is TLS. Waits a moment for the first
    /// connection; without one it is a store all the same.
    ///
    /// # Errors
    /// When the URL is none.
    pub async fn connect(url: &SecretString) -> Result<Self, RedisError> {
        // TLS uses the provider of the AWS clients; setting it twice is no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_max_delay(MAX_RECONNECT_DELAY);
        let client = Client::open(url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        let script = Arc::new(Script::new(include_str!("newest.lua")));
        // The manager connects only while someone waits for it, so a task does.
        let mut first = connection.clone();
        let ping = tokio::spawn(async move { redis::cmd("PING").exec_async(&mut first).await });
        let _ = timeout(INIT_BUDGET, ping).await;
        Ok(Self { connection, script })
    }
}

impl NewestPositions for ValkeyNewest {
    /// Runs on its own task: when the caller stops waiting, a connection that is
    /// being opened goes on being opened.
    async fn update(&self, positions: &[Position]) -> Result<(), String> {
        let newest = newest_of_each(positions);
        let calls: Vec<Call> = newest.chunks(AGENTS_A_CALL).map(Call::new).collect();
        let Self {
            mut connection,
            script,
        } = self.clone();
        let writing = tokio::spawn(async move {
            for Call { keys, args } in &calls {
                let mut call = script.key(keys);
                let _: u64 = call.arg(args).invoke_async(&mut connection).await?;
            }
            Ok::<_, RedisError>(())
        });
        let written = writing.await.map_err(|_| "Panicked".to_owned())?;
        // The kind and code only: the server's words may quote an argument.
        written.map_err(|error| error.code().map_or(format!("{:?}", error.kind()), str::to_owned))
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
