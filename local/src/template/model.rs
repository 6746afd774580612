//! What the local stack runs, read from the template and free of YAML,
//! intrinsic functions and defaults.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::schedule::Times;

/// Everything in a template that runs locally.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stack {
    /// Functions with the routes, queues and schedules that invoke them.
    pub functions: Vec<Function>,
    /// SQS queues, dead-letter queues among them.
    pub queues: Vec<Queue>,
    /// SNS topics.
    pub topics: Vec<Topic>,
    /// Firehose delivery streams.
    pub streams: Vec<DeliveryStream>,
    /// What the template has and the local stack does not emulate, one line
    /// per kind of thing.
    pub notes: Vec<String>,
}

/// An `AWS::Serverless::Function`.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// `FunctionName`, else the logical id.
    pub name: String,
    /// `CodeUri`, joined to the template's folder; holds `bootstrap`.
    pub code: PathBuf,
    /// `MemorySize` in MB; 128 when not given.
    pub memory_mb: u32,
    /// `Timeout`; 3 s when not given.
    pub timeout: Duration,
    /// `Environment.Variables`, evaluated.
    pub environment: BTreeMap<String, String>,
    /// `ReservedConcurrentExecutions`: at most this many at once.
    pub reserved_concurrency: Option<u32>,
    /// `ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions`.
    pub provisioned_concurrency: Option<u32>,
    /// `EventInvokeConfig.MaximumRetryAttempts`: 0 to 2, for events that failed.
    pub event_retries: u32,
    /// `EventInvokeConfig.MaximumEventAgeInSeconds`: how long an event may wait.
    pub event_max_age: Duration,
    /// `LoggingConfig.LogFormat`: `JSON` or `Text`.
    pub log_format: Option<String>,
    /// `LoggingConfig.ApplicationLogLevel`.
    pub log_level: Option<String>,
    /// HTTP API routes that invoke it.
    pub routes: Vec<Route>,
    /// Queues whose messages invoke it.
    pub queue_sources: Vec<QueueSource>,
    /// Schedules that invoke it, without those that are switched off.
    pub schedules: Vec<Schedule>,
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Upper-case method, or `ANY`.
    pub method: String,
    /// As in the template: `/health`, `/a/{id}`, `/{proxy+}`, `$default`.
    pub path: String,
}

/// An SQS event source of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueSource {
    /// Physical name of the queue.
    pub queue: String,
    /// `BatchSize`: most messages an invocation gets, 1 to 10,000.
    pub batch_size: u32,
    /// `MaximumBatchingWindowInSeconds`: how long to gather a batch.
    pub window: Duration,
    /// `ScalingConfig.MaximumConcurrency`.
    pub max_concurrency: Option<u32>,
    /// Whether `FunctionResponseTypes` has `ReportBatchItemFailures`.
    pub report_batch_item_failures: bool,
}

/// A schedule of EventBridge with a function as its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// `Name`; else the logical id of the resource, or the one that SAM makes
    /// of the function's and the event's.
    pub name: String,
    /// Which of EventBridge's two services it belongs to.
    pub kind: ScheduleKind,
    /// When it happens.
    pub times: Times,
    /// `Input`: JSON for the function, with the Scheduler's attributes in it.
    pub input: Option<String>,
    /// `FlexibleTimeWindow`: how much later it may happen.
    pub window: Duration,
    /// `RetryPolicy.MaximumEventAgeInSeconds`: how late it may happen at all.
    pub max_age: Duration,
}

/// What a schedule is to EventBridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleKind {
    /// `ScheduleV2` or `AWS::Scheduler::Schedule`.
    Scheduler {
        /// `GroupName`, else `default`.
        group: String,
    },
    /// `Schedule`: a rule.
    Rule,
}

/// An `AWS::SQS::Queue`.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// `QueueName`, else the logical id.
    pub name: String,
    /// `VisibilityTimeout`: how long a received message stays hidden.
    pub visibility_timeout: Duration,
    /// `MessageRetentionPeriod`.
    pub retention: Duration,
    /// `MaximumMessageSize` in bytes.
    pub max_message_bytes: usize,
    /// `DelaySeconds`: how long a sent message stays hidden.
    pub delay: Duration,
    /// `ReceiveMessageWaitTimeSeconds`: how long a poll that names no time waits.
    pub receive_wait: Duration,
    /// `RedrivePolicy`.
    pub redrive: Option<Redrive>,
}

/// When a message moves to a dead-letter queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Redrive {
    /// Physical name of the dead-letter queue.
    pub dead_letter_queue: String,
    /// Receives after which a message is moved.
    pub max_receive_count: u32,
}

/// An `AWS::SNS::Topic`.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// `TopicName`, else the logical id.
    pub name: String,
}

/// An `AWS::KinesisFirehose::DeliveryStream` that writes to S3.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryStream {
    /// `DeliveryStreamName`, else the logical id.
    pub name: String,
    /// `BufferingHints.SizeInMBs`, in bytes.
    pub buffer_bytes: u64,
    /// `BufferingHints.IntervalInSeconds`.
    pub buffer_interval: Duration,
}
