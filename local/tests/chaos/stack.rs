use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    ops::AddAssign,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// A start with a build of the functions in it.
const START: Duration = Duration::from_secs(600);
/// Longer than a drain takes that has something to do.
const DRAIN_SECONDS: &str = "15";

/// `punctual up` as its own process, on the project's own template.
pub struct Stack {
    process: Child,
    data_dir: PathBuf,
    faults: Value,
    pub url: String,
}

/// What may bring a message twice, as the stack counts it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Environments killed on purpose.
    pub kills: u64,
    /// Invocations killed at their time-out.
    pub timeouts: u64,
    /// Messages handed out more than once.
    pub redelivered: u64,
    /// Messages in the queues now, which a drain may hand out again.
    pub waiting: u64,
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Self) {
        self.kills += other.kills;
        self.timeouts += other.timeouts;
        self.redelivered += other.redelivered;
        self.waiting += other.waiting;
    }
}

impl Stack {
    /// Starts on a free port, with these faults.
    pub fn start(data_dir: &Path, faults: Value) -> Self {
        let (process, url) = spawn("0", data_dir, &[]);
        let stack = Self {
            process,
            data_dir: data_dir.to_owned(),
            faults,
            url,
        };
        stack.set_faults(&stack.faults);
        stack
    }

    fn set_faults(&self, faults: &Value) {
        ureq::put(format!("{}/_punctual/faults", self.url))
            .send(faults.to_string())
            .expect("faults are set");
    }

    /// Kills the stack as the kernel does when memory runs out.
    pub fn kill_9(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Starts again: the same data, the same faults, and the same port, as the
    /// phones know no other.
    pub fn restart(&mut self) {
        let port = self.url.rsplit(':').next().expect("a port").to_owned();
        (self.process, self.url) = spawn(&port, &self.data_dir, &["--no-build"]);
        self.set_faults(&self.faults);
    }

    /// Counted since the last start.
    pub fn counters(&self) -> Counters {
        let status = self.status();
        let sum = |kind: &str, name: &str| {
            let all = status[kind].as_object().expect("an object").values();
            all.map(|one| one[name].as_u64().expect("a number")).sum()
        };
        Counters {
            kills: sum("functions", "kills"),
            timeouts: sum("functions", "timeouts"),
            redelivered: sum("queues", "redelivered"),
            waiting: sum("queues", "visible") + sum("queues", "in_flight"),
        }
    }

    /// Waits until all queues are empty, and tells how long that took.
    pub fn settle(&self) -> Duration {
        let started = Instant::now();
        let is_empty = || {
            let status = self.status();
            let mut queues = status["queues"].as_object().expect("queues").values();
            queues.all(|queue| queue["visible"] == 0 && queue["in_flight"] == 0)
        };
        while !is_empty() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "the queues do not run empty"
            );
            thread::sleep(Duration::from_millis(50));
        }
        started.elapsed()
    }

    fn status(&self) -> Value {
        let status = ureq::get(format!("{}/_punctual/status", self.url)).call();
        status.expect("an answer").body_mut().read_json().expect("JSON")
    }

    /// Stops it as a user does; it has to drain the queue and leave with 0.
    pub fn stop(&mut self) {
        self.set_faults(&json!({}));
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.expect("kill runs").success());
        let status = self.process.wait().expect("it ends");
        assert!(status.success(), "the stack ended with {status}");
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: &str, data_dir: &Path, options: &[&str]) -> (Child, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let said = data_dir.join("stderr.log");
    let mut process = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args([
            "--port",
            port,
            "--max-environments",
            "3",
            "--drain-seconds",
            DRAIN_SECONDS,
        ])
        .arg("--data-dir")
        .arg(data_dir)
        .args(options)
        .current_dir(root)
        .stdout(Stdio::piped())
        .stderr(File::create(&said).expect("a log"))
        .spawn()
        .expect("punctual was built");
    let stdout = process.stdout.take().expect("piped");
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(stdout).read_line(&mut line);
        sender.send(line)
    });
    let line = receiver.recv_timeout(START).unwrap_or_default();
    let Some(url) = line.trim().strip_prefix("ready ") else {
        let _ = process.kill();
        panic!(
            "punctual did not start: {}",
            fs::read_to_string(said).unwrap_or_default()
        );
    };
    (process, url.to_owned())
}
