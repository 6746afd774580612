//! Amazon Data Firehose with files for a bucket.
//!
//! A call's accepted records are appended to the stream's current file with one
//! write before the call is answered: a 2xx survives `kill -9`, and a person
//! sees data at once. Buffer hints only decide when the next file begins. Put
//! calls run on tokio's blocking threads: up to 4 MiB of JSON and base64 and a
//! write are milliseconds of work, which no other request should wait for.

mod error;
mod file;
mod put;
mod records;
mod repair;
mod stream;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::console::Repeated;
use crate::faults::Faults;
use crate::live::Live;
use crate::template;
use file::BufferHints;
use stream::Stream;

pub use error::FirehoseError;
pub use stream::StreamStats;

/// What ARNs are made of.
#[derive(Debug, Clone)]
pub struct FirehoseSettings {
    /// Twelve digits.
    pub account_id: String,
    /// For example `eu-central-1`.
    pub region: String,
}

impl FirehoseSettings {
    fn arn(&self, stream: &str) -> String {
        let Self { account_id, region } = self;
        format!("arn:aws:firehose:{region}:{account_id}:deliverystream/{stream}")
    }
}

/// The disk failing, whichever stream met it.
static TROUBLE: Repeated = Repeated::new();

/// All delivery streams. Clones are the same streams.
#[derive(Clone)]
pub struct Firehose(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    settings: FirehoseSettings,
    faults: Faults,
    streams: RwLock<BTreeMap<String, Arc<Stream>>>,
    live: OnceLock<Live>,
}

impl Firehose {
    /// Opens the folder, in which each stream has its own, and cuts off lines
    /// that a killed process left unfinished. Streams are not remembered: the
    /// template or an API call creates them at each start.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read or written.
    pub fn open(dir: &Path, settings: FirehoseSettings, faults: Faults) -> Result<Self, FirehoseError> {
        std::fs::create_dir_all(dir)
            .and_then(|()| repair::repair(dir))
            .map_err(FirehoseError::io(dir))?;
        Ok(Self(Arc::new(Inner {
            folder: dir.to_owned(),
            settings,
            faults,
            streams: RwLock::default(),
            live: OnceLock::new(),
        })))
    }

    /// Stored lines are shown there.
    pub fn show_to(&self, live: Live) {
        let _ = self.0.live.set(live);
    }

    /// Creates a stream of the template, or gives the existing one its hints.
    ///
    /// # Errors
    /// The name is not allowed.
    pub fn create_stream(&self, stream: &template::DeliveryStream) -> Result<(), FirehoseError> {
        let hints = BufferHints {
            bytes: stream.buffer_bytes,
            interval: stream.buffer_interval,
        };
        self.0.create(&stream.name, hints, true)
    }

    /// Answers one call of the wire protocol; `action` is what follows
    /// `Firehose_20150804.` in `X-Amz-Target`.
    pub async fn handle(&self, action: &str, body: Bytes) -> Response<Bytes> {
        self.0.faults.service_latency().await;
        match self.answer(action, body).await {
            Ok(body) => error::json(StatusCode::OK, body),
            Err(error) => {
                if matches!(error, FirehoseError::Io { .. } | FirehoseError::Worker(_)) {
                    TROUBLE.note(format!("Firehose {action} failed: {error}"));
                }
                error.response()
            }
        }
    }

    /// Everything accepted so far is on the disk itself when this returns; in
    /// the files it was before.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn flush(&self) -> Result<(), FirehoseError> {
        let streams = self.0.all();
        tokio::task::spawn_blocking(move || streams.iter().try_for_each(|s| s.sync())).await?
    }

    /// Counts of each stream, by name, since this process began.
    pub fn stats(&self) -> BTreeMap<String, StreamStats> {
        let streams = self.0.all();
        streams.iter().map(|s| (s.name.clone(), s.stats())).collect()
    }

    async fn answer(&self, action: &str, body: Bytes) -> Result<Bytes, FirehoseError> {
        let this = self.0.clone();
        match action {
            "PutRecordBatch" => {
                tokio::task::spawn_blocking(move || put::put_record_batch(&this, &body)).await?
            }
            "PutRecord" => tokio::task::spawn_blocking(move || put::put_record(&this, &body)).await?,
            "CreateDeliveryStream" => streams::create(&this, &body),
            "DescribeDeliveryStream" => streams::describe(&this, &body),
            "ListDeliveryStreams" => streams::list(&this, &body),
            "DeleteDeliveryStream" => streams::delete(&this, &body),
            _ => Err(FirehoseError::UnknownAction(action.to_owned())),
        }
    }
}

impl Inner {
    fn find(&self, name: &str) -> Result<Arc<Stream>, FirehoseError> {
        self.streams
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
            .ok_or_else(|| FirehoseError::ResourceNotFound(name.to_owned()))
    }

    fn create(&self, name: &str, hints: BufferHints, replace_hints: bool) -> Result<(), FirehoseError> {
        check_name(name)?;
        let mut streams = self.streams.write().unwrap_or_else(PoisonError::into_inner);
        match streams.get(name) {
            Some(stream) if replace_hints => stream.set_hints(hints),
            Some(_) => return Err(FirehoseError::ResourceInUse(name.to_owned())),
            None => {
                let stream = Stream::new(&self.folder, name, hints);
                streams.insert(name.to_owned(), Arc::new(stream));
            }
        }
        Ok(())
    }

    /// Its files stay, as a bucket's do.
    fn remove(&self, name: &str) -> Result<(), FirehoseError> {
        self.streams
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name)
            .map(|_| ())
            .ok_or_else(|| FirehoseError::ResourceNotFound(name.to_owned()))
    }

    fn names(&self) -> Vec<String> {
        self.all().iter().map(|stream| stream.name.clone()).collect()
    }

    fn all(&self) -> Vec<Arc<Stream>> {
        self.streams
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }
}

/// The service's own rule, less the names that a file system reads otherwise.
fn check_name(name: &str) -> Result<(), FirehoseError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let plain = name.len() <= 64 && name.chars().all(allowed);
    if !plain || matches!(name, "" | "." | "..") {
        return Err(FirehoseError::Validation(format!(
            "Value '{name}' at 'deliveryStreamName' failed to satisfy constraint: Member must have 1 to 64 characters of [a-zA-Z0-9_.-]"
        )));
    }
    Ok(())
}
