//! `AWS::KinesisFirehose::DeliveryStream`.

use std::time::Duration;

use super::error::TemplateError;
use super::model::DeliveryStream;
use super::notes::Notes;
use super::place::Place;

const MIB: u64 = 1024 * 1024;

const READ: [&str; 4] = [
    "DeliveryStreamName",
    "DeliveryStreamType",
    "ExtendedS3DestinationConfiguration",
    "S3DestinationConfiguration",
];
/// Encryption and tags.
const HARMLESS: [&str; 2] = ["DeliveryStreamEncryptionConfigurationInput", "Tags"];
/// Where and with which rights AWS writes; what it writes is not among them.
const HARMLESS_OF_DESTINATION: [&str; 4] = [
    "BucketARN",
    "CloudWatchLoggingOptions",
    "EncryptionConfiguration",
    "RoleARN",
];

/// Buffer hints as in Firehose's `BufferingHints`: 5 MiB and 300 s by default.
pub(super) fn stream(
    name: String,
    properties: &Place,
    notes: &mut Notes,
) -> Result<DeliveryStream, TemplateError> {
    if let Some(kind) = properties.get("DeliveryStreamType")?
        && kind.string()? != "DirectPut"
    {
        return Err(kind.refused("`DirectPut`; nothing else feeds a stream locally"));
    }
    notes.others(properties, &READ, &HARMLESS);
    let destination = match properties.get("S3DestinationConfiguration")? {
        Some(plain) => plain,
        None => properties.require("ExtendedS3DestinationConfiguration")?,
    };
    notes.others(&destination, &["BufferingHints"], &HARMLESS_OF_DESTINATION);
    let size = destination.integer_or("BufferingHints.SizeInMBs", 1..=128, 5)?;
    let interval = destination.integer_or("BufferingHints.IntervalInSeconds", 0..=900, 300)?;
    Ok(DeliveryStream {
        name,
        buffer_bytes: u64::from(size) * MIB,
        buffer_interval: Duration::from_secs(interval.into()),
    })
}
