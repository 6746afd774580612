use jiff::Timestamp;
use lessons::store::{Linkable, Moved, Store as _};
use lessons::time::Slot;

use crate::world::{World, at, second_of};

const OPENS: &str = "2031-01-06T10:30:00Z";

fn week() -> Slot {
    Slot {
        begin: at("2031-01-13T00:00:00Z"),
        end: at("2031-01-20T00:00:00Z"),
    }
}

fn text(instant: &str) -> String {
    lessons::time::to_text(at(instant))
}

impl World {
    async fn linked(&mut self, from: Option<Timestamp>, to: Option<Timestamp>, ids: &[i64]) -> (u64, u64) {
        let Moved { moved, left } = self.store.relink(ids, from, to).await.expect("moved");
        (moved, left)
    }
}

pub async fn lessons_that_nobody_decided_on_are_moved(mut world: World) {
    let (opens, later) = (at(OPENS), at("2031-01-07T10:30:00Z"));
    let new = world.lesson_of(1, "yoga", week().begin, None).await;
    let by_hand = world.lesson_of(1, "yoga", week().begin, Some(opens)).await;
    let open = world.lesson_of(1, "yoga", week().begin, None).await;
    world
        .execute("UPDATE lesson SET status = 1 WHERE id = ?", &[open.into()])
        .await;
    let all = [new, by_hand, open];
    assert_eq!(world.linked(None, Some(opens), &all).await, (1, 2));
    assert_eq!(world.linked(None, Some(opens), &all).await, (0, 3));
    assert_eq!(world.text("publish_at", new).await, text(OPENS));
    assert_eq!(world.linked(Some(opens), Some(later), &all).await, (1, 2));
    assert_eq!(
        world.text("auto_publish_at", new).await,
        text("2031-01-07T10:30:00Z")
    );
    assert_eq!(world.text("publish_at", by_hand).await, text(OPENS));
    assert_eq!(world.text("publish_at", open).await, "-");
    // To none, and it is as if it had never been linked.
    assert_eq!(world.linked(Some(opens), None, &all).await, (0, 3));
    assert_eq!(world.linked(Some(later), None, &all).await, (1, 2));
    assert_eq!(world.linked(None, Some(opens), &[new]).await, (1, 0));
    // Taken away by a person.
    world
        .execute("UPDATE lesson SET publish_at = NULL WHERE id = ?", &[new.into()])
        .await;
    assert_eq!(world.linked(None, Some(opens), &[new]).await, (0, 1));
    assert_eq!(world.linked(Some(opens), Some(later), &[new]).await, (0, 1));
}

pub async fn lessons_of_a_centre_come_in_order_and_page_by_page(mut world: World) {
    let starts = [
        "2031-01-14T09:00:00Z",
        "2031-01-13T00:00:00Z",
        "2031-01-14T09:00:00Z",
    ];
    let mut ids = Vec::new();
    for starts_at in starts {
        ids.push(world.lesson_of(1, "yoga", at(starts_at), None).await);
    }
    world.lesson_of(1, "yoga", week().end, None).await;
    world.lesson_of(2, "yoga", week().begin, None).await;
    let cancelled = world.lesson_of(1, "yoga", week().begin, None).await;
    world
        .execute("UPDATE lesson SET status = 2 WHERE id = ?", &[cancelled.into()])
        .await;
    let mut found: Vec<Linkable> = Vec::new();
    loop {
        let page = world.store.of_center(1, week(), found.last(), 2).await;
        let page = page.expect("a page");
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        found.extend(page);
    }
    let found: Vec<i64> = found.iter().map(|lesson| lesson.id).collect();
    assert_eq!(found, [ids[1], ids[0], ids[2]]);
}

