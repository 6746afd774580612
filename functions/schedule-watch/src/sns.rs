//! The alert topic.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use lessons::store::Channel;
use shared::refusal::Refusal;

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

    async fn tell(&self, message: &Message) -> Result<(), Refusal> {
        persist(|| self.publish(message)).await
    }
}
