//! Placeholder: written elsewhere.
#![allow(missing_docs)]
use crate::{faults::Faults, template};
use bytes::Bytes;
use std::{collections::BTreeMap, path::Path};
#[derive(Clone)]
pub struct Firehose;
#[derive(Debug, thiserror::Error)]
#[error("firehose")]
pub struct FirehoseError;
#[derive(Debug, Clone, Default)]
pub struct StreamStats {
    pub calls: u64,
    pub records: u64,
    pub bytes: u64,
    pub billed_5kb_units: u64,
    pub failed_records: u64,
    pub throttled_calls: u64,
}
impl Firehose {
    pub fn open(_dir: &Path, _faults: Faults) -> Result<Self, FirehoseError> {
        Ok(Self)
    }
    pub fn create_stream(&self, _stream: &template::DeliveryStream) -> Result<(), FirehoseError> {
        Ok(())
    }
    pub async fn handle(&self, _action: &str, _body: Bytes) -> http::Response<Bytes> {
        http::Response::new(Bytes::new())
    }
    pub async fn flush(&self) -> Result<(), FirehoseError> {
        Ok(())
    }
    pub fn stats(&self) -> BTreeMap<String, StreamStats> {
        BTreeMap::new()
    }
}
