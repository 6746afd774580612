use std::collections::HashMap;

use lessons::store::{Chunk, Store as _, Term};
use lessons::time::Slot;

use crate::world::{World, at, ms, second_of};

async fn due_lessons(world: &mut World, count: usize) -> (Slot, Vec<i64>) {
    let slot = second_of(at("2026-01-05T10:30:00Z"));
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(world.lesson(Some(slot.begin)).await);
    }
    (slot, ids)
}

fn chunk(slot: Slot, ids: &[i64]) -> Chunk {
    Chunk {
        publish_at: slot.begin,
        ids: ids.to_vec(),
    }
}

pub async fn opens_what_is_due_once_and_writes_down_by_whom(mut world: World) {
    let (slot, ids) = due_lessons(&mut world, 3).await;
    let term = world.held(slot).await;
    let now = lessons::time::to_millisecond(world.now().await);
    for (lessons, opened) in [(&ids[..2], 2), (&ids[..2], 0), (&ids[..], 1)] {
        let answer = world.store.fire(&term, &chunk(slot, lessons)).await;
        assert_eq!(answer.expect("fired"), opened);
    }
    for id in ids {
        assert_eq!(world.text("status", id).await, "1");
        assert_eq!(world.text("publish_run_id", id).await, term.run.to_string());
        let published_at = world.text("published_at", id).await;
        assert!(
            published_at >= lessons::time::to_text(now),
            "{published_at} {now}"
        );
    }
    assert_eq!(world.store.opened(term.run, slot).await.expect("a count"), 3);
    assert_eq!(world.store.opened(term.run + 1, slot).await.expect("a count"), 0);
}

pub async fn never_before_its_instant(mut world: World) {
    let soon = world.now().await + ms(300);
    let slot = second_of(lessons::time::to_millisecond(soon));
    let id = world.lesson(Some(slot.begin)).await;
    let term = world.held(slot).await;
    let early = world.store.fire(&term, &chunk(slot, &[id])).await;
    assert_eq!(early.expect("an answer"), 0);
    while world
        .store
        .fire(&term, &chunk(slot, &[id]))
        .await
        .expect("an answer")
        == 0
    {}
    assert!(world.text("published_at", id).await >= world.text("publish_at", id).await);
}

pub async fn moved_and_cancelled_lessons_are_left_alone(mut world: World) {
    let (slot, ids) = due_lessons(&mut world, 3).await;
    let term = world.held(slot).await;
    let moved = "UPDATE lesson SET publish_at = ? WHERE id = ?";
    world
        .execute(moved, &[(slot.begin - ms(1)).into(), ids[0].into()])
        .await;
    world
        .execute("UPDATE lesson SET status = 2 WHERE id = ?", &[ids[1].into()])
        .await;
    let fired = world.store.fire(&term, &chunk(slot, &ids)).await;
    assert_eq!(fired.expect("fired"), 1);
    assert_eq!(world.text("status", ids[0]).await, "0");
    assert_eq!(world.text("status", ids[1]).await, "2");
    assert_eq!(world.text("status", ids[2]).await, "1");
}

pub async fn an_old_term_opens_nothing(mut world: World) {
    let (slot, ids) = due_lessons(&mut world, 2).await;
    let old = world.held(slot).await;
    let new = world.held(slot).await;
    let fired = world.store.fire(&old, &chunk(slot, &ids)).await;
    assert_eq!(fired.expect("an answer"), 0);
    let stranger = Term {
        run: new.run + 1,
        ..new
    };
    let fired = world.store.fire(&stranger, &chunk(slot, &ids)).await;
    assert_eq!(fired.expect("an answer"), 0);
    let fired = world.store.fire(&new, &chunk(slot, &ids)).await;
    assert_eq!(fired.expect("an answer"), 2);
}

pub async fn instants_are_counted(mut world: World) {
    let slot = second_of(at("2026-01-05T10:30:00Z"));
    for offset in [0, 0, 500, 1_000] {
        world.lesson(Some(slot.begin + ms(offset))).await;
    }
    let instants = world.store.instants(slot).await.expect("instants");
    assert_eq!(instants, [(slot.begin, 2), (slot.begin + ms(500), 1)]);
}

