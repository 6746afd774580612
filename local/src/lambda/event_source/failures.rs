//! Which messages of a batch failed, as Lambda reads `ReportBatchItemFailures`.
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

use std::collections::HashMap;

use serde::Deserialize;

use super::event::Handle;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Option<Vec<Item>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    item_identifier: Option<String>,
}

/// An absent, null or empty list is a success; a list with one bad identifier
/// (null, empty, unknown, or under another key) fails the whole batch, and so
/// does an answer that cannot be read. An empty or null answer is a success.
pub(super) fn failed_messages(answer: &[u8], batch: &[Handle]) -> Vec<Handle> {
    if answer.is_empty() {
        return Vec::new();
    }
    let Ok(answer) = serde_json::from_slice::<Option<Answer>>(answer) else {
        return batch.to_vec();
    };
    let items = answer
        .and_then(|answer| answer.batch_item_failures)
        .unwrap_or_default();
    if items.is_empty() {
        return Vec::new();
    }
    let by_id: HashMap<&str, &Handle> = batch.iter().map(|handle| (handle.id.as_str(), handle)).collect();
    items
        .iter()
        .map(|item| {
            by_id
                .get(item.item_identifier.as_deref()?)
                .map(|handle| (*handle).clone())
        })
        .collect::<Option<Vec<_>>>()
        .unwrap_or_else(|| batch.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_lambda_reads_them() {
        let batch: Vec<Handle> = ["a", "b", "c"]
            .map(|id| Handle {
                id: id.to_owned(),
                receipt: format!("receipt of {id}"),
                receives: 1,
            })
            .to_vec();
        for (answer, expected) in [
            ("", ""),
            ("null", ""),
            ("{}", ""),
            (r#"{"batchItemFailures":null}"#, ""),
            (r#"{"batchItemFailures":[]}"#, ""),
            (r#"{"failures":[{"itemIdentifier":"a"}]}"#, ""),
            (r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, "b"),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}"#,
                "ca",
            ),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"x"}]}"#,
                "abc",
            ),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, "abc"),
            (r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, "abc"),
            (r#"{"batchItemFailures":[{"id":"a"}]}"#, "abc"),
            (r#"{"batchItemFailures":{"itemIdentifier":"a"}}"#, "abc"),
            (r#"{"batchItemFailures":"#, "abc"),
            ("7", "abc"),
        ] {
            let failed = failed_messages(answer.as_bytes(), &batch);
            let ids: String = failed.iter().map(|handle| handle.id.as_str()).collect();
            assert_eq!(ids, expected, "{answer}");
        }
    }
}
