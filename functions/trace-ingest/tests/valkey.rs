//! Newest positions in a real server.

mod support;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use redis::{Commands, Connection};
use support::{Line, POINT, Queue, Server, ingest, post, request, warm};
use trace_ingest::{
    dialect::{self, Sender},
    newest::{Keys, NewestPositions, ValkeyNewest},
    trace::Position,
    value::Received,
};

const NOW_MS: i64 = 1_769_443_200_000;
const DAY_MS: i64 = 86_400_000;

/// One position for each `(agent, milliseconds before it came in, latitude)`.
fn received_at(now: i64, points: &[(&str, i64, f64)]) -> Vec<Position> {
    let point = |(agent, age, lat): &(&str, i64, f64)| serde_json::json!({"agent_id": agent, "recorded_at": now - age, "lat": lat, "lon": 2.5});
    let body: Vec<_> = points.iter().map(point).collect();
    let received = Received::at_epoch_ms(now);
    let sender = Sender {
        key_id: "k".into(),
        received,
        user: None,
        device: None,
    };
    dialect::parse(&serde_json::to_vec(&body).expect("JSON"), &sender)
        .expect("a batch")
        .positions
}

fn positions(points: &[(&str, i64, f64)]) -> Vec<Position> {
    received_at(NOW_MS, points)
}

fn latitude(connection: &mut Connection, agent: &str) -> Option<f64> {
    connection
        .hget(format!("{{agents}}:at:{agent}"), "lat")
        .expect("an answer")
}

fn in_geo_set(connection: &mut Connection) -> Vec<String> {
    connection.zrange(Keys::GEO, 0, -1).expect("an answer")
}

#[tokio::test]
async fn readers_find_an_agent_by_place_by_name_and_on_the_channel() {
    let server = Server::start(&[]);
    let mut connection = server.connection();
    let mut subscriber = server.connection();
    let mut channel = subscriber.as_pubsub();
    channel.subscribe(Keys::CHANNEL).expect("a subscription");

    server
        .store()
        .await
        .update(positions(&[("라이더 7", 0, 1.5)]))
        .await
        .expect("written");

    let near: Vec<String> = redis::cmd("GEOSEARCH")
        .arg(Keys::GEO)
        .arg(&["FROMLONLAT", "2.5", "1.5", "BYRADIUS", "1", "km"])
        .query(&mut connection)
        .expect("an answer");
    assert_eq!(near, ["라이더 7"]);
    assert_eq!(latitude(&mut connection, "라이더 7"), Some(1.5));
    let message = channel.get_message().expect("a message");
    let position: serde_json::Value = serde_json::from_slice(message.get_payload_bytes()).expect("JSON");
    assert_eq!(
        (&position["agent_id"], &position["lat"]),
        (&"라이더 7".into(), &1.5.into())
    );
}

#[tokio::test]
async fn everything_is_forgotten_after_a_day_of_silence() {
    let server = Server::start(&[]);
    let mut connection = server.connection();
    server
        .store()
        .await
        .update(positions(&[("a", 0, 1.5)]))
        .await
        .expect("written");
    for key in [Keys::GEO, Keys::SEEN, "{agents}:at:a"] {
        let expiry: i64 = connection.ttl(key).expect("an answer");
        assert!((86_300..=86_400).contains(&expiry), "{key}: {expiry}");
    }
}

#[tokio::test]
async fn agents_that_are_silent_for_a_day_leave_the_index_while_others_go_on() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store().await, server.connection());
    store
        .update(positions(&[("old", 0, 1.0)]))
        .await
        .expect("written");
    store
        .update(received_at(NOW_MS + DAY_MS + 1, &[("new", 0, 1.0)]))
        .await
        .expect("written");
    assert_eq!(in_geo_set(&mut connection), ["new"]);
}

#[tokio::test]
async fn a_resend_and_an_older_batch_are_no_news() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store().await, server.connection());
    let mut subscriber = server.connection();
    let mut channel = subscriber.as_pubsub();
    channel.subscribe(Keys::CHANNEL).expect("a subscription");
    channel
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a socket");

    for (lat, age) in [(3.0, 10), (9.0, 10), (1.0, 99)] {
        store
            .update(positions(&[("a", age, lat)]))
            .await
            .expect("written");
    }
    assert_eq!(latitude(&mut connection, "a"), Some(3.0));
    assert!(channel.get_message().is_ok());
    assert!(
        channel.get_message().is_err(),
        "published although nothing was new"
    );
}

#[tokio::test]
async fn a_phone_whose_clock_is_ahead_does_not_hide_where_it_goes_on_to_be() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store().await, server.connection());
    store
        .update(positions(&[("a", -DAY_MS / 2, 1.0)]))
        .await
        .expect("written");
    store
        .update(received_at(NOW_MS + 1000, &[("a", 0, 2.0)]))
        .await
        .expect("written");
    assert_eq!(latitude(&mut connection, "a"), Some(2.0));
}

#[tokio::test]
async fn an_agent_at_the_pole_is_known_but_near_no_one() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store().await, server.connection());
    store.update(positions(&[("a", 10, 1.0)])).await.expect("written");
    store
        .update(positions(&[("a", 0, 89.0), ("b", 0, 1.0)]))
        .await
        .expect("written");
    assert_eq!(latitude(&mut connection, "a"), Some(89.0));
    assert_eq!(in_geo_set(&mut connection), ["b"]);
}

