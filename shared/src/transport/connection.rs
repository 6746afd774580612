//! A connection that knows when its server was last heard of.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use tokio::net::TcpStream;

/// After as long without a word the environment may have been frozen. Servers and
/// NATs keep a connection for twice as long and more.
const REST: Duration = Duration::from_secs(5);

/// The wall clock: the timers' one may stand still in a frozen environment.
pub(super) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// A connection to one server.
pub(super) struct Dialed {
    stream: Stream,
    heard: LastHeard,
}

/// When a connection's server last said something, its first word included.
#[derive(Clone)]
pub(super) struct LastHeard {
    at: Arc<Mutex<SystemTime>>,
    clock: Clock,
    /// Whether a request that gets it finds it open.
    is_found: Arc<AtomicBool>,
}

impl LastHeard {
    /// Whether it is so long ago that the connection may have died unseen.
    pub fn has_rested(&self) -> bool {
        // A clock that was set back says nothing.
        let rest = (self.clock)().duration_since(*self.at());
        rest.map_or(true, |rest| rest > REST)
    }

    /// Whether this request found the connection open; each later one does.
    pub fn find(&self) -> bool {
        self.is_found.swap(true, Relaxed)
    }

    fn note(&self) {
        *self.at() = (self.clock)();
    }

    fn at(&self) -> MutexGuard<'_, SystemTime> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Dialed {
    /// Opened now.
    pub fn new(stream: Stream, clock: Clock) -> Self {
        let at = Arc::new(Mutex::new(clock()));
        let is_found = Arc::default();
        Self {
            stream,
            heard: LastHeard { at, clock, is_found },
        }
    }

    /// Opened ahead of its first request.
    pub fn found_open(&self) {
        self.heard.find();
    }

    pub fn has_rested(&self) -> bool {
        self.heard.has_rested()
    }
}

/// Carried along with the connection, and found in the metadata of a request on it.
impl Connection for Dialed {
    fn connected(&self) -> Connected {
        self.stream.connected().extra(self.heard.clone())
    }
}

impl Read for Dialed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.heard.note();
        }
        read
    }
}

impl Write for Dialed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}
