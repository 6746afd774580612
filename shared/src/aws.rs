//! The one place where AWS clients are configured.
//!
//! The SDK's defaults are wrong for a function: it has no operation time-out
//! (and is known to hang on `put_record_batch`), looks for credentials and a
//! region in places that Lambda does not have, and brings a TLS stack whose
//! entropy source costs 10 ms to 1 s of init; [`Transport`] is used instead.
//! Endpoints are overridden with the SDK's own `AWS_ENDPOINT_URL` and
//! `AWS_ENDPOINT_URL_<SERVICE>`.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use crate::{
    config::{ConfigError, Env},
    transport::Transport,
};

/// How long one call to AWS may take.
///
/// There is no retry count: the SDK retries thrown errors only, never a
/// partial failure, so whoever calls owns one retry loop for both and the SDK's
/// is switched off.
#[derive(Debug, Clone, Copy)]
pub struct CallTimeouts {
    /// To open a connection, TLS included.
    pub connect: Duration,
    /// For one attempt, from request to the answer's last byte.
    pub attempt: Duration,
    /// For the answer on a connection from before a rest, which may have died while
    /// the environment was frozen; then the request goes over a new one.
    pub patience: Duration,
}

impl Default for CallTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            attempt: Duration::from_secs(3),
            // SQS answers in a tenth of it.
            patience: Duration::from_secs(1),
        }
    }
}

/// The configuration that all clients of a function share: one transport,
/// credentials and region from the variables that Lambda sets.
///
/// # Errors
/// When `AWS_REGION` is not set.
pub async fn sdk_config(
    env: &Env,
    transport: &Transport,
    timeouts: CallTimeouts,
) -> Result<SdkConfig, ConfigError> {
    let region = env.required("AWS_REGION", "the AWS region, such as eu-west-1")?;
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(timeouts.attempt)
        // One attempt an operation; what is left is connecting.
        .operation_timeout(timeouts.attempt + timeouts.connect)
        .build();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(transport.clone())
        .timeout_config(timeouts)
        // The attempt time-out covers the whole exchange, bodies included.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    Ok(config)
}
