//! Why a service did not do what it was asked for, and whether time mends it.

use std::fmt;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// What the codes of throttles contain, which SQS, SNS and SSM send as 400.
const THROTTLES: [&str; 4] = ["Throttl", "TooManyRequests", "OverLimit", "LimitExceeded"];

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
        let throttled = THROTTLES.iter().any(|word| code.contains(word));
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

#[cfg(test)]
mod tests {
    use super::*;

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
