//! Real servers for tests and benchmarks, and what a function writes to its log.
//!
//! Each server is started on a free port with a folder of its own, and ends with the
//! process that started it, however that ends.

mod certificates;
mod child;
mod clock;
mod faketime;
mod log;
mod mariadb;
mod peer;
mod redis;

pub use certificates::Certificates;
pub use clock::WallClock;
pub use faketime::{faketime, faketime_of};
pub use log::{Written, logged, says, with_log};
pub use mariadb::{MariaDb, Options};
pub use peer::Peer;
pub use redis::Redis;

use std::net::TcpListener;

/// A port that nobody listens on now.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
