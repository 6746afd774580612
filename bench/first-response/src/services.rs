//! What the functions talk to: the local stack's services behind TLS, a Redis and a
//! MariaDB, each at the end of a delayed way.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;
use axum::Router;
use http::StatusCode;
use local::{
    faults::Faults,
    firehose::{Firehose, FirehoseSettings},
    sns::{Sns, SnsSettings},
    sqs::{Sqs, SqsSettings},
};
use serde_json::json;
use tempfile::TempDir;
use testkit::{Certificates, MariaDb};
use tokio::net::{TcpListener, TcpStream};

use crate::delay::delayed;

const ACCOUNT: &str = "000000000000";
const REGION: &str = "eu-west-1";

/// Where everything is.
pub struct Services {
    /// AWS, over TLS, far away.
    pub aws: String,
    /// The same on this machine's own doorstep, over TLS: what a ping to a fake would meet.
    pub fake: String,
    /// Of the authority that signed for both.
    pub ca_bundle: PathBuf,
    pub valkey: String,
    pub database: String,
    _redis: Redis,
    _mariadb: MariaDb,
    _folder: TempDir,
}

impl Services {
    pub async fn start(round_trip: Duration) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let certificates = Certificates::make(&["localhost"]);
        let ca_bundle = folder.path().join("ca.pem");
        std::fs::write(&ca_bundle, &certificates.ca)?;
        let plain = aws(&folder).await?;
        let tls = terminate(&certificates, plain).await?;

        let port = testkit::free_port();
        let redis = Redis::start(&folder, &certificates, port)?;
        let mariadb = tokio::task::spawn_blocking(|| MariaDb::start(testkit::Options::default())).await?;
        let url = mariadb.database();
        lessons::migrate::run(&mut lessons::Database::from_url(&url)?.connect().await?).await?;

        let far = |port: u16| delayed(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), round_trip);
        let near_database = format!(":{}/", mariadb.port());
        Ok(Self {
            aws: format!("https://localhost:{}", far(tls)?),
            fake: format!("https://localhost:{tls}"),
            ca_bundle,
            valkey: format!("rediss://localhost:{}", far(port)?),
            database: url.replace(&near_database, &format!(":{}/", far(mariadb.port())?)),
            _redis: redis,
            _mariadb: mariadb,
            _folder: folder,
        })
    }

    pub fn queue_url(&self) -> String {
        format!("{}/{ACCOUNT}/traces", self.aws)
    }

    pub fn topic_arn() -> String {
        format!("arn:aws:sns:{REGION}:{ACCOUNT}:alerts")
    }
}

struct Redis(Child);

impl Redis {
    fn start(folder: &TempDir, certificates: &Certificates, port: u16) -> anyhow::Result<Self> {
        std::fs::write(folder.path().join("server.pem"), &certificates.certificate)?;
        std::fs::write(folder.path().join("key.pem"), &certificates.key)?;
        let server = Command::new("redis-server")
            .args([
                "--save",
                "",
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--tls-port",
                &port.to_string(),
            ])
            .args(["--tls-cert-file", "server.pem", "--tls-key-file", "key.pem"])
            .args(["--tls-ca-cert-file", "ca.pem", "--tls-auth-clients", "no"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn();
        server
            .map(Self)
            .context("redis-server is not installed; `make services` does it")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// SQS, Firehose and SNS as `punctual` has them, and Lambda's answer to a dry run.
async fn aws(folder: &TempDir) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let (account_id, region) = (ACCOUNT.to_owned(), REGION.to_owned());
    let sqs = SqsSettings {
        endpoint: format!("http://{address}"),
        account_id: account_id.clone(),
        region: region.clone(),
    };
    let firehose = FirehoseSettings {
        account_id: account_id.clone(),
        region: region.clone(),
    };
    let sns = SnsSettings { account_id, region };
    let sqs = Sqs::open(&folder.path().join("sqs"), sqs, Faults::default())?;
    let firehose = Firehose::open(&folder.path().join("firehose"), firehose, Faults::default())?;
    let sns = Sns::open(&folder.path().join("sns"), sns, Faults::default())?;
    sqs.handle("CreateQueue", json!({"QueueName": "traces"}).to_string().into())
        .await;
    let stream = json!({"DeliveryStreamName": "traces", "ExtendedS3DestinationConfiguration": {
        "RoleARN": "arn:aws:iam::000000000000:role/firehose", "BucketARN": "arn:aws:s3:::data"}});
    firehose
        .handle("CreateDeliveryStream", stream.to_string().into())
        .await;
    sns.handle("Action=CreateTopic&Name=alerts".into()).await;
    let lambda = axum::routing::post(async || StatusCode::NO_CONTENT);
    let router = Router::new()
        .route("/2015-03-31/functions/{name}/invocations", lambda)
        .merge(local::aws_api::router(sqs, sns, firehose));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// TLS in front of `to`; returns its port.
async fn terminate(certificates: &Certificates, to: SocketAddr) -> anyhow::Result<u16> {
    let tls = certificates.acceptor();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let tls = tls.clone();
            tokio::spawn(async move {
                near.set_nodelay(true)?;
                let mut near = tls.accept(near).await?;
                let mut far = TcpStream::connect(to).await?;
                far.set_nodelay(true)?;
                tokio::io::copy_bidirectional(&mut near, &mut far).await
            });
        }
    });
    Ok(port)
}
