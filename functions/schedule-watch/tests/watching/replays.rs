use std::time::Duration;

use jiff::SignedDuration;
use lessons::store::{Store as _, Take, Trigger};
use schedule_watch::sight::Publisher;

use crate::support::world::{World, watch};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

pub async fn no_replay_is_asked_for_while_one_is_under_way(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin - MINUTE).await;
    let mut runs = Vec::new();
    for by in ["kim", "schedule-watch"] {
        // A person's replay may be of other lessons.
        let answer = world.watch(slot).await;
        assert!(answer.replayed, "{by}");
        let replay = Trigger::Replay {
            span: slot,
            request: by.to_owned(),
            by: by.to_owned(),
            reason: "1 overdue".to_owned(),
        };
        let run = world.store.open_run(&replay).await.expect("a run");
        let taken = world.store.take(run, by, Duration::from_secs(300)).await;
        assert!(matches!(taken, Ok(Take::Held(..))), "{taken:?}");
        runs.push(run);
    }
    assert!(!world.watch(slot).await.replayed);
    assert_eq!(world.asked.0.new_ones().len(), 2);
    // It was killed.
    let ends = "UPDATE publish_lease SET expires_at = '2026-01-01 00:00:00.000' WHERE run_id = ?";
    world.execute(ends, &[runs[1].into()]).await;
    assert!(world.watch(slot).await.replayed);
}

#[tokio::test]
async fn what_waits_since_another_slot_is_replayed_from_there() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    let oldest = slot.begin - SignedDuration::from_hours(3);
    for instant in [slot.begin, oldest, slot.begin - MINUTE] {
        world.lesson(instant).await;
    }
    let answer = world.watch(slot).await;
    assert_eq!((answer.overdue, answer.publisher), (Some(3), Publisher::Done));
    assert_eq!(world.asked.0.new_ones()[0].1.from, oldest);
    let [sns, _] = world.heard();
    assert!(sns[0].contains("late by 3 h 0 min"), "{sns:?}");
}

#[tokio::test]
async fn the_replay_waits_for_no_channel_and_no_channel_for_another() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    // Slack takes nothing before the replay was asked for, SNS nothing before Slack.
    world.slack.1 = world.slack.1.clone().after(&world.asked.0);
    world.sns.1 = world.sns.1.clone().after(&world.slack.1);
    let watching = world.environment();
    let watching = watch(&watching, &world.clock, slot);
    let answer = tokio::time::timeout(Duration::from_secs(20), watching).await;
    assert_eq!(answer.expect("no deadlock").told, ["sns", "slack"]);
}

#[tokio::test]
async fn a_replay_that_could_not_be_asked_for_is_asked_for_at_the_next_wake() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    world.asked.0.is_down(true);
    let answer = world.watch(slot).await;
    assert_eq!(
        (answer.told.as_slice(), answer.replayed),
        (&["sns", "slack"][..], false)
    );
    assert!(!world.store.incidents().await.expect("incidents")[0].replayed);
    world.asked.0.is_down(false);
    let answer = world.watch(slot).await;
    assert_eq!((answer.told.len(), answer.replayed), (0, true));
    assert!(world.store.incidents().await.expect("incidents")[0].replayed);
}
