//! How each client wants to hear that its traces are safe.

use lambda_http::{Body, Response, http::StatusCode};
use serde_json::{Value, json};
use shared::answer;

use crate::{
    dialect::{Batch, Rejected},
    error::IngestError,
    trace::Source,
};

/// The answer to a batch whose lines are all stored.
pub fn stored(batch: Batch) -> Result<Response<Body>, IngestError> {
    let accepted = batch.lines.len();
    let nothing = accepted == 0 && batch.ignored == 0;
    match batch.source {
        Source::Native if nothing => Err(IngestError::NothingAcceptable {
            rejected: batch.rejected,
        }),
        Source::Native => Ok(json(
            StatusCode::ACCEPTED,
            &json!({"accepted": accepted, "rejected": batch.rejected}),
        )),
        // Points that can never be stored are acknowledged too: OwnTracks on
        // Android would send one again for ever, with all later ones waiting
        // behind it (owntracks/android#936), and Overland its whole batch.
        Source::Owntracks => Ok(json(StatusCode::OK, &json!([]))),
        Source::Overland => Ok(json(StatusCode::OK, &overland(&batch.rejected))),
    }
}

fn overland(rejected: &[Rejected]) -> Value {
    if rejected.is_empty() {
        return json!({"result": "ok"});
    }
    json!({"result": "ok", "rejected": rejected})
}

/// `GET /health`.
pub fn healthy() -> Response<Body> {
    json(StatusCode::OK, &json!({"status": "ok"}))
}

fn json(status: StatusCode, body: &Value) -> Response<Body> {
    answer::json(status, body.to_string())
}
