//! The `actions` function.

use lambda_http::{Error, Request, run, service_fn};
use shared::{config::Env, metrics::Metrics, telemetry};

// The search has a thread of its own; this one is for everything that waits.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    telemetry::init(&env, "actions");
    let actions = &actions::from_env(&env, &Metrics::stdout(&env))
        .await
        .inspect_err(|error| tracing::error!(error, "actions cannot start"))?;
    run(service_fn(async |request: Request| {
        Ok::<_, Error>(actions.handle(request).await)
    }))
    .await
}
