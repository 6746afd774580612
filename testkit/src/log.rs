//! What is written to the log.

use std::io;
use std::sync::{Arc, Mutex};

use lambda_runtime::tracing::Level;
use lambda_runtime::tracing::subscriber::{self, fmt::MakeWriter, util::SubscriberInitExt as _};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic while held").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The lines that `work` writes on this thread, from `level` on.
pub async fn logged(level: Level, work: impl Future) -> Vec<String> {
    let log = Log::default();
    let format = subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(level);
    let guard = format.finish().set_default();
    work.await;
    drop(guard);
    let bytes = log.0.lock().expect("no panic while held").clone();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.lines().map(ToOwned::to_owned).collect()
}
