//! What an invocation writes to the log.

mod support;

use std::{
    io,
    sync::{Arc, Mutex, atomic::Ordering},
};

use lambda_runtime::tracing::{
    Level,
    subscriber::{self, fmt::MakeWriter, util::SubscriberInitExt},
};
use support::world::World;

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

/// The lines of one wake, from INFO on.
async fn lines(world: &mut World) -> Vec<String> {
    let slot = world.next_slot().await;
    let log = Log::default();
    let format = subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(Level::INFO);
    let guard = format.finish().set_default();
    world.watch(slot).await;
    drop(guard);
    let bytes = log.0.lock().expect("no panic while held").clone();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.lines().map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn a_wake_writes_one_line() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    let lines = lines(&mut world).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    for part in [
        "INFO",
        "watched slot=",
        "looks=5 overdue=1 worst_late_ms=",
        "publisher=\"planned\" incident=\"opened\" told=\"sns,slack\" replayed=true",
    ] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
}

#[tokio::test]
async fn each_failure_is_written_once() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.lesson(slot.begin).await;
    for down in [&world.sns.1, &world.slack.1] {
        down.is_down(true);
    }
    world.asked.0.is_down(true);
    let written = lines(&mut world).await;
    let tags: Vec<bool> = ["unreplayed", "untold", "untold", "watched"]
        .iter()
        .map(|tag| written.iter().any(|line| line.contains(tag)))
        .collect();
    assert_eq!((written.len(), tags), (4, vec![true; 4]), "{written:#?}");
    assert_eq!(written.iter().filter(|line| line.contains("WARN")).count(), 3);
    assert!(
        written
            .iter()
            .any(|line| line.contains("sns has not taken a message: Down"))
    );
    assert!(
        written
            .iter()
            .any(|line| line.contains("slack has not taken a message: Down"))
    );

    world.tables.down.store(true, Ordering::Relaxed);
    let written = lines(&mut world).await;
    assert_eq!(written.len(), 4, "{written:#?}");
    let database = written.iter().filter(|line| line.contains("database_connect"));
    assert_eq!(database.filter(|line| line.contains("ERROR")).count(), 1);
}
