//! What several tests of the function need.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use lambda_http::{Context, Request, RequestExt, request};
use redis::Connection;
use serde_json::{Value, json};
use shared::{
    config::Env,
    lines::{LineQueue, Unstored},
    metrics::Metrics,
    trace_context::TraceContext,
    warmup::WarmUp,
};
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, UnixStream},
    sync::Notify,
};
use trace_ingest::{
    config::Config,
    handler::Ingest,
    newest::{NewestPositions, ValkeyNewest},
    trace::Position,
};

/// `printf %s local-dev-key | sha256sum`
pub const HASH: &str = "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c";

pub const POINT: &str = r#"{"agent_id":"a","recorded_at":1769443022000,"lat":1.5,"lon":2.5}"#;

/// A queue that keeps what it gets.
#[derive(Clone, Default)]
pub struct Queue {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub budget: Arc<Mutex<Option<Duration>>>,
    /// Lines that it refuses.
    pub refuses: Vec<usize>,
}

impl LineQueue for Queue {
    async fn enqueue(&self, lines: &[String], _: &TraceContext, budget: Duration) -> Result<(), Unstored> {
        self.lines.lock().expect("no panic").extend_from_slice(lines);
        *self.budget.lock().expect("no panic") = Some(budget);
        match self.refuses.clone() {
            none if none.is_empty() => Ok(()),
            lines => Err(Unstored {
                lines,
                code: "InternalError".into(),
            }),
        }
    }
}

impl Queue {
    pub fn stored(&self) -> Vec<Value> {
        let lines = self.lines.lock().expect("no panic");
        lines
            .iter()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

/// No store of newest positions.
pub struct NoStore;

impl NewestPositions for NoStore {
    async fn update(&self, _: Vec<Position>) -> Result<(), String> {
        Ok(())
    }
}

pub fn now() -> Timestamp {
    "2026-01-26T16:00:00Z".parse().expect("a time")
}

pub fn ingest<N: NewestPositions>(queue: Queue, newest: Option<N>) -> Ingest<Queue, N> {
    measured(queue, newest, Metrics::discarded())
}

pub fn measured<N: NewestPositions>(queue: Queue, newest: Option<N>, metrics: Metrics) -> Ingest<Queue, N> {
    let env = Env::of([("API_KEY_HASHES", HASH), ("TRACE_QUEUE_URL", "http://queue")]);
    Ingest::new(
        &Config::from_env(&env).expect("a config"),
        queue,
        newest,
        now,
        metrics,
    )
}

pub fn event_file(name: &str) -> Value {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

/// A POST of `body` with the local key.
pub fn post(body: &str) -> Value {
    let mut event = event_file("trace-ingest-native");
    event["body"] = json!(body);
    event
}

pub fn request(event: &Value) -> Request {
    request::from_str(&event.to_string()).expect("an event")
}

/// The same in an invocation that ends `left` from now.
pub fn request_with(event: &Value, left: Duration) -> Request {
    let mut context = Context::default();
    context.deadline = (Timestamp::now().as_millisecond() + left.as_millis() as i64) as u64;
    request(event).with_lambda_context(context)
}

/// A redis-server of its own on a Unix socket: no port to clash on.
pub struct Server {
    pub process: Child,
    dir: TempDir,
}

impl Server {
    pub fn start(options: &[&str]) -> Self {
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
                .and_then(|mut c| redis::cmd("PING").exec(&mut c))
                .is_ok()
        };
        let ready = (0..1000).any(|_| answers() || (std::thread::sleep(Duration::from_millis(10)), false).1);
        assert!(ready, "redis-server does not answer");
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}/socket", self.dir.path().display())
    }

    fn client(&self) -> redis::Client {
        redis::Client::open(self.url()).expect("a URL")
    }

    pub fn connection(&self) -> Connection {
        self.client().get_connection().expect("a connection")
    }

    pub async fn store(&self) -> ValkeyNewest {
        warm(&self.url()).await
    }

    pub fn restart(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.process = spawn(&self.dir, &[]);
        self.wait();
    }

    /// Sends a signal: STOP makes it hang, CONT go on.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.process.id().to_string())
            .status();
        assert!(status.expect("kill runs").success());
    }
}

/// A TCP way to the server. Cut, it is as a network that forgot its connections:
/// they stay open, and nothing comes through, not even their end. New ones work.
pub struct Line {
    pub url: String,
    cut: Arc<Notify>,
}

impl Line {
    pub async fn to(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("redis://{}", listener.local_addr().expect("an address"));
        let (cut, socket) = (Arc::new(Notify::new()), server.dir.path().join("socket"));
        let notify = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = UnixStream::connect(&socket).await.expect("the server");
                let cut = Arc::clone(&notify);
                tokio::spawn(async move {
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        () = cut.notified() => std::future::pending().await,
                    }
                });
            }
        });
        Self { url, cut }
    }

    pub fn cut(&self) {
        self.cut.notify_waiters();
    }
}

fn spawn(dir: &TempDir, options: &[&str]) -> Child {
    Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(dir.path().join("socket"))
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

/// The store at `url`, pinged as in the init phase.
pub async fn warm(url: &str) -> ValkeyNewest {
    let store = ValkeyNewest::new(&url.to_owned().into(), None).expect("a store");
    let warm_up = WarmUp::from_env(&Env::of([("WARM_UP", "basic")])).expect("a mode");
    warm_up.run(&[store.ping()]).await;
    store
}
