//! The actions about queues themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::{QueueRequest, answer, find, nothing};
use crate::sqs::clock::epoch_ms;
use crate::sqs::error::SqsError;
use crate::sqs::{Inner, limits, on_disk};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateQueue {
    queue_name: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

pub async fn create_queue(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: CreateQueue = serde_json::from_slice(body)?;
    let name = request
        .queue_name
        .ok_or(SqsError::MissingParameter("QueueName"))?;
    let url = sqs.settings.url(&name);
    let sqs = sqs.clone();
    on_disk(move || {
        let wanted = request.attributes;
        sqs.registry.create(
            &name,
            |attributes| {
                wanted
                    .iter()
                    .try_for_each(|(key, value)| attributes.set(key, value))
            },
            |queue| {
                let mut same = queue.attributes();
                for (key, value) in &wanted {
                    let before = same.clone();
                    same.set(key, value)?;
                    if same != before {
                        let attribute = key.clone();
                        return Err(SqsError::QueueNameExists { attribute });
                    }
                }
                Ok(())
            },
        )
    })
    .await?;
    answer(&json!({ "QueueUrl": url }))
}

pub async fn delete_queue(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: QueueRequest = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let sqs = sqs.clone();
    on_disk(move || sqs.registry.delete(&queue.name)).await?;
    nothing()
}

pub async fn purge_queue(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: QueueRequest = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    on_disk(move || queue.purge()).await?;
    nothing()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetQueueUrl {
    queue_name: Option<String>,
}

pub fn get_queue_url(sqs: &Inner, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: GetQueueUrl = serde_json::from_slice(body)?;
    let name = request
        .queue_name
        .ok_or(SqsError::MissingParameter("QueueName"))?;
    let queue = sqs.registry.find(&name)?;
    answer(&json!({ "QueueUrl": sqs.settings.url(&queue.name) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListQueues {
    #[serde(default)]
    queue_name_prefix: String,
    max_results: Option<i64>,
    /// The last name of the page before.
    next_token: Option<String>,
}

pub fn list_queues(sqs: &Inner, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: ListQueues = serde_json::from_slice(body)?;
    let max = request.max_results.unwrap_or(1_000);
    let max = limits::check_range("MaxResults", max, 1..=1_000)? as usize;
    let mut names = sqs.registry.names();
    names.retain(|name| {
        name.starts_with(&request.queue_name_prefix)
            && request.next_token.as_ref().is_none_or(|last| name > last)
    });
    let more = names.len() > max;
    names.truncate(max);
    let urls: Vec<String> = names.iter().map(|name| sqs.settings.url(name)).collect();
    let mut body = json!({ "QueueUrls": urls });
    // As in the service, only a caller that sets a page size gets a token.
    if more && request.max_results.is_some() {
        body["NextToken"] = json!(names.last());
    }
    answer(&body)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetQueueAttributes {
    queue_url: Option<String>,
    #[serde(default)]
    attribute_names: Vec<String>,
}

pub fn get_queue_attributes(sqs: &Inner, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: GetQueueAttributes = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let mut all = queue.attributes().describe();
    let depth = queue.depth();
    let mut put = |name: &str, value: String| all.insert(name.to_owned(), value);
    put("QueueArn", sqs.settings.arn(&queue.name));
    put("ApproximateNumberOfMessages", depth.visible.to_string());
    put(
        "ApproximateNumberOfMessagesNotVisible",
        depth.in_flight.to_string(),
    );
    put("ApproximateNumberOfMessagesDelayed", depth.delayed.to_string());
    let asked = &request.attribute_names;
    all.retain(|name, _| asked.iter().any(|asked| asked == "All" || asked == name));
    answer(&json!({ "Attributes": all }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetQueueAttributes {
    queue_url: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

pub async fn set_queue_attributes(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: SetQueueAttributes = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let mut attributes = queue.attributes();
    for (name, value) in &request.attributes {
        attributes.set(name, value)?;
    }
    attributes.modified = epoch_ms() / 1_000;
    on_disk(move || queue.set_attributes(attributes)).await?;
    nothing()
}
