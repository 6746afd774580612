use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{
    dialect::{self, Sender},
    value::Received,
};

const BUDGET: Duration = Duration::from_millis(20);

/// A store that takes `delay` and then answers with `result`.
struct Fake {
    delay: Duration,
    result: Result<(), String>,
    calls: AtomicUsize,
}

impl NewestPositions for Fake {
    async fn update(&self, _: Vec<Position>) -> Result<(), String> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(self.delay).await;
        self.result.clone()
    }
}

fn guarded(delay: Duration, result: Result<(), String>) -> Guarded<Fake> {
    Guarded::new(
        Some(Fake {
            delay,
            result,
            calls: AtomicUsize::new(0),
        }),
        BUDGET,
    )
}

fn received() -> Received {
    Received::at_epoch_ms(1_769_443_200_000)
}

fn positions() -> Vec<Position> {
    let body = br#"{"agent_id":"a","recorded_at":1769443022000,"lat":1,"lon":1}"#;
    let sender = Sender {
        key_id: "k".into(),
        received: received(),
        user: None,
        device: None,
    };
    dialect::parse(body, &sender).expect("a batch").positions
}

async fn timed(guarded: &Guarded<Fake>) -> (Outcome, Duration) {
    let began = Instant::now();
    let outcome = guarded.update(positions()).await;
    (outcome, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_store_in_time_is_waited_for() {
    let guarded = guarded(Duration::from_millis(19), Ok(()));
    assert_eq!(
        timed(&guarded).await,
        (Outcome::Written, Duration::from_millis(19))
    );
}

#[tokio::test(start_paused = true)]
async fn a_hanging_store_costs_its_budget_once_and_then_nothing_until_it_is_tried_again() {
    let guarded = guarded(Duration::from_secs(3600), Ok(()));
    assert_eq!(timed(&guarded).await, (Outcome::Late, BUDGET));
    assert_eq!(timed(&guarded).await, (Outcome::Paused, Duration::ZERO));
    tokio::time::advance(PAUSE).await;
    assert_eq!(timed(&guarded).await, (Outcome::Late, BUDGET));
    assert_eq!(
        guarded
            .store
            .as_ref()
            .map(|store| store.calls.load(Ordering::Relaxed)),
        Some(2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_is_left_alone_for_a_while() {
    let guarded = guarded(Duration::ZERO, Err("OOM".into()));
    assert_eq!(timed(&guarded).await.0, Outcome::Failed);
    assert_eq!(timed(&guarded).await.0, Outcome::Paused);
}

#[tokio::test(start_paused = true)]
async fn no_store_and_no_traces_are_fine() {
    let none: Guarded<Fake> = Guarded::new(None, BUDGET);
    assert_eq!(none.update(positions()).await, Outcome::Off);
    let some = guarded(Duration::ZERO, Ok(()));
    assert_eq!(some.update(Vec::new()).await, Outcome::Off);
}
