//! A watcher on real tables, with everyone who has to do with it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use lessons::{
    Database, Store as _, StoreError,
    connection::Value,
    store::{Channel, Figures, RunState, SqlStore, Stores, Take, Trigger},
    time::Slot,
};
use schedule_watch::{
    answer::{Answer, SlotAnswer},
    clock::Clock as _,
    error::WatchError,
    handler::Watcher,
    message::Words,
    tables::Tables,
    tell::Channels,
};
use serde_json::{Value as Json, json};
use shared::{config::Env, metrics::Metrics};
use testkit::{MariaDb, Written};
use tokio::time::Instant;

use super::{Asked, Phone, Taker, sim::Sim};

pub const RUNBOOK: &str = "https://wiki.example/runbook";

/// Tables that can be out of reach.
#[derive(Clone)]
pub struct Reachable {
    pub database: Database,
    pub down: Arc<AtomicBool>,
}

#[async_trait]
impl Stores for Reachable {
    type Store = SqlStore;

    async fn open(&self) -> Result<SqlStore, StoreError> {
        match self.down.load(Ordering::Relaxed) {
            true => Err(StoreError::Connect("nobody there".to_owned())),
            false => self.database.store().await,
        }
    }
}

impl Tables for Reachable {
    async fn close(&self, store: SqlStore) {
        store.close().await;
    }
}

pub struct World {
    pub tables: Reachable,
    pub store: SqlStore,
    pub clock: Sim,
    pub sns: Phone,
    pub slack: Phone,
    pub asked: Asked,
    pub watcher: Watcher<Reachable, Asked, Sim>,
    /// The metrics of all its environments.
    pub written: Written,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn mariadb() -> Self {
        let url = tokio::task::spawn_blocking(|| MariaDb::shared().database());
        Self::of(&url.await.expect("MariaDB"), None).await
    }

    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("lessons.db").display());
        Self::of(&url, Some(folder)).await
    }

    pub async fn of(url: &str, folder: Option<tempfile::TempDir>) -> Self {
        let database = Database::from_url(url).expect("a URL");
        let mut connection = database.create().await.expect("a connection");
        lessons::migrate::run(&mut connection).await.expect("migrated");
        let clock = Sim::default();
        let tables = Reachable {
            database,
            down: Arc::default(),
        };
        let sns = Phone(Channel::Sns, Taker::new(&clock));
        let slack = Phone(Channel::Slack, Taker::new(&clock));
        let asked = Asked(Taker::new(&clock));
        let written = Written::default();
        Self {
            watcher: watcher(&tables, &asked, &sns, &slack, &clock, &written),
            written,
            store: SqlStore::new(connection),
            tables,
            clock,
            sns,
            slack,
            asked,
            _folder: folder,
        }
    }

    /// Another environment of the function.
    pub fn environment(&self) -> Watcher<Reachable, Asked, Sim> {
        watcher(
            &self.tables,
            &self.asked,
            &self.sns,
            &self.slack,
            &self.clock,
            &self.written,
        )
    }

    /// The slot that begins within a minute.
    pub async fn next_slot(&mut self) -> Slot {
        Slot::minute_of(self.now().await + SignedDuration::from_mins(1))
    }

    pub async fn now(&mut self) -> Timestamp {
        self.store.now().await.expect("a clock")
    }

    /// When this machine's clock that jumps shows what the database's will, or as
    /// much sooner as the database takes to say what it shows.
    pub async fn when(&mut self, instant: Timestamp) -> Instant {
        let now = self.clock.now();
        now + instant.duration_since(self.now().await).unsigned_abs()
    }

    pub async fn lesson(&mut self, publish_at: Timestamp) -> i64 {
        let sql =
            "INSERT INTO lesson (center_id, starts_at, publish_at) VALUES (1, '2031-01-06 09:00:00.000', ?)";
        self.execute(sql, &[publish_at.into()]).await;
        let newest = self
            .store
            .connection()
            .rows("SELECT MAX(id) FROM lesson", &[])
            .await;
        newest.expect("a row")[0].int(0).expect("a number")
    }

    pub async fn execute(&mut self, sql: &str, values: &[Value]) {
        self.store.connection().execute(sql, values).await.expect(sql);
    }

    /// Opens the lessons that are due, as soon as somebody waits until `when`.
    pub fn opens(&self, when: Instant, until: Timestamp) {
        let database = self.tables.database.clone();
        self.clock.at(when, async move {
            let mut store = database.store().await.expect("a store");
            let open = "UPDATE lesson SET status = 1 WHERE publish_at <= ?";
            let opened = store.connection().execute(open, &[until.into()]).await;
            opened.expect("opened");
        });
    }

    pub async fn open_all(&mut self) {
        self.execute("UPDATE lesson SET status = 1", &[]).await;
    }

    /// The slot's publisher is at `state`; its lease goes on for `lease`.
    pub async fn publisher(&mut self, slot: Slot, state: RunState, lease: Duration) {
        let run = self
            .store
            .open_run(&Trigger::Schedule(slot))
            .await
            .expect("a run");
        let taken = self.store.take(run, "a", lease).await;
        let Ok(Take::Held(term, ..)) = taken else {
            panic!("{taken:?}")
        };
        let recorded = self.store.record(&term, state, &Figures::default()).await;
        assert!(recorded.expect("an answer"));
    }

    /// A publisher that renews its lease and opens nothing.
    pub async fn blocked(&mut self, slot: Slot) {
        self.publisher(slot, RunState::Planned, Duration::from_secs(600))
            .await;
    }

    pub async fn is_fine(&mut self, slot: Slot) {
        self.publisher(slot, RunState::Done, Duration::from_secs(1)).await;
    }

    /// What is in the tables is older by this.
    pub async fn passes(&mut self, span: SignedDuration) {
        for column in ["opened_at", "closed_at"] {
            let sql =
                format!("SELECT CAST({column} AS CHAR), id FROM publish_incident WHERE {column} IS NOT NULL");
            let rows = self.store.connection().rows(&sql, &[]).await.expect("rows");
            for row in rows {
                let earlier = row.instant(0).expect("an instant") - span;
                let sql = format!("UPDATE publish_incident SET {column} = ? WHERE id = ?");
                let values = [earlier.into(), row.int(1).expect("an id").into()];
                self.execute(&sql, &values).await;
            }
        }
    }

    pub async fn watch(&self, slot: Slot) -> SlotAnswer {
        watch(&self.watcher, &self.clock, slot).await
    }

    /// In an invocation that ends so long after the slot's begin.
    pub async fn watch_for(&self, slot: Slot, left: Duration) -> SlotAnswer {
        watch_for(&self.watcher, &self.clock, slot, left).await
    }

    pub async fn handle(&self, payload: Json) -> Result<Answer, WatchError> {
        let deadline = self.clock.now() + Duration::from_secs(90);
        handle(&self.watcher, payload, deadline).await
    }

    /// The texts that SNS and Slack took since the last time.
    pub fn heard(&self) -> [Vec<String>; 2] {
        [&self.sns, &self.slack].map(|phone| {
            let new = phone.1.new_ones().into_iter();
            new.map(|(_, message)| message.text).collect()
        })
    }
}