#[tokio::test]
async fn more_agents_than_one_call_takes_are_all_written() {
    let server = Server::start(&[]);
    let names: Vec<String> = (0..1_201).map(|n| format!("agent-{n}")).collect();
    let points: Vec<_> = names.iter().map(|name| (name.as_str(), 0, 1.0)).collect();
    server
        .store()
        .await
        .update(positions(&points))
        .await
        .expect("written");
    assert_eq!(in_geo_set(&mut server.connection()).len(), 1_201);
}

#[tokio::test]
async fn a_full_server_refuses_and_says_so_without_a_position() {
    let server = Server::start(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
    let error = server
        .store()
        .await
        .update(positions(&[("a", 0, 1.5)]))
        .await
        .expect_err("full");
    assert!(error.contains("OOM") || error.contains("OutOfMemory"), "{error}");
    assert!(!error.contains("1.5") && !error.contains("lat"), "{error}");
}

#[tokio::test]
async fn a_restarted_server_is_found_again() {
    let mut server = Server::start(&[]);
    let store = server.store().await;
    store.update(positions(&[("a", 0, 1.0)])).await.expect("written");
    server.restart();
    let mut written = Err(String::new());
    for _ in 0..200 {
        written = store.update(positions(&[("a", 0, 2.0)])).await;
        if written.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    written.expect("written within 2 s of the restart");
    assert_eq!(latitude(&mut server.connection(), "a"), Some(2.0));
}

/// The function's answers, each in time, with a store that cannot be written.
async fn answers(store: ValkeyNewest) -> Vec<u16> {
    let queue = Queue::default();
    let ingest = ingest(queue.clone(), Some(store));
    let began = Instant::now();
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(ingest.handle(request(&post(POINT))).await.status().as_u16());
    }
    // 20 ms at most for one of them a second, with ample room for a busy machine.
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(queue.stored().len(), 20);
    statuses
}

#[tokio::test]
async fn a_server_that_hangs_changes_no_answer() {
    let server = Server::start(&[]);
    let store = server.store().await;
    server.signal("STOP");
    assert_eq!(answers(store).await, [202; 20]);
}

#[tokio::test]
async fn a_server_that_is_down_changes_no_answer() {
    let mut server = Server::start(&[]);
    let store = server.store().await;
    server.process.kill().expect("it runs");
    server.process.wait().expect("it ends");
    assert_eq!(answers(store).await, [202; 20]);
}

#[tokio::test]
async fn a_server_that_is_full_changes_no_answer() {
    let server = Server::start(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
    assert_eq!(answers(server.store().await).await, [202; 20]);
}

#[tokio::test]
async fn a_server_that_was_never_there_is_a_store_all_the_same() {
    let store = warm("redis://127.0.0.1:9").await;
    assert_eq!(answers(store).await, [202; 20]);
}

/// As after a fail-over, or when an environment was frozen for long: the
/// connection is dead, and nothing says so.
#[tokio::test]
async fn a_connection_that_died_without_a_word_is_replaced() {
    let server = Server::start(&[]);
    let line = Line::to(&server).await;
    let store = warm(&line.url).await;
    store.update(positions(&[("a", 2, 1.0)])).await.expect("written");
    line.cut();
    let error = store
        .update(positions(&[("a", 1, 2.0)]))
        .await
        .expect_err("a dead line");
    assert_eq!(error, "Io");
    store.update(positions(&[("a", 0, 3.0)])).await.expect("written");
    assert_eq!(latitude(&mut server.connection(), "a"), Some(3.0));
}

/// Slower to connect than a request waits: the connection has to be opened
/// across requests, or a server behind TLS would never be reached.
#[tokio::test]
async fn a_connection_that_takes_longer_than_the_budget_is_opened_all_the_same() {
    let server = Server::start(&[]);
    server.signal("STOP");
    let ingest = ingest(Queue::default(), Some(server.store().await));
    assert_eq!(ingest.handle(request(&post(POINT))).await.status(), 202);
    server.signal("CONT");
    for _ in 0..500 {
        assert_eq!(ingest.handle(request(&post(POINT))).await.status(), 202);
        if latitude(&mut server.connection(), "a").is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not written within 10 s");
}

#[test]
fn whatever_order_batches_come_in_the_newest_position_stays() {
    let server = Server::start(&[]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let store = runtime.block_on(server.store());
    let batches = prop::collection::vec(prop::collection::vec((0..4usize, 0..1_000i64), 1..20), 1..12);
    proptest!(ProptestConfig::with_cases(32), |(batches in batches)| {
        let mut connection = server.connection();
        let _: () = redis::cmd("FLUSHALL").query(&mut connection).expect("an answer");
        let names = ["a", "b", "c", "d"];
        let mut youngest = [None; 4];
        for batch in &batches {
            // The age is the latitude too, so that the winner can be told.
            let points: Vec<_> =
                batch.iter().map(|(agent, age)| (names[*agent], *age, *age as f64 / 100.0)).collect();
            runtime.block_on(store.update(positions(&points))).expect("written");
            for (agent, age) in batch {
                youngest[*agent] = Some(youngest[*agent].map_or(*age, |known: i64| known.min(*age)));
            }
        }
        for (agent, age) in names.iter().zip(youngest) {
            prop_assert_eq!(latitude(&mut connection, agent), age.map(|age| age as f64 / 100.0));
        }
    });
}
