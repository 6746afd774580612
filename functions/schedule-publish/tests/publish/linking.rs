//! From a setting to an open lesson.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use lessons::clock::DatabaseClock;
use lessons::store::Stores as _;
use lessons::time::{Slot, to_text};
use schedule_publish::link::{Limits, link};
use tokio::time::Instant;

use crate::support::{World, ms, soon};

/// A Monday's opening minute a year ahead, and a lesson in its week.
struct Week {
    slot: Slot,
    lesson: Timestamp,
}

fn week() -> Week {
    let monday = jiff::civil::date(2031, 1, 6);
    let slot = Slot::minute_of(
        monday
            .at(10, 30, 0, 0)
            .to_zoned(TimeZone::UTC)
            .expect("a time")
            .timestamp(),
    );
    Week {
        slot,
        lesson: slot.begin + (9 * 24).hours(),
    }
}

impl World {
    async fn setting(&mut self, center: i64, kind: &str, weekday: i64, time: &str) {
        let sql = "INSERT INTO auto_publish_setting \
                   (center_id, class_kind, weekday, publish_time, weeks_ahead, time_zone) VALUES (?, ?, ?, ?, 1, 'UTC')";
        let kind = (!kind.is_empty()).then_some(kind);
        let values = [center.into(), kind.into(), weekday.into(), time.into()];
        self.execute(sql, &values).await;
    }

    async fn lesson(&mut self, center: i64, kind: &str, starts_at: Timestamp) -> i64 {
        let sql = "INSERT INTO lesson (center_id, class_kind, starts_at) VALUES (?, ?, ?)";
        self.execute(sql, &[center.into(), kind.into(), starts_at.into()])
            .await;
        self.number("SELECT MAX(id) FROM lesson").await
    }

    async fn publish_at(&mut self, lesson: i64) -> String {
        self.text(&format!(
            "SELECT CAST(publish_at AS CHAR) FROM lesson WHERE id = {lesson}"
        ))
        .await
    }

    /// What a wake for `slot` does first, with no time for more than the slot
    /// itself, or with all the time that it wants.
    async fn link(&mut self, slot: Slot, ahead: bool) {
        self.linking(slot, ahead).await.await;
    }

    /// The same, to go on beside the test.
    async fn linking(
        &mut self,
        slot: Slot,
        ahead: bool,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        let clock = DatabaseClock::measure(&mut self.store, 1).await;
        let limits = Limits {
            ahead: if ahead { soon() } else { Instant::now() },
            slot: soon(),
        };
        link(self.database.clone(), slot, clock.expect("a clock"), limits)
    }
}

