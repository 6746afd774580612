//! Asking the publisher to open what it should have opened.

use async_trait::async_trait;
use aws_sdk_lambda::{Client, primitives::Blob, types::InvocationType};
use jiff::Timestamp;
use serde_json::json;
use shared::{
    refusal::Refusal,
    warmup::{Failed, Ping},
};

use crate::{persist::persist, sight::Sight};

/// Who asks, for the run's record.
pub const BY: &str = "schedule-watch";

/// A way to have lessons opened.
#[async_trait]
pub trait Replays: Send + Sync {
    /// Asks for it; done when the request is safe.
    async fn ask(&self, replay: &Replay) -> Result<(), Refusal>;
}

/// What is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The instant of the lesson that has waited longest.
    pub from: Timestamp,
    /// Now, on the database's clock.
    pub to: Timestamp,
    /// How many lessons it is about.
    pub lessons: i64,
}

impl Replay {
    /// Of the lessons that are overdue; `None` when none is, or a replay of
    /// before is at them: it lives up to five minutes, and another each minute
    /// would only fight it for the rows.
    pub fn of(sight: &Sight) -> Option<Self> {
        (!sight.replaying).then_some(())?;
        Some(Self {
            from: sight.overdue.oldest?,
            to: sight.at,
            lessons: sight.overdue.count,
        })
    }

    fn payload(&self) -> String {
        let reason = format!("{} overdue", self.lessons);
        json!({"replay": {"from": self.from, "to": self.to, "reason": reason, "by": BY}}).to_string()
    }
}

/// The publisher, invoked without waiting for its answer: it may take minutes.
#[derive(Debug, Clone)]
pub struct PublishFunction {
    client: Client,
    name: String,
}

impl PublishFunction {
    /// The function of this name or ARN.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// A dry run, which checks the function's name and the right to invoke it, and
    /// invokes nothing. Its quota is that of invocations, ten for each of the
    /// account's concurrency a second.
    pub fn ping(&self) -> Ping<'_> {
        Ping::new("lambda", || async {
            let call = self
                .client
                .invoke()
                .function_name(&self.name)
                .invocation_type(InvocationType::DryRun);
            Failed::unless_answered(call.send().await, |_| false)
        })
        .seldom()
    }

    async fn invoke(&self, payload: &str) -> Result<(), Refusal> {
        let call = self
            .client
            .invoke()
            .function_name(&self.name)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(payload));
        match call.send().await {
            // Anything but 202 is an answer to another kind of invocation.
            Ok(answer) if answer.status_code() == 202 => Ok(()),
            Ok(answer) => Err(Refusal::passing(format!("Http{}", answer.status_code()))),
            Err(error) => Err(Refusal::of_sdk(&error)),
        }
    }
}

#[async_trait]
impl Replays for PublishFunction {
    async fn ask(&self, replay: &Replay) -> Result<(), Refusal> {
        let payload = replay.payload();
        persist(|| self.invoke(&payload)).await
    }
}
