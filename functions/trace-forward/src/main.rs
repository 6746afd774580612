//! The trace-forward function's binary.

use lambda_runtime::{LambdaEvent, service_fn};
use shared::{config::Env, metrics::Metrics, telemetry};

// One thread: the work waits for Firehose, and below 1,769 MB there is less than one vCPU.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let env = Env::process();
    telemetry::init(&env, "trace_forward");
    let forwarder = &trace_forward::from_env(&env, &Metrics::stdout(&env))
        .await
        .inspect_err(|error| error.log())?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<_>| async move {
        let deadline = shared::deadline(&event.context);
        forwarder.forward(event.payload, deadline).await
    }))
    .await
}