async fn the_most_specific_setting_wins(mut world: World) {
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    world.setting(1, "yoga", 2, "08:00:00").await;
    let boxing = world.lesson(1, "boxing", lesson).await;
    let yoga = world.lesson(1, "yoga", lesson).await;
    let elsewhere = world.lesson(2, "boxing", lesson).await;
    world.link(slot, true).await;
    assert_eq!(world.publish_at(yoga).await, "2031-01-07 08:00:00.000");
    assert_eq!(world.publish_at(boxing).await, to_text(slot.begin));
    assert_eq!(world.publish_at(elsewhere).await, "-");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_specific_setting_wins_on_mariadb() {
    the_most_specific_setting_wins(World::mariadb().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_specific_setting_wins_on_sqlite() {
    the_most_specific_setting_wins(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_change_or_go_move_what_is_not_open() {
    let mut world = World::mariadb().await;
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    world.setting(1, "yoga", 1, "11:00:00").await;
    let yoga = world.lesson(1, "yoga", lesson).await;
    let other_slot = Slot::minute_of("2030-06-01T00:00:00Z".parse().expect("a time"));
    for (change, expected) in [
        ("SELECT 1", "2031-01-06 11:00:00.000"),
        (
            "UPDATE auto_publish_setting SET weekday = 3 WHERE class_kind = 'yoga'",
            "2031-01-08 11:00:00.000",
        ),
        (
            "UPDATE auto_publish_setting SET enabled = 0 WHERE class_kind = 'yoga'",
            "2031-01-06 10:30:00.000",
        ),
        ("DELETE FROM auto_publish_setting WHERE class_kind IS NULL", "-"),
        (
            "UPDATE auto_publish_setting SET enabled = 1",
            "2031-01-08 11:00:00.000",
        ),
    ] {
        if change.starts_with("SELECT") {
            world.number(change).await;
        } else {
            world.execute(change, &[]).await;
        }
        // By any wake, of whatever slot.
        world.link(other_slot, true).await;
        assert_eq!(world.publish_at(yoga).await, expected, "{change}");
    }
    let _ = slot;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_that_moved_since_is_put_right_before_it_opens() {
    let mut world = World::mariadb().await;
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    let moved = world.lesson(1, "yoga", lesson).await;
    let manual = world.lesson(1, "yoga", lesson).await;
    world
        .execute(
            "UPDATE lesson SET publish_at = ? WHERE id = ?",
            &[slot.begin.into(), manual.into()],
        )
        .await;
    world.link(slot, true).await;
    let week_later = lesson + (7 * 24).hours();
    world
        .execute("UPDATE lesson SET starts_at = ?", &[week_later.into()])
        .await;
    world.link(slot, false).await;
    assert_eq!(world.publish_at(moved).await, "2031-01-13 10:30:00.000");
    assert_eq!(world.publish_at(manual).await, to_text(slot.begin));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_lesson_is_linked_by_the_next_wake() {
    let mut world = World::mariadb().await;
    let Week { lesson, .. } = week();
    world.setting(1, "", 1, "10:30:00").await;
    let other_slot = Slot::minute_of("2030-06-01T00:00:00Z".parse().expect("a time"));
    world.link(other_slot, true).await;
    let new = world.lesson(1, "yoga", lesson).await;
    world.link(other_slot, false).await;
    assert_eq!(world.publish_at(new).await, "-");
    world.link(other_slot, true).await;
    assert_eq!(world.publish_at(new).await, "2031-01-06 10:30:00.000");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_should_have_opened_before_it_was_linked_opens_with_the_next_slot() {
    let mut world = World::mariadb().await;
    world.setting(1, "", 1, "00:00:00").await;
    let tomorrow = world.slot(86_400_000).await.begin;
    let new = world.lesson(1, "yoga", tomorrow).await;
    let begun = world.slot(-3_600_000).await.begin;
    let begun = world.lesson(1, "yoga", begun).await;
    let slot = world.slot(700).await;
    world.link(slot, true).await;
    let answer = world.publish(slot).await;
    assert_eq!((answer.figures.published, answer.figures.late), (1, 0));
    assert_eq!(world.publish_at(new).await, to_text(slot.begin));
    assert_eq!(world.publish_at(begun).await, "-");
    // A later wake does not put it off.
    world.execute("UPDATE lesson SET status = 0", &[]).await;
    let later = Slot {
        begin: slot.begin + ms(60_000),
        end: slot.end + ms(60_000),
    };
    world.execute("DELETE FROM auto_publish_link", &[]).await;
    world.link(later, true).await;
    assert_eq!(world.publish_at(new).await, to_text(slot.begin));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_makes_no_sense_keeps_its_lessons_as_they_are() {
    let mut world = World::sqlite().await;
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    world.setting(1, "yoga", 1, "10:30:00").await;
    world.setting(2, "", 1, "10:30:00").await;
    let yoga = world.lesson(1, "yoga", lesson).await;
    world.link(slot, true).await;
    world
        .execute(
            "UPDATE auto_publish_setting SET time_zone = 'Asia/Soul' WHERE class_kind = 'yoga'",
            &[],
        )
        .await;
    let another = world.lesson(1, "yoga", lesson).await;
    let others = [
        world.lesson(1, "boxing", lesson).await,
        world.lesson(2, "yoga", lesson).await,
    ];
    world.link(slot, true).await;
    // Not by the wider setting either: that is not what was meant for it.
    assert_eq!(world.publish_at(another).await, "-");
    assert_eq!(world.publish_at(yoga).await, to_text(slot.begin));
    for lesson in others {
        assert_eq!(world.publish_at(lesson).await, to_text(slot.begin));
    }
}

/// Members see it as open, and its firing may be under way.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_already_is_not_taken_back() {
    let mut world = World::mariadb().await;
    let slot = Slot {
        end: world.slot(60_000).await.end,
        ..world.slot(-200).await
    };
    let (starts_at, at) = (slot.end + 24.hours(), to_text(slot.begin));
    let lesson = world.lesson(1, "yoga", starts_at).await;
    let linked = "UPDATE lesson SET publish_at = ?, auto_publish_at = ?";
    let values = [at.as_str().into(), at.as_str().into()];
    world.execute(linked, &values).await;
    world.link(slot, true).await;
    assert_eq!(world.publish_at(lesson).await, at);
}

#[tokio::test(flavor = "multi_thread")]
async fn trailing_blanks_make_no_other_kind() {
    let mut world = World::mariadb().await;
    let Week { slot, lesson } = week();
    world.setting(1, "yoga ", 1, "10:30:00").await;
    let lessons = [
        world.lesson(1, "yoga", lesson).await,
        world.lesson(1, "yoga  ", lesson).await,
    ];
    world.link(slot, true).await;
    for lesson in lessons {
        assert_eq!(world.publish_at(lesson).await, to_text(slot.begin));
    }
}

/// Ids are given when a row is inserted, and seen when it is committed.
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_that_is_committed_after_a_newer_one_is_linked() {
    let mut world = World::mariadb().await;
    let Week { lesson, .. } = week();
    world.setting(1, "", 1, "10:30:00").await;
    let other_slot = Slot::minute_of("2030-06-01T00:00:00Z".parse().expect("a time"));
    world.lesson(1, "yoga", lesson).await;
    world.link(other_slot, true).await;
    let mut slow = world.database.open().await.expect("a store");
    let insert = format!(
        "BEGIN; INSERT INTO lesson (center_id, starts_at) VALUES (1, '{}')",
        to_text(lesson)
    );
    slow.connection().execute_text(insert).await.expect("inserted");
    let newer = world.lesson(1, "yoga", lesson).await;
    world.link(other_slot, true).await;
    let commit = "COMMIT".to_owned();
    slow.connection().execute_text(commit).await.expect("committed");
    world.link(other_slot, true).await;
    for lesson in [newer - 1, newer] {
        assert_eq!(world.publish_at(lesson).await, "2031-01-06 10:30:00.000");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_wake_looks_at_is_found_within_the_hour() {
    let mut world = World::mariadb().await;
    let Week { lesson, .. } = week();
    world.setting(7, "", 1, "10:30:00").await;
    let minute = |minute: i64| {
        let first: Timestamp = "2030-06-01T00:00:00Z".parse().expect("a time");
        Slot::minute_of(first + minute.minutes())
    };
    let moved = world.lesson(7, "yoga", lesson).await;
    world.link(minute(0), true).await;
    let week_later = lesson + (7 * 24).hours();
    world
        .execute("UPDATE lesson SET starts_at = ?", &[week_later.into()])
        .await;
    let mut linked = Vec::new();
    for turn in 0..10 {
        world.link(minute(turn), true).await;
        linked.push(world.publish_at(moved).await == "2031-01-13 10:30:00.000");
    }
    assert_eq!(
        linked.iter().position(|linked| *linked),
        Some(7),
        "its own minute"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn times_at_the_end_of_time_stop_no_other() {
    let mut world = World::mariadb().await;
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    for starts_at in ["9999-12-31 23:59:59.999", "9999-12-29 12:00:00.000"] {
        let sql = "INSERT INTO lesson (center_id, starts_at) VALUES (1, ?)";
        world.execute(sql, &[starts_at.into()]).await;
    }
    let good = world.lesson(1, "yoga", lesson).await;
    world.link(slot, true).await;
    assert_eq!(world.publish_at(good).await, to_text(slot.begin));
    // The centre counts as linked.
    assert_eq!(world.number("SELECT COUNT(*) FROM auto_publish_link").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_lessons_stop_no_other_and_are_linked_when_they_are_free() {
    let mut world = World::mariadb().await;
    let Week { slot, lesson } = week();
    world.setting(1, "", 1, "10:30:00").await;
    let open = world.lesson(1, "yoga", lesson).await;
    let locked = world.lesson(1, "yoga", lesson).await;
    let free = world.lesson(1, "yoga", lesson).await;
    world
        .execute("UPDATE lesson SET status = 1 WHERE id = ?", &[open.into()])
        .await;
    let mut booking = world.database.open().await.expect("a store");
    let lock = format!(
        "BEGIN; UPDATE lesson SET title = 'a' WHERE id = {open}; UPDATE lesson SET title = 'b' WHERE id = {locked}"
    );
    booking.connection().execute_text(lock).await.expect("locked");
    let linking = tokio::spawn(world.linking(slot, true).await);
    let sql = format!("SELECT COUNT(*) FROM lesson WHERE id = {free} AND publish_at IS NOT NULL");
    world.until(1, &sql).await;
    assert_eq!(world.publish_at(locked).await, "-");
    let commit = "COMMIT".to_owned();
    booking
        .connection()
        .execute_text(commit)
        .await
        .expect("committed");
    linking.await.expect("no panic");
    assert_eq!(world.publish_at(locked).await, to_text(slot.begin));
}

/// Neither an error nor a wait without an end.
#[tokio::test(flavor = "multi_thread")]
async fn linking_that_fails_delays_no_lesson() {
    for broken in [
        "RENAME TABLE auto_publish_setting TO away",
        "LOCK TABLES auto_publish_setting WRITE",
    ] {
        let mut world = World::mariadb().await;
        let mut other = world.database.open().await.expect("a store");
        other
            .connection()
            .execute_text(broken.to_owned())
            .await
            .expect(broken);
        let slot = world.slot(1_000).await;
        world.lessons(30, slot.begin).await;
        let figures = world.publish(slot).await.figures;
        assert_eq!((figures.published, figures.late), (30, 0), "{broken}");
        assert!(
            figures.last_commit_late_ms.is_some_and(|late| late < 1_000),
            "{broken}: {figures:?}"
        );
    }
}
