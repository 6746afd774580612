//! The command, and a stack of it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use testkit::MariaDb;

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub ok: bool,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Value {
        assert!(self.ok, "{}", self.err);
        serde_json::from_str(&self.out).expect(&self.out)
    }
}

/// The project's folder, with template.yaml and events.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_punctual"));
    command
        .args(arguments)
        .current_dir(root())
        .env_remove("PUNCTUAL_DATABASE_URL");
    command
}

pub fn punctual(arguments: &[&str]) -> Said {
    let output = command(arguments).output().expect("punctual was built");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said {
        ok: output.status.success(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

/// An empty database of the shared server: its URL and its name.
pub fn database() -> (String, String) {
    let url = MariaDb::shared().database();
    let name = url.rsplit('/').next().expect("a name").to_owned();
    (url, name)
}

/// One with the tables.
pub fn migrated() -> (String, String) {
    let (url, name) = database();
    punctual(&["migrate", "--json", "--database-url", &url]).json();
    (url, name)
}

pub fn number(database: &str, sql: &str) -> u64 {
    let answer = MariaDb::shared().execute(database, sql);
    answer.parse().expect(&answer)
}

/// `punctual up`, which builds the functions of the project's template.
pub struct Stack {
    process: Child,
    pub url: String,
}

impl Stack {
    pub fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    pub fn start_with(data_dir: &Path, options: &[&str]) -> Self {
        let data_dir = data_dir.to_str().expect("UTF-8");
        let mut process = command(&["--port", "0", "--data-dir", data_dir])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("punctual was built");
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().expect("piped"));
        stdout.read_line(&mut line).expect("text");
        let url = line.trim().strip_prefix("ready ").map(str::to_owned);
        Self {
            process,
            url: url.expect("punctual started"),
        }
    }

    pub fn status(&self) -> Value {
        let status = ureq::get(format!("{}/_punctual/status", self.url)).call();
        status.expect("an answer").body_mut().read_json().expect("JSON")
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // As a user stops it: it ends the functions' processes too.
        let _ = Command::new("kill")
            .args(["-INT", &self.process.id().to_string()])
            .status();
        let _ = self.process.wait();
    }
}
