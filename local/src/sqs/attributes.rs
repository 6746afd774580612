//! A queue's attributes: their wire names, ranges and defaults.
//!
//! Source: the CreateQueue and SetQueueAttributes API reference.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::SqsError;
use super::limits::MAX_MESSAGE_BYTES;
use crate::template;

/// What can be set on a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attributes {
    pub visibility_timeout: Duration,
    pub retention: Duration,
    pub max_message_bytes: usize,
    pub delay: Duration,
    pub receive_wait: Duration,
    pub redrive: Option<RedrivePolicy>,
    /// Taken and given back, without effect on one machine (encryption, access).
    pub inert: BTreeMap<String, String>,
    /// Epoch seconds.
    pub created: u64,
    /// Epoch seconds.
    pub modified: u64,
}

/// Where messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RedrivePolicy {
    pub dead_letter_target_arn: String,
    pub max_receive_count: u32,
}

impl RedrivePolicy {
    /// The dead-letter queue's name: an ARN's last part.
    pub fn target(&self) -> &str {
        let arn = &self.dead_letter_target_arn;
        arn.rsplit(':').next().unwrap_or(arn)
    }

    fn parse(text: &str) -> Result<Option<Self>, SqsError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Policy {
            dead_letter_target_arn: String,
            max_receive_count: serde_json::Value,
        }
        if text.is_empty() {
            return Ok(None);
        }
        let invalid = || {
            SqsError::InvalidParameterValue(format!(
                "Value {text} for parameter RedrivePolicy is invalid. Reason: it needs deadLetterTargetArn, and maxReceiveCount from 1 to 1000."
            ))
        };
        let policy: Policy = serde_json::from_str(text).map_err(|_| invalid())?;
        // The service takes 3 and "3".
        let count = match &policy.max_receive_count {
            serde_json::Value::String(digits) => digits.parse().ok(),
            number => number.as_u64(),
        };
        let max_receive_count = count
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| (1..=1_000).contains(count))
            .ok_or_else(invalid)?;
        Ok(Some(Self {
            dead_letter_target_arn: policy.dead_letter_target_arn,
            max_receive_count,
        }))
    }
}

impl Attributes {
    /// The service's defaults, for a queue created at `now` (epoch seconds).
    pub fn new(now: u64) -> Self {
        Self {
            visibility_timeout: Duration::from_secs(30),
            retention: Duration::from_secs(345_600),
            max_message_bytes: MAX_MESSAGE_BYTES,
            delay: Duration::ZERO,
            receive_wait: Duration::ZERO,
            redrive: None,
            inert: BTreeMap::new(),
            created: now,
            modified: now,
        }
    }

    /// Takes over what the template says.
    pub fn apply_template(&mut self, queue: &template::Queue, arn_of: impl Fn(&str) -> String) {
        self.visibility_timeout = queue.visibility_timeout;
        self.retention = queue.retention;
        self.max_message_bytes = queue.max_message_bytes;
        self.delay = queue.delay;
        self.receive_wait = queue.receive_wait;
        self.redrive = queue.redrive.as_ref().map(|redrive| RedrivePolicy {
            dead_letter_target_arn: arn_of(&redrive.dead_letter_queue),
            max_receive_count: redrive.max_receive_count,
        });
    }

    /// Sets one attribute by its wire name.
    ///
    /// # Errors
    /// The name is unknown, read-only or FIFO's, or the value is out of range.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SqsError> {
        let number = |range: std::ops::RangeInclusive<u64>| {
            value
                .parse()
                .ok()
                .filter(|number| range.contains(number))
                .ok_or_else(|| SqsError::InvalidAttributeValue(name.to_owned()))
        };
        let seconds = |range| number(range).map(Duration::from_secs);
        match name {
            "VisibilityTimeout" => self.visibility_timeout = seconds(0..=43_200)?,
            "MessageRetentionPeriod" => self.retention = seconds(60..=1_209_600)?,
            "MaximumMessageSize" => {
                let bytes = number(1_024..=MAX_MESSAGE_BYTES as u64)?;
                self.max_message_bytes = usize::try_from(bytes).unwrap_or(MAX_MESSAGE_BYTES);
            }
            "DelaySeconds" => self.delay = seconds(0..=900)?,
            "ReceiveMessageWaitTimeSeconds" => self.receive_wait = seconds(0..=20)?,
            "RedrivePolicy" => self.redrive = RedrivePolicy::parse(value)?,
            "Policy"
            | "RedriveAllowPolicy"
            | "KmsMasterKeyId"
            | "KmsDataKeyReusePeriodSeconds"
            | "SqsManagedSseEnabled" => {
                self.inert.insert(name.to_owned(), value.to_owned());
            }
            "FifoQueue" | "ContentBasedDeduplication" | "DeduplicationScope" | "FifoThroughputLimit" => {
                return Err(SqsError::UnsupportedOperation(format!(
                    "{name}: FIFO queues are not part of the local SQS."
                )));
            }
            _ => return Err(SqsError::InvalidAttributeName(name.to_owned())),
        }
        Ok(())
    }

    /// What can be set, by wire names.
    pub fn describe(&self) -> BTreeMap<String, String> {
        let mut all = self.inert.clone();
        let mut put = |name: &str, value: String| all.insert(name.to_owned(), value);
        let seconds = |duration: Duration| duration.as_secs().to_string();
        put("VisibilityTimeout", seconds(self.visibility_timeout));
        put("MessageRetentionPeriod", seconds(self.retention));
        put("MaximumMessageSize", self.max_message_bytes.to_string());
        put("DelaySeconds", seconds(self.delay));
        put("ReceiveMessageWaitTimeSeconds", seconds(self.receive_wait));
        put("CreatedTimestamp", self.created.to_string());
        put("LastModifiedTimestamp", self.modified.to_string());
        if let Some(redrive) = &self.redrive {
            let policy = serde_json::json!({
                "deadLetterTargetArn": redrive.dead_letter_target_arn,
                "maxReceiveCount": redrive.max_receive_count,
            });
            put("RedrivePolicy", policy.to_string());
        }
        all
    }
}
