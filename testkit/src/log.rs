//! What is written to the log, and as metrics.

use std::io;
use std::sync::{Arc, Mutex};

use lambda_runtime::tracing::Level;
use lambda_runtime::tracing::subscriber::{self, fmt::MakeWriter, util::SubscriberInitExt as _};
use serde_json::Value;

/// What is written to any of its clones.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Each line so far.
    ///
    /// # Panics
    /// When it is not text.
    pub fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().expect("no panic while held").clone();
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.lines().map(ToOwned::to_owned).collect()
    }

    /// The same, each read as JSON.
    ///
    /// # Panics
    /// When one is not.
    pub fn json(&self) -> Vec<Value> {
        let read = |line: String| serde_json::from_str(&line).expect("JSON");
        self.lines().into_iter().map(read).collect()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic while held").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Written {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The lines that `work` writes on this thread, from `level` on.
pub async fn logged(level: Level, work: impl Future) -> Vec<String> {
    with_log(level, work).await.1
}

/// What comes of `work`, and those lines.
pub async fn with_log<T>(level: Level, work: impl Future<Output = T>) -> (T, Vec<String>) {
    let log = Written::default();
    let format = subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(level);
    let guard = format.finish().set_default();
    let output = work.await;
    drop(guard);
    (output, log.lines())
}

/// Whether one of the lines has all of these words.
pub fn says(lines: &[String], words: &[&str]) -> bool {
    let has_all = |line: &String| words.iter().all(|word| line.contains(word));
    lines.iter().any(has_all)
}
