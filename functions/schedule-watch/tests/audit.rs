//! The day's audit.

mod support;

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use lessons::{connection::Value, time::Slot};
use schedule_watch::answer::Answer;
use serde_json::json;
use support::{sim::Pace, world::World};

/// A day that ends now, with a run for each minute that has lessons.
async fn day() -> (World, Slot) {
    let mut world = World::sqlite().await;
    let end = world.now().await;
    let begin = end - SignedDuration::from_hours(24);
    (world, Slot { begin, end })
}

/// A lesson that its slot's run opened `late` ms after its instant.
async fn opened(world: &mut World, publish_at: jiff::Timestamp, late: i64) {
    let slot = Slot::minute_of(publish_at);
    world.is_fine(slot).await;
    let lesson = world.lesson(publish_at).await;
    let sql = "UPDATE lesson SET status = 1, published_at = ?, publish_run_id = (SELECT MAX(id) FROM publish_run) \
               WHERE id = ?";
    let published_at = publish_at + SignedDuration::from_millis(late);
    world
        .execute(sql, &[published_at.into(), Value::Int(lesson)])
        .await;
}

async fn audit(world: &World, day: Slot) -> serde_json::Value {
    let answer = world.handle(json!({"audit": day.end})).await.expect("an answer");
    assert!(matches!(answer, Answer::Audit(_)));
    serde_json::to_value(answer).expect("JSON")
}

#[tokio::test]
async fn a_good_day_is_answered_and_nobody_is_bothered() {
    let (mut world, day) = day().await;
    opened(&mut world, day.begin, 40).await;
    opened(&mut world, day.begin + SignedDuration::from_hours(2), 1_000).await;
    // Before the day, and after.
    world.lesson(day.begin - SignedDuration::from_millis(1)).await;
    world.lesson(day.end).await;
    let answer = audit(&world, day).await;
    let expected = json!({
        "from": day.begin, "to": day.end, "on_time": 2, "late": 0, "recovered": 0, "missed": 0, "by_hand": 0,
        "worst_late_ms": 1000, "told": [],
    });
    assert_eq!(answer, expected);
    assert_eq!(world.heard(), [const { Vec::<String>::new() }; 2]);
}

#[tokio::test]
async fn a_late_lesson_and_a_missed_one_are_told_each() {
    for late in [true, false] {
        let (mut world, day) = day().await;
        let instant = day.begin + SignedDuration::from_hours(1);
        match late {
            true => opened(&mut world, instant, 1_001).await,
            false => drop(world.lesson(instant).await),
        }
        let answer = audit(&world, day).await;
        assert_eq!(
            (&answer["late"], &answer["missed"]),
            (&json!(u8::from(late)), &json!(u8::from(!late)))
        );
        assert_eq!(answer["told"], json!(["sns", "slack"]));
        let [sns, slack] = world.heard();
        assert_eq!((sns.len(), sns), (1, slack));
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_an_error_and_a_channel_that_is_down_none() {
    let (mut world, day) = day().await;
    world.lesson(day.begin).await;
    world.slack.1.is_down(true);
    assert_eq!(audit(&world, day).await["told"], json!(["sns"]));
    world.tables.down.store(true, Ordering::Relaxed);
    let error = world.handle(json!({"audit": day.end})).await.expect_err("away");
    assert_eq!(error.tag(), "database_connect");
    world.clock.paces([Pace::Hangs]);
    let error = world.handle(json!({"audit": day.end})).await.expect_err("hangs");
    assert_eq!(error.tag(), "database_lost");
}
