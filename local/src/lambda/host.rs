//! What all functions share: where the stack listens, its limits, its logs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::environment::Environment;
use super::logs::Logs;
use crate::faults::Faults;

/// How this Lambda behaves, apart from what the template says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the stack listens; functions reach the Runtime API and AWS there.
    pub address: SocketAddr,
    /// AWS region of all names, e.g. `eu-west-1`.
    pub region: String,
    /// Twelve digits.
    pub account_id: String,
    /// Environments that a function without reserved concurrency may have at once.
    pub max_environments: usize,
    /// Folder of `<function>.log`.
    pub log_dir: PathBuf,
    /// Where running children are written down, see [`super::end_orphans`].
    pub children_dir: PathBuf,
    /// Init phase limit: 10 s on Lambda.
    pub init_limit: Duration,
    /// Idle environments beyond the first are stopped after this long.
    pub idle_limit: Duration,
}

impl Settings {
    /// Lambda's own limits, four environments a function.
    pub fn new(address: SocketAddr, data_dir: &Path) -> Self {
        Self {
            address,
            region: "us-east-1".to_owned(),
            account_id: "000000000000".to_owned(),
            max_environments: 4,
            log_dir: data_dir.join("logs"),
            children_dir: children_dir(data_dir),
            init_limit: Duration::from_secs(10),
            idle_limit: Duration::from_secs(60),
        }
    }
}

/// Folder of the running children's records.
pub(crate) fn children_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("children")
}

pub(crate) struct Host {
    pub settings: Settings,
    pub faults: Faults,
    pub logs: Logs,
    pub registry: Registry,
}

/// The environments that may call the Runtime API, by the id in their URL. Ids
/// are random: no web page that posts to localhost can answer for a function.
#[derive(Default)]
pub(crate) struct Registry(RwLock<HashMap<String, Arc<Environment>>>);

impl Registry {
    pub fn add(&self, environment: &Arc<Environment>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(environment.id.clone(), Arc::clone(environment));
    }

    pub fn get(&self, id: &str) -> Option<Arc<Environment>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    pub fn remove(&self, id: &str) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
    }
}
