//! The one place where AWS clients are configured.
//!
//! The SDK's defaults are wrong for a function: it has no operation time-out
//! (and is known to hang on `put_record_batch`), looks for credentials and a
//! region in places that Lambda does not have, and brings a TLS stack whose
//! entropy source costs 10 ms to 1 s of init; [`Transport`] is used instead.
//! Endpoints are overridden with the SDK's own `AWS_ENDPOINT_URL` and
//! `AWS_ENDPOINT_URL_<SERVICE>`.

use std::time::Duration;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{
    retry::{ReconnectMode, RetryConfig},
    timeout::TimeoutConfig,
};
use aws_types::{
    SdkConfig,
    region::Region,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

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
/// credentials, region and endpoints from the variables that Lambda sets.
///
/// # Errors
/// When `AWS_REGION` is not set.
pub fn sdk_config(
    env: &Env,
    transport: &Transport,
    timeouts: CallTimeouts,
) -> Result<SdkConfig, ConfigError> {
    let region = env.required("AWS_REGION", "the AWS region, such as eu-west-1")?;
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(timeouts.attempt)
        // One attempt an operation; the rest bounds what the SDK does around it.
        .operation_timeout(timeouts.attempt + timeouts.connect)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .http_client(transport.clone())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .timeout_config(timeouts)
        // The attempt time-out covers the whole exchange, bodies included.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(
            // A 503 says nothing about its connection; newer SDKs keep it too. Else the SDK
            // logs an error each time that it cannot close one of ours.
            RetryConfig::disabled().with_reconnect_mode(ReconnectMode::ReuseAllConnections),
        )
        .service_config(ServiceVariables(env.clone()));
    config.set_credentials_provider(credentials(env));
    config.set_endpoint_url(env.optional("AWS_ENDPOINT_URL"));
    Ok(config.build())
}

/// Lambda sets them once for an environment, and they outlast it. Without any, as in
/// a test that calls nothing, each call says so.
fn credentials(env: &Env) -> Option<SharedCredentialsProvider> {
    Some(SharedCredentialsProvider::new(Credentials::new(
        env.optional("AWS_ACCESS_KEY_ID")?,
        env.optional("AWS_SECRET_ACCESS_KEY")?,
        env.optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    )))
}

/// What one service's client asks for beside what all share.
#[derive(Debug)]
struct ServiceVariables(Env);

impl LoadServiceConfig for ServiceVariables {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        self.0.optional(&format!("{}_{service}", key.env()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_of_one_service_is_found_beside_that_of_all() {
        let env = Env::of([
            ("AWS_ENDPOINT_URL_SQS", "http://sqs"),
            ("AWS_ENDPOINT_URL", "http://all"),
        ]);
        let variables = ServiceVariables(env);
        let endpoint = |service| {
            let key = ServiceConfigKey::builder()
                .service_id(service)
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url");
            variables.load_config(key.build().expect("complete"))
        };
        assert_eq!(endpoint("SQS").as_deref(), Some("http://sqs"));
        assert_eq!(endpoint("Firehose"), None);
    }
}