pub async fn times_that_are_no_instants_stop_no_other(mut world: World) {
    let end_of_time = "INSERT INTO lesson (center_id, starts_at) VALUES (1, '9999-12-31 23:59:59.999')";
    world.execute(end_of_time, &[]).await;
    let late = "INSERT INTO lesson (center_id, starts_at, publish_at, auto_publish_at) \
                VALUES (1, '9999-12-31 23:59:59.999', ?, ?)";
    let values = [at(OPENS).into(), at(OPENS).into()];
    world.execute(late, &values).await;
    let zero = "INSERT INTO lesson (center_id, starts_at, publish_at) \
                VALUES (1, '2031-01-14 00:00:00.000', '0000-00-00 00:00:00.000')";
    // The connection is stricter than what others may have.
    let mode = "SET SESSION sql_mode = ''";
    if world
        .store
        .connection()
        .execute_text(mode.to_owned())
        .await
        .is_ok()
    {
        world.execute(zero, &[]).await;
    }
    let good = world.lesson_of(1, "yoga", week().begin, None).await;
    let until = Slot {
        begin: week().begin,
        end: Timestamp::MAX,
    };
    let found = world.store.of_center(1, until, None, 10).await.expect("lessons");
    assert_eq!(found.iter().map(|lesson| lesson.id).collect::<Vec<_>>(), [good]);
    let linked = world.store.linked(second_of(at(OPENS))).await.expect("lessons");
    assert_eq!(linked[0].starts_at, Timestamp::MAX);
}

pub async fn linked_lessons_of_a_slot_are_found(mut world: World) {
    let auto = world.lesson_of(1, "yoga", week().begin, None).await;
    world.lesson_of(1, "yoga", week().begin, Some(at(OPENS))).await;
    world.linked(None, Some(at(OPENS)), &[auto]).await;
    let linked = world.store.linked(second_of(at(OPENS))).await.expect("lessons");
    let expected = Linkable {
        id: auto,
        center: 1,
        class_kind: "yoga".to_owned(),
        starts_at: week().begin,
        publish_at: Some(at(OPENS)),
        auto_publish_at: Some(at(OPENS)),
    };
    assert_eq!(linked, [expected]);
}

pub async fn new_lessons_are_those_that_were_never_linked(mut world: World) {
    let now = at("2031-01-01T00:00:00Z");
    let first = world.lesson_of(1, "yoga", week().begin, None).await;
    world.lesson_of(3, "yoga", week().begin, Some(at(OPENS))).await;
    world.lesson_of(4, "yoga", now, None).await;
    world.lesson_of(2, "yoga", week().begin, None).await;
    let newest = world.store.newest().await.expect("the newest");
    let mut added = world.store.added(0, newest, now).await.expect("added");
    added.sort_unstable();
    assert_eq!(added, [1, 2]);
    assert_eq!(world.store.added(first, newest, now).await.expect("added"), [2]);
    assert_eq!(world.store.added(0, first, now).await.expect("added"), [1]);
    let none = world.store.added(newest, newest, now).await;
    assert!(none.expect("added").is_empty());
}

/// Ids are not committed in their order.
pub async fn the_newest_lesson_counts_as_seen_after_ten_minutes(mut world: World) {
    assert_eq!(world.store.seen().await.expect("seen"), Default::default());
    let mut expected = Vec::new();
    for (minutes, lesson) in [(21, 7), (11, 9), (1, 9), (0, 12)] {
        world.store.mark_newest(lesson).await.expect("marked");
        let then = lessons::time::to_text(world.now().await - jiff::SignedDuration::from_mins(minutes));
        let passed = "UPDATE auto_publish_mark SET seen_at = ? WHERE lesson_id = ? AND seen_at > ?";
        world
            .execute(
                passed,
                &[then.as_str().into(), lesson.into(), then.as_str().into()],
            )
            .await;
        expected.push(world.store.seen().await.expect("seen").lesson);
    }
    assert_eq!(expected, [Some(7), Some(9), Some(9), Some(9)]);
    world.store.mark_newest(13).await.expect("marked");
    let rows = "SELECT COUNT(*) FROM auto_publish_mark";
    assert_eq!(world.number(rows).await, 3, "9, 12 and 13");
    // A table that was filled anew.
    world.store.mark_newest(5).await.expect("marked");
    assert_eq!(world.store.seen().await.expect("seen").lesson, Some(5));
}

pub async fn a_centres_settings_are_remembered(mut world: World) {
    for digest in ["old", "new"] {
        world.store.mark_center(7, digest).await.expect("marked");
    }
    let seen = world.store.seen().await.expect("seen");
    assert_eq!(seen.settings.get(&7).map(String::as_str), Some("new"));
    assert_eq!((seen.settings.len(), seen.lesson), (1, None));
}
