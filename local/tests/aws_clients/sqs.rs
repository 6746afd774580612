//! Messages and queues through the SDK.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends,
    MessageSystemAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry,
};

use crate::services::{Services, TestResult, unique};

fn text(value: &str) -> Result<MessageAttributeValue, aws_sdk_sqs::error::BuildError> {
    let builder = MessageAttributeValue::builder().data_type("String");
    builder.string_value(value).build()
}

fn entry(
    id: &str,
    body: impl Into<String>,
) -> Result<SendMessageBatchRequestEntry, aws_sdk_sqs::error::BuildError> {
    let builder = SendMessageBatchRequestEntry::builder().id(id);
    builder.message_body(body).build()
}

/// Polls until `done` says so: for what a server does in its own time.
async fn eventually<F: Future<Output = Result<bool, Box<dyn std::error::Error>>>>(
    mut done: impl FnMut() -> F,
) -> TestResult {
    for _ in 0..100 {
        if done().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("nothing happened within 5 s".into())
}

#[tokio::test]
async fn a_message_comes_back_as_it_was_sent() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let body = "{\"agent\":\"기사-🚚\"}\n{\"q\":\"\\\"quoted\\\"\",\"t\":\"\t\"}\n";
    let binary = MessageAttributeValue::builder()
        .data_type("Binary")
        .binary_value(aws_sdk_sqs::primitives::Blob::new([0, 255, 10, 7]))
        .build()?;
    let number = MessageAttributeValue::builder()
        .data_type("Number")
        .string_value("42.5")
        .build()?;
    let trace = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
        .build()?;
    let sent = services
        .sqs
        .send_message()
        .queue_url(&url)
        .message_body(body)
        .message_attributes("stream", text("traces")?)
        .message_attributes("raw", binary)
        .message_attributes("n", number)
        .message_system_attributes(MessageSystemAttributeNameForSends::AwsTraceHeader, trace)
        .send()
        .await?;
    // Computed apart from either server.
    assert_eq!(
        sent.md5_of_message_body(),
        Some("197bfa041218b04d43eecc917f60676f")
    );
    assert_eq!(
        sent.md5_of_message_attributes(),
        Some("2809cd59b8895b5ede62e3bcd4d07b31")
    );

    let messages = services.receive(&url).await?;
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message.body(), Some(body));
    assert_eq!(message.message_id(), sent.message_id());
    assert_eq!(message.md5_of_body(), sent.md5_of_message_body());
    assert_eq!(
        message.md5_of_message_attributes(),
        sent.md5_of_message_attributes()
    );
    let attributes = message.message_attributes().ok_or("attributes")?;
    assert_eq!(attributes["stream"].string_value(), Some("traces"));
    assert_eq!(attributes["n"].data_type(), "Number");
    assert_eq!(attributes["n"].string_value(), Some("42.5"));
    let raw = attributes["raw"].binary_value().ok_or("a binary value")?;
    assert_eq!(raw.as_ref(), [0, 255, 10, 7]);
    let system = message.attributes().ok_or("system attributes")?;
    assert_eq!(
        system[&MessageSystemAttributeName::AwsTraceHeader],
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
    );
    assert_eq!(
        system[&MessageSystemAttributeName::ApproximateReceiveCount],
        "1"
    );
    assert!(system.contains_key(&MessageSystemAttributeName::SentTimestamp));
    Ok(())
}

#[tokio::test]
async fn only_the_attributes_that_were_asked_for_come_back() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let names = ["stream", "trace.id", "trace.kind"];
    let mut send = services.sqs.send_message().queue_url(&url);
    for name in names {
        send = send.message_attributes(name, text(name)?);
    }
    send.message_body("x").send().await?;
    let received = services
        .sqs
        .receive_message()
        .queue_url(&url)
        .message_attribute_names("trace.*")
        .wait_time_seconds(5)
        .send()
        .await?;
    let message = &received.messages()[0];
    let attributes = message.message_attributes().ok_or("attributes")?;
    let mut got: Vec<&str> = attributes.keys().map(String::as_str).collect();
    got.sort_unstable();
    assert_eq!(got, ["trace.id", "trace.kind"]);
    Ok(())
}

