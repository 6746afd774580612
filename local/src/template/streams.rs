//! `AWS::KinesisFirehose::DeliveryStream`.

use std::time::Duration;

use super::error::TemplateError;
use super::model::DeliveryStream;
use super::place::Place;

const MIB: u64 = 1024 * 1024;

/// Buffer hints as in Firehose's `BufferingHints`: 5 MiB and 300 s by default.
pub(super) fn stream(name: String, properties: &Place) -> Result<DeliveryStream, TemplateError> {
    let destination = match properties.get("S3DestinationConfiguration")? {
        Some(plain) => plain,
        None => properties.require("ExtendedS3DestinationConfiguration")?,
    };
    let size = destination.integer_or("BufferingHints.SizeInMBs", 1..=128, 5)?;
    let interval = destination.integer_or("BufferingHints.IntervalInSeconds", 0..=900, 300)?;
    Ok(DeliveryStream {
        name,
        buffer_bytes: u64::from(size) * MIB,
        buffer_interval: Duration::from_secs(interval.into()),
    })
}
