//! Asynchronous invocations (`Event`): accepted at once, run later, retried
//! twice on a function error as Lambda does, or as often as the template says.
//!
//! A schedule's trigger is an event that a stop does not wait for: a function
//! that holds on for minutes would keep whoever pressed Ctrl-C, and one that a
//! schedule triggers has to bear a crash anyway, as the next trigger comes by
//! itself.
//!
//! Lambda waits one and two minutes before its retries; a developer does not,
//! so here it is one and two seconds. Accepted events live in memory: they are
//! drained on an orderly stop, and a kill of the stack loses them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::invocation::Request;
use super::{InvokeError, Lambda};
use crate::console;

const RETRIES_AFTER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];
/// Throttled events are tried again, without using up their retries.
const THROTTLED_WAIT: Duration = Duration::from_millis(500);

impl Lambda {
    /// Accepts an event and returns the id of the acceptance.
    pub(super) fn queue_event(&self, index: usize, payload: Bytes) -> Uuid {
        let lambda = self.clone();
        self.event_queue().fetch_add(1, Ordering::AcqRel);
        tokio::spawn(async move {
            lambda.run_event(index, Request::new(payload, None)).await;
            lambda.event_queue().fetch_sub(1, Ordering::AcqRel);
        });
        Uuid::new_v4()
    }

    /// Accepts an event that ends with the stack.
    pub(crate) fn trigger(&self, index: usize, payload: Bytes) {
        let lambda = self.clone();
        let request = Request {
            awaited: false,
            ..Request::new(payload, None)
        };
        tokio::spawn(async move { lambda.run_event(index, request).await });
    }

    /// Every attempt has the id of the first, as on Lambda.
    async fn run_event(&self, index: usize, request: Request) {
        let function = Arc::clone(&self.pools()[index].function);
        let (name, template) = (function.logical_id(), &function.template);
        let mut retries = RETRIES_AFTER.into_iter().take(template.event_retries as usize);
        let accepted = Instant::now();
        loop {
            if accepted.elapsed() > template.event_max_age {
                console::note(format!("{name}: an event waited too long and is dropped"));
                return;
            }
            match self.send(index, request.clone()).await {
                Ok(output) if output.function_error.is_none() => return,
                Ok(_) => match retries.next() {
                    Some(wait) => sleep(wait).await,
                    None => {
                        let tries = template.event_retries + 1;
                        console::note(format!(
                            "{name}: an event is dropped after {tries} failed attempts"
                        ));
                        return;
                    }
                },
                Err(InvokeError::Throttled) if !self.is_stopped(index) => sleep(THROTTLED_WAIT).await,
                Err(_) => return,
            }
        }
    }

    fn is_stopped(&self, index: usize) -> bool {
        self.pools()[index].is_closed()
    }
}
