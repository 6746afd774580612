//! `AWS::SNS::Topic`.

use super::error::TemplateError;
use super::model::Topic;
use super::notes::Notes;
use super::place::Place;

/// How it is shown, encrypted, signed and traced on AWS.
const HARMLESS: [&str; 5] = [
    "DisplayName",
    "KmsMasterKeyId",
    "SignatureVersion",
    "Tags",
    "TracingConfig",
];

pub(super) fn topic(name: String, properties: &Place, notes: &mut Notes) -> Result<Topic, TemplateError> {
    if let Some(fifo) = properties.get("FifoTopic")?
        && fifo.boolean()?
    {
        return Err(fifo.refused("a standard topic; FIFO topics do not run locally"));
    }
    notes.others(properties, &["FifoTopic", "TopicName"], &HARMLESS);
    Ok(Topic { name })
}
