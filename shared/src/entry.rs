//! What a request has to pass before it is read: its method, its key, its body's
//! size and packing.

use http::{HeaderValue, Method, StatusCode, header};

use crate::{auth::Unauthorized, problem::Problem};

/// Why a request was not read. A function's own error holds it as one of its kinds.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EntryError {
    /// No valid key.
    #[error("{0}")]
    Unauthorized(#[from] Unauthorized),
    /// A known path with another method.
    #[error("this path only answers {allow}")]
    MethodNotAllowed {
        /// The method that would do.
        allow: &'static str,
    },
    /// `Content-Encoding` is neither absent, identity nor gzip.
    #[error("the body may be plain or gzip")]
    UnsupportedEncoding,
    /// The body is over a cap.
    #[error("the {what} body is over {limit} bytes; send less at a time")]
    BodyTooLarge {
        /// Compressed or decompressed.
        what: &'static str,
        /// The cap in bytes.
        limit: usize,
    },
    /// Not gzip, or cut short.
    #[error("the body is not gzip, or is cut short")]
    NotGzip,
}

impl EntryError {
    /// The problem's tag, the status, and the title of all of its kind.
    pub fn kind(&self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Unauthorized(_) => ("unauthorized", StatusCode::UNAUTHORIZED, "No valid API key"),
            Self::MethodNotAllowed { .. } => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
            ),
            Self::UnsupportedEncoding => (
                "unsupported-encoding",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported encoding",
            ),
            Self::BodyTooLarge { .. } => ("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "Body too large"),
            Self::NotGzip => ("not-gzip", StatusCode::BAD_REQUEST, "Not gzip"),
        }
    }

    /// Adds the headers that go with the answer.
    pub fn headers(&self, problem: Problem) -> Problem {
        match self {
            Self::Unauthorized(_) => problem.header(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer, Basic realm=\"punctual\""),
            ),
            Self::MethodNotAllowed { allow } => {
                problem.header(header::ALLOW, HeaderValue::from_static(allow))
            }
            // RFC 7694: says which encodings would have been understood.
            Self::UnsupportedEncoding => {
                problem.header(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
            }
            Self::BodyTooLarge { .. } | Self::NotGzip => problem,
        }
    }
}

/// Lets a request in that has this method; who answers GET answers HEAD too.
///
/// # Errors
/// With any other method.
pub fn allow(method: &Method, allow: &'static str) -> Result<(), EntryError> {
    if method == allow || (allow == "GET" && method == Method::HEAD) {
        return Ok(());
    }
    Err(EntryError::MethodNotAllowed { allow })
}
