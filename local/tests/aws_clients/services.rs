//! The server under test and its clients.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_firehose::types::{
    BufferingHints, CompressionFormat, EncryptionConfiguration, ExtendedS3DestinationConfiguration,
    NoEncryptionConfig,
};
use aws_sdk_sqs::types::MessageSystemAttributeName;
use local::faults::Faults;
use local::firehose::{Firehose, FirehoseSettings};
use local::sns::{Sns, SnsSettings};
use local::sqs::{Sqs, SqsSettings};

pub type TestResult = Result<(), Box<dyn std::error::Error>>;

/// Clients of one server.
pub struct Services {
    pub endpoint: String,
    pub sqs: aws_sdk_sqs::Client,
    pub sns: aws_sdk_sns::Client,
    pub firehose: aws_sdk_firehose::Client,
    _folder: Option<tempfile::TempDir>,
}

impl Services {
    pub async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let (endpoint, folder) = match std::env::var("PUNCTUAL_AWS_ENDPOINT") {
            Ok(endpoint) => (endpoint, None),
            Err(_) => {
                let folder = tempfile::tempdir()?;
                (serve(folder.path()).await?, Some(folder))
            }
        };
        // Not the environment's HTTP client: plain HTTP, no trust store to load.
        let http = aws_smithy_http_client::Builder::new().build_http();
        let credentials = aws_sdk_sqs::config::Credentials::new("test", "test", None, None, "tests");
        let sqs = aws_sdk_sqs::Config::builder()
            .behavior_version(aws_sdk_sqs::config::BehaviorVersion::latest())
            .region(aws_sdk_sqs::config::Region::new("us-east-1"))
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .endpoint_url(&endpoint)
            .build();
        let sns = aws_sdk_sns::Config::builder()
            .behavior_version(aws_sdk_sns::config::BehaviorVersion::latest())
            .region(aws_sdk_sns::config::Region::new("us-east-1"))
            .credentials_provider(credentials.clone())
            .http_client(http.clone())
            .endpoint_url(&endpoint)
            .build();
        let firehose = aws_sdk_firehose::Config::builder()
            .behavior_version(aws_sdk_firehose::config::BehaviorVersion::latest())
            .region(aws_sdk_firehose::config::Region::new("us-east-1"))
            .credentials_provider(credentials)
            .http_client(http)
            .endpoint_url(&endpoint)
            .build();
        Ok(Self {
            endpoint,
            sqs: aws_sdk_sqs::Client::from_conf(sqs),
            sns: aws_sdk_sns::Client::from_conf(sns),
            firehose: aws_sdk_firehose::Client::from_conf(firehose),
            _folder: folder,
        })
    }

    pub async fn queue(&self) -> Result<String, Box<dyn std::error::Error>> {
        let created = self.sqs.create_queue().queue_name(unique("queue"));
        Ok(created.send().await?.queue_url.ok_or("a queue URL")?)
    }

    /// The ARN of a new topic.
    pub async fn topic(&self) -> Result<String, Box<dyn std::error::Error>> {
        let created = self.sns.create_topic().name(unique("topic"));
        Ok(created.send().await?.topic_arn.ok_or("a topic's ARN")?)
    }

    /// Receives once, waiting up to 5 s for the first message.
    pub async fn receive(
        &self,
        url: &str,
    ) -> Result<Vec<aws_sdk_sqs::types::Message>, Box<dyn std::error::Error>> {
        let received = self
            .sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .wait_time_seconds(5)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await?;
        Ok(received.messages.unwrap_or_default())
    }

    pub async fn stream(&self) -> Result<String, Box<dyn std::error::Error>> {
        let (name, bucket) = (unique("stream"), unique("bucket"));
        // Other servers want the bucket to be there; here the answer is 404.
        let url = format!("{}/{bucket}", self.endpoint);
        let put = move || ureq::put(&url).send_empty().is_ok();
        tokio::task::spawn_blocking(put).await?;
        let destination = ExtendedS3DestinationConfiguration::builder()
            .role_arn("arn:aws:iam::123456789012:role/firehose")
            .bucket_arn(format!("arn:aws:s3:::{bucket}"))
            .buffering_hints(
                BufferingHints::builder()
                    .size_in_mbs(5)
                    .interval_in_seconds(60)
                    .build(),
            )
            // Some servers give back only what they were given, and the client
            // cannot read a description without these two.
            .compression_format(CompressionFormat::Uncompressed)
            .encryption_configuration(
                EncryptionConfiguration::builder()
                    .no_encryption_config(NoEncryptionConfig::NoEncryption)
                    .build(),
            )
            .build()?;
        self.firehose
            .create_delivery_stream()
            .delivery_stream_name(&name)
            .extended_s3_destination_configuration(destination)
            .send()
            .await?;
        Ok(name)
    }
}

async fn serve(folder: &std::path::Path) -> Result<String, Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let settings = SqsSettings {
        endpoint: endpoint.clone(),
        account_id: "123456789012".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let firehose = FirehoseSettings {
        account_id: settings.account_id.clone(),
        region: settings.region.clone(),
    };
    let sns = SnsSettings {
        account_id: settings.account_id.clone(),
        region: settings.region.clone(),
    };
    let sqs = Sqs::open(&folder.join("sqs"), settings, Faults::default())?;
    let sns = Sns::open(&folder.join("sns"), sns, Faults::default())?;
    let firehose = Firehose::open(&folder.join("firehose"), firehose, Faults::default())?;
    let router = local::aws_api::router(sqs, sns, firehose);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(endpoint)
}

/// A name that no other test, and no other run against the same server, uses.
pub fn unique(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{kind}-{}-{n}", uuid::Uuid::new_v4().simple())
}
