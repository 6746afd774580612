//! The database goes away and comes back.

use testkit::{MariaDb, Options};

use crate::support::{World, publish};

async fn server() -> (&'static MariaDb, World) {
    let server = tokio::task::spawn_blocking(|| Box::leak(Box::new(MariaDb::start(Options::default()))));
    let server: &'static MariaDb = server.await.expect("MariaDB");
    let world = World::at(&server.database()).await;
    (server, world)
}

async fn restart(server: &'static MariaDb) {
    tokio::task::spawn_blocking(|| server.restart())
        .await
        .expect("restarted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_while_holding_loses_nothing() {
    let (server, mut world) = server().await;
    let slot = world.slot(1_000).await;
    world.lessons(30, slot.begin).await;
    let (first, second) = (world.wake(slot), world.wake(slot));
    world.planned().await;
    restart(server).await;
    for wake in [first, second] {
        let answer = wake.await.expect("no panic").expect("published");
        assert_eq!(answer.figures.published, 30);
    }
    let mut world = World::at_again(world).await;
    assert_eq!(world.open().await, 30);
    world.assert_never_early().await;
    server.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_in_mid_fire_opens_every_row_once() {
    let (server, mut world) = server().await;
    let slot = world.slot(700).await;
    world.lessons(20_000, slot.begin).await;
    let wake = world.wake(slot);
    world.opened(1).await;
    restart(server).await;
    let answer = wake.await.expect("no panic").expect("published");
    assert_eq!(
        (answer.figures.planned, answer.figures.published),
        (20_000, 20_000)
    );
    let mut world = World::at_again(world).await;
    assert_eq!(world.open().await, 20_000);
    let runs = world.numbers("SELECT DISTINCT publish_run_id FROM lesson").await;
    assert_eq!(runs, [answer.run]);
    world.assert_never_early().await;
    server.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_stays_away_is_said_when_time_is_up() {
    let (server, mut world) = server().await;
    let slot = world.slot(0).await;
    server.kill();
    let until = tokio::time::Instant::now() + std::time::Duration::from_millis(300);
    let config = crate::support::small();
    let error = schedule_publish::wake::publish(&world.database, config, slot, until).await;
    let error = error.expect_err("nobody there");
    assert_eq!(error.tag(), "database_connect");
    restart(server).await;
    assert!(publish(&world.database, slot).await.is_ok());
    server.kill();
}
