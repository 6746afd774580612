//! `AWS::SQS::Queue`.

use std::time::Duration;

use super::error::TemplateError;
use super::model::{Queue, Redrive};
use super::notes::Notes;
use super::place::Place;

const READ: [&str; 8] = [
    "DelaySeconds",
    "FifoQueue",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "QueueName",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "VisibilityTimeout",
];
/// Encryption, permissions and tags: one machine has one user.
const HARMLESS: [&str; 5] = [
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
    "Tags",
];

/// Limits and defaults are those of SQS's `CreateQueue`.
pub(super) fn queue(name: String, properties: &Place, notes: &mut Notes) -> Result<Queue, TemplateError> {
    if let Some(fifo) = properties.get("FifoQueue")?
        && fifo.boolean()?
    {
        return Err(fifo.refused("a standard queue; FIFO queues do not run locally"));
    }
    notes.others(properties, &READ, &HARMLESS);
    let seconds = |path, range, default| {
        let seconds = properties.integer_or(path, range, default)?;
        Ok::<_, TemplateError>(Duration::from_secs(seconds.into()))
    };
    Ok(Queue {
        name,
        visibility_timeout: seconds("VisibilityTimeout", 0..=43_200, 30)?,
        retention: seconds("MessageRetentionPeriod", 60..=1_209_600, 345_600)?,
        max_message_bytes: properties.integer_or("MaximumMessageSize", 1_024..=1_048_576, 1_048_576)?
            as usize,
        delay: seconds("DelaySeconds", 0..=900, 0)?,
        receive_wait: seconds("ReceiveMessageWaitTimeSeconds", 0..=20, 0)?,
        redrive: redrive(properties)?,
    })
}

fn redrive(properties: &Place) -> Result<Option<Redrive>, TemplateError> {
    let Some(policy) = properties.get("RedrivePolicy")? else {
        return Ok(None);
    };
    let target = policy.require("deadLetterTargetArn")?;
    Ok(Some(Redrive {
        dead_letter_queue: name_in_arn(&target)?,
        max_receive_count: policy.require("maxReceiveCount")?.integer(1..=1_000)?,
    }))
}

/// A queue's physical name, from its ARN.
pub(super) fn name_in_arn(place: &Place) -> Result<String, TemplateError> {
    let arn = place.string()?;
    match arn.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "sqs", _, _, name] => Ok(name.into()),
        _ => Err(place.refused("the ARN of an SQS queue; nothing else feeds a function locally")),
    }
}
