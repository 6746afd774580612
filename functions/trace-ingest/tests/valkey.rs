//! Newest positions in a real server.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use proptest::prelude::*;
use redis::{Commands, Connection};
use tempfile::TempDir;
use trace_ingest::{
    dialect::{self, Envelope},
    newest::{Keys, NewestPositions, ValkeyNewest},
    trace::Trace,
    value::Received,
};

/// A server of its own on a Unix socket: no port to clash on.
struct Server {
    process: Child,
    dir: TempDir,
}

impl Server {
    fn start(options: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let process = spawn(&dir, options);
        let server = Self { process, dir };
        server.wait();
        server
    }

    /// Until it answers, for at most 10 s.
    fn wait(&self) {
        let answers = || {
            self.client()
                .get_connection()
                .and_then(|mut c| c.ping::<String>())
                .is_ok()
        };
        let ready = (0..1000).any(|_| answers() || (std::thread::sleep(Duration::from_millis(10)), false).1);
        assert!(ready, "redis-server does not answer");
    }

    fn url(&self) -> String {
        format!("redis+unix://{}/socket", self.dir.path().display())
    }

    fn client(&self) -> redis::Client {
        redis::Client::open(self.url()).expect("a URL")
    }

    fn connection(&self) -> Connection {
        self.client().get_connection().expect("a connection")
    }

    fn store(&self) -> ValkeyNewest {
        ValkeyNewest::new(&self.url().into()).expect("a store")
    }

    fn restart(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.process = spawn(&self.dir, &[]);
        self.wait();
    }
}

fn spawn(dir: &TempDir, options: &[&str]) -> Child {
    let socket = dir.path().join("socket");
    Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(&socket)
        .args(options)
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed (make test does it)")
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const NOW_MS: i64 = 1_769_443_200_000;

fn received(ms: i64) -> Received {
    Received::at_epoch_ms(ms)
}

/// One trace for each `(agent, milliseconds before now, latitude)`.
fn traces(points: &[(&str, i64, f64)]) -> Vec<Trace> {
    let point = |(agent, age, lat): &(&str, i64, f64)| serde_json::json!({"agent_id": agent, "recorded_at": NOW_MS - age, "lat": lat, "lon": 2.5});
    let body: Vec<_> = points.iter().map(point).collect();
    let envelope = Envelope {
        key_id: "k".into(),
        received: received(NOW_MS),
        user: None,
        device: None,
    };
    dialect::parse(&serde_json::to_vec(&body).expect("JSON"), &envelope)
        .expect("a batch")
        .traces
}

fn latitude(connection: &mut Connection, agent: &str) -> Option<f64> {
    connection
        .hget(format!("{{agents}}:at:{agent}"), "lat")
        .expect("an answer")
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
        .update(&traces(&[("라이더 7", 0, 1.5)]), received(NOW_MS))
        .await
        .expect("written");

    let near: Vec<String> = redis::cmd("GEOSEARCH")
        .arg(Keys::GEO)
        .arg(&["FROMLONLAT", "2.5", "1.5", "BYRADIUS", "1", "km"])
        .query(&mut connection)
        .expect("an answer");
    assert_eq!(near, ["라이더 7"]);
    assert_eq!(latitude(&mut connection, "라이더 7"), Some(1.5));
    let expiry: i64 = connection.ttl("{agents}:at:라이더 7").expect("an answer");
    assert!((86_300..=86_400).contains(&expiry));
    let message = channel.get_message().expect("a message");
    let line: serde_json::Value = serde_json::from_slice(message.get_payload_bytes()).expect("a stored line");
    assert_eq!(line["agent_id"], "라이더 7");
}

#[tokio::test]
async fn a_resend_and_an_older_batch_are_no_news() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store(), server.connection());
    let mut subscriber = server.connection();
    let mut channel = subscriber.as_pubsub();
    channel.subscribe(Keys::CHANNEL).expect("a subscription");
    channel
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a socket");

    for lat_and_age in [(3.0, 10), (9.0, 10), (1.0, 99)] {
        let (lat, age) = lat_and_age;
        store
            .update(&traces(&[("a", age, lat)]), received(NOW_MS))
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
async fn an_agent_at_the_pole_is_known_but_near_no_one() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store(), server.connection());
    store
        .update(&traces(&[("a", 10, 1.0)]), received(NOW_MS))
        .await
        .expect("written");
    store
        .update(&traces(&[("a", 0, 89.0), ("b", 0, 1.0)]), received(NOW_MS))
        .await
        .expect("written");
    assert_eq!(latitude(&mut connection, "a"), Some(89.0));
    let all: Vec<String> = connection.zrange(Keys::GEO, 0, -1).expect("an answer");
    assert_eq!(all, ["b"]);
}

#[tokio::test]
async fn agents_that_are_silent_for_a_day_leave_the_index() {
    let server = Server::start(&[]);
    let (store, mut connection) = (server.store(), server.connection());
    store
        .update(&traces(&[("old", 0, 1.0)]), received(NOW_MS))
        .await
        .expect("written");
    let tomorrow = NOW_MS + 86_400_001;
    store
        .update(&traces(&[("new", 0, 1.0)]), received(tomorrow))
        .await
        .expect("written");
    let all: Vec<String> = connection.zrange(Keys::GEO, 0, -1).expect("an answer");
    assert_eq!(all, ["new"]);
}

#[tokio::test]
async fn a_full_server_refuses_and_says_so_without_a_position() {
    let server = Server::start(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
    let error = server
        .store()
        .update(&traces(&[("a", 0, 1.5)]), received(NOW_MS))
        .await
        .expect_err("full");
    assert!(error.contains("OOM") || error.contains("OutOfMemory"), "{error}");
    assert!(!error.contains("1.5") && !error.contains("lat"), "{error}");
}

#[tokio::test]
async fn a_restarted_server_is_found_again() {
    let mut server = Server::start(&[]);
    let store = server.store();
    store
        .update(&traces(&[("a", 0, 1.0)]), received(NOW_MS))
        .await
        .expect("written");
    server.restart();
    let mut written = Err(String::new());
    for _ in 0..200 {
        written = store.update(&traces(&[("a", 0, 2.0)]), received(NOW_MS)).await;
        if written.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    written.expect("written within 2 s of the restart");
    assert_eq!(latitude(&mut server.connection(), "a"), Some(2.0));
}

#[test]
fn whatever_order_batches_come_in_the_newest_position_stays() {
    let server = Server::start(&[]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let store = {
        let _guard = runtime.enter();
        server.store()
    };
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
            runtime.block_on(store.update(&traces(&points), received(NOW_MS))).expect("written");
            for (agent, age) in batch {
                youngest[*agent] = Some(youngest[*agent].map_or(*age, |known: i64| known.min(*age)));
            }
        }
        for (agent, age) in names.iter().zip(youngest) {
            prop_assert_eq!(latitude(&mut connection, agent), age.map(|age| age as f64 / 100.0));
        }
    });
}
