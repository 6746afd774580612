//! The answer that all batch actions share.

use serde::Serialize;

use crate::sqs::error::SqsError;

/// Entries that went through and entries that did not, each in request order.
/// Empty lists are left out, as the service does.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchAnswer<T> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successful: Vec<T>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedEntry>,
}

impl<T> Default for BatchAnswer<T> {
    fn default() -> Self {
        Self {
            successful: Vec::new(),
            failed: Vec::new(),
        }
    }
}

/// An entry that did not go through.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FailedEntry {
    id: String,
    sender_fault: bool,
    code: &'static str,
    message: String,
}

impl FailedEntry {
    pub fn new(id: &str, error: &SqsError) -> Self {
        Self {
            id: id.to_owned(),
            sender_fault: error.sender_fault(),
            code: error.entry_code(),
            message: error.to_string(),
        }
    }

    /// A fault on purpose.
    pub fn refused(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            sender_fault: false,
            code: "InternalError",
            message: "The entry was refused (fault `sqs_refused_entries`).".to_owned(),
        }
    }
}

/// An entry that went through and has nothing to say.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Done {
    pub id: String,
}
