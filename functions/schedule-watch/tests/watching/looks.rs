use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use lessons::{
    Database, StoreError,
    connection::Value,
    store::{RunState, SqlStore, Stores},
};
use schedule_watch::{
    answer::{Answer, IncidentState},
    clock::{Clock as _, SystemClock},
    handler::Watcher,
    message::Words,
    sight::Publisher,
    tables::Tables,
    tell::Channels,
};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{Asked, Taker, sim::Sim, world::World};

const HOUR: Duration = Duration::from_secs(3_600);

pub async fn a_healthy_slot_ends_at_the_first_look(mut world: World) {
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    world.open_all().await;
    // Due within the slot, and not yet.
    world.lesson(slot.begin + SignedDuration::from_secs(30)).await;
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
    assert!(off < Duration::from_millis(500), "{off:?}");
}

#[tokio::test]
async fn a_late_wake_looks_at_once() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    let long_ago = lessons::time::Slot::minute_of(slot.begin - SignedDuration::from_mins(5));
    world.is_fine(long_ago).await;
    let started = world.clock.now();
    assert_eq!(world.watch(long_ago).await.looks, 1);
    assert!(world.clock.now() - started < Duration::from_millis(900));
}

#[tokio::test]
async fn looks_go_on_until_the_last_lesson_is_open() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    let late = world.when(slot.begin + SignedDuration::from_millis(2_500)).await;
    let database = world.tables.database.clone();
    world.clock.at(late, async move {
        let mut store = database.store().await.expect("a store");
        let open = "UPDATE lesson SET status = ?";
        let opened = store.connection().execute(open, &[Value::Int(1)]).await;
        assert_eq!(opened.expect("opened"), 1);
    });
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (3, Some(0)));
    assert_eq!(answer.incident, IncidentState::None);
}

#[tokio::test]
async fn a_lesson_is_late_after_a_second_and_not_before() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    // At the fifth look this one is 900 ms late.
    world
        .lesson(slot.begin + SignedDuration::from_millis(4_100))
        .await;
    assert_eq!(world.watch(slot).await.looks, 1);
    world
        .lesson(slot.begin + SignedDuration::from_millis(3_000))
        .await;
    world.lesson(slot.begin - SignedDuration::from_millis(1)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (5, Some(2)));
    let worst = answer.worst_late_ms.expect("known");
    assert!((5_001..5_500).contains(&worst), "{worst}");
}

/// Tables behind a login that takes longer than a look.
#[derive(Clone)]
struct Slow(Database);

#[async_trait]
impl Stores for Slow {
    type Store = SqlStore;

    async fn open(&self) -> Result<SqlStore, StoreError> {
        tokio::time::sleep(Duration::from_millis(1_600)).await;
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
    let watcher = Watcher::new(
        Slow(world.tables.database.clone()),
        Asked(Taker::new(&Sim::default())),
        Channels::default(),
        Words::new(String::new()),
        SystemClock,
    );
    let json = json!({"slot": past.begin})
        .as_object()
        .cloned()
        .expect("an object");
    let answer = watcher.handle(json, Instant::now() + HOUR).await;
    let Ok(Answer::Slot(answer)) = answer else {
        panic!("{answer:?}")
    };
    // Half a second before the first, one in it, the rest in the second.
    assert_eq!((answer.looks, answer.publisher), (2, Publisher::Done));
}
