//! The real AWS SDK clients against the services.
//!
//! Runs against the local services, or against another server when
//! `PUNCTUAL_AWS_ENDPOINT` is set (moto's, for example): only what both must
//! agree about is asserted, and everything needed is made by API calls.

mod firehose;
mod services;
mod sns;
mod sqs;
