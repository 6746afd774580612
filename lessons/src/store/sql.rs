//! The verbs, each handed to the module that knows its statements.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Audit, Channel, Chunk, Due, Figures, Incident, IncidentKind, Linkable, Moved, Notice, Overdue, Report,
    RunState, Seen, Setting, SlotReport, Store, Take, Term, Trigger, audit, fire, incident, lease, lessons,
    link, run, seen, watching,
};
use crate::connection::Connection;
use crate::error::StoreError;
use crate::time::Slot;

/// The store over SQL.
#[derive(Debug)]
pub struct SqlStore {
    connection: Connection,
}

impl SqlStore {
    /// A store on this connection.
    pub fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// The connection, for what is not a verb of the store.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Ends the connection in order.
    pub async fn close(self) {
        self.connection.close().await;
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        let sql = format!("SELECT CAST({} AS CHAR)", self.connection.dialect().now_finest);
        let rows = self.connection.rows(&sql, &[]).await?;
        let nothing = || StoreError::Unreadable("the database's clock".to_owned());
        rows.first().ok_or_else(nothing)?.instant(0)
    }

    async fn open_run(&mut self, trigger: &Trigger) -> Result<i64, StoreError> {
        run::open(&mut self.connection, trigger).await
    }

    async fn take(&mut self, run: i64, holder: &str, lease: Duration) -> Result<Take, StoreError> {
        lease::take(&mut self.connection, run, holder, lease).await
    }

    async fn renew(&mut self, run: i64, holder: &str, lease: Duration) -> Result<bool, StoreError> {
        lease::renew(&mut self.connection, run, holder, lease).await
    }

    async fn record(&mut self, term: &Term, state: RunState, figures: &Figures) -> Result<bool, StoreError> {
        run::record(&mut self.connection, term, state, figures).await
    }

    async fn report(&mut self, run: i64) -> Result<Report, StoreError> {
        run::report(&mut self.connection, run).await
    }

    async fn abandoned(&mut self, before: Timestamp) -> Result<Vec<i64>, StoreError> {
        lease::abandoned(&mut self.connection, before).await
    }

    async fn due(&mut self, slot: Slot) -> Result<Vec<Due>, StoreError> {
        lessons::due(&mut self.connection, slot).await
    }

    async fn overdue(
        &mut self,
        from: Timestamp,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Due>, StoreError> {
        lessons::overdue(&mut self.connection, from, before, limit).await
    }

    async fn fire(&mut self, term: &Term, chunk: &Chunk) -> Result<u64, StoreError> {
        fire::fire(&mut self.connection, term, chunk).await
    }

    async fn instants(&mut self, span: Slot) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        lessons::instants(&mut self.connection, span).await
    }

    async fn opened(&mut self, run: i64, slot: Slot) -> Result<u64, StoreError> {
        lessons::opened(&mut self.connection, run, slot).await
    }

    async fn earliest_live(&mut self, except: i64) -> Result<Option<Timestamp>, StoreError> {
        lease::earliest_live(&mut self.connection, except).await
    }

    async fn settings(&mut self) -> Result<Vec<Setting>, StoreError> {
        link::settings(&mut self.connection).await
    }

    async fn seen(&mut self) -> Result<Seen, StoreError> {
        seen::seen(&mut self.connection).await
    }

    async fn newest(&mut self) -> Result<i64, StoreError> {
        seen::newest(&mut self.connection).await
    }

    async fn added(&mut self, after: i64, newest: i64, now: Timestamp) -> Result<Vec<i64>, StoreError> {
        seen::added(&mut self.connection, after, newest, now).await
    }

    async fn mark_center(&mut self, center: i64, settings: &str) -> Result<(), StoreError> {
        seen::mark_center(&mut self.connection, center, settings).await
    }

    async fn mark_newest(&mut self, lesson: i64) -> Result<(), StoreError> {
        seen::mark_newest(&mut self.connection, lesson).await
    }

    async fn linked(&mut self, slot: Slot) -> Result<Vec<Linkable>, StoreError> {
        link::linked(&mut self.connection, slot).await
    }

    async fn of_center(
        &mut self,
        center: i64,
        starts: Slot,
        after: Option<&Linkable>,
        limit: usize,
    ) -> Result<Vec<Linkable>, StoreError> {
        link::of_center(&mut self.connection, center, starts, after, limit).await
    }

    async fn relink(
        &mut self,
        ids: &[i64],
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Moved, StoreError> {
        link::relink(&mut self.connection, ids, from, to).await
    }

    async fn overdue_count(&mut self, before: Timestamp) -> Result<Overdue, StoreError> {
        lessons::overdue_count(&mut self.connection, before).await
    }

    async fn next_due(
        &mut self,
        from: Timestamp,
        before: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        watching::next_due(&mut self.connection, from, before).await
    }

    async fn is_replaying(&mut self, by: &str) -> Result<bool, StoreError> {
        watching::is_replaying(&mut self.connection, by).await
    }

    async fn slot_report(&mut self, begin: Timestamp) -> Result<Option<SlotReport>, StoreError> {
        lease::slot_report(&mut self.connection, begin).await
    }

    async fn has_reported(&mut self, span: Slot) -> Result<bool, StoreError> {
        incident::has_reported(&mut self.connection, span).await
    }

    async fn incidents(&mut self) -> Result<Vec<Incident>, StoreError> {
        incident::recent(&mut self.connection).await
    }

    async fn raise(
        &mut self,
        kind: IncidentKind,
        slot: Timestamp,
        overdue: Overdue,
    ) -> Result<bool, StoreError> {
        let now = self.now().await?;
        incident::raise(&mut self.connection, kind, slot, overdue, now).await
    }

    async fn close_incident(&mut self, id: i64) -> Result<bool, StoreError> {
        incident::close(&mut self.connection, id).await
    }

    async fn notified(&mut self, id: i64, channel: Channel, notice: Notice) -> Result<(), StoreError> {
        incident::notified(&mut self.connection, id, channel, notice).await
    }

    async fn replayed(&mut self, id: i64) -> Result<bool, StoreError> {
        incident::replayed(&mut self.connection, id).await
    }

    async fn audit(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        on_time: Duration,
    ) -> Result<Audit, StoreError> {
        audit::audit(&mut self.connection, from, to, on_time).await
    }
}
