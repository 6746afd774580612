//! Placeholder: written elsewhere.
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
#[derive(Clone, Default)]
pub struct Faults(std::sync::Arc<std::sync::Mutex<FaultSettings>>);
#[derive(Serialize, Deserialize, Default, Clone, PartialEq, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct FaultSettings {
    pub firehose_failed_records: f64,
    pub firehose_throttled_calls: f64,
    pub sqs_refused_entries: f64,
    pub sqs_failed_calls: f64,
    pub service_latency_ms: u64,
    pub killed_invocations: f64,
}
#[derive(Debug, thiserror::Error)]
#[error("fault")]
pub struct FaultError;
impl Faults {
    pub fn new(settings: FaultSettings) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(settings)))
    }
    pub fn get(&self) -> FaultSettings {
        self.0.lock().unwrap().clone()
    }
    pub fn set(&self, settings: FaultSettings) -> Result<(), FaultError> {
        *self.0.lock().unwrap() = settings;
        Ok(())
    }
    pub fn strikes(&self, share: impl Fn(&FaultSettings) -> f64) -> bool {
        rand::random::<f64>() < share(&self.get())
    }
    pub async fn service_latency(&self) {}
}
