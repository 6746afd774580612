//! People are told in time whatever the database does.

use std::time::Duration;

use lessons::{
    Database,
    clock::ahead,
    store::{Channel, Store as _},
    time::Slot,
};
use schedule_watch::{
    answer::{Answer, IncidentState},
    clock::{Clock as _, SystemClock},
    handler::Watcher,
    message::Words,
    tell::Channels,
};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{
    Asked, Phone, Taker,
    sim::{Pace, Sim},
    world::World,
};

/// With SNS itself that leaves 200 ms of the six seconds.
const TOLD_BY: Duration = Duration::from_millis(5_800);

/// A blocked publisher and a lesson, on a clock that goes on only with what is asked
/// of the database; the connection to it comes promptly.
async fn connected() -> (World, Slot) {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    world.clock.stop();
    world.clock.paces([Pace::Prompt]);
    (world, slot)
}

#[tokio::test]
async fn a_database_that_answers_at_the_last_moment_or_not_at_all_is_an_alert_in_time() {
    // The connection, five looks, and the incident that is to be written.
    for (looks, write) in [(Pace::JustInTime, Pace::Hangs), (Pace::Hangs, Pace::Prompt)] {
        let (mut world, slot) = connected().await;
        world.clock.paces([looks; 5]);
        world.clock.paces([write]);
        let begin = world.when(slot.begin).await;
        let answer = world.watch(slot).await;
        assert_eq!((answer.looks, answer.incident), (5, IncidentState::Unknown));
        let written = matches!(looks, Pace::JustInTime);
        assert_eq!(answer.overdue, written.then_some(1));
        assert_eq!(answer.replayed, written);
        for phone in [&world.sns, &world.slack] {
            let (at, _) = phone.1.new_ones().remove(0);
            let after = at.saturating_duration_since(begin);
            assert!(after <= TOLD_BY, "{after:?}");
        }
        let incidents = world.store.incidents().await.expect("incidents");
        assert!(incidents.is_empty(), "{incidents:?}");
    }
}

#[tokio::test]
async fn an_incident_that_is_written_at_the_last_moment_is_an_alert_in_time() {
    let (mut world, slot) = connected().await;
    world.clock.paces([Pace::JustInTime; 6]);
    let begin = world.when(slot.begin).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.incident), (5, IncidentState::Opened));
    let (at, _) = world.sns.1.new_ones().remove(0);
    let after = at.saturating_duration_since(begin);
    assert!(after <= TOLD_BY, "{after:?}");
}

/// The real clients, on a clock that jumps whenever nothing is to be done: it
/// takes connections and never says a word.
#[tokio::test(start_paused = true)]
async fn a_database_that_hangs_is_an_alert_within_six_seconds() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let database = Database::from_url(&format!("mysql://u:p@127.0.0.1:{port}/d")).expect("a URL");
    let clock = Sim::default();
    let sns = Phone(Channel::Sns, Taker::new(&clock));
    let watcher = Watcher::new(
        database,
        Asked(Taker::new(&clock)),
        Channels::new(vec![Box::new(sns.clone())]),
        Words::new(String::new()),
        SystemClock,
        shared::metrics::Metrics::discarded(),
    );
    let wall = SystemClock.wall();
    let slot = Slot::minute_of(wall + jiff::SignedDuration::from_mins(1));
    let begin = Instant::now() + ahead(slot.begin, wall);
    let event = json!({"slot": slot.begin})
        .as_object()
        .cloned()
        .expect("an object");
    let answer = watcher.handle(event, begin + Duration::from_secs(60)).await;
    let Ok(Answer::Slot(answer)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((answer.looks, answer.told), (5, vec!["sns"]));
    let (at, _) = sns.1.new_ones().remove(0);
    let after = at.saturating_duration_since(begin);
    assert!(after <= TOLD_BY, "{after:?}");
}
