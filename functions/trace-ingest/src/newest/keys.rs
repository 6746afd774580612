use crate::value::AgentId;

/// The names that readers use. They share one hash tag, so that in a cluster
/// one script can write them all.
#[derive(Debug, Clone, Copy)]
pub struct Keys;

impl Keys {
    /// The geo set of all agents: "who is near".
    pub const GEO: &str = "{agents}:geo";
    /// When each agent was last written; what makes stale ones leave the geo set.
    pub const SEEN: &str = "{agents}:seen";
    /// The channel that each new position is published on, as JSON.
    pub const CHANNEL: &str = "{agents}:positions";

    /// The hash of one agent: `at_ms`, `lon`, `lat`, and `position` as JSON.
    pub fn agent(id: &AgentId) -> String {
        format!("{{agents}}:at:{}", id.as_str())
    }
}
