//! Where the queues claim to be.

/// What queue URLs and ARNs are made of.
#[derive(Debug, Clone)]
pub struct SqsSettings {
    /// Scheme, host and port, for example `http://127.0.0.1:3000`.
    pub endpoint: String,
    /// Twelve digits.
    pub account_id: String,
    /// For example `eu-central-1`.
    pub region: String,
}

impl SqsSettings {
    pub(super) fn arn(&self, queue: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{queue}", self.region, self.account_id)
    }

    pub(super) fn url(&self, queue: &str) -> String {
        let endpoint = self.endpoint.trim_end_matches('/');
        format!("{endpoint}/{}/{queue}", self.account_id)
    }
}
