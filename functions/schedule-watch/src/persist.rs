//! A few attempts at a call to another service, within a small budget.

use std::{fmt, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use shared::backoff::FullJitter;
use tokio::time::{Instant, sleep, timeout_at};

/// Most attempts at one call.
pub const ATTEMPTS: u32 = 4;
/// Longest time for all of them. The next wake, a minute later, tries again.
pub const BUDGET: Duration = Duration::from_secs(6);
const BACKOFF: FullJitter = FullJitter {
    base: Duration::from_millis(200),
    cap: Duration::from_secs(1),
};

/// Why a service did not do what it was asked for. It holds a code and never the
/// service's own words: they may repeat a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error's code.
    pub code: String,
    /// The same request would fail again.
    pub permanent: bool,
}

impl Refusal {
    /// One that may pass.
    pub fn passing(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            permanent: false,
        }
    }

    /// One that needs a person.
    pub fn permanent(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            permanent: true,
        }
    }

    /// From an HTTP status that is not a success, by the service's code or
    /// the number.
    pub fn of_status(status: u16, code: Option<&str>) -> Self {
        let code = code.map_or_else(|| format!("Http{status}"), ToOwned::to_owned);
        let throttled = code.contains("Throttl") || code.contains("TooManyRequests");
        let permanent = matches!(status, 300..=499) && !matches!(status, 408 | 429) && !throttled;
        Self { code, permanent }
    }

    /// From the SDK's error.
    pub fn of_sdk<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ServiceError(service) => {
                Self::of_status(service.raw().status().as_u16(), service.err().code())
            }
            SdkError::ConstructionFailure(_) => Self::permanent("NotConstructed"),
            SdkError::TimeoutError(_) => Self::passing("TimedOut"),
            SdkError::DispatchFailure(_) => Self::passing("ConnectionFailed"),
            _ => Self::passing("UnreadableAnswer"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

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

    #[test]
    fn a_throttle_passes_whatever_its_status() {
        for (status, code, permanent) in [
            (400, Some("ThrottlingException"), false),
            (400, Some("InvalidParameter"), true),
            (403, None, true),
            (429, None, false),
            (302, None, true),
            (500, Some("InternalError"), false),
        ] {
            assert_eq!(
                Refusal::of_status(status, code).permanent,
                permanent,
                "{status} {code:?}"
            );
        }
        assert_eq!(Refusal::of_status(404, None).code, "Http404");
    }
}
