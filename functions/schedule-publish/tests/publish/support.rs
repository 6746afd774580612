//! A migrated database of its own for each test, and the function on it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::connection::Value;
use lessons::store::{SqlStore, Store as _};
use lessons::time::{Slot, to_millisecond, to_text};
use lessons::{Database, migrate};
use schedule_publish::answer::SlotAnswer;
use schedule_publish::config::Config;
use schedule_publish::error::PublishError;
use schedule_publish::wake;
use testkit::MariaDb;
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub struct World {
    pub database: Database,
    pub store: SqlStore,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn mariadb() -> Self {
        let url = tokio::task::spawn_blocking(|| MariaDb::shared().database());
        Self::at(&url.await.expect("MariaDB")).await
    }

    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut world = Self::at(&format!("sqlite:{}/lessons.db", folder.path().display())).await;
        world._folder = Some(folder);
        world
    }

    pub async fn at(url: &str) -> Self {
        let database = Database::from_url(url).expect("a URL");
        let mut connection = database.create().await.expect("a connection");
        migrate::run(&mut connection).await.expect("migrated");
        Self {
            database,
            store: SqlStore::new(connection),
            _folder: None,
        }
    }

    /// A slot of a second that begins so many milliseconds from now.
    pub async fn slot(&mut self, from_now_ms: i64) -> Slot {
        let begin = to_millisecond(self.store.now().await.expect("a clock")) + ms(from_now_ms);
        Slot {
            begin,
            end: begin + ms(1_000),
        }
    }

    /// Adds lessons that open at an instant.
    pub async fn lessons(&mut self, count: usize, publish_at: Timestamp) {
        let row = format!("(1, '2031-01-06 09:00:00.000', '{}')", to_text(publish_at));
        for _ in 0..count.div_ceil(1_000) {
            let rows = vec![row.as_str(); count.min(1_000)].join(",");
            let sql = format!("INSERT INTO lesson (center_id, starts_at, publish_at) VALUES {rows}");
            self.store.connection().execute_text(sql).await.expect("inserted");
        }
    }

    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> u64 {
        self.store.connection().execute(sql, values).await.expect(sql)
    }

    pub async fn number(&mut self, sql: &str) -> i64 {
        self.numbers(sql).await[0]
    }

    pub async fn numbers(&mut self, sql: &str) -> Vec<i64> {
        let rows = self.store.connection().rows(sql, &[]).await.expect(sql);
        rows.iter().map(|row| row.int(0).expect("a number")).collect()
    }

    pub async fn text(&mut self, sql: &str) -> String {
        let rows = self.store.connection().rows(sql, &[]).await.expect(sql);
        rows[0].text_or_null(0).expect("text").unwrap_or("-".to_owned())
    }

    /// Waits until a query counts so many or more.
    pub async fn until(&mut self, count: i64, sql: &str) {
        let limit = Instant::now() + Duration::from_secs(30);
        while self.number(sql).await < count {
            assert!(Instant::now() < limit, "{sql} did not come to {count}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until the slot's run has planned.
    pub async fn planned(&mut self) {
        self.until(1, "SELECT COUNT(*) FROM publish_run WHERE state <> 'waiting'")
            .await;
    }

    /// Waits until so many lessons are open.
    pub async fn opened(&mut self, count: i64) {
        self.until(count, "SELECT COUNT(*) FROM lesson WHERE status = 1")
            .await;
    }

    /// Nothing is open before its instant, and nothing that was cancelled.
    pub async fn assert_never_early(&mut self) {
        let early = "SELECT COUNT(*) FROM lesson WHERE status = 1 AND published_at < publish_at";
        assert_eq!(self.number(early).await, 0);
        let odd = "SELECT COUNT(*) FROM lesson WHERE status <> 1 AND publish_run_id IS NOT NULL";
        assert_eq!(self.number(odd).await, 0);
    }

    pub async fn open(&mut self) -> i64 {
        self.number("SELECT COUNT(*) FROM lesson WHERE status = 1").await
    }

    /// Another wake of the slot, beside the test.
    pub fn wake(&self, slot: Slot) -> JoinHandle<Result<SlotAnswer, PublishError>> {
        let database = self.database.clone();
        tokio::spawn(async move { publish(&database, slot).await })
    }

    pub async fn publish(&self, slot: Slot) -> SlotAnswer {
        publish(&self.database, slot).await.expect("published")
    }
}

pub async fn publish<S: lessons::store::Stores>(stores: &S, slot: Slot) -> Result<SlotAnswer, PublishError> {
    wake::publish(stores, small(), slot, soon()).await
}

/// Small chunks, so that few lessons make several.
pub fn small() -> Config {
    Config {
        chunk: 100.try_into().expect("not zero"),
        ..Config::default()
    }
}

/// Longer than any test.
pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

pub fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

impl World {
    /// The same world on a new connection.
    pub async fn at_again(world: Self) -> Self {
        let connection = world.database.connect().await.expect("a connection");
        Self {
            store: SqlStore::new(connection),
            ..world
        }
    }
}
