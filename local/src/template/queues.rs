//! `AWS::SQS::Queue`.

use std::time::Duration;

use super::error::TemplateError;
use super::model::{Queue, Redrive};
use super::notes::Notes;
use super::place::Place;

const NOT_EMULATED: [&str; 2] = ["DelaySeconds", "ReceiveMessageWaitTimeSeconds"];

/// Limits and defaults are those of SQS's `CreateQueue`.
pub(super) fn queue(name: String, properties: &Place, notes: &mut Notes) -> Result<Queue, TemplateError> {
    if let Some(fifo) = properties.get("FifoQueue")?
        && fifo.boolean()?
    {
        return Err(fifo.refused("a standard queue; FIFO queues do not run locally"));
    }
    notes.properties(properties, &NOT_EMULATED);
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
