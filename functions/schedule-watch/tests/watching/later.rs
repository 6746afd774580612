//! Lessons that open later in the slot.

use std::time::Duration;

use jiff::SignedDuration;
use lessons::{
    store::{IncidentKind, Overdue, Store as _},
    time::Slot,
};
use schedule_watch::{answer::IncidentState, clock::Clock as _, sight::Publisher};

use crate::support::{
    sim::Pace,
    world::{World, watch},
};

/// An instant of the slot.
fn second(slot: Slot, milliseconds: i64) -> jiff::Timestamp {
    slot.begin + SignedDuration::from_millis(milliseconds)
}

/// A lesson that opens, by whatever publishes, 100 ms after its instant.
async fn opens(world: &mut World, instant: jiff::Timestamp) {
    world.lesson(instant).await;
    let opens = world.when(instant).await + Duration::from_millis(100);
    world.opens(opens, instant);
}

pub async fn each_instant_that_opens_takes_one_look(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    for instant in [0, 20_000, 45_500] {
        opens(&mut world, second(slot, instant)).await;
    }
    let end = world.when(second(slot, 46_500)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (3, Some(0)));
    assert_eq!((answer.incident, answer.replayed), (IncidentState::None, false));
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
    let after = world.clock.now().saturating_duration_since(end);
    assert!(after < Duration::from_secs(5), "{after:?}");
}

pub async fn lessons_within_the_slot_that_stay_closed_are_an_alert_within_six_seconds(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    opens(&mut world, slot.begin).await;
    world.lesson(second(slot, 20_000)).await;
    world.lesson(second(slot, 45_000)).await;
    let due = world.when(second(slot, 20_000)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (6, Some(1)));
    assert_eq!((answer.incident, answer.replayed), (IncidentState::Opened, true));
    assert_eq!(answer.told, ["sns", "slack"]);
    for phone in [&world.sns, &world.slack] {
        let [(at, message)] = &phone.1.new_ones()[..] else {
            panic!("one alert")
        };
        let after = at.saturating_duration_since(due);
        assert!(
            (Duration::from_millis(4_990)..Duration::from_secs(6)).contains(&after),
            "{after:?}"
        );
        assert_eq!(message.subject, "Punctual: 1 lesson not open");
    }
    let replays = world.asked.0.new_ones();
    assert_eq!((replays.len(), replays[0].1.from), (1, second(slot, 20_000)));
    // What this wake has seen to is the next one's to go on with.
    assert_eq!(world.store.incidents().await.expect("incidents").len(), 1);
    assert!(world.clock.now() < due + Duration::from_secs(10));
}

#[tokio::test]
async fn looks_are_a_second_apart_where_instants_are_closer() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(second(slot, 20_000)).await;
    world.lesson(second(slot, 20_600)).await;
    let opens = world.when(second(slot, 20_900)).await;
    world.opens(opens, second(slot, 20_000));
    let due = world.when(second(slot, 20_600)).await;
    let answer = world.watch(slot).await;
    // At 1, 21, and 22 to 25 s.
    assert_eq!((answer.looks, answer.overdue), (6, Some(1)));
    let (at, _) = world.sns.1.new_ones().remove(0);
    let after = at.saturating_duration_since(due);
    assert!(
        (Duration::from_millis(4_390)..Duration::from_millis(5_500)).contains(&after),
        "{after:?}"
    );
}

#[tokio::test]
async fn what_this_invocation_has_no_time_for_is_left_to_the_next() {
    // A second until the first look, four until the last, 6.7 to see to it.
    for (instant, looks) in [(47_000, 6), (49_500, 1)] {
        let mut world = World::sqlite().await;
        let slot = world.next_slot().await;
        world.blocked(slot).await;
        world.lesson(second(slot, instant)).await;
        let answer = world.watch_for(slot, Duration::from_secs(60)).await;
        assert_eq!(answer.looks, looks, "{instant}");
    }
}

#[tokio::test]
async fn what_is_wrong_at_the_begin_ends_the_wake() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    world.lesson(second(slot, 30_000)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (5, Some(1)));
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
}

#[tokio::test]
async fn looks_wait_for_no_channel() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    let raised = world
        .store
        .raise(IncidentKind::Overdue, slot.begin, Overdue::default())
        .await;
    assert!(raised.expect("raised"));
    world.lesson(second(slot, 5_000)).await;
    // Slack takes the word of the end no sooner than a replay is asked for.
    world.slack.1 = world.slack.1.clone().after(&world.asked.0);
    // The database's clock jumps too.
    let (database, told) = (world.tables.database.clone(), world.sns.1.takes());
    let closed_at = second(slot, 1_000);
    let soon = world.when(second(slot, 2_000)).await;
    world.clock.at(soon, async move {
        told.await;
        let mut store = database.store().await.expect("a store");
        let sql = "UPDATE publish_incident SET closed_at = ? WHERE closed_at IS NOT NULL";
        let written = store.connection().execute(sql, &[closed_at.into()]).await;
        assert_eq!(written.expect("written"), 1);
    });
    let watcher = world.environment();
    let answer = watch(&watcher, &world.clock, slot).await;
    assert_eq!((answer.looks, answer.incident), (6, IncidentState::Opened));
    assert_eq!((answer.told.len(), answer.replayed), (2, true));
    for texts in world.heard() {
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| text.contains("over, ")).count(), 1);
    }
    assert_eq!(world.store.incidents().await.expect("incidents").len(), 2);
}

#[tokio::test]
async fn a_look_that_fails_later_in_the_slot_is_taken_again() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    opens(&mut world, second(slot, 20_000)).await;
    // The connection, the looks at 1 and 21 s; what is written meanwhile comes
    // between them.
    world
        .clock
        .paces([Pace::Prompt, Pace::Prompt, Pace::Prompt, Pace::Hangs]);
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (3, Publisher::Planned));
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
}
