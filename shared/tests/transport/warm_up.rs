//! The real SQS client, warmed up over TLS.

use std::time::Instant;

use shared::{
    aws::{CallTimeouts, sdk_config},
    config::Env,
    envelope::Stream,
    lines::{LineQueue as _, SqsLineQueue},
    queue::{CONNECTIONS, ping},
    warmup::WarmUp,
};
use testkit::{Certificates, Peer, WallClock};

use super::{LONG, SHORT, patient};

struct World {
    peer: Peer,
    clock: WallClock,
    client: aws_sdk_sqs::Client,
    queue: SqsLineQueue,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let certificates = Certificates::make(&["localhost"]);
        let peer = Peer::with_tls(&certificates).await;
        let folder = tempfile::tempdir().expect("a folder");
        let bundle = folder.path().join("bundle.pem");
        std::fs::write(&bundle, &certificates.ca).expect("written");
        let env = Env::of([
            ("AWS_REGION", "eu-west-1"),
            ("AWS_CA_BUNDLE", bundle.to_str().expect("UTF-8")),
        ]);
        let clock = WallClock::default();
        let transport = patient(&clock, &env, SHORT);
        let sdk = sdk_config(&env, &transport, CallTimeouts::default()).expect("a config");
        let config = aws_sdk_sqs::config::Builder::from(&sdk)
            .endpoint_url(peer.url())
            .credentials_provider(aws_sdk_sqs::config::Credentials::new(
                "a", "b", None, None, "test",
            ))
            .build();
        let client = aws_sdk_sqs::Client::from_conf(config);
        Self {
            peer,
            clock,
            queue: SqsLineQueue::new(client.clone(), "https://queue".to_owned(), Stream::Traces),
            client,
            _folder: folder,
        }
    }

    /// Failures, with connections and requests that the server saw.
    async fn warm_up(&self, mode: &str) -> (usize, (usize, usize)) {
        let warm_up = WarmUp::from_env(&Env::of([("WARM_UP", mode)])).expect("a mode");
        let report = warm_up.run(&[self.queue.ping()]).await;
        (report.failed(), self.peer.seen())
    }
}

#[tokio::test]
async fn off_does_nothing() {
    assert_eq!(World::new().await.warm_up("off").await, (0, (0, 0)));
}

#[tokio::test]
async fn connect_sends_nothing_and_the_first_request_opens_nothing() {
    let world = World::new().await;
    assert_eq!(world.warm_up("connect").await, (0, (1, 0)));
    assert_eq!(world.warm_up("basic").await, (0, (1, 1)));
}

/// Answered only when all are there: pings of which one waits for another's
/// connection would wait until the end of the warm-up's time.
#[tokio::test]
async fn full_fills_the_pool_with_pings_that_are_on_their_way_at_once() {
    let world = World::new().await;
    let pool = CONNECTIONS.get();
    world.peer.answer_together(1, pool);
    assert_eq!(world.warm_up("full").await, (0, (pool, 1 + pool)));
}

/// As after a freeze: the other side hung up, and the client finds out only when it
/// sends. One call of the SDK's, which retries nothing, is answered all the same, and
/// within what an answer takes: a connection, and a request.
#[tokio::test]
async fn a_call_after_all_idle_connections_were_cut_is_answered() {
    let world = World::new().await;
    let (_, (_, pings)) = world.warm_up("full").await;
    for calls in 1..=3 {
        world.peer.hang_up();
        let began = Instant::now();
        assert_eq!(ping(&world.client, "https://queue").await, Ok(()));
        assert!(began.elapsed() < CallTimeouts::default().patience);
        let (_, seen) = world.peer.seen();
        assert_eq!(seen, pings + calls, "sent once");
    }
}

/// The same where nobody hung up: neither the attempt's own time-out nor the caller's
/// next attempt is what ends the silence.
#[tokio::test]
async fn lines_after_all_idle_connections_fell_silent_are_stored_at_the_first_attempt() {
    let world = World::new().await;
    let (_, (_, pings)) = world.warm_up("full").await;
    world.clock.leap();
    world.peer.fall_silent();
    let began = Instant::now();
    let stored = world.queue.enqueue(&["{}\n".to_owned()], None, LONG).await;
    assert_eq!(stored, Ok(()));
    assert!(began.elapsed() < CallTimeouts::default().attempt);
    assert_eq!(world.peer.seen().1, pings + 1);
}
