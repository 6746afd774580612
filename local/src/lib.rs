//! The local stack: what `template.yaml` describes, running on one machine.
//!
//! Data flows one way: `template` reads what to run, `sqs`, `sns` and
//! `firehose` are the services that the functions talk to, `lambda` runs the
//! functions against them, `scheduler` triggers them when a `schedule` is due,
//! `stack` puts these together, and `cli` is the only thing that a person sees.

pub mod aws_api;
mod backlog;
pub mod cli;
pub mod console;
pub mod demo;
pub mod faults;
pub mod firehose;
pub mod generate;
pub mod lambda;
pub mod live;
mod ndjson;
mod page;
mod progress;
pub mod replay;
mod running;
pub mod schedule;
pub mod scheduler;
pub mod sns;
pub mod sqs;
pub mod stack;
pub mod tables;
pub mod template;
