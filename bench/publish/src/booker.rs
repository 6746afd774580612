//! Clients that book at a steady rate, one transaction each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::anyhow;
use fastrand::Rng;
use futures::future::try_join_all;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::time::{Instant, sleep_until};

use crate::client;

/// Bookings a second, of all connections together.
pub const RATE: u32 = 400;
/// Connections that book.
pub const CONNECTIONS: u32 = 4;
/// One booking in so many is a new row; the others change one.
const NEW: u64 = 5;

/// A booking, from when it should have been sent.
#[derive(Debug, Clone, Copy)]
pub struct Booking {
    /// When that was.
    pub due: Instant,
    /// When it was answered.
    pub done: Instant,
}

/// Clients at work.
pub struct Bookers {
    stop: Arc<AtomicBool>,
    working: JoinHandle<anyhow::Result<Vec<Booking>>>,
}

impl Bookers {
    /// Books rows of `others`, which nobody else touches.
    pub fn start(url: &str, others: Arc<Vec<i64>>) -> anyhow::Result<Self> {
        let options: MySqlConnectOptions = url.parse()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let working = std::thread::spawn(move || {
            client::runtime()?.block_on(async {
                let began = Instant::now() + Duration::from_millis(100);
                let clients = (0..CONNECTIONS).map(|number| {
                    let first = began + Duration::from_secs(1) / RATE * number;
                    book(&options, first, &others, &stopped)
                });
                Ok(try_join_all(clients).await?.concat())
            })
        });
        Ok(Self { stop, working })
    }

    /// All bookings so far; there are no more after.
    pub fn stop(self) -> anyhow::Result<Vec<Booking>> {
        self.stop.store(true, Ordering::Relaxed);
        self.working.join().map_err(|_| anyhow!("the bookers panicked"))?
    }
}

async fn book(
    options: &MySqlConnectOptions,
    first: Instant,
    others: &[i64],
    stop: &AtomicBool,
) -> anyhow::Result<Vec<Booking>> {
    let mut connection = MySqlConnection::connect_with(options).await?;
    let mut random = Rng::new();
    let mut bookings = Vec::new();
    let mut due = first;
    while !stop.load(Ordering::Relaxed) {
        // Whoever is behind sends at once: the wait counts, as for a person.
        sleep_until(due).await;
        let sql = statement(&mut random, others);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        let done = Instant::now();
        bookings.push(Booking { due, done });
        due += Duration::from_secs(1) / RATE * CONNECTIONS;
    }
    Ok(bookings)
}

fn statement(random: &mut Rng, others: &[i64]) -> String {
    let number = random.u64(..);
    if number.is_multiple_of(NEW) {
        let at = "'2031-01-06 09:00:00.000'";
        return format!(
            "INSERT INTO lesson (center_id, title, starts_at, publish_at) VALUES (1, 'new', {at}, {at})"
        );
    }
    let id = others[random.usize(..others.len())];
    format!("UPDATE lesson SET title = 'booked {number}' WHERE id = {id}")
}