pub async fn watch(watcher: &Watcher<Reachable, Asked, Sim>, clock: &Sim, slot: Slot) -> SlotAnswer {
    watch_for(watcher, clock, slot, Duration::from_secs(90)).await
}

async fn watch_for(
    watcher: &Watcher<Reachable, Asked, Sim>,
    clock: &Sim,
    slot: Slot,
    left: Duration,
) -> SlotAnswer {
    let scheduled = slot.begin - SignedDuration::from_mins(1);
    let event = json!({"slot": scheduled, "lead_minutes": 1});
    let deadline = clock.now() + lessons::clock::ahead(slot.begin, clock.wall()) + left;
    match handle(watcher, event, deadline).await.expect("an answer") {
        Answer::Slot(answer) => answer,
        other => panic!("{other:?}"),
    }
}

async fn handle(
    watcher: &Watcher<Reachable, Asked, Sim>,
    payload: Json,
    deadline: Instant,
) -> Result<Answer, WatchError> {
    let Json::Object(payload) = payload else {
        panic!("an object")
    };
    watcher.handle(payload, deadline).await
}

fn watcher(
    tables: &Reachable,
    asked: &Asked,
    sns: &Phone,
    slack: &Phone,
    clock: &Sim,
    written: &Written,
) -> Watcher<Reachable, Asked, Sim> {
    Watcher::new(
        tables.clone(),
        asked.clone(),
        Channels::new(vec![Box::new(sns.clone()), Box::new(slack.clone())]),
        Words::new(RUNBOOK.to_owned()),
        clock.clone(),
        Metrics::to(&Env::of([]), written.clone()),
    )
}
