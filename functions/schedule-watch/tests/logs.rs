//! What an invocation writes to the log.

mod support;

use std::sync::atomic::Ordering;

use lambda_runtime::tracing::Level;
use support::world::World;
use testkit::logged;

/// The lines of one wake, from INFO on.
async fn lines(world: &mut World) -> Vec<String> {
    let slot = world.next_slot().await;
    logged(Level::INFO, world.watch(slot)).await
}

#[tokio::test]
async fn a_wake_writes_one_line() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    let lines = lines(&mut world).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    for part in [
        "INFO",
        "watched slot=",
        "looks=5 overdue=1 worst_late_ms=",
        "publisher=\"planned\" incident=\"opened\" told=\"sns,slack\" replayed=true",
    ] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
}

#[tokio::test]
async fn each_failure_is_written_once() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    for down in [&world.sns.1, &world.slack.1] {
        down.is_down(true);
    }
    world.asked.0.is_down(true);
    let written = lines(&mut world).await;
    let tags: Vec<bool> = ["unreplayed", "untold", "untold", "watched"]
        .iter()
        .map(|tag| written.iter().any(|line| line.contains(tag)))
        .collect();
    assert_eq!((written.len(), tags), (4, vec![true; 4]), "{written:#?}");
    assert_eq!(written.iter().filter(|line| line.contains("WARN")).count(), 3);
    assert!(
        written
            .iter()
            .any(|line| line.contains("sns has not taken a message: Down"))
    );
    assert!(
        written
            .iter()
            .any(|line| line.contains("slack has not taken a message: Down"))
    );

    world.tables.down.store(true, Ordering::Relaxed);
    let written = lines(&mut world).await;
    assert_eq!(written.len(), 4, "{written:#?}");
    let database = written.iter().filter(|line| line.contains("database_connect"));
    assert_eq!(database.filter(|line| line.contains("ERROR")).count(), 1);
}
