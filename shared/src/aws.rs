//! The one place where AWS clients are configured.
//!
//! The SDK's defaults are wrong for a function: it has no operation time-out
//! (and is known to hang on `put_record_batch`), looks for credentials and a
//! region in places that Lambda does not have, and brings a TLS stack whose
//! entropy source costs 10 ms to 1 s of init. Endpoints are overridden with
//! the SDK's own `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{self, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::SharedHttpClient, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use crate::config::{ConfigError, Env};

/// How long one call to AWS may take.
///
/// There is no retry count: the SDK retries thrown errors only, never a
/// partial failure, so whoever calls owns one retry loop for both and the SDK's
/// is switched off.
#[derive(Debug, Clone, Copy)]
pub struct CallTimeouts {
    /// To open a connection, TLS included.
    pub connect: Duration,
    /// For one attempt, from request to the answer's last byte. It is also what
    /// finds out that a connection died while the environment was frozen.
    pub attempt: Duration,
}

impl Default for CallTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            attempt: Duration::from_secs(3),
        }
    }
}

/// The configuration that all clients of a function share: one connection
/// pool, credentials and region from the variables that Lambda sets.
pub async fn sdk_config(env: &Env, timeouts: CallTimeouts) -> Result<SdkConfig, ConfigError> {
    let region = env.required("AWS_REGION", "the AWS region, such as eu-west-1")?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(timeouts.connect)
        .operation_attempt_timeout(timeouts.attempt)
        // One attempt an operation; what is left is connecting.
        .operation_timeout(timeouts.attempt + timeouts.connect)
        .build();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(http_client(env))
        .timeout_config(timeouts)
        // The attempt time-out covers the whole exchange, bodies included.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    Ok(config)
}

/// TLS with ring, or none at all where every endpoint is plain HTTP (the local
/// stack), which spares loading the system's root certificates.
fn http_client(env: &Env) -> SharedHttpClient {
    let all_plain = env
        .starting_with("AWS_ENDPOINT_URL_")
        .iter()
        .all(|url| url.starts_with("http://"));
    if all_plain
        && env
            .optional("AWS_ENDPOINT_URL")
            .is_some_and(|url| url.starts_with("http://"))
    {
        Builder::new().build_http()
    } else {
        Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https()
    }
}
