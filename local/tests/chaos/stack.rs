use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// `punctual up` as its own process, on the project's own template.
pub struct Stack {
    process: Child,
    port: u16,
    data_dir: PathBuf,
    pub url: String,
}

impl Stack {
    pub fn start(data_dir: &Path) -> Self {
        // Asked for and given back: the stack must come back on the same port.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let (process, url) = spawn(port, data_dir, &[]);
        Self { process, port, data_dir: data_dir.to_owned(), url }
    }

    pub fn set_faults(&self, faults: &Value) {
        ureq::put(format!("{}/_punctual/faults", self.url)).send(faults.to_string()).expect("faults are set");
    }

    /// Kills the stack as the kernel does when memory runs out.
    pub fn kill_9(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Starts again on the same data.
    pub fn restart(&mut self) {
        (self.process, self.url) = spawn(self.port, &self.data_dir, &["--no-build"]);
        self.set_faults(&serde_json::json!({
            "firehose_failed_records": 0.1, "firehose_throttled_calls": 0.1, "killed_invocations": 0.02,
        }));
    }

    /// Invocations that ended because their environment was killed.
    pub fn killed_environments(&self) -> u64 {
        let text = ureq::get(format!("{}/_punctual/status", self.url)).call().expect("an answer");
        let status: Value = text.into_body().read_json().expect("JSON");
        let functions = status["functions"].as_object().expect("functions");
        functions.values().filter_map(|function| function["errors"].as_u64()).sum()
    }

    /// Stops it as a user does; it has to drain the queue and leave with 0.
    pub fn stop(&mut self) {
        self.set_faults(&serde_json::json!({}));
        let pid = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
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

fn spawn(port: u16, data_dir: &Path, options: &[&str]) -> (Child, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut process = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args(["--port", &port.to_string(), "--max-environments", "3", "--data-dir"])
        .arg(data_dir)
        .args(options)
        .current_dir(root)
        .stdout(Stdio::piped())
        .stderr(File::create(data_dir.join("stderr.log")).expect("a log"))
        .spawn()
        .expect("punctual was built");
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("readable");
    let ready = line.trim().strip_prefix("ready ").map(str::to_owned);
    let said = || std::fs::read_to_string(data_dir.join("stderr.log")).unwrap_or_default();
    (process, ready.unwrap_or_else(|| panic!("punctual did not start: {}", said())))
}
