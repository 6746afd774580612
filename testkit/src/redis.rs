//! A Redis, for whoever needs one on a port.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{child::Server, free_port};

/// A server may take its time on a busy machine.
const START: Duration = Duration::from_secs(30);

/// A Redis that keeps nothing.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    _server: Server,
}

impl Redis {
    /// Starts one.
    ///
    /// # Panics
    /// When redis-server is not installed (`make services` does it).
    pub fn start() -> Self {
        let port = free_port();
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        let arguments = ["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""].map(str::to_owned);
        let redis = Self {
            port,
            _server: Server::start("redis-server", &arguments, &[], &folder),
        };
        let began = Instant::now();
        while !redis.answers() {
            assert!(began.elapsed() < START, "redis-server does not answer");
            sleep(Duration::from_millis(10));
        }
        redis
    }

    /// For clients.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn answers(&self) -> bool {
        let ping = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.write_all(b"PING\r\n")?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer)?;
            Ok::<_, std::io::Error>(answer)
        };
        ping().is_ok_and(|answer| &answer == b"+PONG")
    }
}
