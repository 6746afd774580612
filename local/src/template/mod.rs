//! Placeholder: written elsewhere.
#![allow(missing_docs)]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("parameter {name}: {reason}")]
    Parameter {
        file: String,
        name: String,
        reason: String,
    },
    #[error("template")]
    Other,
}
#[derive(Debug, Clone)]
pub struct Settings {
    pub region: String,
    pub account_id: String,
    pub endpoint: String,
    pub parameters: BTreeMap<String, String>,
}
pub fn load(_path: &Path, _settings: &Settings) -> Result<Stack, TemplateError> {
    Err(TemplateError::Other)
}
#[derive(Debug, Clone)]
pub struct Stack {
    pub functions: Vec<Function>,
    pub queues: Vec<Queue>,
    pub streams: Vec<DeliveryStream>,
    pub notes: Vec<String>,
}
#[derive(Debug, Clone)]
pub struct Function {
    pub logical_id: String,
    pub name: String,
    pub code: PathBuf,
    pub memory_mb: u32,
    pub timeout: Duration,
    pub environment: BTreeMap<String, String>,
    pub reserved_concurrency: Option<u32>,
    pub provisioned_concurrency: Option<u32>,
    pub log_format: Option<String>,
    pub log_level: Option<String>,
    pub routes: Vec<Route>,
    pub queue_sources: Vec<QueueSource>,
}
#[derive(Debug, Clone)]
pub struct Route {
    pub method: String,
    pub path: String,
}
#[derive(Debug, Clone)]
pub struct QueueSource {
    pub queue: String,
    pub batch_size: u32,
    pub window: Duration,
    pub max_concurrency: Option<u32>,
    pub report_batch_item_failures: bool,
}
#[derive(Debug, Clone)]
pub struct Queue {
    pub name: String,
    pub visibility_timeout: Duration,
    pub retention: Duration,
    pub max_message_bytes: usize,
    pub redrive: Option<Redrive>,
}
#[derive(Debug, Clone)]
pub struct Redrive {
    pub dead_letter_queue: String,
    pub max_receive_count: u32,
}
#[derive(Debug, Clone)]
pub struct DeliveryStream {
    pub name: String,
    pub buffer_bytes: u64,
    pub buffer_interval: Duration,
}
