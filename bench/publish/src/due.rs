//! Lessons that are scheduled again for each round.

use std::time::Duration;

use anyhow::ensure;
use jiff::{SignedDuration, Timestamp};
use lessons::clock::DatabaseClock;
use lessons::time::{Slot, to_millisecond};

use crate::client::{Client, Fired};
use crate::server;
use crate::statements::{self, dealt, open_list};

/// A wake begins at least this long before its slot, and this for each lesson.
const AHEAD: Duration = Duration::from_millis(500);
const AHEAD_EACH: Duration = Duration::from_micros(5);
/// The slot itself: all of its lessons open as it begins.
const LENGTH: SignedDuration = SignedDuration::from_millis(300);

/// Some lessons of a table, and a plain client to schedule and to fire them.
pub struct DueSet {
    /// The client.
    pub client: Client,
    /// The lessons, ascending.
    pub ids: Vec<i64>,
    /// From scheduling them to their instant.
    pub lead: Duration,
}

/// Lessons that are about to open.
#[derive(Debug, Clone, Copy)]
pub struct Aimed {
    /// They open as it begins.
    pub slot: Slot,
    /// By this clock.
    pub clock: DatabaseClock,
}

impl DueSet {
    /// These, with so many connections.
    pub fn new(url: &str, ids: Vec<i64>, connections: usize) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::connect(url, connections)?,
            lead: (AHEAD + AHEAD_EACH * ids.len() as u32) * 3 / 2,
            ids,
        })
    }

    /// Schedules all of them for an instant that is still far enough away once the
    /// server has cleaned up after that.
    pub fn aim(&mut self) -> anyhow::Result<Aimed> {
        loop {
            let clock = self.client.clock()?;
            let begin = to_millisecond(clock.now() + SignedDuration::try_from(self.lead)?);
            self.schedule(begin)?;
            server::settle(&mut self.client)?;
            let clock = self.client.clock()?;
            let ahead = AHEAD + AHEAD_EACH * self.ids.len() as u32;
            if begin.duration_since(clock.now()) > ahead.try_into()? {
                let end = begin + LENGTH;
                let slot = Slot { begin, end };
                return Ok(Aimed { slot, clock });
            }
            self.lead = self.lead * 3 / 2;
        }
    }

    fn schedule(&mut self, instant: Timestamp) -> anyhow::Result<()> {
        let connections = self.client.connections();
        let schedule = dealt(&self.ids, connections, |ids| statements::schedule(ids, instant));
        let changed = self.client.send(schedule)?;
        ensure!(
            changed == self.ids.len() as u64,
            "scheduled {changed} of {} lessons",
            self.ids.len()
        );
        Ok(())
    }

    /// Raw firing, planned ahead: nothing is left to do but to send the text.
    pub fn fire_raw(&mut self, aimed: Aimed) -> anyhow::Result<Fired> {
        let connections = self.client.connections();
        let instant = aimed.slot.begin;
        let statements = dealt(&self.ids, connections, |ids| open_list(ids, instant));
        let fired = self.client.fire(aimed.clock, instant, statements)?;
        self.check(fired.rows)?;
        Ok(fired)
    }

    /// That all of them were opened.
    pub fn check(&self, opened: u64) -> anyhow::Result<()> {
        let due = self.ids.len() as u64;
        ensure!(opened == due, "opened {opened} of {due} lessons");
        Ok(())
    }
}
