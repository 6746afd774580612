//! Placeholder: written elsewhere.
#![allow(missing_docs)]
use crate::{firehose::Firehose, sqs::Sqs};
pub fn router(_sqs: Sqs, _firehose: Firehose) -> axum::Router {
    axum::Router::new()
}
