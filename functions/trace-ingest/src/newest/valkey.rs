use std::{collections::HashMap, time::Duration};

use redis::{
    Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};

use super::NewestPositions;
use crate::{
    trace::Trace,
    value::{AgentId, Received},
};

/// A position that was not renewed for a day is forgotten.
const EXPIRY: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest wait between attempts to connect again.
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// The names that readers use. They share one hash tag, so that in a cluster
/// one script can write them all.
#[derive(Debug, Clone, Copy)]
pub struct Keys;

impl Keys {
    /// The geo set of all agents: "who is near".
    pub const GEO: &str = "{agents}:geo";
    /// When each agent was last written; what makes stale ones leave the geo set.
    pub const SEEN: &str = "{agents}:seen";
    /// The channel that each new position is published on, as its stored line.
    pub const CHANNEL: &str = "{agents}:positions";

    /// The hash of one agent: `recorded_at_ms`, `lon`, `lat`, `trace`.
    pub fn agent(id: &AgentId) -> String {
        format!("{{agents}}:at:{}", id.as_str())
    }
}

/// Newest positions in Valkey or Redis.
#[derive(Clone)]
pub struct ValkeyNewest {
    connection: ConnectionManager,
    script: Script,
}

impl ValkeyNewest {
    /// A store that connects when it is first used and again whenever the
    /// connection is lost. `rediss://` is TLS.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn new(url: &SecretString) -> Result<Self, RedisError> {
        // TLS uses the provider of the AWS clients; setting it twice is no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(1)))
            .set_response_timeout(Some(Duration::from_secs(1)))
            .set_max_delay(MAX_RECONNECT_DELAY);
        let client = Client::open(url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        let script = Script::new(include_str!("newest.lua"));
        Ok(Self { connection, script })
    }
}

impl NewestPositions for ValkeyNewest {
    async fn update(&self, traces: &[Trace], received: Received) -> Result<(), String> {
        let newest = newest_of_each(traces);
        let mut call = self.script.key(Keys::GEO);
        call.key(Keys::SEEN)
            .arg(Keys::CHANNEL)
            .arg(EXPIRY.as_secs())
            .arg(received.epoch_ms());
        for trace in newest {
            let json = serde_json::to_string(trace).map_err(|error| error.to_string())?;
            call.key(Keys::agent(&trace.agent_id))
                .arg(trace.agent_id.as_str())
                .arg(trace.recorded_at.epoch_ms())
                .arg(trace.lon.degrees())
                .arg(trace.lat.degrees())
                .arg(json);
        }
        let mut connection = self.connection.clone();
        let written: Result<u64, RedisError> = call.invoke_async(&mut connection).await;
        // The kind and code only: the server's words may quote an argument.
        written
            .map(drop)
            .map_err(|error| error.code().map_or(format!("{:?}", error.kind()), str::to_owned))
    }
}

/// One trace an agent, so that a batch of a thousand points costs one write.
fn newest_of_each(traces: &[Trace]) -> Vec<&Trace> {
    let mut newest: HashMap<&AgentId, &Trace> = HashMap::new();
    for trace in traces {
        let best = newest.entry(&trace.agent_id).or_insert(trace);
        if trace.recorded_at > best.recorded_at {
            *best = trace;
        }
    }
    newest.into_values().collect()
}
