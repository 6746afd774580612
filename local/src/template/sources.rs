//! SQS event sources, written as a function's event or as a resource of their own.

use std::time::Duration;

use super::error::TemplateError;
use super::model::QueueSource;
use super::notes::Notes;
use super::place::Place;
use super::queues::name_in_arn;

const READ: [&str; 8] = [
    "BatchSize",
    "Enabled",
    "EventSourceArn",
    "FunctionName",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "Queue",
    "ScalingConfig",
];
/// Encryption, metrics and tags.
const HARMLESS: [&str; 3] = ["KmsKeyArn", "MetricsConfig", "Tags"];

/// Reads a source; `queue` is its `Queue` or `EventSourceArn`. `None` if it is
/// switched off. Limits and defaults are those of `CreateEventSourceMapping`.
pub(super) fn queue_source(
    properties: &Place,
    queue: &str,
    notes: &mut Notes,
) -> Result<Option<QueueSource>, TemplateError> {
    if let Some(enabled) = properties.get("Enabled")?
        && !enabled.boolean()?
    {
        return Ok(None);
    }
    notes.others(properties, &READ, &HARMLESS);
    notes.others_in(properties, "ScalingConfig", &["MaximumConcurrency"], &[])?;
    let batch_size = properties.integer_or("BatchSize", 1..=10_000, 10)?;
    let window = properties.integer_or("MaximumBatchingWindowInSeconds", 0..=300, 0)?;
    if batch_size > 10 && window == 0 {
        let batch_size = properties.require("BatchSize")?;
        return Err(batch_size.refused("at most 10 unless MaximumBatchingWindowInSeconds is 1 or more"));
    }
    Ok(Some(QueueSource {
        queue: name_in_arn(&properties.require(queue)?)?,
        batch_size,
        window: Duration::from_secs(window.into()),
        max_concurrency: properties.integer_if_any("ScalingConfig.MaximumConcurrency", 2..=1_000)?,
        report_batch_item_failures: reports_failures(properties)?,
    }))
}

fn reports_failures(properties: &Place) -> Result<bool, TemplateError> {
    let Some(types) = properties.get("FunctionResponseTypes")? else {
        return Ok(false);
    };
    let mut reports = false;
    for item in types.items()? {
        // Lambda knows only this one; a typing error here loses messages.
        if item.string()? != "ReportBatchItemFailures" {
            return Err(item.refused("`ReportBatchItemFailures`"));
        }
        reports = true;
    }
    Ok(reports)
}