#[tokio::test]
async fn a_batch_is_answered_per_entry_in_order() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let ids: Vec<String> = (0..10).map(|n| format!("entry-{n}")).collect();
    let entries: Result<Vec<_>, _> = ids
        .iter()
        .map(|id| entry(id, format!("body {id}")))
        .collect();
    let sent = services
        .sqs
        .send_message_batch()
        .queue_url(&url)
        .set_entries(Some(entries?))
        .send()
        .await?;
    let answered: Vec<&str> = sent.successful().iter().map(|done| done.id()).collect();
    assert_eq!(answered, ids);
    assert!(sent.failed().is_empty());

    let mut by_id: HashMap<String, String> = HashMap::new();
    while by_id.len() < ids.len() {
        let messages = services.receive(&url).await?;
        assert!(!messages.is_empty(), "only {} came", by_id.len());
        for message in messages {
            let id = message.message_id().ok_or("an id")?.to_owned();
            by_id.insert(id, message.body().ok_or("a body")?.to_owned());
        }
    }
    for done in sent.successful() {
        assert_eq!(by_id[done.message_id()], format!("body {}", done.id()));
    }
    Ok(())
}

#[tokio::test]
async fn bad_batches_are_errors_as_a_whole() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let send = |entries: Vec<SendMessageBatchRequestEntry>| {
        let call = services.sqs.send_message_batch().queue_url(&url);
        call.set_entries(Some(entries)).send()
    };
    let half = "x".repeat(600_000);
    let too_large = send(vec![entry("a", half.as_str())?, entry("b", half.as_str())?]).await;
    let error = too_large.expect_err("1.2 MB").into_service_error();
    assert!(error.is_batch_request_too_long(), "{error:?}");

    let twice = send(vec![entry("a", "x")?, entry("a", "y")?]).await;
    let error = twice.expect_err("the same id twice").into_service_error();
    assert!(error.is_batch_entry_ids_not_distinct(), "{error:?}");

    let eleven: Result<Vec<_>, _> = (0..11).map(|n| entry(&format!("e{n}"), "x")).collect();
    let error = send(eleven?)
        .await
        .expect_err("eleven")
        .into_service_error();
    assert!(error.is_too_many_entries_in_batch_request(), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_received_message_is_hidden_until_released_and_gone_when_deleted() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let send = services.sqs.send_message().queue_url(&url);
    send.message_body("once").send().await?;
    let first = services.receive(&url).await?;
    assert_eq!(first.len(), 1);

    let short_poll = || services.sqs.receive_message().queue_url(&url).send();
    assert!(short_poll().await?.messages().is_empty(), "it is hidden");

    let release = services.sqs.change_message_visibility().queue_url(&url);
    release
        .set_receipt_handle(first[0].receipt_handle.clone())
        .visibility_timeout(0)
        .send()
        .await?;
    let second = services.receive(&url).await?;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].message_id(), first[0].message_id());
    let system = second[0].attributes().ok_or("system attributes")?;
    assert_eq!(
        system[&MessageSystemAttributeName::ApproximateReceiveCount],
        "2"
    );

    let delete = services.sqs.delete_message().queue_url(&url);
    delete
        .set_receipt_handle(second[0].receipt_handle.clone())
        .send()
        .await?;
    let counts = services
        .sqs
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
        .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
        .send()
        .await?;
    let counts = counts.attributes().ok_or("attributes")?;
    for name in [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ] {
        assert_eq!(counts[&name], "0", "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_long_poll_ends_when_a_message_arrives() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let (sqs, to) = (services.sqs.clone(), url.clone());
    let sender = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let send = sqs.send_message().queue_url(to).message_body("late");
        send.send().await
    });
    let began = std::time::Instant::now();
    let received = services
        .sqs
        .receive_message()
        .queue_url(&url)
        .wait_time_seconds(10)
        .send()
        .await?;
    assert_eq!(received.messages().len(), 1);
    assert!(began.elapsed() < Duration::from_secs(8));
    sender.await??;
    Ok(())
}

#[tokio::test]
async fn a_queue_that_does_not_exist_has_its_own_error() -> TestResult {
    let services = Services::start().await?;
    let url = format!("{}/123456789012/{}", services.endpoint, unique("none"));
    let send = services.sqs.send_message().queue_url(url);
    let error = send.message_body("x").send().await.expect_err("no queue");
    let error = error.into_service_error();
    assert!(error.is_queue_does_not_exist(), "{error:?}");
    // The code that the old protocol had; clients still compare with it.
    assert_eq!(
        error.code(),
        Some("AWS.SimpleQueueService.NonExistentQueue")
    );
    Ok(())
}

