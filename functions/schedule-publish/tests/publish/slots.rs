//! A slot in which nothing goes wrong.

use std::time::Duration;

use lessons::store::{RunState, Store as _, Trigger};
use lessons::time::Slot;
use schedule_publish::error::PublishError;
use schedule_publish::wake;

use crate::support::{World, ms, small};

async fn opens_every_lesson_at_its_own_instant(mut world: World) {
    let slot = world.slot(400).await;
    world.lessons(350, slot.begin).await;
    world.lessons(3, slot.begin + ms(137)).await;
    world.lessons(1, slot.end - ms(1)).await;
    world.lessons(5, slot.end).await;
    let answer = world.publish(slot).await;
    let figures = &answer.figures;
    assert_eq!((answer.slot, answer.holder, answer.term), (slot.begin, true, 1));
    assert_eq!((figures.planned, figures.published, figures.late), (354, 354, 0));
    let (first, last) = (figures.first_commit_late_ms, figures.last_commit_late_ms);
    assert!(first >= Some(0) && first <= last, "{figures:?}");
    assert!(
        answer
            .hold_error
            .is_some_and(|error| error < Duration::from_secs(1)),
        "{answer:?}"
    );
    assert_eq!(world.open().await, 354);
    world.assert_never_early().await;
    let runs = world
        .numbers("SELECT DISTINCT publish_run_id FROM lesson WHERE status = 1")
        .await;
    assert_eq!(runs, [answer.run]);
    let done = "SELECT COUNT(*) FROM publish_run WHERE state = 'done' AND finished_at IS NOT NULL";
    assert_eq!(world.number(done).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_every_lesson_at_its_own_instant_on_mariadb() {
    opens_every_lesson_at_its_own_instant(World::mariadb().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_every_lesson_at_its_own_instant_on_sqlite() {
    opens_every_lesson_at_its_own_instant(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_again_changes_nothing() {
    let mut world = World::mariadb().await;
    let slot = world.slot(200).await;
    world.lessons(20, slot.begin).await;
    let (first, second) = (world.wake(slot), world.wake(slot));
    let first = first.await.expect("no panic").expect("published");
    let second = second.await.expect("no panic").expect("published");
    assert!(first.holder != second.holder, "one of them published");
    let later = world.publish(slot).await;
    assert!(!later.holder);
    for answer in [&first, &second, &later] {
        assert_eq!((answer.run, answer.figures.published), (first.run, 20));
        assert_eq!(answer.figures, first.figures);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM publish_run").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_after_planning_is_seen() {
    let mut world = World::mariadb().await;
    let slot = world.slot(2_000).await;
    world.lessons(10, slot.begin).await;
    let wake = world.wake(slot);
    world.planned().await;
    let elsewhere = slot.end + ms(60_000);
    world
        .execute(
            "UPDATE lesson SET publish_at = ? WHERE id = 1",
            &[elsewhere.into()],
        )
        .await;
    world
        .execute("UPDATE lesson SET status = 2 WHERE id IN (2, 3)", &[])
        .await;
    // Within the slot, to another instant.
    let later = slot.begin + ms(400);
    world
        .execute("UPDATE lesson SET publish_at = ? WHERE id = 4", &[later.into()])
        .await;
    world.opened(1).await;
    // Added when its instant had come already.
    world.lessons(1, slot.begin).await;
    let answer = wake.await.expect("no panic").expect("published");
    assert_eq!(answer.figures.published, 8);
    let statuses = world.numbers("SELECT status FROM lesson ORDER BY id").await;
    assert_eq!(statuses, [0, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
    world.assert_never_early().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_that_is_added_when_its_instant_is_long_past_opens_within_the_slot() {
    let mut world = World::mariadb().await;
    let slot = Slot {
        end: world.slot(4_000).await.end,
        ..world.slot(0).await
    };
    world.lessons(1, slot.begin).await;
    let wake = world.wake(slot);
    world.opened(1).await;
    world.lessons(1, slot.begin - ms(3_600_000)).await;
    world.opened(2).await;
    assert!(world.store.now().await.expect("a clock") < slot.end);
    let figures = wake.await.expect("no panic").expect("published").figures;
    assert_eq!((figures.published, figures.recovered, figures.late), (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_slot_is_a_run_too() {
    let mut world = World::mariadb().await;
    let slot = world.slot(100).await;
    let answer = world.publish(slot).await;
    assert_eq!((answer.figures.planned, answer.figures.published), (0, 0));
    assert_eq!(
        (
            answer.figures.first_commit_late_ms,
            answer.figures.last_commit_late_ms
        ),
        (None, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_out_of_reach_is_refused_with_what_to_check() {
    let mut world = World::sqlite().await;
    let slot = world.slot(3_600_000).await;
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(300);
    let error = wake::publish(&world.database, small(), slot, until)
        .await
        .expect_err("too far");
    assert!(matches!(error, PublishError::TooFarAhead { .. }));
    assert!(error.to_string().contains("lead_minutes"), "{error}");
    assert_eq!(world.number("SELECT COUNT(*) FROM publish_run").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_has_passed_is_published_late() {
    let mut world = World::mariadb().await;
    let slot = world.slot(-20_000).await;
    world.lessons(250, slot.begin).await;
    let answer = world.publish(slot).await;
    assert_eq!(
        (
            answer.figures.published,
            answer.figures.late,
            answer.figures.recovered
        ),
        (250, 250, 0)
    );
    assert!(answer.figures.first_commit_late_ms >= Some(20_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_slots_are_recovered_oldest_first_and_not_all_at_once() {
    let mut world = World::mariadb().await;
    let [first, second, third] = [
        world.slot(-180_000).await,
        world.slot(-120_000).await,
        world.slot(-60_000).await,
    ];
    for missed in [second, first, third] {
        world.lessons(10, missed.begin).await;
    }
    let mut config = small();
    config.recovery_limit = 15;
    let mut recovered = Vec::new();
    for _ in 0..3 {
        let slot = world.slot(30).await;
        world.lessons(1, slot.begin).await;
        let answer = wake::publish(&world.database, config, slot, crate::support::soon()).await;
        let figures = answer.expect("published").figures;
        recovered.push((figures.published, figures.recovered, figures.late));
        if recovered.len() == 1 {
            let open = "SELECT COUNT(*) FROM lesson WHERE status = 1 AND id BETWEEN 11 AND 20";
            assert_eq!(world.number(open).await, 10, "the oldest");
        }
    }
    assert_eq!(recovered, [(16, 15, 15), (16, 15, 15), (1, 0, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_run_is_publishing_now_is_left_to_it() {
    let mut world = World::mariadb().await;
    let slot = world.slot(-30_000).await;
    world.lessons(10, slot.begin).await;
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot))
        .await
        .expect("a run");
    let minute = std::time::Duration::from_secs(60);
    world.store.take(run, "another", minute).await.expect("taken");
    let later = world.slot(30).await;
    let answer = world.publish(later).await;
    assert_eq!((answer.figures.recovered, world.open().await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_all_wakes_left_is_ended_by_a_later_one() {
    let mut world = World::mariadb().await;
    let minute = Slot::minute_of(world.slot(-600_000).await.begin);
    world.lessons(3, minute.begin).await;
    let run = world
        .store
        .open_run(&Trigger::Schedule(minute))
        .await
        .expect("a run");
    // It opened one, and died before it wrote that down.
    let sql = "UPDATE lesson SET status = 1, publish_run_id = ? WHERE id = 1";
    world.execute(sql, &[run.into()]).await;
    let then = "UPDATE publish_run SET started_at = slot";
    world.execute(then, &[]).await;
    let slot = world.slot(30).await;
    let answer = world.publish(slot).await;
    assert_eq!(answer.figures.recovered, 2);
    let report = world.store.report(run).await.expect("a report");
    assert_eq!((report.state, report.figures.published), (RunState::Done, 1));
}
