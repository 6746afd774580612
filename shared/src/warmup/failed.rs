use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{cause, refusal::Refusal};

/// Why a ping was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The error's code.
    pub code: String,
    /// What the network or TLS said; empty where the service answered, whose words
    /// may repeat a secret.
    pub detail: String,
}

impl Failed {
    /// With no more than a code.
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            detail: String::new(),
        }
    }

    /// Because of what is at the bottom of `error`, such as `Connection refused`.
    pub fn because(code: impl Into<String>, error: &(dyn Error + 'static)) -> Self {
        Self {
            code: code.into(),
            detail: cause::bottom(error),
        }
    }

    /// Of a call whose success is one of the errors that `is_expected` knows by their
    /// codes, since a call that does nothing is one that the service refuses.
    ///
    /// # Errors
    /// What else the call ended with.
    pub fn unless_answered<T, E>(
        called: Result<T, SdkError<E, HttpResponse>>,
        is_expected: impl Fn(&str) -> bool,
    ) -> Result<(), Self>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let Err(error) = called else { return Ok(()) };
        let refusal = Refusal::of_sdk(&error);
        match &error {
            SdkError::ServiceError(_) if is_expected(&refusal.code) => Ok(()),
            SdkError::ServiceError(_) => Err(Self::new(refusal.code)),
            error => Err(Self::because(refusal.code, error)),
        }
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code)
    }
}
