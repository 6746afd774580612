//! The `trace-ingest` function.

use lambda_http::{Error, Request, run, service_fn};
use shared::{aws, config::Env, telemetry};
use trace_ingest::{config::Config, handler::Ingest, newest::ValkeyNewest, queue::SqsTraceQueue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    telemetry::init(&env);
    let config = Config::from_env(&env)?;
    let sdk = aws::sdk_config(&env, aws::CallTimeouts::default()).await?;
    let queue = SqsTraceQueue::new(aws_sdk_sqs::Client::new(&sdk), config.queue_url.clone());
    let newest = config.valkey_url.as_ref().map(ValkeyNewest::new).transpose()?;
    let ingest = Ingest::new(&config, queue, newest, jiff::Timestamp::now);
    run(service_fn(async |request: Request| {
        Ok::<_, Error>(ingest.handle(request).await)
    }))
    .await
}
