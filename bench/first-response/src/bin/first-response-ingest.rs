//! trace-ingest with pings that do not do: of one client, or of a fake.
//!
//! `STRATEGY` is `one`, or the fake's URL.

use lambda_http::{Error, Request, run, service_fn};
use shared::{
    aws::{self, CallTimeouts},
    config::Env,
    envelope::Stream,
    lines::SqsLineQueue,
    metrics::Metrics,
    transport::{Transport, ca_bundle},
    warmup::WarmUp,
};
use trace_ingest::{config::Config, handler::Ingest, newest::ValkeyNewest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    shared::telemetry::init(&env, "trace_ingest");
    let config = Config::from_env(&env)?;
    let timeouts = CallTimeouts::default();
    let transport = Transport::from_env(&env, timeouts)?;
    let sdk = aws::sdk_config(&env, &transport, timeouts)?;
    let queue = |sdk: &_| {
        let client = aws_sdk_sqs::Client::new(sdk);
        SqsLineQueue::new(client, config.queue_url.clone(), Stream::Traces)
    };
    let newest = ValkeyNewest::new(
        config.valkey_url.as_ref().ok_or("no VALKEY_URL")?,
        ca_bundle(&env)?,
    )?;
    let warm_up = WarmUp::from_env(&Env::of([("WARM_UP", "basic")]))?;
    match env.required("STRATEGY", "one, or a URL")?.as_str() {
        "one" => warm_up.run(&[newest.ping()]).await,
        url => {
            let fake = sdk.clone().into_builder().endpoint_url(url).build();
            let fake = queue(&fake);
            warm_up.run(&[fake.ping()]).await
        }
    };
    let ingest = &Ingest::new(
        &config,
        queue(&sdk),
        Some(newest),
        jiff::Timestamp::now,
        Metrics::discarded(),
    );
    run(service_fn(async |request: Request| {
        Ok::<_, Error>(ingest.handle(request).await)
    }))
    .await
}