pub async fn what_is_due_comes_in_order_of_instant_and_id(mut world: World) {
    let slot = second_of(at("2026-01-05T10:30:00Z"));
    let offsets = [999, 0, 1_000, -1, 500, 0];
    let mut ids = Vec::new();
    for offset in offsets {
        ids.push(world.lesson(Some(slot.begin + ms(offset))).await);
    }
    let due = world.store.due(slot).await.expect("lessons");
    let found: Vec<_> = due.iter().map(|due| (due.publish_at, due.id)).collect();
    let expected = [(0, ids[1]), (0, ids[5]), (500, ids[4]), (999, ids[0])];
    assert_eq!(found, expected.map(|(offset, id)| (slot.begin + ms(offset), id)));
}

pub async fn what_is_overdue_comes_oldest_first_and_not_all_at_once(mut world: World) {
    let begin = at("2026-01-05T10:30:00Z");
    let mut ids = Vec::new();
    for minute in [3, 1, 2] {
        ids.push(world.lesson(Some(begin + ms(60_000 * minute))).await);
    }
    let before = begin + ms(60_000 * 3);
    let all = world.store.overdue(begin, before, 10).await.expect("lessons");
    assert_eq!(all.iter().map(|due| due.id).collect::<Vec<_>>(), [ids[1], ids[2]]);
    let first = world.store.overdue(begin, before, 1).await.expect("lessons");
    assert_eq!(first, all[..1]);
    let count = world.store.overdue_count(before).await.expect("a count");
    assert_eq!((count.count, count.oldest), (2, Some(all[0].publish_at)));
    let none = world.store.overdue_count(begin).await.expect("a count");
    assert_eq!((none.count, none.oldest), (0, None));
}

/// What a schedule publisher did before this one: workers that read what is due
/// while others publish it, and update what they read. 10,000 lessons were
/// updated 40,000 times.
pub async fn unguarded_workers_update_every_row_each(mut world: World) {
    let (slot, _) = due_lessons(&mut world, 60).await;
    let all_have_read = std::sync::Arc::new(tokio::sync::Barrier::new(4));
    let workers = (0..4).map(|_| {
        let (database, all_have_read) = (world.database.clone(), all_have_read.clone());
        tokio::spawn(async move {
            let mut store = database.store().await.expect("a store");
            let due = store.due(slot).await.expect("lessons");
            all_have_read.wait().await;
            let mut updated = 0;
            for lesson in due {
                let sql = "UPDATE lesson SET status = 1 WHERE id = ?";
                updated += store
                    .connection()
                    .execute(sql, &[lesson.id.into()])
                    .await
                    .expect("updated");
            }
            updated
        })
    });
    let mut updated = 0;
    for worker in workers.collect::<Vec<_>>() {
        updated += worker.await.expect("no panic");
    }
    assert_eq!(updated, 4 * 60);
}

/// The same workers, as careless, through the store.
pub async fn every_row_once_however_many_workers_fire(mut world: World) {
    let (slot, ids) = due_lessons(&mut world, 60).await;
    let term = world.held(slot).await;
    let all_have_read = std::sync::Arc::new(tokio::sync::Barrier::new(4));
    let workers = (0..4).map(|_| {
        let (database, all_have_read) = (world.database.clone(), all_have_read.clone());
        tokio::spawn(async move {
            let mut store = database.store().await.expect("a store");
            let due = store.due(slot).await.expect("lessons");
            all_have_read.wait().await;
            let mut opened = 0;
            for lessons in due.chunks(20) {
                let chunk = Chunk {
                    publish_at: slot.begin,
                    ids: lessons.iter().map(|lesson| lesson.id).collect(),
                };
                loop {
                    match store.fire(&term, &chunk).await {
                        Ok(count) => break opened += count,
                        Err(error) => assert!(error.is_transient(), "{error}"),
                    }
                }
            }
            opened
        })
    });
    let mut opened = 0;
    for worker in workers.collect::<Vec<_>>() {
        opened += worker.await.expect("no panic");
    }
    assert_eq!(opened, 60);
    let mut statuses: HashMap<String, usize> = HashMap::new();
    for id in ids {
        *statuses.entry(world.text("status", id).await).or_default() += 1;
    }
    assert_eq!(statuses, HashMap::from([("1".to_owned(), 60)]));
}
