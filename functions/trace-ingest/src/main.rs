//! The `trace-ingest` function.

use lambda_http::{Error, Request, run, service_fn};
use shared::{config::Env, metrics::Metrics, telemetry};

// One thread: below 1,769 MB there is less than one vCPU.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    telemetry::init(&env, "trace_ingest");
    let ingest = &trace_ingest::from_env(&env, &Metrics::stdout(&env))
        .await
        .inspect_err(|error| tracing::error!(error, "trace-ingest cannot start"))?;
    run(service_fn(async |request: Request| {
        Ok::<_, Error>(ingest.handle(request).await)
    }))
    .await
}
