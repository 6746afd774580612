//! What two or more functions use, and nothing else.
//!
//! | module | owns |
//! |---|---|
//! | [`config`] | typed values from the environment, errors that name the variable |
//! | [`telemetry`] | structured logs that honour Lambda's log settings |
//! | [`metrics`] | one line a unit of work, of which CloudWatch makes metrics |
//! | [`aws`] | the one place where AWS clients get time-outs and retries |
//! | [`trace_context`] | one id from a phone's request to the last call that carries its lines |
//! | [`transport`] | the HTTP client behind them: connections, TLS, what to do about dead ones |
//! | [`warmup`] | what a first request would have to wait for, done in the init phase |
//! | [`auth`] | API keys of HTTP requests |
//! | [`entry`] | what a request passes before it is read: method, key, body |
//! | [`body`] | a request's body, unpacked within caps |
//! | [`answer`] | answers in JSON |
//! | [`problem`] | RFC 9457 answers |
//! | [`envelope`] | what a queue message holds, and how lines are packed into messages |
//! | [`id`] | ids that are chosen elsewhere and stored |
//! | [`lines`] | where the lines of a stream become durable |
//! | [`queue`] | sending messages to SQS until each one is accepted or time is up |
//! | [`deadline()`], [`time_left`] | when Lambda ends an invocation, on the clock that timers use |
//! | [`event`] | JSON events, errors that name the field |
//! | [`refusal`] | why a service did not do what it was asked for, and whether time mends it |
//! | [`backoff`] | how long to wait before the next attempt |
//!
//! Nothing here knows a function's domain: a trace, an action or a lesson.

pub mod answer;
pub mod auth;
pub mod aws;
pub mod backoff;
pub mod body;
mod cause;
pub mod config;
mod deadline;
pub mod entry;
pub mod envelope;
pub mod event;
pub mod id;
pub mod lines;
pub mod metrics;
pub mod problem;
pub mod queue;
pub mod refusal;
pub mod telemetry;
pub mod trace_context;
pub mod transport;
pub mod warmup;

pub use deadline::{deadline, time_left};
