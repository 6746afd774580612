//! The trace-forward function's binary.

use lambda_runtime::{LambdaEvent, service_fn};
use shared::{config::Env, metrics::Metrics, telemetry, trace_context::TraceContext};

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
        let trace = TraceContext::of_invocation(&event.context);
        let work = forwarder.forward(event.payload, trace.clone(), deadline);
        trace.follow(work).await
    }))
    .await
}
