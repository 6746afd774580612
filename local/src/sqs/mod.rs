//! Placeholder: written elsewhere.
#![allow(missing_docs)]
use crate::{faults::Faults, template};
use bytes::Bytes;
use std::{collections::BTreeMap, path::Path, time::Duration};
#[derive(Clone)]
pub struct Sqs;
#[derive(Debug, thiserror::Error)]
#[error("sqs")]
pub struct SqsError;
pub struct SqsSettings {
    pub endpoint: String,
    pub account_id: String,
    pub region: String,
}
pub struct ReceiveLimits {
    pub max_messages: usize,
    pub max_bytes: usize,
    pub wait: Duration,
}
pub struct Depth {
    pub visible: usize,
    pub in_flight: usize,
    pub delayed: usize,
    pub oldest_age: Option<Duration>,
}
impl Sqs {
    pub fn open(_dir: &Path, _settings: SqsSettings, _faults: Faults) -> Result<Self, SqsError> {
        Ok(Self)
    }
    pub fn create_queue(&self, _queue: &template::Queue) -> Result<(), SqsError> {
        Ok(())
    }
    pub async fn handle(&self, _action: &str, _body: Bytes) -> http::Response<Bytes> {
        http::Response::new(Bytes::new())
    }
    pub async fn receive(&self, _queue: &str, limits: ReceiveLimits) -> Vec<Message> {
        tokio::time::sleep(limits.wait).await;
        Vec::new()
    }
    pub async fn delete(&self, _queue: &str, _receipt_handles: &[String]) {}
    pub async fn change_visibility(
        &self,
        _queue: &str,
        _receipt_handles: &[String],
        _timeout: Duration,
    ) {
    }
    pub fn depth(&self, _queue: &str) -> Option<Depth> {
        None
    }
    pub fn queues(&self) -> Vec<String> {
        Vec::new()
    }
}
#[derive(Debug, Clone)]
pub struct Message {
    pub message_id: String,
    pub receipt_handle: String,
    pub body: String,
    pub md5_of_body: String,
    pub attributes: BTreeMap<String, String>,
    pub message_attributes: BTreeMap<String, MessageAttribute>,
}
#[derive(Debug, Clone)]
pub struct MessageAttribute {
    pub data_type: String,
    pub string_value: Option<String>,
    pub binary_value: Option<Vec<u8>>,
}
