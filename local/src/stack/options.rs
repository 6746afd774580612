//! What can be chosen about a stack, apart from what its template says.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::FaultSettings;

/// Start options; the defaults are the command line's.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Queues, topics, delivery streams and logs.
    pub data_dir: PathBuf,
    /// The SAM template.
    pub template: PathBuf,
    /// AWS region that the functions see.
    pub region: String,
    /// Becomes the parameter `ApiKeyHashes`, where the template has it.
    pub api_key: String,
    /// Becomes the parameter `ValkeyUrl`.
    pub valkey_url: Option<String>,
    /// Becomes the parameter `DatabaseUrl`; without it, an SQLite file in `data_dir`.
    pub database_url: Option<String>,
    /// Other template parameters.
    pub parameters: BTreeMap<String, String>,
    /// What goes wrong from the start.
    pub faults: FaultSettings,
    /// Environments of a function without reserved concurrency.
    pub max_environments: usize,
    /// Whether queues and schedules invoke the functions behind them.
    pub triggers: bool,
    /// Whether cargo builds the functions first.
    pub build: bool,
    /// How long a function may take to ask for its first event: 10 s on Lambda.
    pub init_limit: Duration,
    /// Idle environments beyond the first are stopped after this long.
    pub idle_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 3000,
            data_dir: ".punctual".into(),
            template: "template.yaml".into(),
            region: "us-east-1".to_owned(),
            api_key: "local-dev-key".to_owned(),
            valkey_url: None,
            database_url: None,
            parameters: BTreeMap::new(),
            faults: FaultSettings::default(),
            max_environments: 4,
            triggers: true,
            build: true,
            init_limit: Duration::from_secs(10),
            idle_limit: Duration::from_secs(60),
        }
    }
}
