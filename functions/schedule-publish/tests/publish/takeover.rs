//! Holders that die, freeze, or cannot renew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lessons::store::{Stores, Take, Trigger};
use lessons::{Store as _, StoreError};
use tokio::time::Instant;

use crate::support::{World, publish};

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_dies_is_replaced_by_the_other_wake_on_time() {
    let mut world = World::mariadb().await;
    let slot = world.slot(1_800).await;
    world.lessons(30, slot.begin).await;
    let first = world.wake(slot);
    world.planned().await;
    let second = world.wake(slot);
    first.abort();
    let answer = second.await.expect("no panic").expect("published");
    assert!(answer.holder);
    assert_eq!(answer.term, 2);
    assert_eq!((answer.figures.published, answer.figures.late), (30, 0));
    assert_eq!(answer.figures.planned, 30);
    // The lease of a dead holder had run out before the instant.
    assert!(answer.figures.last_commit_late_ms < Some(1_000), "{answer:?}");
}

/// A database that never hears a renewal.
#[derive(Clone)]
struct Unrenewed {
    database: lessons::Database,
    stepped_down: Arc<AtomicBool>,
}

mod unrenewed {
    use super::*;

    #[lessons::async_trait]
    impl Stores for Unrenewed {
        type Store = lessons::store::SqlStore;

        async fn open(&self) -> Result<Self::Store, StoreError> {
            // The keeper's connection is the second that a wake opens.
            match self.stepped_down.swap(true, Ordering::SeqCst) {
                false => self.database.open().await,
                true => Err(StoreError::Connect("cut off".to_owned())),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_cannot_renew_steps_down_before_it_fires() {
    let mut world = World::mariadb().await;
    let slot = world.slot(1_500).await;
    world.lessons(30, slot.begin).await;
    let cut_off = Unrenewed {
        database: world.database.clone(),
        stepped_down: Arc::default(),
    };
    let until = Instant::now() + Duration::from_millis(1_400);
    let config = crate::support::small();
    // Its lease of a second is over before the slot begins, and so is its time.
    let ended =
        schedule_publish::wake::publish(&cut_off, config, slot, until + Duration::from_millis(600)).await;
    assert_eq!(world.open().await, 0, "{ended:?}");
    let answer = world.publish(slot).await;
    assert!(answer.holder && answer.term > 1, "{answer:?}");
    assert_eq!(answer.figures.published, 30);
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
    let fired = world
        .store
        .fire(&frozen, &chunk, lessons::store::Fire::Whole)
        .await;
    assert_eq!(fired.expect("an answer"), 0);
}
