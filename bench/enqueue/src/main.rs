//! A function that sends one constant message to SQS and does nothing else: the
//! least that an answer which means "safe in the queue" can cost.

use aws_sdk_sqs::Client;
use lambda_http::{Error, Request, run, service_fn};
use shared::{
    aws::{self, CallTimeouts},
    config::Env,
    transport::Transport,
};

/// About what one trace takes.
const BODY: &str = r#"{"trace_id":"5b7e031c-143d-5792-a3f5-f19065a1a4d5","agent_id":"rider-7","recorded_at":"2026-01-26T15:57:02.000Z","received_at":"2026-01-26T15:57:02.412Z","lat":53.44451,"lon":-2.925173,"accuracy_m":5.0,"speed_mps":8.3,"heading_deg":53.0,"battery_pct":81.0,"source":"native","key_id":"local"}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    let queue = &env.required("QUEUE_URL", "the URL of the queue")?;
    let timeouts = CallTimeouts::default();
    let transport = Transport::from_env(&env, timeouts)?;
    let client = &Client::new(&aws::sdk_config(&env, &transport, timeouts)?);
    run(service_fn(async |_: Request| {
        client
            .send_message()
            .queue_url(queue)
            .message_body(BODY)
            .send()
            .await?;
        Ok::<_, Error>("{}")
    }))
    .await
}
