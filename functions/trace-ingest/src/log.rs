//! The one line that a request writes to the log: counts and times, never a
//! location, an agent or a key.

use std::{borrow::Cow, time::Duration};

use lambda_http::{Body, Response};
use tracing::{Level, field};

use crate::{error::IngestError, newest::Outcome};

/// The field of a trace that is wrong, and why, as they may be logged.
pub(crate) type Loggable = (Cow<'static, str>, Cow<'static, str>);

/// What is worth a line.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub items: usize,
    pub accepted: usize,
    /// What is wrong with each; most clients do not show it to anyone.
    pub rejected: Vec<Loggable>,
    pub ignored: usize,
    /// Of the body as it travelled.
    pub bytes: usize,
    /// Until SQS had everything, or the time was up.
    pub queue: Option<Duration>,
    pub newest: Option<Outcome>,
    /// Until Valkey had answered, or its budget was used up.
    pub valkey: Option<Duration>,
    pub is_health_check: bool,
}

/// Writes the line, as loud as the error is; health checks write none.
pub(crate) fn write(facts: &Facts, result: Result<&Response<Body>, &IngestError>) {
    let Facts {
        items,
        accepted,
        rejected,
        ignored,
        bytes,
        queue,
        newest,
        ..
    } = facts;
    let queue_ms = queue.map_or(0, |queue| queue.as_millis() as u64);
    let (field, reason) = rejected
        .first()
        .map(|(field, reason)| (&**field, &**reason))
        .unzip();
    let rejected = rejected.len();
    let newest = newest.map(field::debug);
    // tracing wants the level as a constant.
    macro_rules! line {
        ($level:expr, $status:expr, $error:expr, $code:expr, $message:expr) => {
            tracing::event!(
                $level,
                status = $status.as_u16(),
                error = $error,
                code = $code,
                items,
                accepted,
                rejected,
                field,
                reason,
                ignored,
                bytes,
                queue_ms,
                newest,
                $message
            )
        };
    }
    let none = field::Empty;
    match result {
        Ok(_) if *items == 0 => {}
        Ok(response) if *accepted == 0 && rejected == 0 => {
            line!(Level::INFO, response.status(), none, none, "nothing to store");
        }
        Ok(response) if *accepted == 0 => line!(Level::WARN, response.status(), none, none, "nothing stored"),
        Ok(response) if rejected > 0 => line!(Level::WARN, response.status(), none, none, "stored in part"),
        Ok(response) => line!(Level::INFO, response.status(), none, none, "stored"),
        Err(error) => match error.log_level() {
            Level::ERROR => line!(
                Level::ERROR,
                error.status(),
                error.tag(),
                error.code(),
                "not stored"
            ),
            Level::WARN => line!(Level::WARN, error.status(), error.tag(), error.code(), "refused"),
            _ => line!(Level::DEBUG, error.status(), error.tag(), error.code(), "refused"),
        },
    }
}
