//! A migrated database of its own for each test.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use lessons::connection::Value;
use lessons::database::Database;
use lessons::store::{SqlStore, Store as _, Take, Term, Trigger};
use lessons::time::Slot;
use testkit::MariaDb;

pub struct World {
    pub database: Database,
    pub store: SqlStore,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn mariadb() -> Self {
        let url = tokio::task::spawn_blocking(|| MariaDb::shared().database());
        Self::of(
            Database::from_url(&url.await.expect("MariaDB")).expect("a URL"),
            None,
        )
        .await
    }

    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file: PathBuf = folder.path().join("lessons.db");
        let database = Database::from_url(&format!("sqlite:{}", file.display())).expect("a URL");
        Self::of(database, Some(folder)).await
    }

    async fn of(database: Database, folder: Option<tempfile::TempDir>) -> Self {
        let mut connection = database.create().await.expect("a connection");
        lessons::migrate::run(&mut connection).await.expect("migrated");
        Self {
            database,
            store: SqlStore::new(connection),
            _folder: folder,
        }
    }

    /// Adds a lesson that opens at `publish_at`; answers its id.
    pub async fn lesson(&mut self, publish_at: Option<Timestamp>) -> i64 {
        self.lesson_of(1, "yoga", at("2031-01-06T09:00:00Z"), publish_at)
            .await
    }

    pub async fn lesson_of(
        &mut self,
        center: i64,
        kind: &str,
        starts_at: Timestamp,
        publish_at: Option<Timestamp>,
    ) -> i64 {
        let sql = "INSERT INTO lesson (center_id, class_kind, starts_at, publish_at) VALUES (?, ?, ?, ?)";
        let values = [center.into(), kind.into(), starts_at.into(), publish_at.into()];
        self.execute(sql, &values).await;
        self.number("SELECT MAX(id) FROM lesson").await
    }

    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> u64 {
        self.store.connection().execute(sql, values).await.expect(sql)
    }

    pub async fn number(&mut self, sql: &str) -> i64 {
        let rows = self.store.connection().rows(sql, &[]).await.expect(sql);
        rows[0].int(0).expect("a number")
    }

    /// A column of one lesson as text, `-` for NULL.
    pub async fn text(&mut self, column: &str, lesson: i64) -> String {
        let sql = format!("SELECT CAST({column} AS CHAR) FROM lesson WHERE id = {lesson}");
        let rows = self.store.connection().rows(&sql, &[]).await.expect("a row");
        rows[0].text_or_null(0).expect("text").unwrap_or("-".to_owned())
    }

    pub async fn now(&mut self) -> Timestamp {
        self.store.now().await.expect("a clock")
    }

    /// A run of the slot, held by `a` for a minute.
    pub async fn held(&mut self, slot: Slot) -> Term {
        let run = self
            .store
            .open_run(&Trigger::Schedule(slot))
            .await
            .expect("a run");
        match self
            .store
            .take(run, "a", std::time::Duration::from_secs(60))
            .await
        {
            Ok(Take::Held(term, ..)) => term,
            other => panic!("{other:?}"),
        }
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

pub fn second_of(begin: Timestamp) -> Slot {
    Slot {
        begin,
        end: begin + ms(1_000),
    }
}
