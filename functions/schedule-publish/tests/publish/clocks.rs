//! A database whose time of day is set while a publisher waits.

use lessons::Store as _;
use lessons::clock::DatabaseClock;
use testkit::{MariaDb, Options};
use tokio::time::sleep_until;

use crate::support::{World, ms};

/// Steps the clock by so many seconds after the last look before the slot.
async fn stepped(seconds: f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("offset");
    std::fs::write(&file, "+0").expect("written");
    let environment = testkit::faketime_of(&file);
    let options = Options {
        environment,
        ..Options::default()
    };
    let server = tokio::task::spawn_blocking(|| MariaDb::start(options))
        .await
        .expect("MariaDB");
    let mut world = World::at(&server.database()).await;
    let slot = world.slot(3_500).await;
    world.lessons(300, slot.begin).await;
    let wake = world.wake(slot);
    world.planned().await;
    let clock = DatabaseClock::measure(&mut world.store, 3)
        .await
        .expect("a clock");
    sleep_until(clock.when(slot.begin - ms(1_000))).await;
    std::fs::write(&file, format!("{seconds:+}")).expect("written");
    let now = world.store.now().await.expect("a clock");
    let step = now.duration_since(clock.now()).as_secs_f64();
    assert!((step - seconds).abs() < 0.3, "{step}");
    let figures = wake.await.expect("no panic").expect("published").figures;
    assert_eq!((figures.published, figures.late), (300, 0), "{figures:?}");
    world.assert_never_early().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_opens_nothing_early() {
    stepped(-1.5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_forward_makes_nothing_late() {
    stepped(2.5).await;
}
