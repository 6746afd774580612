//! A small, faithful Lambda: one child process per execution environment,
//! driven over the Runtime API exactly as on AWS, so that the binaries that
//! SAM deploys run here unmodified.
//!
//! An invocation flows one way: [`Lambda::invoke`] → [`pool`] finds or starts
//! an [`environment`] → [`runtime_api`] hands the event to the child and takes
//! its answer back. [`http_api`], [`event_source`], [`invoke_api`] and the
//! scheduler are the callers that AWS has too.

mod body;
pub mod build;
mod environment;
pub mod event_source;
mod events;
mod failure;
mod function;
mod functions;
mod host;
pub mod http_api;
mod invocation;
mod invoke;
pub mod invoke_api;
mod lifecycle;
mod logs;
mod names;
mod outcome;
mod pool;
mod run;
pub mod runtime_api;
mod status;

pub use environment::Start;
pub(crate) use environment::end_orphans;
pub use function::Stats;
pub use functions::{Lambda, StartError};
pub use host::Settings;
pub(crate) use host::children_dir;
pub use invoke::{InvokeError, InvokeKind, InvokeOutput};
pub(crate) use pool::limit;
pub use status::{EnvironmentStatus, FunctionStatus};

/// The most that Lambda takes or returns in one synchronous invocation, in
/// bytes: 6 MiB and 100 bytes, the number in its own error messages.
pub const MAX_PAYLOAD_BYTES: usize = 6_291_556;