#[tokio::test]
async fn a_message_received_too_often_moves_to_the_dead_letter_queue() -> TestResult {
    let services = Services::start().await?;
    let dead = services.queue().await?;
    let attributes = services
        .sqs
        .get_queue_attributes()
        .queue_url(&dead)
        .attribute_names(QueueAttributeName::QueueArn)
        .send()
        .await?;
    let arn = &attributes.attributes().ok_or("attributes")?[&QueueAttributeName::QueueArn];
    let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":2}}"#);
    let created = services
        .sqs
        .create_queue()
        .queue_name(unique("source"))
        .attributes(QueueAttributeName::RedrivePolicy, policy)
        .attributes(QueueAttributeName::VisibilityTimeout, "0")
        .send()
        .await?;
    let url = created.queue_url().ok_or("a URL")?;
    let sent = services
        .sqs
        .send_message()
        .queue_url(url)
        .message_body("poison")
        .message_attributes("stream", text("traces")?)
        .send()
        .await?;
    for _ in 0..2 {
        assert_eq!(services.receive(url).await?.len(), 1);
    }
    eventually(|| async {
        let again = services.sqs.receive_message().queue_url(url).send().await?;
        assert!(again.messages().is_empty(), "received a third time");
        let messages = services.receive(&dead).await?;
        let Some(message) = messages.first() else {
            return Ok(false);
        };
        assert_eq!(message.message_id(), sent.message_id());
        assert_eq!(message.body(), Some("poison"));
        let attributes = message.message_attributes().ok_or("attributes")?;
        assert_eq!(attributes["stream"].string_value(), Some("traces"));
        Ok(true)
    })
    .await
}

#[tokio::test]
async fn deleted_batches_do_not_come_back_and_purged_queues_are_empty() -> TestResult {
    let services = Services::start().await?;
    let url = services.queue().await?;
    let entries: Result<Vec<_>, _> = (0..4).map(|n| entry(&format!("e{n}"), "x")).collect();
    let send = services.sqs.send_message_batch().queue_url(&url);
    send.set_entries(Some(entries?)).send().await?;
    let messages = services.receive(&url).await?;
    assert_eq!(messages.len(), 4);
    let mut delete = services.sqs.delete_message_batch().queue_url(&url);
    for (n, message) in messages.iter().take(3).enumerate() {
        let entry = aws_sdk_sqs::types::DeleteMessageBatchRequestEntry::builder()
            .id(format!("d{n}"))
            .set_receipt_handle(message.receipt_handle.clone())
            .build()?;
        delete = delete.entries(entry);
    }
    let deleted = delete.send().await?;
    let ids: Vec<&str> = deleted.successful().iter().map(|done| done.id()).collect();
    assert_eq!(ids, ["d0", "d1", "d2"]);
    let count = || async {
        let name = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        let call = services.sqs.get_queue_attributes().queue_url(&url);
        let answer = call.attribute_names(name.clone()).send().await?;
        let attributes = answer.attributes.ok_or("attributes")?;
        Ok::<_, Box<dyn std::error::Error>>(attributes[&name].clone())
    };
    assert_eq!(count().await?, "1");
    services.sqs.purge_queue().queue_url(&url).send().await?;
    assert_eq!(count().await?, "0");
    Ok(())
}

#[tokio::test]
async fn queues_are_found_by_name_and_gone_when_deleted() -> TestResult {
    let services = Services::start().await?;
    let name = unique("listed");
    let created = services.sqs.create_queue().queue_name(&name).send().await?;
    let url = created.queue_url().ok_or("a URL")?;
    let found = services
        .sqs
        .get_queue_url()
        .queue_name(&name)
        .send()
        .await?;
    assert_eq!(found.queue_url(), Some(url));
    let listed = services.sqs.list_queues().queue_name_prefix(&name);
    assert_eq!(listed.send().await?.queue_urls(), [url]);
    services.sqs.delete_queue().queue_url(url).send().await?;
    let gone = services.sqs.get_queue_url().queue_name(&name).send().await;
    let error = gone.expect_err("deleted").into_service_error();
    assert!(error.is_queue_does_not_exist(), "{error:?}");
    Ok(())
}
