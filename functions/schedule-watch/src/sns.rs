//! The alert topic.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use lessons::store::Channel;
use shared::{
    refusal::Refusal,
    warmup::{Failed, Ping},
};

use crate::{message::Message, persist::persist, tell::Messenger};

/// An SNS topic.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The topic of this ARN.
    pub fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }

    /// Publishes a batch without entries, which SNS refuses with `EmptyBatchRequest`:
    /// the endpoint and the right that publishing needs, and nobody is told anything.
    /// It counts as one of the topic's 300 and more publishes a second.
    async fn ping_topic(&self) -> Result<(), Failed> {
        let call = self
            .client
            .publish_batch()
            .topic_arn(&self.arn)
            .set_publish_batch_request_entries(Some(Vec::new()));
        Failed::unless_answered(call.send().await, |code| code.contains("EmptyBatchRequest"))
    }

    async fn publish(&self, message: &Message) -> Result<(), Refusal> {
        let call = self
            .client
            .publish()
            .topic_arn(&self.arn)
            .subject(&message.subject)
            .message(&message.text);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(Refusal::of_sdk(&error)),
        }
    }
}

#[async_trait]
impl Messenger for Topic {
    fn channel(&self) -> Channel {
        Channel::Sns
    }

    fn ping(&self) -> Ping<'_> {
        Ping::new("sns", || self.ping_topic()).seldom()
    }

    async fn tell(&self, message: &Message) -> Result<(), Refusal> {
        persist(|| self.publish(message)).await
    }
}
