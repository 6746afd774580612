use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::SignedDuration;
use lessons::{
    Database, StoreError,
    store::{RunState, SqlStore, Stores},
};
use schedule_watch::{
    answer::{Answer, IncidentState},
    clock::{Clock as _, SystemClock},
    handler::Watcher,
    message::Words,
    sight::{Publisher, Sight},
    tables::Tables,
    tell::Channels,
};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{
    Asked, Taker,
    sim::{Pace, Sim},
    world::World,
};

const HOUR: Duration = Duration::from_secs(3_600);

pub async fn a_healthy_slot_ends_at_the_first_look(mut world: World) {
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    world.open_all().await;
    // The next slot's.
    world.lesson(slot.end).await;
    for (state, publisher) in [
        (RunState::Planned, Publisher::Planned),
        (RunState::Published, Publisher::Published),
        (RunState::Done, Publisher::Done),
    ] {
        world.publisher(slot, state, HOUR).await;
        let answer = world
            .handle(json!({"slot": slot.begin}))
            .await
            .expect("an answer");
        let Answer::Slot(answer) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!((answer.looks, answer.publisher), (1, publisher));
        assert_eq!((answer.overdue, answer.worst_late_ms), (Some(0), Some(0)));
        assert_eq!(answer.incident, IncidentState::None);
        assert!(answer.told.is_empty() && !answer.replayed);
    }
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
    assert!(world.asked.0.new_ones().is_empty());
}

#[tokio::test]
async fn it_holds_until_a_second_after_the_begin_on_the_databases_clock() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    let due = world.when(slot.begin + SignedDuration::from_secs(1)).await;
    assert_eq!(world.watch(slot).await.looks, 1);
    let off = world.clock.now().saturating_duration_since(due);
    assert!(world.clock.now() + Duration::from_millis(5) >= due, "{off:?}");
    assert!(off < Duration::from_secs(5), "{off:?}");
}

#[tokio::test]
async fn a_late_wake_looks_at_once() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    let long_ago = lessons::time::Slot::minute_of(slot.begin - SignedDuration::from_mins(5));
    world.is_fine(long_ago).await;
    assert_eq!(world.watch(long_ago).await.looks, 1);
    assert_eq!(world.clock.waited(), Duration::ZERO);
}

#[tokio::test]
async fn looks_go_on_until_the_last_lesson_is_open() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    let late = world.when(slot.begin + SignedDuration::from_millis(2_500)).await;
    world.opens(late, slot.end);
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (3, Some(0)));
    assert_eq!(answer.incident, IncidentState::None);
}

#[tokio::test]
async fn a_lesson_is_late_after_a_second_and_not_before() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    for (after, overdue, next) in [(999, 0, Some(slot.begin)), (1_000, 1, None)] {
        let at = slot.begin + SignedDuration::from_millis(after);
        let sight = Sight::take(&mut world.store, slot, at).await.expect("a sight");
        assert_eq!((sight.overdue.count, sight.next), (overdue, next), "{after}");
    }
    // The first look sees it, and what is older.
    world.lesson(slot.begin - SignedDuration::from_millis(1)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (5, Some(2)));
    let worst = answer.worst_late_ms.expect("known");
    assert!((5_001..7_000).contains(&worst), "{worst}");
}

/// Tables behind a login that takes longer than a look.
#[derive(Clone)]
struct Slow(Database, Arc<AtomicU32>);

#[async_trait]
impl Stores for Slow {
    type Store = SqlStore;

    async fn open(&self) -> Result<SqlStore, StoreError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(2_000)).await;
        self.0.store().await
    }
}

impl Tables for Slow {
    async fn close(&self, store: SqlStore) {
        store.close().await;
    }
}

#[tokio::test]
async fn a_login_that_takes_longer_than_a_look_is_not_begun_anew() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    let past = lessons::time::Slot::minute_of(slot.begin - SignedDuration::from_mins(2));
    world.is_fine(past).await;
    let logins = Arc::default();
    let watcher = Watcher::new(
        Slow(world.tables.database.clone(), Arc::clone(&logins)),
        Asked(Taker::new(&Sim::default())),
        Channels::default(),
        Words::new(String::new()),
        SystemClock,
        shared::metrics::Metrics::discarded(),
    );
    let json = json!({"slot": past.begin})
        .as_object()
        .cloned()
        .expect("an object");
    let answer = watcher.handle(json, Instant::now() + HOUR).await;
    let Ok(Answer::Slot(answer)) = answer else {
        panic!("{answer:?}")
    };
    // No look lasts two seconds.
    assert_eq!(answer.publisher, Publisher::Done);
    assert_eq!(logins.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_look_that_fails_before_one_that_is_right_is_no_outage() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    // The connection, and the first look.
    world.clock.paces([Pace::Prompt, Pace::Hangs]);
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (2, Publisher::Done));
    assert_eq!(answer.incident, IncidentState::None);
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
}

#[tokio::test]
async fn a_late_wake_too_looks_for_five_seconds_before_it_calls_it_an_outage() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    let long_ago = lessons::time::Slot::minute_of(slot.begin - SignedDuration::from_mins(5));
    world.is_fine(long_ago).await;
    world.tables.down.store(true, Ordering::Relaxed);
    let back = world.clock.now() + Duration::from_millis(2_500);
    let down = world.tables.down.clone();
    world
        .clock
        .at(back, async move { down.store(false, Ordering::Relaxed) });
    let answer = world.watch(long_ago).await;
    assert_eq!(answer.publisher, Publisher::Done);
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
}

#[tokio::test]
async fn a_slot_that_is_too_far_ahead_on_the_databases_clock_is_refused() {
    let mut world = World::sqlite().await;
    let five_minutes = SignedDuration::from_mins(5);
    world.clock.wall_is_ahead(five_minutes);
    let slot = lessons::time::Slot::minute_of(world.now().await + five_minutes);
    let error = world
        .handle(json!({"slot": slot.begin}))
        .await
        .expect_err("too far");
    assert_eq!(error.tag(), "too_far_ahead");
    assert_eq!(world.clock.waited(), Duration::ZERO);
}
