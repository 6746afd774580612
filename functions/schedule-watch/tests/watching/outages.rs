use std::{sync::atomic::Ordering, time::Duration};

use schedule_watch::{answer::IncidentState, sight::Publisher};
use testkit::{MariaDb, Options};

use crate::support::world::{World, watch};

const SIX: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_database_that_is_away_is_an_alert_within_six_seconds_once() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    world.tables.down.store(true, Ordering::Relaxed);
    let begin = world.when(slot.begin).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (5, Publisher::Unknown));
    assert_eq!((answer.overdue, answer.worst_late_ms), (None, None));
    assert_eq!(answer.incident, IncidentState::Unknown);
    assert_eq!(answer.told, ["sns", "slack"]);
    for phone in [&world.sns, &world.slack] {
        let (at, message) = phone.1.new_ones().remove(0);
        let after = at.saturating_duration_since(begin);
        assert!((Duration::from_millis(4_990)..SIX).contains(&after), "{after:?}");
        assert!(
            message.text.contains("the lesson database fails"),
            "{}",
            message.text
        );
    }
    assert!(world.watch(slot).await.told.is_empty());

    world.tables.down.store(false, Ordering::Relaxed);
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.incident), (1, IncidentState::None));
    assert_eq!(answer.told, ["sns", "slack"]);
    for texts in world.heard() {
        assert!(texts[0].contains("the lesson database works again"), "{texts:?}");
    }
    assert!(world.watch(slot).await.told.is_empty());
    // The next one is one of its own.
    world.tables.down.store(true, Ordering::Relaxed);
    assert_eq!(world.watch(slot).await.told, ["sns", "slack"]);
}

#[tokio::test]
async fn a_channel_that_was_down_hears_of_the_outage_and_of_its_end_only_if_it_did() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    world.tables.down.store(true, Ordering::Relaxed);
    world.slack.1.is_down(true);
    assert_eq!(world.watch(slot).await.told, ["sns"]);
    world.slack.1.is_down(false);
    assert_eq!(world.watch(slot).await.told, ["slack"]);
    world.sns.1.is_down(true);
    world.tables.down.store(false, Ordering::Relaxed);
    assert_eq!(world.watch(slot).await.told, ["slack"]);
    world.sns.1.is_down(false);
    assert_eq!(world.watch(slot).await.told, ["sns"]);
    assert!(world.watch(slot).await.told.is_empty());
    assert_eq!(world.heard().map(|texts| texts.len()), [2, 2]);

    world.tables.down.store(true, Ordering::Relaxed);
    world.slack.1.is_down(true);
    world.watch(slot).await;
    world.slack.1.is_down(false);
    world.tables.down.store(false, Ordering::Relaxed);
    assert_eq!(world.watch(slot).await.told, ["sns"]);
}

#[tokio::test]
async fn a_database_that_comes_back_between_looks_is_no_outage() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    world.tables.down.store(true, Ordering::Relaxed);
    let back = world.when(slot.begin).await + Duration::from_millis(2_500);
    let down = world.tables.down.clone();
    world
        .clock
        .at(back, async move { down.store(false, Ordering::Relaxed) });
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (3, Publisher::Done));
    assert!(answer.told.is_empty());
}

#[tokio::test]
async fn lessons_that_an_outage_made_late_are_an_incident_when_it_is_over() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    world.tables.down.store(true, Ordering::Relaxed);
    world.watch(slot).await;
    world.heard();
    world.tables.down.store(false, Ordering::Relaxed);
    let answer = world.watch(slot).await;
    assert_eq!((answer.incident, answer.replayed), (IncidentState::Opened, true));
    for texts in world.heard() {
        assert!(texts[0].contains("1 lesson not open"), "{texts:?}");
        assert!(texts[1].contains("works again"), "{texts:?}");
    }
}

