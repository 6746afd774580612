//! Why a stack does not start.

use std::io;
use std::path::PathBuf;

use crate::faults::FaultError;
use crate::firehose::FirehoseError;
use crate::lambda::StartError;
use crate::lambda::build::BuildError;
use crate::lambda::http_api::RouteError;
use crate::sns::SnsError;
use crate::sqs::SqsError;
use crate::tables::TablesError;
use crate::template::TemplateError;

/// Each message says what to do, or its cause does.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Another stack has the data directory.
    #[error("another stack uses {0}: stop it, or give this one its own --data-dir")]
    Locked(PathBuf),
    /// The data directory cannot be written.
    #[error(
        "cannot use the data directory {0}: {1}; make it yours to write, or choose another with --data-dir"
    )]
    DataDir(PathBuf, io::Error),
    /// Somebody listens there.
    #[error("port {0} is in use: stop what listens there, or choose another with --port")]
    PortInUse(u16),
    /// Listening failed for another reason.
    #[error("cannot listen on 127.0.0.1:{0}: {1}; choose another port, from 1024 on, with --port")]
    Listen(u16, io::Error),
    /// The runtime is going down.
    #[error("interrupted")]
    Interrupted,
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A route of the template.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// The functions' executables.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The queues.
    #[error(transparent)]
    Sqs(#[from] SqsError),
    /// The topics.
    #[error(transparent)]
    Sns(#[from] SnsError),
    /// The delivery streams.
    #[error(transparent)]
    Firehose(#[from] FirehoseError),
    /// The lesson tables.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// The functions.
    #[error(transparent)]
    Lambda(#[from] StartError),
    /// Injected faults out of range.
    #[error(transparent)]
    Faults(#[from] FaultError),
}
