//! `PublishBatch`: up to ten messages, each with a result of its own.

use std::collections::BTreeSet;

use super::error::SnsError;
use super::form::Form;
use super::publish::{self, MAX_BYTES};
use super::{Inner, xml};

const MAX_ENTRIES: usize = 10;
const LIST: &str = "PublishBatchRequestEntries";

pub(super) fn publish_batch(inner: &Inner, form: &Form) -> Result<String, SnsError> {
    let arn = form.get("TopicArn");
    let topic = inner.find(arn.ok_or_else(|| SnsError::invalid("TopicArn"))?)?;
    let entries = form.members(LIST);
    check(&entries)?;
    let (mut successful, mut failed) = (String::new(), String::new());
    for entry in &entries {
        let id = xml::element("Id", entry.get("Id").unwrap_or_default());
        match publish::publish_to(&topic, entry) {
            Ok(result) => successful += &format!("<member>{id}{result}</member>"),
            Err(error) => failed += &format!("<member>{id}{}</member>", error.of_entry()),
        }
    }
    Ok(format!(
        "<Successful>{successful}</Successful><Failed>{failed}</Failed>"
    ))
}

/// What is wrong with all of them together.
fn check(entries: &[Form]) -> Result<(), SnsError> {
    let ids: BTreeSet<_> = entries
        .iter()
        .map(|entry| entry.get("Id").unwrap_or_default())
        .collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_id = |id: &&str| (1..=80).contains(&id.len()) && id.chars().all(plain);
    let bytes: usize = entries
        .iter()
        .filter_map(|entry| entry.get("Message"))
        .map(str::len)
        .sum();
    match entries.len() {
        0 => Err(SnsError::EmptyBatch),
        count if count > MAX_ENTRIES => Err(SnsError::TooManyEntries(count)),
        count if ids.len() < count => Err(SnsError::EntryIdsNotDistinct),
        _ if !ids.iter().all(is_id) => Err(SnsError::InvalidEntryId),
        _ if bytes > MAX_BYTES => Err(SnsError::BatchTooLong),
        _ => Ok(()),
    }
}
