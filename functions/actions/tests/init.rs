//! What is done before the first event, and what becomes of it.

mod support;

use std::time::Duration;

use actions::with_clock;
use lambda_http::tracing::Level;
use serde_json::Value;
use shared::{config::Env, lines::SqsLineQueue, metrics::Metrics};
use support::{HASH, body, event_file, request};
use testkit::{Peer, WallClock, says, with_log};

type Actions = actions::handler::Actions<SqsLineQueue>;

/// Twice as long as a record waits on a connection that rested, and shorter than what
/// other calls do.
const RECORD_BUDGET_MS: &str = "900";

struct World {
    sqs: Peer,
    clock: WallClock,
    actions: Actions,
    log: Vec<String>,
}

impl World {
    async fn after(warm_up: &str) -> Self {
        let (sqs, clock) = (Peer::plain().await, WallClock::default());
        let env = Env::of([
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", &sqs.url()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("API_KEY_HASHES", HASH),
            ("ACTION_QUEUE_URL", "http://queue"),
            ("RECORD_BUDGET_MS", RECORD_BUDGET_MS),
            ("WARM_UP", warm_up),
        ]);
        let metrics = Metrics::discarded();
        let (started, log) = with_log(Level::INFO, with_clock(&env, &metrics, clock.now())).await;
        Self {
            sqs,
            clock,
            actions: started.expect("it starts"),
            log,
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        says(&self.log, words)
    }

    async fn recorded(&self) -> Value {
        let response = self
            .actions
            .handle(request(&event_file("actions-recorded")))
            .await;
        body(&response)["recorded"]["status"].clone()
    }
}

#[tokio::test]
async fn full_asks_the_queue_and_rehearses_a_search() {
    let world = World::after("full").await;
    assert!(
        world.says(&["ping=\"sqs\"", "stage=2", "pinged"]),
        "{:?}",
        world.log
    );
    assert!(
        world.says(&["ping=\"search\"", "stage=1", "pinged"]),
        "{:?}",
        world.log
    );
    assert!(world.says(&["warmed up", "failed=0"]), "{:?}", world.log);
}

#[tokio::test]
async fn connect_waits_for_nothing_and_opens_what_one_answer_uses() {
    let world = World::after("connect").await;
    assert!(
        world.says(&["ping=\"sqs\"", "connecting beside"]),
        "{:?}",
        world.log
    );
    assert!(!world.says(&["search"]), "{:?}", world.log);
    let both = tokio::time::timeout(Duration::from_secs(20), world.sqs.until_seen((2, 0)));
    both.await.expect("two connections");
    // So that the early record is not answered before the late one is there.
    world.sqs.answer_together(0, 2);
    assert_eq!(world.recorded().await, "stored");
    assert_eq!(world.sqs.seen(), (2, 2));
}

/// A frozen environment's connections are silent: the record still has time for a
/// second try.
#[tokio::test]
async fn after_a_freeze_an_answer_s_record_is_stored_all_the_same() {
    let world = World::after("full").await;
    world.clock.leap();
    world.sqs.fall_silent();
    assert_eq!(world.recorded().await, "stored");
}
