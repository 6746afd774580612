//! Rows that others have locked.

use std::time::Duration;

use lessons::store::Stores as _;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_lesson_holds_up_no_other_and_opens_when_it_is_free() {
    let mut world = World::mariadb().await;
    let slot = world.slot(300).await;
    world.lessons(50, slot.begin).await;
    let mut booking = world.database.open().await.expect("a store");
    let booking = booking.connection();
    booking.execute_text("BEGIN".to_owned()).await.expect("begun");
    booking
        .execute("UPDATE lesson SET title = 'full' WHERE id = 17", &[])
        .await
        .expect("locked");
    let wake = world.wake(slot);
    world.opened(49).await;
    booking
        .execute_text("COMMIT".to_owned())
        .await
        .expect("committed");
    let answer = wake.await.expect("no panic").expect("published");
    assert_eq!((answer.figures.published, answer.figures.late), (50, 0));
    assert_eq!(world.text("SELECT title FROM lesson WHERE id = 17").await, "full");
    world.assert_never_early().await;
    // MySQL waits for a lock for a second at least: nobody waited.
    let others = "SELECT MAX(TIMESTAMPDIFF(MICROSECOND, publish_at, published_at) DIV 1000) FROM lesson WHERE id <> 17";
    assert!(world.number(others).await < 900);
}

#[tokio::test(flavor = "multi_thread")]
async fn bookings_that_lock_rows_in_any_order_lose_nothing() {
    let mut world = World::mariadb().await;
    let slot = world.slot(500).await;
    world.lessons(400, slot.begin).await;
    let wake = world.wake(slot);
    let mut bookings = Vec::new();
    for seed in 0..4u64 {
        let database = world.database.clone();
        bookings.push(tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut store = database.open().await.expect("a store");
            let end = tokio::time::Instant::now() + Duration::from_millis(1_200);
            while tokio::time::Instant::now() < end {
                let (one, other) = (random.i64(1..=400), random.i64(1..=400));
                let book = format!(
                    "BEGIN; UPDATE lesson SET title = 'a' WHERE id = {one}; \
                     UPDATE lesson SET title = 'b' WHERE id = {other}; COMMIT"
                );
                if store.connection().execute_text(book).await.is_err() {
                    let _ = store.connection().execute_text("ROLLBACK".to_owned()).await;
                }
            }
        }));
    }
    for booking in bookings {
        booking.await.expect("no panic");
    }
    let answer = wake.await.expect("no panic").expect("published");
    assert_eq!((answer.figures.published, world.open().await), (400, 400));
    world.assert_never_early().await;
}
