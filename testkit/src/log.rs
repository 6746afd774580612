//! What is written to the log, and as metrics.

use std::io;
use std::sync::{Arc, Mutex, Once};

use lambda_runtime::tracing::Level;
use lambda_runtime::tracing::subscriber::{
    self, filter::dynamic_filter_fn, fmt::MakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
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
    keep_all_places_open();
    let format = subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        // At some second of a minute its digits are those of a place.
        .without_time()
        .with_max_level(level);
    let guard = format.finish().set_default();
    let output = work.await;
    drop(guard);
    (output, log.lines())
}

/// Gives threads that have no log one that writes nothing.
///
/// `tracing` asks once, for the whole process, whether a place in the code is listened
/// to, and may ask the thread that reached it first. One without a log says never, and
/// the place is silent for the test that reads it too.
fn keep_all_places_open() {
    static ONCE: Once = Once::new();
    // Decides at each event, so that no place is noted as always or never wanted.
    let silent = || subscriber::registry().with(dynamic_filter_fn(|_, _| true));
    // Where a program set a log of its own for all threads, that one does the same.
    ONCE.call_once(|| drop(silent().try_init()));
}

/// Whether one of the lines has all of these words.
pub fn says(lines: &[String], words: &[&str]) -> bool {
    let has_all = |line: &String| words.iter().all(|word| line.contains(word));
    lines.iter().any(has_all)
}
