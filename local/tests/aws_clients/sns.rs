//! Messages and topics through the SDK.

use aws_sdk_sns::types::{MessageAttributeValue, PublishBatchRequestEntry};

use crate::services::{Services, TestResult};

#[tokio::test]
async fn a_message_is_published_with_all_that_it_can_have() -> TestResult {
    let services = Services::start().await?;
    let topic = services.topic().await?;
    let text = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("기사 & <🚚>")
        .build()?;
    let binary = MessageAttributeValue::builder()
        .data_type("Binary")
        .binary_value(aws_sdk_sns::primitives::Blob::new([0, 255, 10, 7]))
        .build()?;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let published = services
            .sns
            .publish()
            .topic_arn(&topic)
            .subject("Lessons are late")
            .message("3 of 10,000 & counting\n<overdue>")
            .message_attributes("who", text.clone())
            .message_attributes("raw", binary.clone())
            .send()
            .await?;
        ids.push(published.message_id.ok_or("an id")?);
    }
    assert!(ids[0] != ids[1] && ids.iter().all(|id| !id.is_empty()));
    let target = services
        .sns
        .publish()
        .target_arn(&topic)
        .message("by its target's ARN");
    assert!(target.send().await?.message_id.is_some());
    Ok(())
}

#[tokio::test]
async fn a_topic_that_does_not_exist_has_its_own_error() -> TestResult {
    let services = Services::start().await?;
    let topic = format!("{}-gone", services.topic().await?);
    let publish = services.sns.publish().topic_arn(&topic).message("m");
    let error = publish.send().await.expect_err("no topic").into_service_error();
    assert!(error.is_not_found_exception(), "{error:?}");
    let attributes = services.sns.get_topic_attributes().topic_arn(&topic);
    let error = attributes
        .send()
        .await
        .expect_err("no topic")
        .into_service_error();
    assert!(error.is_not_found_exception(), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_too_long_is_an_invalid_parameter() -> TestResult {
    let services = Services::start().await?;
    let topic = services.topic().await?;
    let publish = || services.sns.publish().topic_arn(&topic);
    for call in [
        publish().message("m").subject("s".repeat(101)),
        publish().message("m".repeat(262_145)),
    ] {
        let error = call.send().await.expect_err("too long").into_service_error();
        assert!(error.is_invalid_parameter_exception(), "{error:?}");
    }
    publish()
        .message("m".repeat(262_144))
        .subject("s".repeat(99))
        .send()
        .await?;
    Ok(())
}

#[tokio::test]
async fn topics_are_created_once_listed_and_described() -> TestResult {
    let services = Services::start().await?;
    let topic = services.topic().await?;
    let name = topic.rsplit(':').next().ok_or("a name")?;
    let again = services.sns.create_topic().name(name).send().await?;
    assert_eq!(again.topic_arn(), Some(topic.as_str()));
    let listed = services.sns.list_topics().into_paginator().items().send();
    let listed: Vec<_> = listed.collect::<Result<_, _>>().await?;
    let count = listed
        .iter()
        .filter(|listed| listed.topic_arn() == Some(topic.as_str()))
        .count();
    assert_eq!(count, 1);
    let described = services
        .sns
        .get_topic_attributes()
        .topic_arn(&topic)
        .send()
        .await?;
    let attributes = described.attributes().ok_or("attributes")?;
    assert_eq!(attributes.get("TopicArn"), Some(&topic));
    assert_eq!(
        attributes.get("SubscriptionsConfirmed").map(String::as_str),
        Some("0")
    );
    Ok(())
}

#[tokio::test]
async fn each_message_of_a_batch_has_a_result_of_its_own() -> TestResult {
    let services = Services::start().await?;
    let topic = services.topic().await?;
    let entry = |id: &str, message: &str| {
        PublishBatchRequestEntry::builder()
            .id(id)
            .message(message)
            .subject("batch")
            .build()
    };
    let entries = [entry("one", "first")?, entry("two", "second")?];
    let batch = || services.sns.publish_batch().topic_arn(&topic);
    let answer = batch()
        .set_publish_batch_request_entries(Some(entries.to_vec()))
        .send()
        .await?;
    let ids: Vec<_> = answer
        .successful()
        .iter()
        .filter_map(|entry| entry.id())
        .collect();
    assert_eq!(ids, ["one", "two"]);
    assert!(
        answer
            .successful()
            .iter()
            .all(|entry| entry.message_id().is_some())
    );
    assert!(answer.failed().is_empty());

    let eleven = (0..11)
        .map(|n| entry(&n.to_string(), "m"))
        .collect::<Result<_, _>>()?;
    let error = batch()
        .set_publish_batch_request_entries(Some(eleven))
        .send()
        .await;
    let error = error.expect_err("too many").into_service_error();
    assert!(
        error.is_too_many_entries_in_batch_request_exception(),
        "{error:?}"
    );
    Ok(())
}
