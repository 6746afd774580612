//! What the lessons are like: a pure function of the order and its seed.

use jiff::{SignedDuration, Timestamp};
use lessons::time::Slot;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::Order;
use super::row::{Kind, Row};

const KINDS: [&str; 8] = [
    "barre", "boxing", "cycling", "dance", "hiit", "pilates", "swimming", "yoga",
];
const LEVELS: [&str; 4] = ["for beginners", "gentle", "open level", "advanced"];
/// Of a hundred lessons that are not due.
const PUBLISHED: u32 = 75;
const CANCELLED: u32 = 5;

const DAY: i64 = 24 * 60;
/// Minutes before now in which the published ones opened: from a week to two years.
const PAST: std::ops::Range<i64> = 7 * DAY..730 * DAY;
/// Minutes after the instant in which the others open: none within an hour, so
/// that the load has the instant for itself, and then for eight weeks.
const FUTURE: std::ops::Range<i64> = 60..56 * DAY;
/// Others open at full ten minutes, as a person would choose.
const STEP: i64 = 10;

/// All lessons of an order.
pub(super) struct Rows<'a> {
    centers: &'a [i64],
    at: Timestamp,
    past: Timestamp,
    future: Timestamp,
    left: u64,
    due_left: u64,
    random: StdRng,
}

impl<'a> Rows<'a> {
    /// `centers` is not empty; `now` is the database's clock.
    pub fn new(order: &Order, centers: &'a [i64], now: Timestamp) -> Self {
        Self {
            centers,
            at: order.at,
            past: Slot::minute_of(order.at.min(now)).begin,
            future: Slot::minute_of(order.at.max(now)).begin,
            left: order.rows,
            due_left: order.due,
            random: StdRng::seed_from_u64(order.seed),
        }
    }

    /// Each row has the same chance to be due, and just as many are as asked for.
    fn kind(&mut self) -> Kind {
        if self.random.random_range(0..self.left) < self.due_left {
            self.due_left -= 1;
            return Kind::Due;
        }
        match self.random.random_range(0..100) {
            number if number < PUBLISHED => Kind::Published,
            number if number < PUBLISHED + CANCELLED => Kind::Cancelled,
            _ => Kind::Scheduled,
        }
    }

    fn publish_at(&mut self, kind: Kind) -> Timestamp {
        let random = &mut self.random;
        let is_past = kind == Kind::Published || (kind == Kind::Cancelled && random.random());
        match (kind, is_past) {
            (Kind::Due, _) => self.at,
            (_, true) => self.past - steps(random.random_range(PAST)),
            (_, false) => self.future + steps(random.random_range(FUTURE)),
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.left == 0 {
            return None;
        }
        let kind = self.kind();
        self.left -= 1;
        let publish_at = self.publish_at(kind);
        let random = &mut self.random;
        let opened_after = SignedDuration::from_millis(random.random_range(1..250));
        Some(Row {
            kind,
            center: self.centers[random.random_range(0..self.centers.len())],
            class_kind: KINDS[random.random_range(0..KINDS.len())],
            level: LEVELS[random.random_range(0..LEVELS.len())],
            starts_at: publish_at + steps(random.random_range(DAY..28 * DAY)),
            publish_at,
            published_at: (kind == Kind::Published).then(|| publish_at + opened_after),
        })
    }
}

fn steps(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins((minutes + STEP - 1) / STEP * STEP)
}

#[cfg(test)]
mod tests;
