//! Structured logs.

/// Sets up logging for a function: one JSON object a line, or text, as
/// Lambda's own settings say (`AWS_LAMBDA_LOG_FORMAT`, `AWS_LAMBDA_LOG_LEVEL`;
/// `RUST_LOG` where the latter is absent).
///
/// Lambda stamps each line's time itself, so none is written here.
pub fn init() {
    lambda_runtime::tracing::init_default_subscriber();
}
