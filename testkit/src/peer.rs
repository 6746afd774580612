//! A server that speaks SQS, hangs up, falls silent, and counts.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Barrier, watch},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::Certificates;

/// What happens to the connections that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Served,
    /// Nothing is read or written, and nothing says so.
    Silent,
    HungUp,
}

/// A server on a free port of this machine, that takes every message.
#[derive(Clone)]
pub struct Peer(Arc<Inner>);

struct Inner {
    port: u16,
    tls: Option<TlsAcceptor>,
    fates: watch::Sender<(usize, Fate)>,
    /// Connections and requests.
    seen: watch::Sender<(usize, usize)>,
    /// How many of the first connections are not served.
    refused: AtomicUsize,
    /// From which request on as many have to be there before any is answered.
    together: Mutex<Option<(usize, Arc<Barrier>)>>,
}

impl Peer {
    /// One without TLS.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn plain() -> Self {
        Self::start(None).await
    }

    /// One with a certificate.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn with_tls(certificates: &Certificates) -> Self {
        Self::start(Some(certificates.acceptor())).await
    }

    async fn start(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let this = Self(Arc::new(Inner {
            port: listener.local_addr().expect("an address").port(),
            tls,
            fates: watch::Sender::new((0, Fate::Served)),
            seen: watch::Sender::new((0, 0)),
            refused: AtomicUsize::new(0),
            together: Mutex::default(),
        }));
        let peer = this.clone();
        tokio::spawn(async move {
            let mut all = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                all.spawn(peer.clone().serve(connection));
            }
        });
        this
    }

    /// What it is called by.
    pub fn url(&self) -> String {
        let scheme = if self.0.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://localhost:{}", self.0.port)
    }

    /// Connections and requests so far.
    pub fn seen(&self) -> (usize, usize) {
        *self.0.seen.borrow()
    }

    /// Until there were as many connections and requests.
    pub async fn until_seen(&self, (connections, requests): (usize, usize)) {
        let mut seen = self.0.seen.subscribe();
        // The sender is this one's own.
        let _ = seen
            .wait_for(|seen| seen.0 >= connections && seen.1 >= requests)
            .await;
    }

    /// Counts one more in `of`, and how many there were before.
    fn count(&self, of: impl Fn(&mut (usize, usize)) -> &mut usize) -> usize {
        let mut before = 0;
        self.0.seen.send_modify(|seen| {
            let count = of(seen);
            before = *count;
            *count += 1;
        });
        before
    }

    /// Ends as many of the first connections before a word is said.
    pub fn refuse(&self, connections: usize) {
        self.0.refused.store(connections, SeqCst);
    }

    /// Ends the connections that are open.
    pub fn hang_up(&self) {
        self.doom(Fate::HungUp);
    }

    /// Reads and writes no more on the connections that are open.
    pub fn fall_silent(&self) {
        self.doom(Fate::Silent);
    }

    /// After the first `alone` answers only when as many requests are there.
    ///
    /// # Panics
    /// When a request made it panic.
    pub fn answer_together(&self, alone: usize, requests: usize) {
        *self.0.together.lock().expect("not poisoned") = Some((alone, Arc::new(Barrier::new(requests))));
    }

    fn doom(&self, fate: Fate) {
        let (open, _) = self.seen();
        self.0.fates.send_replace((open, fate));
    }

    async fn serve(self, connection: TcpStream) {
        let number = self.count(|seen| &mut seen.0);
        if number < self.0.refused.load(SeqCst) {
            return;
        }
        let mut fates = self.0.fates.subscribe();
        let doomed = async {
            let fate = fates.wait_for(|(before, fate)| *fate != Fate::Served && number < *before);
            fate.await.map_or(Fate::HungUp, |fate| fate.1)
        };
        let served = async {
            match &self.0.tls {
                None => self.answer_all(connection).await,
                Some(tls) => match tls.accept(connection).await {
                    Ok(connection) => self.answer_all(connection).await,
                    Err(_) => None,
                },
            }
        };
        tokio::pin!(served);
        tokio::select! {
            _ = &mut served => {}
            fate = doomed => if fate == Fate::Silent {
                // Holds the connection, and no longer looks at it.
                std::future::pending().await
            },
        }
    }

    async fn answer_all(&self, mut connection: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        loop {
            let body = read_request(&mut connection).await?;
            let number = self.count(|seen| &mut seen.1);
            let together = self.0.together.lock().expect("not poisoned").clone();
            if let Some((alone, barrier)) = together
                && number >= alone
            {
                barrier.wait().await;
            }
            connection.write_all(answer(&body).as_bytes()).await.ok()?;
        }
    }
}

/// As SQS answers `SendMessageBatch`.
fn answer(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let accepted = |entry: &Value| json!({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": ""});
    let (status, answer) = match body["Entries"].as_array() {
        Some(entries) if !entries.is_empty() => {
            let accepted: Vec<_> = entries.iter().map(accepted).collect();
            ("200 OK", json!({"Successful": accepted}))
        }
        _ => (
            "400 Bad Request",
            json!({"__type": "com.amazonaws.sqs#EmptyBatchRequest"}),
        ),
    };
    let answer = answer.to_string();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{answer}",
        answer.len()
    )
}

async fn read_request(connection: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a number"));
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    Some(body)
}
