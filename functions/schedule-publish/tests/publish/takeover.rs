//! Holders that die, freeze, or cannot renew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lessons::clock::DatabaseClock;
use lessons::store::{Stores, Take, Trigger};
use lessons::{Store as _, StoreError};
use tokio::time::sleep_until;

use crate::support::{World, ms, publish};

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_dies_is_replaced_by_the_other_wake_on_time() {
    let mut world = World::mariadb().await;
    let slot = world.slot(4_000).await;
    world.lessons(30, slot.begin).await;
    let first = world.wake(slot);
    world.planned().await;
    let second = world.wake(slot);
    first.abort();
    let answer = second.await.expect("no panic").expect("published");
    assert!(answer.holder);
    assert!(answer.term >= 2);
    assert_eq!((answer.figures.published, answer.figures.late), (30, 0));
    assert_eq!(answer.figures.planned, 30);
    // The lease of a dead holder had run out before the instant.
    let late = answer.figures.last_commit_late_ms;
    assert!(late.is_some_and(|late| late < 1_000), "{answer:?}");
}

/// Leases are longer as long as there is time.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_dies_long_before_the_slot_is_replaced_before_it() {
    let mut world = World::mariadb().await;
    let slot = world.slot(19_000).await;
    world.lessons(30, slot.begin).await;
    let first = world.wake(slot);
    world.planned().await;
    let second = world.wake(slot);
    first.abort();
    world.until(2, "SELECT term FROM publish_run").await;
    assert!(world.store.now().await.expect("a clock") < slot.begin - ms(5_000));
    second.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_cannot_renew_steps_down_before_it_fires() {
    let mut world = World::mariadb().await;
    let slot = world.slot(4_000).await;
    world.lessons(30, slot.begin).await;
    let wake = world.wake(slot);
    world.planned().await;
    // Its connections work, but for the lease's row: no renewal, and no new term.
    let mut other = world.database.open().await.expect("a store");
    let lock = "BEGIN; SELECT * FROM publish_lease FOR UPDATE".to_owned();
    other.connection().execute_text(lock).await.expect("locked");
    let clock = DatabaseClock::measure(&mut world.store, 3)
        .await
        .expect("a clock");
    sleep_until(clock.when(slot.begin + ms(400))).await;
    assert_eq!(world.open().await, 0);
    let free = "ROLLBACK".to_owned();
    other.connection().execute_text(free).await.expect("free");
    let answer = wake.await.expect("no panic").expect("published");
    assert!(answer.term > 1, "{answer:?}");
    assert_eq!((answer.figures.published, answer.figures.late), (30, 0));
}

/// A database that lets no more than so many in.
#[derive(Clone)]
struct Full {
    database: lessons::Database,
    free: Arc<AtomicUsize>,
}

#[lessons::async_trait]
impl Stores for Full {
    type Store = lessons::store::SqlStore;

    async fn open(&self) -> Result<Self::Store, StoreError> {
        let one_less = |free: usize| free.checked_sub(1);
        match self.free.try_update(Ordering::SeqCst, Ordering::SeqCst, one_less) {
            Ok(_) => self.database.open().await,
            Err(_) => std::future::pending().await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_do_not_come_hold_up_none_that_are_there() {
    let mut world = World::mariadb().await;
    let slot = world.slot(1_000).await;
    world.lessons(300, slot.begin).await;
    // Its own, the lease's, linking's, and two that fire.
    let full = Full {
        database: world.database.clone(),
        free: Arc::new(AtomicUsize::new(5)),
    };
    let figures = publish(&full, slot).await.expect("published").figures;
    assert_eq!((figures.published, figures.late), (300, 0));
    assert!(
        figures.last_commit_late_ms.is_some_and(|late| late < 1_000),
        "{figures:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_from_a_freeze_finds_that_it_lost() {
    let mut world = World::mariadb().await;
    let slot = world.slot(100).await;
    world.lessons(10, slot.begin).await;
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot))
        .await
        .expect("a run");
    // The frozen one: it took the lease and did not come to renew it.
    let Ok(Take::Held(frozen, ..)) = world.store.take(run, "frozen", Duration::from_millis(50)).await else {
        panic!("free");
    };
    let answer = publish(&world.database, slot).await.expect("published");
    assert_eq!((answer.term, answer.figures.published), (frozen.number + 1, 10));
    world
        .execute("UPDATE lesson SET status = 0, publish_run_id = NULL", &[])
        .await;
    let chunk = lessons::store::Chunk {
        publish_at: slot.begin,
        ids: (1..=10).collect(),
    };
    let fired = world.store.fire(&frozen, &chunk).await;
    assert_eq!(fired.expect("an answer"), 0);
}
