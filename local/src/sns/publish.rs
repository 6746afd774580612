//! `Publish`: one line in the topic's file.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::attributes::{self, Attribute};
use super::error::SnsError;
use super::form::Form;
use super::topics::Topic;
use super::{Inner, xml};
use crate::console::note;

/// Of a message with its attributes.
pub(super) const MAX_BYTES: usize = 262_144;
const MAX_SUBJECT_CHARS: usize = 100;
/// As much of a message as a person takes in on the terminal.
const SHOWN_CHARS: usize = 200;

#[derive(Serialize)]
struct Line<'a> {
    message_id: &'a str,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, Attribute>,
}

pub(super) fn publish(inner: &Inner, form: &Form) -> Result<String, SnsError> {
    if form.get("PhoneNumber").is_some() {
        return Err(SnsError::invalid("PhoneNumber: the local SNS has topics only"));
    }
    let arn = form.get("TopicArn").or_else(|| form.get("TargetArn"));
    let topic = inner.find(arn.ok_or_else(|| {
        SnsError::invalid("TopicArn or TargetArn Reason: no value for required parameter")
    })?)?;
    publish_to(&topic, form)
}

/// The inside of the result, or of that of a batch's entry.
pub(super) fn publish_to(topic: &Topic, form: &Form) -> Result<String, SnsError> {
    let message = form.get("Message").filter(|message| !message.is_empty());
    let message = message.ok_or_else(|| SnsError::invalid("Empty message"))?;
    let subject = form.get("Subject");
    check_subject(subject)?;
    check_structure(form.get("MessageStructure"), message)?;
    let (attributes, size) = attributes::read(form)?;
    if message.len() + size > MAX_BYTES {
        return Err(SnsError::invalid("Message too long"));
    }
    let id = Uuid::new_v4().to_string();
    let line = Line {
        message_id: &id,
        time: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        subject,
        message,
        attributes,
    };
    topic.append(&line)?;
    note(format!(
        "SNS {}: {}",
        topic.name,
        brief(subject.unwrap_or(message))
    ));
    Ok(xml::element("MessageId", &id))
}

fn check_subject(subject: Option<&str>) -> Result<(), SnsError> {
    let fits = |subject: &str| {
        (1..=MAX_SUBJECT_CHARS).contains(&subject.chars().count()) && !subject.contains(char::is_control)
    };
    match subject.is_none_or(fits) {
        true => Ok(()),
        false => Err(SnsError::invalid("Subject")),
    }
}

/// A message for each protocol, of which one is for all others.
fn check_structure(structure: Option<&str>, message: &str) -> Result<(), SnsError> {
    let wrong = |reason| Err(SnsError::invalid(format!("Message Structure - {reason}")));
    match structure {
        None => Ok(()),
        Some("json") => match serde_json::from_str::<Value>(message) {
            Ok(messages) if messages.get("default").is_some_and(Value::is_string) => Ok(()),
            Ok(_) => wrong("No default entry in JSON message body"),
            Err(_) => wrong("JSON message body failed to parse"),
        },
        Some(_) => Err(SnsError::invalid("MessageStructure")),
    }
}

fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(SHOWN_CHARS).collect()
}
