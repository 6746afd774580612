use std::time::Duration;

use jiff::SignedDuration;
use lessons::{
    store::{IncidentKind, RunState, Store as _},
    time::Slot,
};
use schedule_watch::{answer::IncidentState, sight::Publisher};

use crate::support::world::World;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn earlier(slot: Slot, minutes: i32) -> Slot {
    Slot::minute_of(slot.begin - MINUTE * minutes)
}

pub async fn a_publisher_that_fell_silent_is_an_incident_until_it_reports(mut world: World) {
    let slot = world.next_slot().await;
    world.is_fine(earlier(slot, 10)).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (5, Publisher::Silent));
    assert_eq!((answer.overdue, answer.replayed), (Some(0), false));
    assert_eq!(answer.incident, IncidentState::Opened);
    for texts in world.heard() {
        assert!(texts[0].contains("no publisher for the slot"), "{texts:?}");
        assert!(texts[0].contains("#publisher-silent"), "{texts:?}");
    }
    let incidents = world.store.incidents().await.expect("incidents");
    assert_eq!(incidents[0].kind, IncidentKind::Silent);

    // Longer than what opens one, and still not over.
    world.passes(MINUTE).await;
    world.execute("DELETE FROM publish_run", &[]).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.incident, answer.told.len()), (IncidentState::Open, 0));

    world.is_fine(slot).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::Closed);
    for texts in world.heard() {
        assert!(texts[0].contains("over, the publisher is back"), "{texts:?}");
        assert!(texts[0].contains("No lesson was late"), "{texts:?}");
    }
}

#[tokio::test]
async fn a_first_deployment_and_a_machine_that_slept_raise_no_alarm() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (5, Publisher::Silent));
    assert_eq!((answer.incident, answer.told.len()), (IncidentState::None, 0));
    world.is_fine(earlier(slot, 11)).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::None);
    // Whoever came and planned nothing has not reported.
    world
        .publisher(earlier(slot, 1), RunState::Waiting, Duration::from_secs(60))
        .await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::None);
    world.is_fine(earlier(slot, 10)).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::Opened);
}

#[tokio::test]
async fn lessons_that_are_late_are_an_incident_at_a_first_deployment_too() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::Opened);
}

#[tokio::test]
async fn a_publisher_that_only_came_or_died_has_not_reported() {
    for (state, lease, publisher) in [
        (RunState::Waiting, Duration::from_secs(600), Publisher::Waiting),
        (RunState::Planned, Duration::ZERO, Publisher::Abandoned),
    ] {
        let mut world = World::sqlite().await;
        let slot = world.next_slot().await;
        world.is_fine(earlier(slot, 1)).await;
        world.publisher(slot, state, lease).await;
        let answer = world.watch(slot).await;
        assert_eq!(
            (answer.publisher, answer.incident),
            (publisher, IncidentState::Opened)
        );
    }
}

#[tokio::test]
async fn silence_that_makes_lessons_late_stays_one_incident() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(earlier(slot, 1)).await;
    world.watch(slot).await;
    world.passes(MINUTE).await;
    world.lesson(slot.begin).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.incident, answer.replayed), (IncidentState::Open, true));
    assert!(answer.told.is_empty());
    world.open_all().await;
    world.is_fine(slot).await;
    world.heard();
    world.watch(slot).await;
    let [sns, _] = world.heard();
    assert!(sns[0].contains("At most 1 lesson"), "{sns:?}");
}
