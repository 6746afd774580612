use std::time::Duration;

use lessons::store::{Figures, IncidentKind, Overdue, RunState, Store as _, Take, Trigger};
use lessons::time::Slot;

use crate::world::{World, at, ms};

pub async fn the_next_instant_is_that_of_a_lesson_that_has_not_opened(mut world: World) {
    let slot = Slot::minute_of(at("2026-01-05T10:30:00Z"));
    assert_eq!(
        world
            .store
            .next_due(slot.begin, slot.end)
            .await
            .expect("an answer"),
        None
    );
    let [begin, soon, later] = [0, 20_001, 45_000].map(|offset| slot.begin + ms(offset));
    for instant in [later, soon, begin, slot.end, slot.begin - ms(1)] {
        world.lesson(Some(instant)).await;
    }
    world.lesson(None).await;
    let gone = world.lesson(Some(begin + ms(1))).await;
    let cancel = "UPDATE lesson SET status = 2 WHERE id = ?";
    world.execute(cancel, &[gone.into()]).await;
    for (from, next) in [
        (begin, Some(begin)),
        (begin + ms(1), Some(soon)),
        (soon + ms(1), Some(later)),
        (later + ms(1), None),
    ] {
        assert_eq!(
            world.store.next_due(from, slot.end).await.expect("an answer"),
            next
        );
    }
}

pub async fn a_replay_is_under_way_from_its_lease_to_its_end(mut world: World) {
    let span = Slot::minute_of(at("2026-01-05T10:30:00Z"));
    // A slot's own run is none.
    world.held(span).await;
    let replay = Trigger::Replay {
        span,
        request: "1".to_owned(),
        by: "watcher".to_owned(),
        reason: "missed".to_owned(),
    };
    let run = world.store.open_run(&replay).await.expect("a run");
    assert!(!world.store.is_replaying("watcher").await.expect("an answer"));
    let taken = world.store.take(run, "1", Duration::from_secs(60)).await;
    let Ok(Take::Held(term, ..)) = taken else {
        panic!("{taken:?}")
    };
    assert!(world.store.is_replaying("watcher").await.expect("an answer"));
    assert!(!world.store.is_replaying("kim").await.expect("an answer"));
    let recorded = world
        .store
        .record(&term, RunState::Published, &Figures::default())
        .await;
    assert!(recorded.expect("an answer"));
    assert!(world.store.is_replaying("watcher").await.expect("an answer"));

    let lease = "UPDATE publish_lease SET expires_at = ? WHERE run_id = ?";
    let now = world.now().await;
    for (expires_at, under_way) in [(now - ms(1), false), (now + ms(60_000), true)] {
        world.execute(lease, &[expires_at.into(), run.into()]).await;
        assert_eq!(
            world.store.is_replaying("watcher").await.expect("an answer"),
            under_way
        );
    }
    let recorded = world
        .store
        .record(&term, RunState::Done, &Figures::default())
        .await;
    assert!(recorded.expect("an answer"));
    assert!(!world.store.is_replaying("watcher").await.expect("an answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_with_a_zero_date_hides_no_other() {
    let mut world = World::mariadb().await;
    let now = world.now().await;
    world.execute("SET SESSION sql_mode = ''", &[]).await;
    let zero = world.lesson(None).await;
    let sql = "UPDATE lesson SET publish_at = '0000-00-00 00:00:00.000' WHERE id = ?";
    world.execute(sql, &[zero.into()]).await;
    assert_eq!(world.text("publish_at", zero).await, "0000-00-00 00:00:00.000");
    let overdue = world.store.overdue_count(now).await.expect("no zero date");
    assert_eq!(overdue, Overdue::default());
    let late = now - ms(1_000);
    world.lesson(Some(late)).await;
    let overdue = world.store.overdue_count(now).await.expect("no zero date");
    let oldest = overdue.oldest.expect("one").duration_since(late);
    assert_eq!((overdue.count, oldest.abs() < ms(1)), (1, true), "{overdue:?}");
}

#[tokio::test]
async fn an_incident_is_opened_in_one_statement() {
    let mut world = World::sqlite().await;
    let trigger =
        "CREATE TRIGGER second BEFORE UPDATE ON publish_incident BEGIN SELECT RAISE(ABORT, 'no'); END";
    let made = world.store.connection().execute_text(trigger.to_owned()).await;
    made.expect("made");
    let overdue = Overdue {
        count: 5,
        oldest: Some(world.now().await - ms(7_000)),
    };
    let slot = at("2026-01-05T10:30:00Z");
    let opened = world.store.raise(IncidentKind::Overdue, slot, overdue).await;
    assert!(opened.expect("raised"));
    let incident = world.store.incidents().await.expect("incidents").remove(0);
    assert_eq!((incident.kind, incident.overdue), (IncidentKind::Overdue, 5));
    assert!(incident.worst_late_ms >= 7_000, "{}", incident.worst_late_ms);
}
