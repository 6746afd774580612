//! A few attempts at a call to another service, within a small budget.

use std::time::Duration;

use shared::{backoff::FullJitter, refusal::Refusal};
use tokio::time::{Instant, sleep, timeout_at};

/// Most attempts at one call.
pub const ATTEMPTS: u32 = 4;
/// Longest time for all of them. The next wake, a minute later, tries again.
pub const BUDGET: Duration = Duration::from_secs(6);
const BACKOFF: FullJitter = FullJitter {
    base: Duration::from_millis(200),
    cap: Duration::from_secs(1),
};

/// Makes `attempt` until it succeeds, is refused for good, or [`ATTEMPTS`] or
/// [`BUDGET`] are used up.
///
/// # Errors
/// The last refusal.
pub async fn persist<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Refusal>>,
{
    let deadline = Instant::now() + BUDGET;
    for retry in 0.. {
        let answer = timeout_at(deadline, attempt()).await;
        let refusal = match answer.unwrap_or_else(|_| Err(Refusal::passing("TimedOut"))) {
            Ok(done) => return Ok(done),
            Err(refusal) => refusal,
        };
        let delay = BACKOFF.delay(retry);
        if refusal.permanent || retry + 1 == ATTEMPTS || Instant::now() + delay >= deadline {
            return Err(refusal);
        }
        sleep(delay).await;
    }
    Err(Refusal::passing("TimedOut"))
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, future::pending};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_and_what_does_not_is_not() {
        for (refusal, expected) in [
            (Refusal::passing("Busy"), ATTEMPTS),
            (Refusal::permanent("No"), 1),
        ] {
            let attempts = Cell::new(0);
            let answer = persist(|| {
                attempts.set(attempts.get() + 1);
                std::future::ready(Err::<(), _>(refusal.clone()))
            });
            assert_eq!(answer.await, Err(refusal.clone()));
            assert_eq!(attempts.get(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_hangs_ends_with_the_budget() {
        let started = Instant::now();
        let answer = persist(pending::<Result<(), _>>).await;
        assert_eq!(answer, Err(Refusal::passing("TimedOut")));
        assert_eq!(started.elapsed(), BUDGET);
    }
}
