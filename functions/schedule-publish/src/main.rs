//! The schedule-publish function's binary.

use lambda_runtime::{LambdaEvent, service_fn};
use shared::{config::Env, metrics::Metrics, telemetry, trace_context::TraceContext};

// One thread: the work waits, for the instant and for the database.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let env = Env::process();
    telemetry::init(&env, "schedule_publish");
    let function = &schedule_publish::from_env(&env, &Metrics::stdout(&env))
        .await
        .inspect_err(|error| error.log())?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<_>| async move {
        let deadline = shared::deadline(&event.context);
        let work = function.handle(event.payload, &event.context.request_id, deadline);
        TraceContext::of_invocation(&event.context).follow(work).await
    }))
    .await
}