#[tokio::test]
async fn tables_that_only_take_no_writes_are_an_alert_and_a_replay() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    world.execute("DROP TABLE publish_incident", &[]).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.overdue, answer.replayed), (Some(1), true));
    assert_eq!((answer.incident, answer.told.len()), (IncidentState::Unknown, 2));
    for texts in world.heard() {
        assert!(texts[0].contains("the lesson database fails"), "{texts:?}");
        assert!(texts[0].contains("1 lesson not open"), "{texts:?}");
    }
    let again = world.watch(slot).await;
    assert_eq!((again.told.len(), again.replayed), (0, true), "not each minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mariadb_that_is_killed_and_comes_back() {
    let blocking = tokio::task::spawn_blocking(|| {
        let server = MariaDb::start(Options::default());
        let url = server.database();
        (server, url)
    });
    let (server, url) = blocking.await.expect("MariaDB");
    let mut world = World::of(&url, None).await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    // In mid-hold, when the watcher is connected.
    let begin = world.when(slot.begin).await;
    let server = std::sync::Arc::new(server);
    let killed = std::sync::Arc::clone(&server);
    world.clock.at(begin, async move { killed.kill() });
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (5, Publisher::Unknown));
    let (at, _) = world.sns.1.new_ones().remove(0);
    assert!(at < begin + SIX, "{:?}", at.saturating_duration_since(begin));

    let restarted = std::sync::Arc::clone(&server);
    tokio::task::spawn_blocking(move || restarted.restart())
        .await
        .expect("restarted");
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (1, Publisher::Done));
    assert_eq!(answer.told, ["sns", "slack"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_while_it_holds_is_made_anew() {
    let mut world = World::mariadb().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    let begin = world.when(slot.begin).await;
    world.clock.at(begin, breaks(&world));
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.publisher), (2, Publisher::Done));
    assert!(answer.told.is_empty());
}

/// The watcher's connection breaks.
fn breaks(world: &World) -> impl Future<Output = ()> + Send + 'static {
    let database = world.tables.database.clone();
    async move {
        let mut connection = database.connect().await.expect("a connection");
        let newest = "SELECT CAST(MAX(id) AS SIGNED) FROM information_schema.processlist \
                      WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        let rows = connection.rows(newest, &[]).await.expect("the watcher's");
        let kill = format!("KILL {}", rows[0].int(0).expect("an id"));
        connection.execute_text(kill).await.expect("killed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_after_the_last_look_is_no_outage() {
    for (late, looks, incident) in [(false, 1, IncidentState::None), (true, 5, IncidentState::Opened)] {
        let mut world = World::mariadb().await;
        let slot = world.next_slot().await;
        world.is_fine(slot).await;
        if late {
            world.lesson(slot.begin).await;
        }
        // The connection, and the looks.
        world.clock.before(1 + looks, breaks(&world));
        let answer = world.watch(slot).await;
        assert_eq!((answer.looks, answer.incident), (looks as u32, incident));
        for texts in world.heard() {
            assert_eq!(texts.len(), usize::from(late), "{texts:?}");
            assert!(texts.iter().all(|text| text.contains("1 lesson not open")));
        }
    }
}

#[tokio::test]
async fn people_wait_for_no_replay_where_nothing_can_be_written() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    world.execute("DROP TABLE publish_incident", &[]).await;
    // No replay is taken before SNS has the message.
    world.asked.0 = world.asked.0.clone().after(&world.sns.1);
    let watcher = world.environment();
    let watching = tokio::time::timeout(Duration::from_secs(20), watch(&watcher, &world.clock, slot));
    let answer = watching.await.expect("no deadlock");
    assert_eq!((answer.told.len(), answer.replayed), (2, true));
}

#[tokio::test]
async fn each_environment_tells_of_an_outage_for_itself() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.tables.down.store(true, Ordering::Relaxed);
    world.watch(slot).await;
    let other = world.environment();
    assert_eq!(watch(&other, &world.clock, slot).await.told, ["sns", "slack"]);
}
