//! The real SQS client, warmed up over TLS.

use std::{num::NonZeroUsize, time::Instant};

use futures::future::join;
use lambda_runtime::tracing::Level;
use shared::{
    aws::{CallTimeouts, sdk_config},
    config::Env,
    envelope::Stream,
    lines::{LineQueue as _, SqsLineQueue},
    queue::{CONNECTIONS, ping},
    trace_context::TraceContext,
    warmup::{Ping, Report, WarmUp},
};
use testkit::{Certificates, Peer, WallClock, says, with_log};

use super::{LONG, SHORT, trusting};

const TWO: NonZeroUsize = NonZeroUsize::new(2).expect("not zero");

struct World {
    peer: Peer,
    clock: WallClock,
    client: aws_sdk_sqs::Client,
    queue: SqsLineQueue,
}

impl World {
    async fn new() -> Self {
        let certificates = Certificates::make(&["localhost"]);
        let peer = Peer::with_tls(&certificates).await;
        let clock = WallClock::default();
        let transport = trusting(&certificates, &clock, SHORT);
        let env = Env::of([("AWS_REGION", "eu-west-1")]);
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
        }
    }

    /// Failures, with connections and requests that the server saw.
    async fn warm_up(&self, mode: &str) -> (usize, (usize, usize)) {
        let report = self.warm_up_of(mode, self.queue.ping()).await;
        (report.failed(), self.peer.seen())
    }

    async fn warm_up_of(&self, mode: &str, ping: Ping<'_>) -> Report {
        let warm_up = WarmUp::from_env(&Env::of([("WARM_UP", mode)])).expect("a mode");
        warm_up.run(&[ping]).await
    }

    /// Two requests, of which neither is answered before the other is there.
    async fn two_at_once(&self) {
        self.peer.answer_together(0, 2);
        let (line, trace) = (["{}\n".to_owned()], TraceContext::begin());
        let one = || self.queue.enqueue(&line, &trace, LONG);
        assert_eq!(join(one(), one()).await, (Ok(()), Ok(())));
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

#[tokio::test]
async fn connect_opens_as_many_as_an_answer_needs() {
    let world = World::new().await;
    let report = world
        .warm_up_of("connect", world.queue.ping().per_answer(TWO))
        .await;
    assert_eq!((report.failed(), world.peer.seen()), (0, (2, 0)));
    world.two_at_once().await;
    assert_eq!(world.peer.seen(), (2, 2));
}

/// Nobody waited for them, and yet they are the ones that the answer uses.
#[tokio::test]
async fn connect_does_not_wait_for_what_overlaps_with_other_work() {
    let world = World::new().await;
    let ping = world.queue.ping().per_answer(TWO).overlapped();
    let (report, lines) = with_log(Level::INFO, world.warm_up_of("connect", ping)).await;
    assert_eq!((report.pinged, world.peer.seen()), (Vec::new(), (0, 0)));
    assert!(says(&lines, &["connecting beside"]), "{lines:?}");
    world.two_at_once().await;
    assert_eq!(world.peer.seen(), (2, 2));
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
    let stored = world
        .queue
        .enqueue(&["{}\n".to_owned()], &TraceContext::begin(), LONG)
        .await;
    assert_eq!(stored, Ok(()));
    assert!(began.elapsed() < CallTimeouts::default().attempt);
    assert_eq!(world.peer.seen().1, pings + 1);
}
