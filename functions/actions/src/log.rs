//! The one line that a request writes to the log: counts and times, never a
//! location, an agent or a key.

use std::time::Duration;

use lambda_http::{Body, Response as HttpResponse};
use tracing::{Level, field};

use crate::{
    error::ActionError,
    metrics::SheetMetrics,
    recorder::Status,
    response::{OPTIMAL, Response},
};

/// What is worth a line.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Of the body as it travelled.
    pub bytes: usize,
    found: Option<Found>,
}

#[derive(Debug)]
struct Found {
    orders: usize,
    proof: &'static str,
    gap: f64,
    elapsed_ms: f64,
    stop_reason: &'static str,
    recorded: Option<(Status, Option<String>)>,
}

impl Facts {
    /// What an answer says.
    pub fn tell(&mut self, response: &Response) {
        let recorded = response.recorded.as_ref();
        self.found = Some(Found {
            orders: response.orders,
            proof: response.proof.status,
            gap: response.proof.gap,
            elapsed_ms: response.elapsed_ms,
            stop_reason: response.stop_reason,
            recorded: recorded.map(|recorded| (recorded.status, recorded.code.clone())),
        });
    }

    /// The run sheet in figures, if one was found.
    pub fn sheet(&self) -> Option<SheetMetrics> {
        let found = self.found.as_ref()?;
        Some(SheetMetrics {
            orders: found.orders as u64,
            search_time: Duration::from_secs_f64(found.elapsed_ms.max(0.0) / 1_000.0),
            proof: found.proof,
            proven: u64::from(found.proof == OPTIMAL),
            gap: found.gap * 100.0,
            unrecorded: u64::from(self.is_unrecorded()),
        })
    }

    /// Whether the answer went out without its record.
    pub fn is_unrecorded(&self) -> bool {
        let recorded = self.found.as_ref().and_then(|found| found.recorded.as_ref());
        recorded.is_some_and(|(status, _)| *status != Status::Stored)
    }
}

/// Writes the line, as loud as the error is; a record that failed is a warning.
pub(crate) fn write(facts: &Facts, result: Result<&HttpResponse<Body>, &ActionError>) {
    let found = facts.found.as_ref();
    let recorded = found.and_then(|found| found.recorded.as_ref());
    // tracing wants the level as a constant.
    macro_rules! line {
        ($level:expr, $status:expr, $error:expr, $field:expr, $message:expr) => {
            tracing::event!(
                $level,
                status = $status.as_u16(),
                error = $error,
                field = $field,
                orders = found.map(|found| found.orders),
                proof = found.map(|found| found.proof),
                gap = found.map(|found| found.gap),
                elapsed_ms = found.map(|found| found.elapsed_ms),
                stop_reason = found.map(|found| found.stop_reason),
                recorded = recorded.map(|(status, _)| status.name()),
                code = recorded.and_then(|(_, code)| code.as_deref()),
                bytes = facts.bytes,
                $message
            )
        };
    }
    let none = field::Empty;
    match result {
        Ok(response) if facts.is_unrecorded() => {
            line!(
                Level::WARN,
                response.status(),
                none,
                none,
                "answered, not recorded"
            );
        }
        Ok(response) => line!(Level::INFO, response.status(), none, none, "answered"),
        Err(error) => match error.log_level() {
            Level::ERROR => line!(Level::ERROR, error.status(), error.tag(), error.field(), "failed"),
            Level::WARN => line!(Level::WARN, error.status(), error.tag(), error.field(), "refused"),
            _ => line!(
                Level::DEBUG,
                error.status(),
                error.tag(),
                error.field(),
                "refused"
            ),
        },
    }
}
