//! A login with IAM: a token that is signed here, for each connection anew.

use std::path::PathBuf;

use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};
use aws_sdk_rds::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_async::time::SharedTimeSource;
use aws_types::SdkConfig;
use shared::config::{ConfigError, Env};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::error::StoreError;

/// Everything that a token and a connection need. Lambda sets an environment's
/// credentials once; they outlast it.
#[derive(Debug, Clone)]
pub(super) struct IamLogin {
    host: String,
    port: u16,
    name: String,
    user: String,
    region: String,
    ca_file: Option<PathBuf>,
    sdk: SdkConfig,
}

impl IamLogin {
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let region = env.required("AWS_REGION", "the AWS region, such as eu-west-1")?;
        let purpose = "the function's credentials, which Lambda sets";
        let credentials = Credentials::new(
            env.required("AWS_ACCESS_KEY_ID", purpose)?,
            env.required("AWS_SECRET_ACCESS_KEY", purpose)?,
            env.optional("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .time_source(SharedTimeSource::default())
            .build();
        Ok(Self {
            host: env.required("DB_HOST", "the name of the database's writer endpoint")?,
            port: env.parsed_or("DB_PORT", 3306)?,
            name: env.required("DB_NAME", "the database's name on its server")?,
            user: env.required("DB_USER", "the user, identified by AWSAuthenticationPlugin")?,
            region,
            ca_file: ca_file(env),
            sdk,
        })
    }

    /// Options with a new token, which is valid for 15 minutes and for as many
    /// connections as are opened in them; here it serves one.
    pub async fn options(&self) -> Result<MySqlConnectOptions, StoreError> {
        let options = MySqlConnectOptions::new()
            .host(&self.host)
            .port(self.port)
            .database(&self.name)
            .username(&self.user)
            .password(&self.token().await?)
            // RDS asks for the token in clear text: never without TLS, never to a
            // server that is not the one of that name.
            .ssl_mode(MySqlSslMode::VerifyIdentity)
            .enable_cleartext_plugin(true);
        Ok(match &self.ca_file {
            Some(file) => options.ssl_ca(file),
            None => options,
        })
    }

    async fn token(&self) -> Result<String, StoreError> {
        let config = Config::builder()
            .hostname(&self.host)
            .port(self.port.into())
            .username(&self.user)
            // Told nothing, the generator takes us-east-1, and the login fails.
            .region(Region::new(self.region.clone()))
            .build()
            .map_err(|error| StoreError::Connect(format!("cannot sign a token: {error}")))?;
        let token = AuthTokenGenerator::new(config).auth_token(&self.sdk).await;
        token
            .map(|token| token.as_str().to_owned())
            .map_err(|error| StoreError::Connect(format!("cannot sign a token: {error}")))
    }
}

/// Certificates to trust beside the web's: `DB_CA_FILE`, or the bundle that
/// `make build` puts beside the function. RDS instances have a certificate of
/// Amazon's own RDS authorities, which no web client trusts; Aurora Serverless
/// and RDS Proxy have one of Amazon's public authority.
fn ca_file(env: &Env) -> Option<PathBuf> {
    if let Some(file) = env.optional("DB_CA_FILE") {
        return Some(file.into());
    }
    let beside = PathBuf::from(env.optional("LAMBDA_TASK_ROOT")?).join("rds-ca.pem");
    beside.is_file().then_some(beside)
}
