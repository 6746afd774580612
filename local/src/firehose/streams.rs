//! The actions about delivery streams themselves.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::Inner;
use super::error::FirehoseError;
use super::file::BufferHints;
use super::stream::Stream;

/// The service's defaults.
const DEFAULT_SIZE_MB: u64 = 5;
const DEFAULT_INTERVAL_S: u64 = 300;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateDeliveryStream {
    #[serde(default)]
    delivery_stream_name: String,
    delivery_stream_type: Option<String>,
    #[serde(rename = "S3DestinationConfiguration")]
    s3: Option<S3Destination>,
    #[serde(rename = "ExtendedS3DestinationConfiguration")]
    extended_s3: Option<S3Destination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct S3Destination {
    buffering_hints: Option<Hints>,
}

#[derive(Deserialize)]
struct Hints {
    #[serde(rename = "SizeInMBs")]
    size_mb: Option<u64>,
    #[serde(rename = "IntervalInSeconds")]
    interval_s: Option<u64>,
}

pub fn create(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: CreateDeliveryStream = serde_json::from_slice(body)?;
    if request
        .delivery_stream_type
        .is_some_and(|kind| kind != "DirectPut")
    {
        let why = "Only the delivery stream type DirectPut is part of the local Firehose.";
        return Err(FirehoseError::InvalidArgument(why.to_owned()));
    }
    let destination = request.extended_s3.or(request.s3).ok_or_else(|| {
        let why = "Only S3 destinations are part of the local Firehose.";
        FirehoseError::InvalidArgument(why.to_owned())
    })?;
    let name = &request.delivery_stream_name;
    firehose.create(name, hints(destination.buffering_hints)?, false)?;
    Ok(json!({ "DeliveryStreamARN": firehose.settings.arn(name) })
        .to_string()
        .into())
}

fn hints(given: Option<Hints>) -> Result<BufferHints, FirehoseError> {
    let (size, interval) = given.map_or((None, None), |h| (h.size_mb, h.interval_s));
    let (size, interval) = (
        size.unwrap_or(DEFAULT_SIZE_MB),
        interval.unwrap_or(DEFAULT_INTERVAL_S),
    );
    if !(1..=128).contains(&size) || interval > 900 {
        let why = "BufferingHints: SizeInMBs must be 1 to 128 and IntervalInSeconds 0 to 900.";
        return Err(FirehoseError::InvalidArgument(why.to_owned()));
    }
    Ok(BufferHints {
        bytes: size * 1_024 * 1_024,
        interval: Duration::from_secs(interval),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    #[serde(default)]
    delivery_stream_name: String,
}

pub fn describe(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: Named = serde_json::from_slice(body)?;
    let stream = firehose.find(&request.delivery_stream_name)?;
    Ok(
        json!({ "DeliveryStreamDescription": description(firehose, &stream) })
            .to_string()
            .into(),
    )
}

fn description(firehose: &Inner, stream: &Stream) -> serde_json::Value {
    let hints = stream.hints();
    let s3 = json!({
        "RoleARN": format!("arn:aws:iam::{}:role/local", firehose.settings.account_id),
        "BucketARN": "arn:aws:s3:::local",
        "BufferingHints": {
            "SizeInMBs": hints.bytes / (1_024 * 1_024),
            "IntervalInSeconds": hints.interval.as_secs(),
        },
        "CompressionFormat": "UNCOMPRESSED",
        "EncryptionConfiguration": { "NoEncryptionConfig": "NoEncryption" },
    });
    json!({
        "DeliveryStreamName": stream.name,
        "DeliveryStreamARN": firehose.settings.arn(&stream.name),
        "DeliveryStreamStatus": "ACTIVE",
        "DeliveryStreamType": "DirectPut",
        "VersionId": "1",
        "CreateTimestamp": stream.created,
        "Destinations": [{
            "DestinationId": "destinationId-000000000001",
            "S3DestinationDescription": s3,
            "ExtendedS3DestinationDescription": s3,
        }],
        "HasMoreDestinations": false,
    })
}

pub fn delete(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: Named = serde_json::from_slice(body)?;
    firehose.remove(&request.delivery_stream_name)?;
    Ok(Bytes::from_static(b"{}"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    limit: Option<usize>,
    exclusive_start_delivery_stream_name: Option<String>,
}

pub fn list(firehose: &Inner, body: &Bytes) -> Result<Bytes, FirehoseError> {
    let request: List = serde_json::from_slice(body)?;
    let mut names = firehose.names();
    if let Some(start) = request.exclusive_start_delivery_stream_name {
        names.retain(|name| *name > start);
    }
    let limit = request.limit.unwrap_or(10);
    let more = names.len() > limit;
    names.truncate(limit);
    Ok(
        json!({ "DeliveryStreamNames": names, "HasMoreDeliveryStreams": more })
            .to_string()
            .into(),
    )
}
