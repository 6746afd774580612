//! Amazon SNS without subscribers: a message that is published is a line in the
//! topic's file and on the terminal.
//!
//! A 2xx is a promise, as everywhere in the stack: the line is with the
//! operating system before the answer, and survives `kill -9`.

mod attributes;
mod batch;
mod error;
mod form;
mod publish;
#[cfg(test)]
mod tests;
mod topics;
mod xml;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::console::Repeated;
use crate::faults::Faults;
use crate::ndjson::cut_torn_tail;
use crate::template;
use form::Form;
use topics::Topic;

pub use error::SnsError;

/// The disk failing, whichever topic met it.
static TROUBLE: Repeated = Repeated::new();

/// What ARNs are made of.
#[derive(Debug, Clone)]
pub struct SnsSettings {
    /// Twelve digits.
    pub account_id: String,
    /// For example `eu-central-1`.
    pub region: String,
}

/// All topics. Clones are the same topics.
#[derive(Clone)]
pub struct Sns(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    settings: SnsSettings,
    faults: Faults,
    /// By name.
    topics: RwLock<BTreeMap<String, Arc<Topic>>>,
}

impl Sns {
    /// Opens the folder with a file for each topic, and cuts off lines that a
    /// killed process left unfinished. Topics are not remembered: the template
    /// or an API call creates them at each start.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read or written.
    pub fn open(dir: &Path, settings: SnsSettings, faults: Faults) -> Result<Self, SnsError> {
        let repair = || {
            fs::create_dir_all(dir)?;
            for file in fs::read_dir(dir)? {
                let path = file?.path();
                if path.extension().is_some_and(|end| end == "ndjson") {
                    cut_torn_tail(&path)?;
                }
            }
            Ok(())
        };
        repair().map_err(SnsError::io(dir))?;
        Ok(Self(Arc::new(Inner {
            folder: dir.to_owned(),
            settings,
            faults,
            topics: RwLock::default(),
        })))
    }

    /// Creates a topic of the template.
    ///
    /// # Errors
    /// The name is not allowed.
    pub fn create_topic(&self, topic: &template::Topic) -> Result<(), SnsError> {
        self.0.create(&topic.name).map(drop)
    }

    /// Answers one call of the query protocol; `body` is its form.
    pub async fn handle(&self, body: Bytes) -> Response<Bytes> {
        self.0.faults.service_latency().await;
        let form = Form::read(&body);
        let action = form.action().to_owned();
        match self.answer(&action, form).await {
            Ok(result) => xml::response(StatusCode::OK, xml::success(&action, &result)),
            Err(error) => {
                if matches!(error, SnsError::Io { .. } | SnsError::Worker(_)) {
                    TROUBLE.note(format!("SNS {action} failed: {error}"));
                }
                error.response()
            }
        }
    }

    /// Messages published to each topic, by name, since this process began.
    pub fn stats(&self) -> BTreeMap<String, u64> {
        let topics = self.0.all();
        topics
            .iter()
            .map(|topic| (topic.name.clone(), topic.published()))
            .collect()
    }

    /// The inside of the action's result, as XML.
    async fn answer(&self, action: &str, form: Form) -> Result<String, SnsError> {
        if self.0.faults.strikes(|faults| faults.sns_failed_calls) {
            return Err(SnsError::ServiceUnavailable);
        }
        let inner = Arc::clone(&self.0);
        match action {
            // Onto the disk, which no other request should wait for.
            "Publish" => tokio::task::spawn_blocking(move || publish::publish(&inner, &form)).await?,
            "PublishBatch" => {
                tokio::task::spawn_blocking(move || batch::publish_batch(&inner, &form)).await?
            }
            "CreateTopic" => topics::create(&inner, &form),
            "ListTopics" => Ok(topics::list(&inner)),
            "GetTopicAttributes" => topics::attributes(&inner, &form),
            _ => Err(SnsError::InvalidAction(action.to_owned())),
        }
    }
}

impl Inner {
    fn arn(&self, name: &str) -> String {
        let SnsSettings { account_id, region } = &self.settings;
        format!("arn:aws:sns:{region}:{account_id}:{name}")
    }

    fn create(&self, name: &str) -> Result<Arc<Topic>, SnsError> {
        topics::check_name(name)?;
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let topic = topics
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(Topic::new(&self.folder, name)));
        Ok(Arc::clone(topic))
    }

    fn find(&self, arn: &str) -> Result<Arc<Topic>, SnsError> {
        let name = topics::name_in_arn(arn).ok_or_else(|| SnsError::invalid("TopicArn"))?;
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        let topic = topics.get(name).filter(|_| arn == self.arn(name));
        topic.cloned().ok_or(SnsError::NotFound)
    }

    fn all(&self) -> Vec<Arc<Topic>> {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics.values().cloned().collect()
    }
}
