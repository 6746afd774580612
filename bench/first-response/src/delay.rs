//! A TCP way that takes time, as a network does: bytes arrive half a round trip after
//! they left, however many are on their way, and a connection takes two round trips to
//! open: its name is looked up, and TCP shakes hands.
//!
//! On threads, since the timers of an event loop are as coarse as a millisecond.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// Starts one to `to`; returns its port.
pub fn delayed(to: SocketAddr, round_trip: Duration) -> io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for near in listener.incoming() {
            let _ = near.and_then(|near| connect(near, to, round_trip));
        }
    });
    Ok(port)
}

fn connect(near: TcpStream, to: SocketAddr, round_trip: Duration) -> io::Result<()> {
    let far = TcpStream::connect(to)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    // The client believes that it is connected at once; its first bytes make up for it.
    let opened = Instant::now() + 2 * round_trip;
    carry(near.try_clone()?, far.try_clone()?, opened, round_trip / 2);
    carry(far, near, opened, round_trip / 2);
    Ok(())
}

/// Moves bytes one way until that way ends.
fn carry(mut from: TcpStream, mut to: TcpStream, opened: Instant, delay: Duration) {
    let (sent, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let left = Instant::now().max(opened);
            if sent.send((left + delay, buffer[..read].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (at, bytes) in due {
            thread::sleep(at.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
