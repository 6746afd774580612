//! A stack of one function, `Probe`, and what the tests ask of it.

use std::future::Future;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use local::lambda::{InvokeError, InvokeKind, InvokeOutput};
use local::stack::{Leftover, Options, Running, Stack, StackError};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with a template and the probe as its function's `bootstrap`.
pub struct Project {
    pub dir: Arc<TempDir>,
    pub options: Options,
}

impl Project {
    /// `properties` are lines of YAML under the function's `Properties`,
    /// `resources` whole resources beside it.
    pub fn new(properties: &str, environment: &[(&str, &str)], resources: &str) -> Self {
        let dir = Arc::new(tempfile::tempdir().expect("temporary directory"));
        let code = dir.path().join("code");
        std::fs::create_dir(&code).expect("code folder");
        std::os::unix::fs::symlink(probe(), code.join("bootstrap")).expect("bootstrap");
        let variables: String = environment
            .iter()
            .map(|(name, value)| format!("          {name}: '{value}'\n"))
            .collect();
        let variables = match variables.as_str() {
            "" => String::new(),
            _ => format!("      Environment:\n        Variables:\n{variables}"),
        };
        let template = format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Probe:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: code\n      Handler: bootstrap\n      Runtime: provided.al2023\n{}{variables}{}",
            indent(properties, 6),
            indent(resources, 2),
        );
        let path = dir.path().join("template.yaml");
        std::fs::write(&path, template).expect("template");
        let options = Options {
            port: 0,
            data_dir: dir.path().join("data"),
            template: path,
            ..Options::default()
        };
        Self { dir, options }
    }

    pub async fn try_start(&self) -> Result<Running, StackError> {
        Stack::start(self.options.clone()).await
    }

    pub async fn start(&self) -> Started {
        Started {
            running: self.try_start().await.expect("the stack starts"),
            _dir: Arc::clone(&self.dir),
        }
    }
}

/// A running stack and the folder that it lives in.
pub struct Started {
    running: Running,
    _dir: Arc<TempDir>,
}

impl Started {
    pub async fn stop(self, limit: Duration) -> Vec<Leftover> {
        self.running.stop(limit).await
    }
}

impl Deref for Started {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

fn indent(yaml: &str, by: usize) -> String {
    let lines = yaml.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{:by$}{line}\n", "")).collect()
}

/// `target/<profile>/examples/probe`. `cargo test` has built it beside us,
/// `cargo test --test lambda` has not: then it is built here, once.
pub fn probe() -> PathBuf {
    static PROBE: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        let test = std::env::current_exe().expect("own path");
        let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
        let probe = profile.join("examples/probe");
        if !is_fresh(&probe) {
            build_probe();
        }
        assert!(
            probe.is_file(),
            "cargo has put it elsewhere than {}",
            probe.display()
        );
        probe
    };
    PROBE.get_or_init(find).clone()
}

/// Whether it is younger than its source.
fn is_fresh(probe: &Path) -> bool {
    let changed = |path: &Path| std::fs::metadata(path)?.modified();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/probe");
    let files = std::fs::read_dir(source).expect("the probe's source");
    let youngest = files.map(|file| changed(&file.expect("a file").path()).expect("a time"));
    changed(probe).is_ok_and(|built| youngest.max() < Some(built))
}

fn build_probe() {
    let mut cargo = Command::new(env!("CARGO"));
    // Build scripts look at what this cargo says of this package: with it, half
    // the tree would be built anew.
    let inherited = std::env::vars_os().map(|(name, _)| name);
    for name in inherited.filter(|name| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        cargo.env_remove(name);
    }
    cargo
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_MANIFEST_PATH");
    cargo.args(["build", "--quiet", "-p", "local", "--example", "probe"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(built.expect("cargo runs").success(), "the probe does not build");
}

/// Holds invocations until it is opened.
pub struct Gate {
    folder: TempDir,
}

impl Gate {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("temporary directory");
        Self { folder }
    }

    /// An event that the probe answers once the gate is open.
    pub fn event(&self) -> String {
        serde_json::json!({ "until": self.file(), "echo": 1 }).to_string()
    }

    pub fn open(&self) {
        std::fs::write(self.file(), "").expect("a file");
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("open")
    }
}

pub async fn try_invoke(running: &Running, event: &str) -> Result<InvokeOutput, InvokeError> {
    let event = Bytes::from(event.to_owned());
    running
        .lambda()
        .invoke("Probe", event, InvokeKind::RequestResponse)
        .await
}

pub async fn invoke(running: &Running, event: &str) -> InvokeOutput {
    try_invoke(running, event).await.expect("invoked")
}

/// Process id of the environment that answers an echo.
pub async fn pid(running: &Running) -> u64 {
    let output = invoke(running, r#"{"echo":1}"#).await;
    assert_eq!(output.function_error, None, "{:?}", output.payload);
    json(&output.payload)["pid"].as_u64().expect("a number")
}

/// `errorType` and `errorMessage` of a failed invocation.
pub fn error(output: &InvokeOutput) -> (String, String) {
    assert_eq!(output.function_error, Some("Unhandled"), "{:?}", output.payload);
    let document = json(&output.payload);
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    (text("errorType"), text("errorMessage"))
}

pub fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// The lines of a file that may not exist yet.
pub fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Waits until `condition` holds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

/// Waits until as many environments are busy.
pub async fn until_busy(running: &Running, count: usize) {
    until("environments are busy", || async {
        let status = running.lambda().status();
        status[0]
            .environments
            .iter()
            .filter(|one| one.state == "busy")
            .count()
            == count
    })
    .await;
}
