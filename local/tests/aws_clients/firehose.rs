//! Records and delivery streams through the SDK.

use aws_sdk_firehose::types::Record as FirehoseRecord;

use crate::services::{Services, TestResult, unique};

fn record(data: &str) -> Result<FirehoseRecord, aws_sdk_firehose::error::BuildError> {
    let blob = aws_sdk_firehose::primitives::Blob::new(data.as_bytes());
    FirehoseRecord::builder().data(blob).build()
}

#[tokio::test]
async fn each_record_of_a_put_is_answered_in_order() -> TestResult {
    let services = Services::start().await?;
    let stream = services.stream().await?;
    let records: Result<Vec<_>, _> = (0..500)
        .map(|n| record(&format!("{{\"n\":{n},\"who\":\"기사 🚚\"}}\n")))
        .collect();
    let put = services
        .firehose
        .put_record_batch()
        .delivery_stream_name(&stream)
        .set_records(Some(records?))
        .send()
        .await?;
    assert_eq!(put.failed_put_count(), 0);
    assert_eq!(put.request_responses().len(), 500);
    for answer in put.request_responses() {
        assert!(answer.record_id().is_some_and(|id| !id.is_empty()));
        assert_eq!(answer.error_code(), None);
    }
    let one = services.firehose.put_record().delivery_stream_name(&stream);
    let one = one.record(record("{}\n")?).send().await?;
    assert!(!one.record_id().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_stream_that_does_not_exist_has_its_own_error() -> TestResult {
    let services = Services::start().await?;
    let put = services
        .firehose
        .put_record_batch()
        .delivery_stream_name(unique("none"))
        .records(record("{}\n")?)
        .send()
        .await;
    let error = put.expect_err("no stream").into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn streams_are_described_listed_and_deleted() -> TestResult {
    let services = Services::start().await?;
    let name = services.stream().await?;
    let describe = || {
        let call = services.firehose.describe_delivery_stream();
        call.delivery_stream_name(&name).send()
    };
    let described = describe().await?;
    let description = described.delivery_stream_description().ok_or("one")?;
    assert_eq!(description.delivery_stream_status().as_str(), "ACTIVE");
    let destination = &description.destinations()[0];
    let s3 = destination
        .extended_s3_destination_description()
        .ok_or("an S3 destination")?;
    let hints = s3.buffering_hints().ok_or("hints")?;
    assert_eq!(hints.size_in_mbs(), Some(5));
    assert_eq!(hints.interval_in_seconds(), Some(60));
    let listed = services.firehose.list_delivery_streams().limit(10_000);
    let listed = listed.send().await?;
    assert!(listed.delivery_stream_names().contains(&name));
    let delete = services.firehose.delete_delivery_stream();
    delete.delivery_stream_name(&name).send().await?;
    let error = describe().await.expect_err("deleted").into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    Ok(())
}
